#include "watch/event_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/string_view.h"

namespace gainsay {
namespace {

absl::string_view Key(std::string_view text) { return {text.data(), text.size()}; }

bool Earlier(const EventStore::Item* a, const EventStore::Item* b) { return a->first < b->first; }

}  // namespace

bool EventStore::TaskEvents::OpenAt(int64_t time_ns) const {
  bool open = false;
  for (const Item* item : events) {
    const Event& event = item->second.event();
    if (event.time_ns > time_ns) break;
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
  const std::string_view task = TaskOf(kept);
  if (task.empty()) return item;
  std::vector<const Item*>& events = tasks_[Key(task)].events;
  events.insert(std::upper_bound(events.begin(), events.end(), item, Earlier), item);
  return item;
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
  // The name that was asked for may be a view into an event: it is not used any more.
  for (size_t i = 0; i < count; ++i) Erase(events[i]);
  events.erase(events.begin(), events.begin() + static_cast<ptrdiff_t>(count));
  if (events.empty()) tasks_.erase(found);
}

void EventStore::Drop(const EventKey& key) {
  const auto found = events_.find(key);
  if (found != events_.end()) Erase(&*found);
}

void EventStore::Erase(const Item* item) {
  if (item->second.event().kind == RuleKind::kError) --errors_;
  events_.erase(item->first);
}

}  // namespace gainsay
