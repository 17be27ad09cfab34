#include "task/task_events.h"

#include <algorithm>

#include "task/event_roles.h"

namespace gainsay {

TaskEvents::TaskEvents(const Timeline& timeline, const TaskTable& table)
    : timeline_(timeline), table_(table), first_(table.known() + 1) {
  const PackedEvents& packed = timeline.packed();
  uint32_t all = 0;
  for (size_t i = 0; i < packed.size(); ++i) {
    if (IsHint(packed.shape(i))) continue;
    ++first_[table.NumberOf(packed.key(i))];
    ++all;
  }
  uint32_t sum = 0;
  for (uint32_t& first : first_) first = sum += first;
  // Filled from behind, each task's place is its first one when all are in theirs.
  ranks_.resize(all);
  for (size_t rank = packed.size(); rank-- > 0;) {
    const size_t i = timeline.IndexOf(rank);
    if (!IsHint(packed.shape(i)))
      ranks_[--first_[table.NumberOf(packed.key(i))]] = static_cast<uint32_t>(rank);
  }
}

std::span<const uint32_t> TaskEvents::RanksOf(uint32_t task) const {
  if (task + 1 >= first_.size()) return {};
  return {ranks_.data() + first_[task], ranks_.data() + first_[task + 1]};
}

bool TaskEvents::IsOuter(uint32_t task) const {
  const std::span<const uint32_t> ranks = RanksOf(task);
  return !ranks.empty() && std::all_of(ranks.begin(), ranks.end(), [this](uint32_t rank) {
    return timeline_.packed().shape(timeline_.IndexOf(rank)).outer;
  });
}

const std::vector<Placed>& Unpacked::Of(uint32_t task, PackedEvents::Detail detail) {
  const std::span<const uint32_t> ranks = events_.RanksOf(task);
  id_ = events_.table().IdOf(task, &scratch_);
  unpacked_.resize(ranks.size());
  if (texts_.size() < ranks.size()) texts_.resize(ranks.size());
  placed_.clear();
  const Timeline& timeline = events_.timeline();
  for (size_t i = 0; i < ranks.size(); ++i) {
    unpacked_[i] = timeline.packed().Get(timeline.IndexOf(ranks[i]), id_, detail, &texts_[i]);
    placed_.push_back({&unpacked_[i], timeline.OrderOf(ranks[i])});
  }
  return placed_;
}

Task KeepTask(uint32_t number, Unpacked* unpacked, TaskStore store) {
  Task task;
  task.number = number;
  for (const Placed& placed : unpacked->Of(number, PackedEvents::Detail::kAll)) {
    const Event& event = store.events->emplace_back(*placed.event).event();
    task.events.push_back({&event, placed.order});
    if (event.kind == RuleKind::kMention && task.mentioned_name.empty()) task.mentioned_name = event.name;
  }
  task.id = store.texts->Keep(unpacked->id());
  return task;
}

}  // namespace gainsay
