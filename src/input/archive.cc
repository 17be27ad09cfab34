// libarchive walks through the archive once; each regular file in it becomes a stream that pulls its blocks.
// What libarchive hands out together with a complaint (a zip's wrong checksum) is handed on before the
// complaint. Holes of sparse files are passed over: they hold no text, and may be endless. A tar's end is
// believed only where its end mark stands, since a tar that is cut between two members looks whole otherwise.
#if GAINSAY_HAS_ARCHIVE
#include "input/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "input/archive_feed.h"
#include "input/job_logs.h"
#include "input/path_globs.h"
#include "input/peek.h"

namespace gainsay {
namespace {

constexpr size_t kSeekBlockBytes = size_t{64} << 10;
constexpr size_t kMostMembers = 1'000'000;

class Archive : public Members {
 public:
  Archive(ArchiveInput input, const PathFilter& filter)
      : name_(std::move(input.name)),
        container_(input.container),
        seekable_(input.seekable),
        feed_(std::move(input.stream)),
        archive_(archive_read_new(), &archive_read_free),
        globs_(filter) {}

  absl::StatusOr<std::optional<Member>> Next() override;
  bool packed() const override { return true; }
  bool is_archive() const override { return true; }

  // The next bytes of the member at hand, as ByteStream::Read.
  absl::StatusOr<size_t> ReadMember(char* buffer, size_t capacity);

 private:
  absl::Status Open();
  absl::Status AtEnd();
  std::optional<Member> Take(archive_entry* entry);
  absl::StatusOr<std::unique_ptr<ByteStream>> OpenMember(archive_entry* entry, std::string* passed_over);
  absl::Status Failure() const;
  const char* format() const { return container_ == Container::kTar ? "tar" : "zip"; }

  const std::string name_;
  const Container container_;
  const int seekable_;
  ArchiveFeed feed_;
  std::unique_ptr<archive, int (*)(archive*)> archive_;
  const PathGlobs globs_;
  bool opened_ = false, ended_ = false, seeks_ = false;
  size_t members_ = 0;
  JobLogs jobs_;

