// The lifecycle events of each task, in order: where they are, and, one task at a time, what they say.
#ifndef GAINSAY_TASK_TASK_EVENTS_H_
#define GAINSAY_TASK_TASK_EVENTS_H_

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "task/attempts.h"
#include "task/task.h"
#include "task/task_table.h"
#include "task/text_arena.h"
#include "task/timeline.h"

namespace gainsay {

class TaskEvents {
 public:
  // All of the table's tasks are known, those of the timeline's events among them. Both must outlive this.
  TaskEvents(const Timeline& timeline, const TaskTable& table);

  // Ranks in the timeline.
  std::span<const uint32_t> RanksOf(uint32_t task) const;
  // Whether it is of a system that holds other systems' tasks.
  bool IsOuter(uint32_t task) const;

  const Timeline& timeline() const { return timeline_; }
  const TaskTable& table() const { return table_; }

 private:
  const Timeline& timeline_;
  const TaskTable& table_;
  std::vector<uint32_t> first_;  // of the task, in ranks_; behind the last, their number
  std::vector<uint32_t> ranks_;
};

// One task's events, unpacked for a moment.
class Unpacked {
 public:
  explicit Unpacked(const TaskEvents& events) : events_(events) {}

  // Valid until the next call.
  const std::vector<Placed>& Of(uint32_t task, PackedEvents::Detail detail);
  std::string_view id() const { return id_; }  // of that task

 private:
  const TaskEvents& events_;
  std::string scratch_;
  std::string_view id_;
  std::vector<Event> unpacked_;
  std::vector<std::string> texts_;
  std::vector<Placed> placed_;
};

// Where what is pointed to is kept.
struct TaskStore {
  std::deque<KeptEvent>* events;
  TextArena* texts;
};
// The task with its lifecycle, for good.
Task KeepTask(uint32_t number, Unpacked* unpacked, TaskStore store);

}  // namespace gainsay

#endif  // GAINSAY_TASK_TASK_EVENTS_H_
