#include "task/witness.h"

#include <algorithm>

namespace gainsay {

void Witness::Follow(const TaskTable& table, Lanes* lanes) {
  std::string scratch;
  for (uint32_t task = 0; asked() && task < table.size(); ++task) {
    if (table.IdOf(task, &scratch) == id_) followed_.push_back(task);
  }
  if (!followed_.empty()) lanes->Follow(followed_);
}

bool Witness::IsFollowed(uint32_t task) const {
  return std::binary_search(followed_.begin(), followed_.end(), task);
}

void Witness::See(const Given& given, const IdOf& id_of, Lanes* lanes) {
  if (given.task && IsFollowed(*given.task)) return;
  const Event& event = *given.event;
  const std::vector<uint32_t>& candidates = given.candidates;
  const bool in_lane = lanes->HoldsFollowed(event, given.order);
  const bool named = event.task == id_ || NamesId(event.message, id_) || NamesId(event.error, id_);
  const bool candidate =
      std::any_of(candidates.begin(), candidates.end(), [this](uint32_t one) { return IsFollowed(one); });
  if (!in_lane && !named && !candidate) return;
  if (held_back.size() == Story::kMostHeldBack) {
    ++more_held_back;
    return;
  }
  HeldBack& held = held_back.emplace_back();
  held.event = &event;
  if (given.task) {
    held.why = Held::kGiven;
  } else if (!candidates.empty()) {
    held.why = Held::kShared;
    for (const uint32_t one : candidates) {
      if (!IsFollowed(one) && held.others.size() < HeldBack::kOthers) held.others.push_back(id_of(one));
    }
  } else if (in_lane) {
    held.why = event.lane_allowed ? Held::kForeign : Held::kDetached;
  } else {
    held.why = Held::kNamed;
  }
}

}  // namespace gainsay
