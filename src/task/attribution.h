// Which task an event belongs to. DESIGN.md section 3, "Which task": the first that applies of
// its own id, an outer system's task (a systemd unit) where no inner system lives in it, a trace id, a
// subject, the lane, a weak subject. Where several tasks fit, none is chosen.
#ifndef GAINSAY_TASK_ATTRIBUTION_H_
#define GAINSAY_TASK_ATTRIBUTION_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "event/matcher.h"
#include "task/attempts.h"
#include "task/story.h"
#include "task/task_table.h"

namespace gainsay {

struct Attribution {
  std::vector<Task> tasks;
  std::vector<Placed> unattributed;  // write errors without a task
  std::vector<Placed> orphans;       // resolutions without a task
  std::vector<Placed> errors;        // all write errors
  uint64_t terminals = 0;            // terminal events that name a task
  std::vector<HeldBack> held_back;   // from the task that is asked about
  uint64_t more_held_back = 0;
  std::vector<const Event*> silent;  // records of no rule that concern that task
};

// `events` are in order. An event's task, run and matched_by are set to what was found.
// With `asked`, a task's id, what was within its reach and went elsewhere is written down.
Attribution Attribute(const std::vector<Event*>& events, const Matcher& matcher, std::string_view asked = {});

}  // namespace gainsay

#endif  // GAINSAY_TASK_ATTRIBUTION_H_
