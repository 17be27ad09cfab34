// A stream whose first bytes were looked at: they are put back in front of the rest, since pipes can't seek.
// For the other files of this room.
#ifndef GAINSAY_INPUT_PEEK_H_
#define GAINSAY_INPUT_PEEK_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "input/stream.h"

namespace gainsay {

class PeekedStream : public ByteStream {
 public:
  explicit PeekedStream(std::unique_ptr<ByteStream> raw) : raw_(std::move(raw)) {}

  // Reads on until `size` bytes are known, or all there are. With `until_newline`, a newline is enough: no
  // format that is told by its first bytes has one there, and the lines of a pipe shall not wait.
  void Peek(size_t size, bool until_newline);
  // What is known of the first bytes, until the first Read.
  std::string_view first() const { return first_; }

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override;
  std::optional<int64_t> mtime_ns() const override { return raw_->mtime_ns(); }

 private:
  std::unique_ptr<ByteStream> raw_;
  std::string first_;
  size_t at_ = 0;
  std::optional<absl::Status> end_;  // met while peeking
};

}  // namespace gainsay

#endif  // GAINSAY_INPUT_PEEK_H_
