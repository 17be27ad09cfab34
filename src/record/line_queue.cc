#include "record/line_queue.h"

#include <algorithm>

namespace gainsay {

void LineQueue::Open(std::string_view bytes, uint64_t first_line) {
  bytes_ = bytes;
  next_ = 0;
  number_ = first_line - 1;
  first_ = ahead_ = 0;
  if (ring_.empty()) ring_.resize(64);
}

bool LineQueue::Read(QueuedLine* line) {
  if (next_ >= bytes_.size()) return false;
  const size_t end = std::min(bytes_.find('\n', next_), bytes_.size());
  line->line = bytes_.substr(next_, end - next_);
  line->known_strand.reset();
  line->claimed = false;
  next_ = std::min(end + 1, bytes_.size());
  return true;
}

bool LineQueue::Take(QueuedLine* line) {
  if (ahead_ == 0) {
    if (!Read(line)) return false;
  } else {
    *line = ring_[first_];
    first_ = (first_ + 1) & (ring_.size() - 1);
    --ahead_;
  }
  ++number_;
  return true;
}

size_t LineQueue::next_offset() const {
  return ahead_ == 0 ? next_ : static_cast<size_t>(ring_[first_].line.data() - bytes_.data());
}

void LineQueue::Skip(size_t offset, uint64_t lines) {
  const size_t known = std::min<size_t>(ahead_, lines);
  first_ = (first_ + known) & (ring_.size() - 1);
  ahead_ -= known;
  number_ += lines;
  next_ = std::max(next_, offset);
}

QueuedLine* LineQueue::Peek(size_t i) {
  for (; ahead_ <= i; ++ahead_) {
    if (ahead_ == ring_.size()) {
      std::rotate(ring_.begin(), ring_.begin() + static_cast<std::ptrdiff_t>(first_), ring_.end());
      first_ = 0;
      ring_.resize(ring_.size() * 2);
    }
    if (!Read(&ring_[(first_ + ahead_) & (ring_.size() - 1)])) return nullptr;
  }
  return &ring_[(first_ + i) & (ring_.size() - 1)];
}

}  // namespace gainsay
