#include "pipeline_watch_resume.h"

#include <optional>

#include "input/cursor.h"

namespace gainsay {

std::string EntrySearch::Take(std::string_view bytes) {
  held_ += bytes;
  size_t at = 0;
  for (size_t end = held_.find('\n'); wanted_ && end != std::string::npos; end = held_.find('\n', at)) {
    const std::string_view line = std::string_view(held_).substr(at, end - at);
    const std::string_view cursor = CursorOf(line);
    const std::optional<uint64_t> time = CursorTime(cursor), sought = CursorTime(cursor_);
    wanted_ = cursor != cursor_ && time && sought && *time <= *sought;
    if (!wanted_ && cursor != cursor_) {
      why_ = "the entry that was read last is not among those that come; go on with journalctl --cursor='" +
             cursor_ + "'";
      break;
    }
    ++passed_over_;
    at = end + 1;
  }
  held_.erase(0, at);
  return wanted_ ? "" : std::exchange(held_, "");
}

std::string EntrySearch::Rest() {
  if (!wanted_) return "";
  wanted_ = false;
  if (passed_over_ > 0 || !held_.empty()) why_ = "the input ended before the entry that was read last came";
  return std::exchange(held_, "");
}

}  // namespace gainsay
