#if GAINSAY_HAS_ARCHIVE
#include "input/archive_feed.h"

#include <archive.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "input/magic.h"

namespace gainsay {
namespace {

bool IsZero(char c) { return c == '\0'; }

}  // namespace

int ArchiveFeed::Open(archive* archive) {
  return archive_read_open2(archive, this, nullptr, &ReadBlock, nullptr, nullptr);
}

std::string_view ArchiveFeed::NextBlock() {
  if (!again_.empty()) {
    given_again_ = std::exchange(again_, {});
    handed_out_ += given_again_.size();
    return last_ = given_again_;
  }
  if (ended_) return {};
  absl::StatusOr<size_t> n = stream_->Read(block_.get(), kBlockBytes);
  status_ = n.status();
  ended_ = !n.ok() || *n == 0;
  if (ended_) return {};
  last_ = {block_.get(), *n};
  handed_out_ += last_.size();
  tail_.append(last_);
  if (tail_.size() > 2 * kBlockBytes) tail_.erase(0, tail_.size() - kContainerEndBytes);
  return last_;
}

long ArchiveFeed::ReadBlock(archive* archive, void* feed, const void** block) {
  auto* self = static_cast<ArchiveFeed*>(feed);
  const std::string_view bytes = self->NextBlock();
  *block = bytes.data();
  if (self->status_.ok()) return static_cast<long>(bytes.size());
  archive_set_error(archive, EIO, "%s", std::string(self->status_.message()).c_str());
  return ARCHIVE_FATAL;
}

uint64_t ArchiveFeed::TakenBy(archive* archive) const {
  return static_cast<uint64_t>(std::max<int64_t>(archive_filter_bytes(archive, -1), 0));
}

bool ArchiveFeed::LeftUnread(archive* archive) {
  const size_t left = std::min<uint64_t>(handed_out_ - TakenBy(archive), last_.size());
  std::string_view bytes = last_.substr(last_.size() - left);
  do {
    if (!std::all_of(bytes.begin(), bytes.end(), IsZero)) return true;
    bytes = NextBlock();
  } while (!bytes.empty());
  return false;
}

// Headers stand at multiples of their size, counted from where the archive was opened.
bool ArchiveFeed::SkipToTarHeader(archive* archive) {
  std::string bytes(last_);
  uint64_t at = handed_out_ - last_.size();  // of these bytes
  uint64_t header = std::max({TakenBy(archive), at, uint64_t{kContainerBytes}});
  header = (header + kContainerBytes - 1) / kContainerBytes * kContainerBytes;
  for (; true; header += kContainerBytes) {
    while (at + bytes.size() < header + kContainerBytes) {
      const size_t passed = std::min<uint64_t>(header - at, bytes.size());
      bytes.erase(0, passed);
      at += passed;
      const std::string_view more = NextBlock();
      if (more.empty()) return false;
      bytes += more;
    }
    if (ContainerOf(std::string_view(bytes).substr(header - at, kContainerBytes)) == Container::kTar) break;
  }
  again_ = bytes.substr(header - at);
  last_ = {};
  handed_out_ = 0;
  return true;
}

}  // namespace gainsay
#endif  // GAINSAY_HAS_ARCHIVE
