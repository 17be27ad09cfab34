#include "record/line_queue.h"

#include <algorithm>

namespace gainsay {

void LineQueue::Open(std::string_view bytes, uint64_t first_line) {
  bytes_ = bytes;
  next_ = 0;
  number_ = first_line - 1;
  ahead_.clear();
}

bool LineQueue::Read(QueuedLine* line) {
  if (next_ >= bytes_.size()) return false;
  const size_t end = std::min(bytes_.find('\n', next_), bytes_.size());
  line->line = bytes_.substr(next_, end - next_);
  line->strand = StrandOf(line->line);
  line->claimed = false;
  next_ = std::min(end + 1, bytes_.size());
  return true;
}

bool LineQueue::Take(QueuedLine* line) {
  if (ahead_.empty()) {
    if (!Read(line)) return false;
  } else {
    *line = ahead_.front();
    ahead_.pop_front();
  }
  ++number_;
  return true;
}

QueuedLine* LineQueue::Peek(size_t i) {
  while (ahead_.size() <= i) {
    QueuedLine line;
    if (!Read(&line)) return nullptr;
    ahead_.push_back(line);
  }
  return &ahead_[i];
}

}  // namespace gainsay
