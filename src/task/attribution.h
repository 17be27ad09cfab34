// Which task an event belongs to. DESIGN.md section 3, "Which task": captured by the rule
// or named by a field; an outer system's task (a systemd unit) only where no inner system's lifecycle shows
// in it. Ways that need more than the record itself (trace, subject, lane) belong here too.
#ifndef GAINSAY_TASK_ATTRIBUTION_H_
#define GAINSAY_TASK_ATTRIBUTION_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "event/matcher.h"
#include "task/attempts.h"

namespace gainsay {

// A task and its events. Pointers are into the correlator's storage.
struct Task {
  std::string_view id;
  std::vector<std::pair<Field, std::string_view>> scope;  // further parts of its key
  std::vector<Placed> events;                             // in order
  bool ambiguous = false;                                 // a write error may be its or another task's
};

struct Attribution {
  std::vector<Task> tasks;
  std::vector<Placed> unattributed;  // write errors without a task
  std::vector<Placed> orphans;       // resolutions without a task
  std::vector<Placed> errors;        // all write errors
  uint64_t terminals = 0;            // terminal events that name a task
};

// `events` are in order; their kept events may be written to (matched_by, task of outer systems).
Attribution Attribute(const std::vector<Event*>& events, const Matcher& matcher);

}  // namespace gainsay

#endif  // GAINSAY_TASK_ATTRIBUTION_H_
