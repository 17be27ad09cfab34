// Events that a correlator has no room for: how many, and whose runs can't be judged without them.
#ifndef GAINSAY_TASK_LOST_EVENTS_H_
#define GAINSAY_TASK_LOST_EVENTS_H_

#include <cstdint>

#include "absl/container/flat_hash_set.h"
#include "event/event.h"
#include "task/task.h"
#include "task/task_table.h"

namespace gainsay {

class LostEvents {
 public:
  void Add(const Event& event, const TaskTable& table);
  uint64_t count() const { return count_; }

  // Call when all tasks are made: keys become tasks.
  void Resolve(const TaskTable& table);
  // Whether some may be the task's. Of those that name no task nobody knows.
  bool MayBeOf(const Task& task) const { return count_ > 0 && (task.input || MayBeOf(task.number)); }
  bool MayBeOf(uint32_t task) const { return task >= first_doubted_ || tasks_.contains(task); }

 private:
  uint64_t count_ = 0;
  bool names_any_ = false;
  absl::flat_hash_set<uint32_t> keys_, tasks_;
  // One named a task that no event had named before: it may be any that came later.
  uint32_t first_doubted_key_ = UINT32_MAX, first_doubted_ = UINT32_MAX;
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_LOST_EVENTS_H_
