// All events of a scan in order: by time, those of equal time as they came. The packed ones
// (task/packed_events.h) have a rank among themselves; an order is the place among all.
//
// Pointers are into the events given.
#ifndef GAINSAY_TASK_TIMELINE_H_
#define GAINSAY_TASK_TIMELINE_H_

#include <cstdint>
#include <deque>
#include <vector>

#include "event/event.h"
#include "task/packed_events.h"

namespace gainsay {

class Timeline {
 public:
  // `packed_before`: for each kept event, how many packed ones came before it.
  Timeline(const PackedEvents& packed, std::deque<KeptEvent>* kept,
           const std::vector<uint64_t>& packed_before);

  uint64_t size() const { return packed_.size() + kept_.size(); }

  const PackedEvents& packed() const { return packed_; }
  // Of the packed event with that rank.
  size_t IndexOf(uint64_t rank) const { return ranks_.empty() ? rank : ranks_[rank]; }
  uint64_t OrderOf(uint64_t rank) const;
  int64_t TimeOf(uint64_t order) const;

  // Those that are kept as they are, in order.
  struct Kept {
    Event* event = nullptr;
    uint64_t order = 0;
  };
  const std::vector<Kept>& kept() const { return kept_; }
  Event* KeptAt(uint64_t order) const;  // null for a packed one

  // Calls `packed(rank, order)` and `kept(Event*, order)` for all events in order.
  template <typename Packed, typename KeptVisit>
  void Visit(Packed packed, KeptVisit kept) const {
    auto next = kept_.begin();
    const uint64_t all = size();
    uint64_t rank = 0;
    for (uint64_t order = 0; order < all; ++order) {
      if (next != kept_.end() && next->order == order) {
        kept(next->event, order);
        ++next;
      } else {
        packed(rank++, order);
      }
    }
  }

 private:
  void Sort();
  size_t KeptFrom(uint64_t order) const;

  const PackedEvents& packed_;
  std::vector<uint32_t> ranks_;  // indices by rank; empty where they are the same
  std::vector<Kept> kept_;
  std::vector<uint64_t> before_;  // of each of these, how many packed ones stand before it
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_TIMELINE_H_
