// What the decompressors share, and one maker for each format. For the other files of this room; those
// outside call Decompress() of stream.h.
//
// A format whose library was missing when gainsay was built has no maker: GAINSAY_HAS_… says so (see
// CMakeLists.txt).
#ifndef GAINSAY_INPUT_DECOMPRESSOR_H_
#define GAINSAY_INPUT_DECOMPRESSOR_H_

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "input/stream.h"

namespace gainsay {

// Larger blocks leave the second-level cache between the copy and its use.
inline constexpr size_t kBlockBytes = size_t{256} << 10;

// Which of a packed file's parts (members, frames) are to be unpacked.
struct PartAsked {
  uint64_t origin = 0;  // where in the file they begin
  uint64_t limit =
      UINT64_MAX;      // stop at the first part that begins at or behind it, in packed bytes from here
  bool ahead = false;  // stop also before a part that needs more memory than kWindowLogAhead says

  static constexpr int kWindowLogAhead = 24;
};

// The compressed block at hand, and what ended the reading: an error or the end is kept until everything that
// came before it has been handed out.
class Decompressor : public ByteStream {
 public:
  // `origin`: where in its file `raw` begins.
  explicit Decompressor(std::unique_ptr<ByteStream> raw, uint64_t origin = 0)
      : raw_(std::move(raw)), origin_(origin), block_(std::make_unique_for_overwrite<char[]>(kBlockBytes)) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    while (!outcome_) {
      const size_t n = Step(buffer, capacity);
      if (n > 0) return n;
    }
    if (!outcome_->ok()) return *outcome_;
    return size_t{0};
  }

  std::optional<int64_t> mtime_ns() const override { return raw_->mtime_ns(); }

  uint64_t consumed() const { return consumed_; }  // packed bytes
  bool stopped() const { return stopped_; }        // at the end: because of what was asked for

 protected:
  // One call of the library. Returns the bytes written; Finish() says that it was the last one.
  virtual size_t Step(char* buffer, size_t capacity) = 0;

  void Finish(absl::Status outcome) { outcome_ = std::move(outcome); }
  // At the raw end: the raw stream's own error weighs more than what follows from it.
  void FinishAtEnd(absl::Status outcome) { Finish(raw_error_.ok() ? std::move(outcome) : raw_error_); }

  // Before the part that begins at `at`.
  void StopAt(uint64_t at) {
    consumed_ = at;
    stopped_ = true;
    Finish(absl::OkStatus());
  }

  void Refill() {
    if (at_ < size_ || ended_) return;
    // Up to the next border of the whole file's blocks: what is salvaged of a damaged part may depend on
    // where its bytes were cut, and shall not depend on where the unpacking began.
    absl::StatusOr<size_t> n = raw_->Read(block_.get(), kBlockBytes - (origin_ + taken_) % kBlockBytes);
    at_ = 0;
    size_ = n.ok() ? *n : 0;
    taken_ += size_;
    ended_ = size_ == 0;
    raw_error_ = n.status();
  }

  std::string_view left() const { return {block_.get() + at_, size_ - at_}; }
  void Consume(size_t bytes) {
    at_ += bytes;
    consumed_ += bytes;
  }
  bool AtEnd() const { return ended_ && at_ == size_; }

 private:
  std::unique_ptr<ByteStream> raw_;
  const uint64_t origin_;
  uint64_t taken_ = 0;  // packed bytes that were read
  std::unique_ptr<char[]> block_;
  size_t at_ = 0, size_ = 0;
  uint64_t consumed_ = 0;
  bool ended_ = false, stopped_ = false;
  absl::Status raw_error_;
  std::optional<absl::Status> outcome_;
};

std::unique_ptr<Decompressor> GzipStreamByIsal(std::unique_ptr<ByteStream> raw, const PartAsked& asked = {});
std::unique_ptr<Decompressor> GzipStreamByZlib(std::unique_ptr<ByteStream> raw, const PartAsked& asked = {});
std::unique_ptr<Decompressor> ZstdStream(std::unique_ptr<ByteStream> raw, const PartAsked& asked = {});
std::unique_ptr<ByteStream> XzStream(std::unique_ptr<ByteStream> raw);
std::unique_ptr<ByteStream> Bzip2Stream(std::unique_ptr<ByteStream> raw);
// lz4, and xz and bzip2 where their own libraries are missing; `format` is for messages.
std::unique_ptr<ByteStream> FilterStream(std::unique_ptr<ByteStream> raw, std::string_view format);

}  // namespace gainsay

#endif  // GAINSAY_INPUT_DECOMPRESSOR_H_
