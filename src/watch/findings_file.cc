#include "watch/findings_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace gainsay {
namespace {

constexpr char kName[] = "findings.jsonl";
constexpr size_t kSyncAfter = size_t{16} << 20;  // bytes in memory, without a checkpoint
constexpr size_t kMostPending = size_t{64} << 20;

}  // namespace

absl::Status DiskStatus(const std::string& what, int64_t error) {
  if (error >= 0) return absl::OkStatus();
  if (error == -kForeign) {
    return absl::FailedPreconditionError(absl::StrCat(
        what, ": is a link, no regular file, linked from elsewhere, or another user's; it is not trusted"));
  }
  const std::string message = absl::StrCat(what, ": ", std::strerror(static_cast<int>(-error)));
  const bool may_pass = error == -ENOSPC || error == -EDQUOT || error == -EFBIG;
  return may_pass ? absl::ResourceExhaustedError(message) : absl::DataLossError(message);
}

absl::Status FindingsFile::Open() {
  fd_ = disk_->OpenFile(kName, Disk::Open::kReadWrite);
  if (fd_ < 0) return DiskStatus(kName, fd_);
  // An earlier life may have been killed before it did.
  if (const int error = disk_->SyncData(fd_); error < 0) return DiskStatus(kName, error);
  const int64_t size = disk_->Size(fd_);
  if (size < 0) return DiskStatus(kName, size);
  durable_ = written_ = static_cast<uint64_t>(size);
  return DiskStatus(kName, disk_->SyncDirectory());
}

absl::Status FindingsFile::Cut(uint64_t size) {
  if (size == end()) return absl::OkStatus();
  int error = disk_->Truncate(fd_, size);
  if (error == 0) error = disk_->SyncData(fd_);  // or what was cut may come back between new lines
  durable_ = written_ = size;
  return DiskStatus(kName, error);
}

absl::Status FindingsFile::Append(std::string_view line) {
  if (pending_.size() + line.size() >= kMostPending) overflowed_ = true;
  if (overflowed_) return absl::OkStatus();  // Sync says so
  pending_.append(line).push_back('\n');
  if (pending_.size() > kSyncAfter) {
    const absl::Status synced = Sync();
    return absl::IsResourceExhausted(synced) ? absl::OkStatus() : synced;
  }
  const absl::Status flushed = Flush();
  return absl::IsResourceExhausted(flushed) ? absl::OkStatus() : flushed;
}

absl::Status FindingsFile::Flush() {
  while (written_ < end()) {
    const size_t from = written_ - durable_;
    const int64_t n = disk_->Write(fd_, pending_.data() + from, pending_.size() - from, written_);
    if (n < 0) return DiskStatus(kName, n);
    if (n == 0) return DiskStatus(kName, -ENOSPC);
    written_ += static_cast<uint64_t>(n);
  }
  return absl::OkStatus();
}

absl::Status FindingsFile::Sync() {
  if (absl::Status flushed = Flush(); !flushed.ok()) return flushed;
  const absl::Status synced = DiskStatus(kName, disk_->SyncData(fd_));
  // The kernel may have let go of what it could not write. Here it is all still in memory.
  if (absl::IsResourceExhausted(synced)) {
    if (absl::Status reopened = Reopen(); !reopened.ok()) return reopened;
  }
  if (!synced.ok()) return synced;
  durable_ = written_;
  pending_.clear();
  if (!overflowed_) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      absl::StrCat(kName, ": there was no space for too long; findings are missing in it until a restart"));
}

absl::Status FindingsFile::Reopen() {
  disk_->Close(fd_);
  fd_ = disk_->OpenFile(kName, Disk::Open::kReadWrite);
  written_ = durable_;
  return fd_ < 0 ? DiskStatus(kName, fd_) : absl::OkStatus();
}

absl::StatusOr<bool> FindingsLines::Fill() {
  buffer_.erase(0, used_);
  used_ = 0;
  const uint64_t from = at_ + buffer_.size();
  if (from >= to_) return false;
  const size_t known = buffer_.size();
  const size_t want = std::min<uint64_t>(to_ - from, std::max<size_t>(size_t{64} << 10, known));
  buffer_.resize(known + want);
  const int64_t n = file_->disk()->Read(file_->fd(), buffer_.data() + known, want, from);
  buffer_.resize(known + static_cast<size_t>(std::max<int64_t>(n, 0)));
  if (n < 0) return DiskStatus(kName, n);
  return n > 0;
}

absl::StatusOr<bool> FindingsLines::Next(std::string_view* line) {
  size_t searched = 0;
  for (;;) {
    const size_t newline = buffer_.find('\n', used_ + searched);
    if (newline != std::string::npos) {
      *line = std::string_view(buffer_).substr(used_, newline - used_);
      length_ = line->size() + 1;
      at_ += length_;
      used_ = newline + 1;
      return true;
    }
    searched = buffer_.size() - used_;
    const absl::StatusOr<bool> more = Fill();
    if (!more.ok() || !*more) return more;
  }
}

}  // namespace gainsay
