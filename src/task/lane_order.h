// The order in which lanes are followed: input order within a source, since one worker writes its lines one
// after the other, whatever its clock says; time between sources. A clock that goes back stands still until
// it has caught up.
//
// Orders are places in the order of all events (task/attempts.h); where no source's clock ever goes back, the
// two are the same, and nothing is kept.
#ifndef GAINSAY_TASK_LANE_ORDER_H_
#define GAINSAY_TASK_LANE_ORDER_H_

#include <cstdint>
#include <vector>

#include "task/timeline.h"

namespace gainsay {

class LaneOrder {
 public:
  LaneOrder() = default;  // no clock goes back
  explicit LaneOrder(const Timeline& timeline);

  uint64_t PlaceOf(uint64_t order) const { return places_.empty() ? order : places_[order]; }
  uint64_t OrderOf(uint64_t place) const { return orders_.empty() ? place : orders_[place]; }

 private:
  std::vector<uint64_t> places_, orders_;  // of each other; empty where they are the same
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_LANE_ORDER_H_
