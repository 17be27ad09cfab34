// Which task an event belongs to. DESIGN.md section 3, "Which task": the first that applies of
// its own id, an outer system's task (a systemd unit) where no inner system lives in it, a trace id, a
// subject, the lane, a weak subject. Where several tasks fit, none is chosen.
#ifndef GAINSAY_TASK_ATTRIBUTION_H_
#define GAINSAY_TASK_ATTRIBUTION_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <vector>

#include "event/event.h"
#include "task/attempts.h"
#include "task/story.h"
#include "task/task.h"
#include "task/task_events.h"
#include "task/task_table.h"
#include "task/timeline.h"

namespace gainsay {

struct Attribution {
  std::vector<Task> tasks;           // by number
  std::unique_ptr<TaskEvents> all;   // the lifecycle events of these and of all others
  std::vector<Placed> unattributed;  // write errors without a task
  std::vector<Placed> orphans;       // resolutions without a task
  std::vector<Placed> errors;        // all write errors
  uint64_t terminals = 0;            // terminal events that name a task
  std::vector<HeldBack> held_back;   // from the task that is asked about
  uint64_t more_held_back = 0;
  std::vector<const Event*> silent;  // records of no rule that concern that task
};

// `table` is that of the timeline's packed events. The task, run and matched_by of an error or resolution
// are set to what was found. With `asked`, a task's id, what was within its reach and went elsewhere is
// written down. `every_task`: all become tasks of the answer; else those that a write error, a resolution or
// a doubt was found for, and the one that is asked about.
Attribution Attribute(const Timeline& timeline, TaskTable* table, std::string_view asked, bool every_task,
                      TaskStore store);

}  // namespace gainsay

#endif  // GAINSAY_TASK_ATTRIBUTION_H_