  std::string_view block_;  // of the member, not yet handed out
  absl::Status block_status_;
};

std::string PathOf(archive_entry* entry) {
  const char* path = archive_entry_pathname_utf8(entry);
  if (path == nullptr) path = archive_entry_pathname(entry);
  std::string text = path != nullptr ? path : "";
  while (text.starts_with("./")) text.erase(0, 2);
  return text;
}

bool EndsLikeZip(int file) {
  struct stat status;
  if (fstat(file, &status) != 0) return false;
  std::string last(std::min<size_t>(static_cast<size_t>(status.st_size), kContainerEndBytes), '\0');
  const ssize_t n = pread(file, last.data(), last.size(), status.st_size - static_cast<off_t>(last.size()));
  return n == static_cast<ssize_t>(last.size()) && HasEnd(Container::kZip, last);
}

absl::Status Archive::Open() {
  opened_ = true;
  archive* a = archive_.get();
  if (a == nullptr) return absl::ResourceExhaustedError("not enough memory for an archive");
  if (container_ == Container::kZip) {
    archive_read_support_format_zip(a);
  } else {
    archive_read_support_format_tar(a);
    archive_read_set_format_option(a, "tar", "read_concatenated_archives", "1");
  }
  seeks_ = container_ == Container::kZip && seekable_ >= 0 && EndsLikeZip(seekable_) &&
           lseek(seekable_, 0, SEEK_SET) == 0;  // its first bytes were looked at
  const int result = seeks_ ? archive_read_open_fd(a, seekable_, kSeekBlockBytes) : feed_.Open(a);
  return result == ARCHIVE_OK ? absl::OkStatus() : Failure();
}

absl::StatusOr<std::optional<Member>> Archive::Next() {
  const bool told = !block_status_.ok();  // by the last member
  block_ = {};
  block_status_ = absl::OkStatus();
  if (absl::Status status = opened_ ? absl::OkStatus() : Open(); !status.ok()) {
    ended_ = true;
    return status;
  }
  while (!ended_) {
    archive_entry* entry = nullptr;
    const int result = archive_read_next_header(archive_.get(), &entry);
    ended_ = result < ARCHIVE_WARN || result == ARCHIVE_EOF;
    if (result == ARCHIVE_EOF) {
      if (absl::Status status = AtEnd(); !status.ok()) return status;
    } else if (ended_) {
      if (!told) return Failure();
    } else if (std::optional<Member> member = Take(entry)) {
      ended_ = ++members_ > kMostMembers;
      if (ended_) return absl::ResourceExhaustedError("holds more than a million members: unpack it first");
      return member;
    }
  }
  return std::nullopt;
}

absl::Status Archive::AtEnd() {
  if (seeks_) return absl::OkStatus();
  // The checksum of what the archive is packed in stands at the very end.
  feed_.Drain();
  if (!feed_.status().ok()) return feed_.status();
  if (HasEnd(container_, feed_.tail())) return absl::OkStatus();
  return absl::DataLossError("the " + std::string(format()) + " archive has no end mark: it may be cut");
}

std::optional<Member> Archive::Take(archive_entry* entry) {
  // A hard link in a tar is another name of a member, without data.
  if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr)
    return std::nullopt;
  if (archive_entry_size_is_set(entry) && archive_entry_size(entry) == 0) return std::nullopt;
  const std::string path = PathOf(entry);
  if (!globs_.WantsMember(name_, path)) return std::nullopt;
  Member member{name_ + "!" + path, nullptr, ""};
  if (container_ == Container::kZip && jobs_.Repeats(path)) {
    member.passed_over = "repeats what another member holds";
    return member;
  }
  member.stream = OpenMember(entry, &member.passed_over);
  return member;
}

absl::StatusOr<std::unique_ptr<ByteStream>> Archive::OpenMember(archive_entry* entry,
                                                                std::string* passed_over) {
  if (archive_entry_is_encrypted(entry)) {
    return absl::FailedPreconditionError("is encrypted: unpack it first");
  }
  std::optional<int64_t> mtime_ns;
  constexpr int64_t kMostSeconds = INT64_MAX / 1'000'000'000 - 1;
  const int64_t seconds = archive_entry_mtime(entry);
  if (archive_entry_mtime_is_set(entry) && std::abs(seconds) < kMostSeconds) {
    mtime_ns = seconds * 1'000'000'000 + archive_entry_mtime_nsec(entry);
  }
  auto unpacked = Decompress(
      MemberStream([this](char* buffer, size_t capacity) { return ReadMember(buffer, capacity); }, mtime_ns));
  if (!unpacked.ok()) return unpacked.status();
  auto text = std::make_unique<PeekedStream>(std::move(*unpacked));
  text->Peek(kTextBytes, /*until_newline=*/false);
  if (ContainerOf(text->first()) != Container::kNone) {
    return absl::FailedPreconditionError("is an archive within an archive: unpack it first");
  }
  if (PackingOf(text->first().substr(0, kPackingBytes)) != Packing::kNone) {
    return absl::FailedPreconditionError("is packed twice: unpack it first");
  }
  // Damage must be told, and is so by who reads it.
  if (block_status_.ok() && IsBinary(text->first())) *passed_over = "holds no text";
  return text;
}

absl::StatusOr<size_t> Archive::ReadMember(char* buffer, size_t capacity) {
  while (block_.empty()) {
    if (!block_status_.ok()) return block_status_;
    const void* data = nullptr;
    size_t size = 0;
    la_int64_t offset = 0;
    const int result = archive_read_data_block(archive_.get(), &data, &size, &offset);
    if (result == ARCHIVE_EOF) return size_t{0};
    if (result != ARCHIVE_OK) block_status_ = Failure();
    if (result == ARCHIVE_FATAL) ended_ = true;
    if (data != nullptr) block_ = {static_cast<const char*>(data), size};
  }
  const size_t n = std::min(capacity, block_.size());
  std::memcpy(buffer, block_.data(), n);
  block_.remove_prefix(n);
  return n;
}

absl::Status Archive::Failure() const {
  if (!feed_.status().ok()) return feed_.status();
  const char* what = archive_error_string(archive_.get());
  return absl::DataLossError("the " + std::string(format()) + " archive can't be read on (" +
                             (what != nullptr ? what : "unknown error") + ")");
}

}  // namespace

std::unique_ptr<Members> ArchiveMembers(ArchiveInput input, const PathFilter& filter) {
  return std::make_unique<Archive>(std::move(input), filter);
}

}  // namespace gainsay
#endif  // GAINSAY_HAS_ARCHIVE
