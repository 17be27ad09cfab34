#include "task/houses.h"

namespace gainsay {

std::string Houses::KeyOf(const Event& event) {
  std::string key(event.host);
  key += '\0';
  key += event.outer_task;
  return key;
}

void Houses::See(const PackedEvents& packed, size_t i, const TaskTable& table) {
  const uint32_t place = packed.place(i);
  if (place >= seen_.size()) seen_.resize(place + 1);
  if (seen_[place]) return;
  seen_[place] = place != PackedEvents::kNoPlace;
  std::string id, scratch;
  const Event event = packed.Get(i, table.IdOfKey(packed.key(i), &id), PackedEvents::Detail::kLife, &scratch);
  if (!event.outer_task.empty()) houses_.insert(KeyOf(event));
}

}  // namespace gainsay
