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
  // Goes on at the next header of a tar behind what `archive` took before it gave up: there another one may
  // be opened. False: there is none.
  bool SkipToTarHeader(archive* archive);
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
  uint64_t TakenBy(archive* archive) const;

  std::unique_ptr<ByteStream> stream_;
  std::unique_ptr<char[]> block_;
  std::string again_, given_again_;  // bytes to be handed out before the stream's next ones
  std::string_view last_;            // that were handed out
  uint64_t handed_out_ = 0;          // to the archive at hand
  std::string tail_;
  bool ended_ = false;
  absl::Status status_;
};

}  // namespace gainsay

#endif  // GAINSAY_INPUT_ARCHIVE_FEED_H_
