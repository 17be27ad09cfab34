#include "input/peek.h"

#include <algorithm>
#include <cstring>

namespace gainsay {

void PeekedStream::Peek(size_t size, bool until_newline) {
  while (first_.size() < size && !end_) {
    if (until_newline && first_.find('\n') != std::string::npos) return;
    const size_t known = first_.size();
    first_.resize(size);
    absl::StatusOr<size_t> n = raw_->Read(first_.data() + known, size - known);
    first_.resize(known + (n.ok() ? *n : 0));
    if (!n.ok() || *n == 0) end_ = n.status();
  }
}

absl::StatusOr<size_t> PeekedStream::Read(char* buffer, size_t capacity) {
  if (at_ < first_.size()) {
    const size_t n = std::min(capacity, first_.size() - at_);
    std::memcpy(buffer, first_.data() + at_, n);
    at_ += n;
    return n;
  }
  if (!end_) return raw_->Read(buffer, capacity);
  if (!end_->ok()) return *end_;
  return size_t{0};
}

}  // namespace gainsay
