#include "watch/event_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/string_view.h"
#include "task/event_roles.h"

namespace gainsay {
namespace {

absl::string_view Key(std::string_view text) { return {text.data(), text.size()}; }

// task/attribution.cc: hints make no task, and those of an outer system that name none are nobody's.
bool MakesKnown(const Event& event) { return IsLifecycle(event) && !IsHint(event) && !event.task.empty(); }

void Forget(const EventStore::TaskEvents& task) {
  task.closed = task.closed_runs = 0;
  task.closed_at_ns = kNoTime;
}

bool Earlier(const EventStore::Item* a, const EventStore::Item* b) { return a->first < b->first; }

}  // namespace

bool EventStore::TaskEvents::OpenAt(const EventKey& key) const {
  bool open = false;
  for (const Item* item : events) {
    const Event& event = item->second.event();
    if (key < item->first) break;
    if (event.kind == RuleKind::kStart) open = true;
    if (event.kind == RuleKind::kTerminal) open = event.state == State::kRetrying;
  }
  return open;
}

const EventStore::Item* EventStore::Add(KeptEvent event) {
  const EventKey key{event.event().time_ns, event.event().position.source, next_sequence_++};
  return Add(key, std::move(event));
}

const EventStore::Item* EventStore::Add(const EventKey& key, KeptEvent event) {
  const auto [place, fresh] = events_.emplace(key, std::move(event));
  const Item* item = &*place;
  const Event& kept = item->second.event();
  if (kept.kind == RuleKind::kError) ++errors_;
  reach_.Add(*item);
  if (!TaskOf(kept).empty()) AddToTask(item);
  if (!IsClaimed(kept)) reach_.SetFloating(*item, true);
  return item;
}

void EventStore::AddToTask(const Item* item) {
  const Event& event = item->second.event();
  TaskEvents& task = tasks_[Key(TaskOf(event))];
  const auto place = std::upper_bound(task.events.begin(), task.events.end(), item, Earlier);
  if (static_cast<size_t>(place - task.events.begin()) < task.closed) Forget(task);
  task.events.insert(place, item);
  if (MakesKnown(event) && ++task.lifecycle == 1) SetFloating(task, false);
}

// Those of its events that bear its id.
void EventStore::SetFloating(const TaskEvents& task, bool floating) {
  for (const Item* item : task.events) {
    if (!item->second.event().task.empty()) reach_.SetFloating(*item, floating);
  }
}

bool EventStore::IsClaimed(const Event& event) const {
  const TaskEvents* task = event.task.empty() ? nullptr : Find(event.task);
  return task != nullptr && task->lifecycle > 0;
}

const EventStore::TaskEvents* EventStore::Find(std::string_view task) const {
  const auto found = tasks_.find(Key(task));
  return found == tasks_.end() ? nullptr : &found->second;
}

void EventStore::SetRunsForgotten(std::string_view task, uint32_t runs) {
  if (auto found = tasks_.find(Key(task)); found != tasks_.end()) found->second.runs_forgotten = runs;
}

void EventStore::DropFirst(std::string_view task, size_t count) {
  const auto found = tasks_.find(Key(task));
  if (found == tasks_.end()) return;
  std::vector<const Item*>& events = found->second.events;
  count = std::min(count, events.size());
  const bool was_known = found->second.lifecycle > 0;
  // The name that was asked for may be a view into an event: it is not used any more.
  for (size_t i = 0; i < count; ++i) {
    if (MakesKnown(events[i]->second.event())) --found->second.lifecycle;
    Erase(events[i]);
  }
  Forget(found->second);
  events.erase(events.begin(), events.begin() + static_cast<ptrdiff_t>(count));
  if (was_known && found->second.lifecycle == 0) SetFloating(found->second, true);
  if (events.empty()) tasks_.erase(found);
}

void EventStore::Drop(const EventKey& key) {
  const auto found = events_.find(key);
  if (found != events_.end()) Erase(&*found);
}

void EventStore::Erase(const Item* item) {
  if (item->second.event().kind == RuleKind::kError) --errors_;
  reach_.Drop(*item);
  events_.erase(item->first);
}

}  // namespace gainsay
