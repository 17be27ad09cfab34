#include "watch/task_part.h"

#include <algorithm>

#include "task/attempts.h"

namespace gainsay {
namespace {

using Item = EventStore::Item;
using Items = std::vector<const Item*>;

constexpr size_t kRemembered = 512;  // events before those that matter

uint32_t CountRuns(const Items& events, size_t first, size_t end) {
  std::vector<Placed> placed;
  for (size_t i = first; i < end; ++i) {
    const Event& event = EventOf(*events[i]);
    if (event.kind != RuleKind::kMention && !IsNobodys(event)) placed.push_back({&event, i});
  }
  return static_cast<uint32_t>(CutIntoRuns(placed).size());
}

// Then runs may lie in one another.
bool NamesRuns(const Items& events) { return !EventOf(*events.back()).run.empty(); }

// So that the next look need not begin at the first event.
void Remember(const EventStore::TaskEvents& task, size_t before) {
  const int64_t horizon_ns = task.events[before]->first.time_ns;
  const size_t closed = ClosedEvents(task.events, task.closed, horizon_ns, true);
  task.closed_runs += CountRuns(task.events, task.closed, closed);
  task.closed = closed;
  task.closed_at_ns = horizon_ns;
}

// Two ends behind what is told of, nothing matters any more.
void EndEarly(const Items& events, int64_t settled_ns, TaskPart* part) {
  size_t ends = 0;
  for (size_t i = part->end; i > part->first && events[i - 1]->first.time_ns > settled_ns; --i) {
    if (EventOf(*events[i - 1]).kind == RuleKind::kTerminal) ++ends;
  }
  for (; ends > 2; --part->end) {
    if (EventOf(*events[part->end - 1]).kind == RuleKind::kTerminal) --ends;
    part->to_ns = events[part->end - 1]->first.time_ns - 1;
  }
}

}  // namespace

void Delimit(const EventStore::TaskEvents& task, int64_t until_ns, int64_t settled_ns, TaskPart* part) {
  const Items& events = task.events;
  const auto past = std::upper_bound(events.begin(), events.end(), EndOf(until_ns),
                                     [](const EventKey& key, const Item* item) { return key < item->first; });
  part->end = static_cast<size_t>(past - events.begin());
  if (events.size() <= TaskPart::kSmall) return;
  if (task.closed_at_ns <= part->wanted_ns) {
    part->first = task.closed;
    part->runs_before = task.closed_runs;
  }
  const size_t first = std::min(part->end, ClosedEvents(events, part->first, part->wanted_ns, true));
  if (first > task.closed + 2 * kRemembered && !NamesRuns(events)) Remember(task, first - kRemembered);
  part->runs_before += CountRuns(events, part->first, first);
  part->first = first;
  if (first > 0) part->from_ns = events[first]->first.time_ns;
  EndEarly(events, settled_ns, part);
}

size_t ClosedEvents(const Items& events, size_t first, int64_t horizon_ns, bool whole_runs) {
  size_t closed = first, behind_terminal = first;
  bool ended = first > 0;
  State state = State::kNone;
  for (size_t i = first; i < events.size() && events[i]->first.time_ns <= horizon_ns; ++i) {
    const Event& event = EventOf(*events[i]);
    if (ended && event.kind == RuleKind::kStart) closed = i;
    if (event.kind != RuleKind::kTerminal) continue;
    const bool once_more = whole_runs && event.state == state && i == behind_terminal;
    if (ended && !once_more) closed = std::max(closed, behind_terminal);
    state = event.state;
    ended = !whole_runs || state == State::kSucceeded || state == State::kCancelled;
    behind_terminal = i + 1;
  }
  return closed;
}

}  // namespace gainsay
