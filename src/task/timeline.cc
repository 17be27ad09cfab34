#include "task/timeline.h"

#include <algorithm>
#include <utility>

namespace gainsay {

Timeline::Timeline(const PackedEvents& packed, std::deque<KeptEvent>* kept,
                   const std::vector<uint64_t>& packed_before)
    : packed_(packed) {
  Sort();
  std::vector<std::pair<Event*, uint64_t>> came;
  came.reserve(kept->size());
  for (size_t i = 0; i < kept->size(); ++i) came.emplace_back((*kept)[i].mutable_event(), packed_before[i]);
  std::stable_sort(came.begin(), came.end(),
                   [](const auto& a, const auto& b) { return a.first->time_ns < b.first->time_ns; });
  kept_.reserve(came.size());
  before_.reserve(came.size());
  for (const auto& [event, earlier] : came) {
    // The first rank behind it: of a later time, or of the same and not among those that came before it.
    uint64_t low = before_.empty() ? 0 : before_.back(), high = packed_.size();
    while (low < high) {
      const uint64_t middle = low + (high - low) / 2;
      const size_t index = IndexOf(middle);
      const int64_t time_ns = packed_.time_ns(index);
      const bool stands_before = time_ns < event->time_ns || (time_ns == event->time_ns && index < earlier);
      (stands_before ? low : high) = stands_before ? middle + 1 : middle;
    }
    kept_.push_back({event, low + kept_.size()});
    before_.push_back(low);
  }
}

void Timeline::Sort() {
  const size_t size = packed_.size();
  bool in_order = true;
  for (size_t i = 1; i < size && in_order; ++i) in_order = packed_.time_ns(i - 1) <= packed_.time_ns(i);
  if (in_order) return;
  std::vector<std::pair<int64_t, uint32_t>> times(size);
  for (size_t i = 0; i < size; ++i) times[i] = {packed_.time_ns(i), static_cast<uint32_t>(i)};
  std::sort(times.begin(), times.end());
  ranks_.reserve(size);
  for (const auto& [time, index] : times) ranks_.push_back(index);
}

uint64_t Timeline::OrderOf(uint64_t rank) const {
  return rank +
         static_cast<uint64_t>(std::upper_bound(before_.begin(), before_.end(), rank) - before_.begin());
}

// The first of the kept ones that does not stand before it.
size_t Timeline::KeptFrom(uint64_t order) const {
  const auto found = std::lower_bound(kept_.begin(), kept_.end(), order,
                                      [](const Kept& kept, uint64_t o) { return kept.order < o; });
  return static_cast<size_t>(found - kept_.begin());
}

Event* Timeline::KeptAt(uint64_t order) const {
  const size_t at = KeptFrom(order);
  return at < kept_.size() && kept_[at].order == order ? kept_[at].event : nullptr;
}

int64_t Timeline::TimeOf(uint64_t order) const {
  const size_t at = KeptFrom(order);
  if (at < kept_.size() && kept_[at].order == order) return kept_[at].event->time_ns;
  return packed_.time_ns(IndexOf(order - at));
}

}  // namespace gainsay
