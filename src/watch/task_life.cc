#include "watch/task_life.h"

#include <algorithm>

#include "watch/task_part.h"

namespace gainsay {
namespace {

using Item = EventStore::Item;
using Items = std::vector<const Item*>;

constexpr size_t kLastEvents = 4096;

}  // namespace

int64_t Before(int64_t time_ns, int64_t by) {
  return time_ns < std::numeric_limits<int64_t>::min() + by ? std::numeric_limits<int64_t>::min()
                                                            : time_ns - by;
}
int64_t Behind(int64_t time_ns, int64_t by) { return time_ns > kEver - by ? kEver : time_ns + by; }

bool MayRun(const EventStore::TaskEvents& task, int64_t time_ns) {
  if (task.events.front()->first.time_ns > Behind(time_ns, kSlack)) return false;
  return task.events.size() > TaskPart::kSmall ||
         task.events.back()->first.time_ns >= Before(time_ns, kSlack) || task.OpenAt(time_ns);
}

bool MayHold(const EventStore::TaskEvents& task, const Item& item) {
  if (task.events.size() > TaskPart::kSmall) return true;
  bool before = !BeginsWithStart(task.events, 0, task.events.size()), behind = false;
  for (const Item* one : task.events) {
    if (IsNobodys(EventOf(*one))) continue;
    before = before || !IsBehind(*one, item);
    behind = behind || !IsBehind(item, *one);
  }
  return before && (behind || task.OpenAt(kEver));
}

bool BeginsWithStart(const Items& events, size_t first, size_t end) {
  const Item* begin = FirstOfLife(events, first, end);
  return begin != nullptr && EventOf(*begin).kind == RuleKind::kStart;
}

const Item* FirstOfLife(const Items& events, size_t first, size_t end) {
  for (size_t i = first; i < end; ++i) {
    const RuleKind kind = EventOf(*events[i]).kind;
    if (kind == RuleKind::kStart || kind == RuleKind::kTerminal) return events[i];
  }
  return nullptr;
}

bool IsBehind(const Item& one, const Item& other) {
  if (one.first.source != other.first.source) {
    return one.first.time_ns > Behind(other.first.time_ns, kSlack);
  }
  return EventOf(one).position.offset > EventOf(other).position.offset;
}

bool EndedWell(const EventStore::TaskEvents& task, int64_t until_ns) {
  size_t left = kLastEvents;
  for (size_t i = task.events.size(); i > 0 && left > 0; --i, --left) {
    const Item& item = *task.events[i - 1];
    if (item.first.time_ns > until_ns) continue;
    if (EventOf(item).kind == RuleKind::kTerminal && EventOf(item).state == State::kSucceeded) return true;
  }
  return false;
}

bool HasOneEnd(const EventStore::TaskEvents& task) {
  const Items& events = task.events;
  return events.size() <= TaskPart::kSmall &&
         std::count_if(events.begin(), events.end(),
                       [](const Item* item) { return EventOf(*item).kind == RuleKind::kTerminal; }) == 1;
}

void Span::Add(const Item& item) {
  auto stretch = std::find_if(stretches.begin(), stretches.end(), [&](const Stretch& one) {
    return one.first->first.source == item.first.source;
  });
  if (stretch == stretches.end()) stretch = stretches.insert(stretch, {&item, &item});
  if (IsBehind(*stretch->first, item)) stretch->first = &item;
  if (IsBehind(item, *stretch->last)) stretch->last = &item;
}

// Behind the beginning in one source, and before the end in one, which need not be the same.
bool Span::Holds(const Item& item) const {
  if (item.first.time_ns < from_ns || (behind != nullptr && IsBehind(*behind, item))) return false;
  auto any = [&](auto fits) {
    return stretches.empty() || std::any_of(stretches.begin(), stretches.end(), fits);
  };
  return (!began || any([&](const Stretch& one) { return !IsBehind(*one.first, item); })) &&
         any([&](const Stretch& one) { return !IsBehind(item, *one.last); });
}

}  // namespace gainsay
