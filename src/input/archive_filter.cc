// lz4 by libarchive's filter, with "raw" as the format of what is inside; and bzip2 and xz where their own
// libraries are missing. Those filters, when they fail, give up on what they were filling: of a cut file the
// last 64 KiB that could be read may be missing.
#if GAINSAY_HAS_ARCHIVE
#include <archive.h>

#include <string>
#include <utility>

#include "input/archive_feed.h"

namespace gainsay {
namespace {

class ArchiveFilter : public ByteStream {
 public:
  ArchiveFilter(std::unique_ptr<ByteStream> raw, std::string_view format)
      : format_(format), feed_(std::move(raw)), archive_(archive_read_new(), &archive_read_free) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    if (!opened_) {
      opened_ = true;
      if (archive_ == nullptr) return absl::ResourceExhaustedError("not enough memory for " + format_);
      if (absl::Status status = Open(); !status.ok()) return status;
    }
    const la_ssize_t n = empty_ ? 0 : archive_read_data(archive_.get(), buffer, capacity);
    if (n < 0) return Failure();
    if (n == 0 && feed_.LeftUnread(archive_.get())) {
      return absl::DataLossError("garbage follows the " + format_ + " data");
    }
    if (n == 0 && !feed_.status().ok()) return feed_.status();
    return static_cast<size_t>(n);
  }

  std::optional<int64_t> mtime_ns() const override { return feed_.mtime_ns(); }

 private:
  absl::Status Open() {
    archive* a = archive_.get();
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_lz4(a);
    archive_read_support_format_raw(a);
    archive_read_support_format_empty(a);
    archive_entry* entry = nullptr;
    if (feed_.Open(a) != ARCHIVE_OK) return Failure();
    const int result = archive_read_next_header(a, &entry);
    empty_ = result == ARCHIVE_EOF;  // nothing at all was packed, which is no entry
    return result == ARCHIVE_OK || result == ARCHIVE_EOF ? absl::OkStatus() : Failure();
  }

  absl::Status Failure() const {
    if (!feed_.status().ok()) return feed_.status();
    const char* what = archive_error_string(archive_.get());
    return absl::DataLossError("the " + format_ + " data is cut or damaged (" +
                               (what != nullptr ? what : "unknown error") + ")");
  }

  const std::string format_;
  ArchiveFeed feed_;
  std::unique_ptr<archive, int (*)(archive*)> archive_;
  bool opened_ = false, empty_ = false;
};

}  // namespace

std::unique_ptr<ByteStream> FilterStream(std::unique_ptr<ByteStream> raw, std::string_view format) {
  return std::make_unique<ArchiveFilter>(std::move(raw), format);
}

}  // namespace gainsay
#endif  // GAINSAY_HAS_ARCHIVE
