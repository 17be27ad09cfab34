// Feeds a ByteStream to libarchive. For the other files of this room.
#ifndef GAINSAY_INPUT_ARCHIVE_FEED_H_
#define GAINSAY_INPUT_ARCHIVE_FEED_H_

#include <memory>
#include <string>
#include <string_view>

#include "input/decompressor.h"
#include "input/stream.h"

struct archive;

namespace gainsay {

// Must outlive the archive that reads from it.
class ArchiveFeed {
 public:
  explicit ArchiveFeed(std::unique_ptr<ByteStream> stream)
      : stream_(std::move(stream)), block_(std::make_unique_for_overwrite<char[]>(kBlockBytes)) {}

  // Opens `archive`, whose formats and filters must have been set, over the stream: libarchive's result.
  int Open(archive* archive);

  // What the stream itself ended with: its error weighs more than what libarchive makes of it.
  const absl::Status& status() const { return status_; }
  // The last bytes handed out so far: at least kContainerEndBytes of them, or all.
  std::string_view tail() const { return tail_; }
  // Reads what is left, for the error it may end with.
  void Drain() {
    while (!NextBlock().empty()) {
    }
  }
  // True if `archive` left bytes unread, other than zeros, or more of them follow. Reads the stream to its
  // end.
  bool LeftUnread(archive* archive);

  std::optional<int64_t> mtime_ns() const { return stream_->mtime_ns(); }

 private:
  static long ReadBlock(archive*, void* feed, const void** block);
  std::string_view NextBlock();

  std::unique_ptr<ByteStream> stream_;
  std::unique_ptr<char[]> block_;
  size_t size_ = 0;  // of the last block
  uint64_t handed_out_ = 0;
  std::string tail_;
  bool ended_ = false;
  absl::Status status_;
};

}  // namespace gainsay

#endif  // GAINSAY_INPUT_ARCHIVE_FEED_H_
