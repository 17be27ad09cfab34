#include "task/lane_order.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "absl/container/flat_hash_map.h"

namespace gainsay {
namespace {

// Where and when an event stands.
struct Spot {
  uint32_t source;
  uint64_t offset;
  int64_t time_ns;
};

template <typename Visit>
void VisitSpots(const Timeline& timeline, Visit visit) {
  const PackedEvents& packed = timeline.packed();
  timeline.Visit(
      [&](uint64_t rank, uint64_t) {
        const size_t index = timeline.IndexOf(rank);
        const Position position = packed.position(index);
        visit(Spot{position.source, position.offset, packed.time_ns(index)});
      },
      [&](const Event* event, uint64_t) {
        visit(Spot{event->position.source, event->position.offset, event->time_ns});
      });
}

bool SomeClockGoesBack(const Timeline& timeline) {
  absl::flat_hash_map<uint32_t, uint64_t> last;  // offset, by source
  bool back = false;
  VisitSpots(timeline, [&](const Spot& spot) {
    uint64_t& offset = last[spot.source];
    back = back || spot.offset < offset;
    offset = spot.offset;
  });
  return back;
}

}  // namespace

LaneOrder::LaneOrder(const Timeline& timeline) {
  if (!SomeClockGoesBack(timeline)) return;
  std::vector<Spot> spots;
  spots.reserve(timeline.size());
  VisitSpots(timeline, [&](const Spot& spot) { spots.push_back(spot); });
  auto key = [&](uint64_t order) { return std::tuple(spots[order].source, spots[order].offset, order); };
  orders_.resize(spots.size());
  std::iota(orders_.begin(), orders_.end(), uint64_t{0});
  std::sort(orders_.begin(), orders_.end(), [&](uint64_t a, uint64_t b) { return key(a) < key(b); });
  for (size_t i = 1; i < orders_.size(); ++i) {
    const Spot& before = spots[orders_[i - 1]];
    Spot& spot = spots[orders_[i]];
    if (before.source == spot.source) spot.time_ns = std::max(spot.time_ns, before.time_ns);
  }
  std::stable_sort(orders_.begin(), orders_.end(),
                   [&](uint64_t a, uint64_t b) { return spots[a].time_ns < spots[b].time_ns; });
  places_.resize(spots.size());
  for (size_t place = 0; place < orders_.size(); ++place) places_[orders_[place]] = place;
}

}  // namespace gainsay
