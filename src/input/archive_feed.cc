#if GAINSAY_HAS_ARCHIVE
#include "input/archive_feed.h"

#include <archive.h>

#include <algorithm>
#include <cerrno>

#include "input/magic.h"

namespace gainsay {
namespace {

bool IsZero(char c) { return c == '\0'; }

}  // namespace

int ArchiveFeed::Open(archive* archive) {
  return archive_read_open2(archive, this, nullptr, &ReadBlock, nullptr, nullptr);
}

std::string_view ArchiveFeed::NextBlock() {
  if (ended_) return {};
  absl::StatusOr<size_t> n = stream_->Read(block_.get(), kBlockBytes);
  status_ = n.status();
  ended_ = !n.ok() || *n == 0;
  if (ended_) return {};
  size_ = *n;
  handed_out_ += size_;
  tail_.append(block_.get(), size_);
  if (tail_.size() > 2 * kBlockBytes) tail_.erase(0, tail_.size() - kContainerEndBytes);
  return {block_.get(), size_};
}

long ArchiveFeed::ReadBlock(archive* archive, void* feed, const void** block) {
  auto* self = static_cast<ArchiveFeed*>(feed);
  const std::string_view bytes = self->NextBlock();
  *block = bytes.data();
  if (self->status_.ok()) return static_cast<long>(bytes.size());
  archive_set_error(archive, EIO, "%s", std::string(self->status_.message()).c_str());
  return ARCHIVE_FATAL;
}

bool ArchiveFeed::LeftUnread(archive* archive) {
  const auto consumed = static_cast<uint64_t>(std::max<int64_t>(archive_filter_bytes(archive, -1), 0));
  const size_t left = static_cast<size_t>(std::min<uint64_t>(handed_out_ - consumed, size_));
  std::string_view bytes(block_.get() + size_ - left, left);
  do {
    if (!std::all_of(bytes.begin(), bytes.end(), IsZero)) return true;
    bytes = NextBlock();
  } while (!bytes.empty());
  return false;
}

}  // namespace gainsay
#endif  // GAINSAY_HAS_ARCHIVE
