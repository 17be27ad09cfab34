#include "task/lane_order.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "absl/container/flat_hash_map.h"

namespace gainsay {
namespace {

bool SomeClockGoesBack(const std::vector<Event*>& events) {
  absl::flat_hash_map<uint32_t, uint64_t> last;  // offset, by source
  return std::any_of(events.begin(), events.end(), [&](const Event* event) {
    uint64_t& offset = last[event->position.source];
    const bool back = event->position.offset < offset;
    offset = event->position.offset;
    return back;
  });
}

}  // namespace

LaneOrder::LaneOrder(const std::vector<Event*>& events) {
  if (!SomeClockGoesBack(events)) return;
  auto key = [&](uint64_t order) {
    const Event& event = *events[order];
    return std::tuple(event.position.source, event.position.offset, order);
  };
  orders_.resize(events.size());
  std::iota(orders_.begin(), orders_.end(), uint64_t{0});
  std::sort(orders_.begin(), orders_.end(), [&](uint64_t a, uint64_t b) { return key(a) < key(b); });
  std::vector<int64_t> time(events.size());
  for (size_t i = 0; i < orders_.size(); ++i) {
    const Event& event = *events[orders_[i]];
    time[orders_[i]] = event.time_ns;
    if (i > 0 && events[orders_[i - 1]]->position.source == event.position.source) {
      time[orders_[i]] = std::max(event.time_ns, time[orders_[i - 1]]);
    }
  }
  std::stable_sort(orders_.begin(), orders_.end(), [&](uint64_t a, uint64_t b) { return time[a] < time[b]; });
  places_.resize(events.size());
  for (size_t place = 0; place < orders_.size(); ++place) places_[orders_[place]] = place;
}

}  // namespace gainsay
