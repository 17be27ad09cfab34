// What an event is to attribution, told from the event alone.
// Thread rules: free functions without state.
#ifndef GAINSAY_TASK_EVENT_ROLES_H_
#define GAINSAY_TASK_EVENT_ROLES_H_

#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "event/event.h"

namespace gainsay {

inline bool IsLifecycle(const Event& event) {
  return event.kind == RuleKind::kStart || event.kind == RuleKind::kTerminal ||
         event.kind == RuleKind::kMention;
}

// A mention on an application's own line, which bears the id as a field: it tells what a known task works
// on, and makes none.
inline bool IsHint(const Event& event) {
  return event.kind == RuleKind::kMention && event.matched_by == MatchedBy::kField;
}

// The same on a line that bears no id: what the task of its trace, or the one that runs in its lane, works
// on.
inline bool IsNamelessHint(const Event& event) {
  return event.kind == RuleKind::kMention && event.task.empty() && !event.subject.empty();
}

// Whether the lane is a worker of its own: a main thread or process, and a log without lanes, may run many
// tasks at once.
inline bool IsWorkersLane(const Event& event) {
  const std::string_view worker = event.lane.empty() ? event.thread : event.lane;
  return event.lane_allowed && !worker.empty() &&
         !absl::StartsWithIgnoreCase(absl::string_view(worker.data(), worker.size()), "main");
}

}  // namespace gainsay

#endif  // GAINSAY_TASK_EVENT_ROLES_H_
