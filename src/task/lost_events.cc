#include "task/lost_events.h"

#include <algorithm>

namespace gainsay {

void LostEvents::Add(const Event& event, const TaskTable& table) {
  ++count_;
  if (event.task.empty()) return;
  names_any_ = true;
  if (table.HasScope(event)) {
    first_doubted_key_ = 0;  // its id may be that of several tasks
  } else if (const std::optional<uint32_t> key = table.FindKey(event)) {
    keys_.insert(*key);
  } else {
    first_doubted_key_ = std::min(first_doubted_key_, table.keys());
  }
}

void LostEvents::Resolve(const TaskTable& table) {
  if (names_any_ && table.any_scoped()) first_doubted_ = 0;
  for (const uint32_t key : keys_) tasks_.insert(table.NumberOf(key));
  for (uint32_t key = first_doubted_key_; key < table.keys(); ++key) {
    first_doubted_ = std::min(first_doubted_, table.NumberOf(key));
  }
}

}  // namespace gainsay
