#include "reference_order.h"

#include <algorithm>
#include <cstdint>
#include <tuple>

namespace gainsay::reference {
namespace {

// A task's events are ordered by event time; equal times keep input order (source, then offset).
auto ByTime(const Event& e) { return std::tuple(e.time_ns, e.position.source, e.position.offset); }

// Lanes are followed in input order within a source, by time between sources: by the latest time that the
// source has shown so far.
auto ByInput(const std::vector<Event>& events, const Event& e) {
  int64_t latest = e.time_ns;
  for (const Event& other : events) {
    if (other.position.source == e.position.source && other.position.offset <= e.position.offset)
      latest = std::max(latest, other.time_ns);
  }
  return std::tuple(latest, e.position.source, e.position.offset);
}

}  // namespace

Items InOrder(const std::vector<Event>& events) {
  Items items;
  for (const Event& e : events) items.push_back({&e, 0, 0, std::string(e.run)});
  std::sort(items.begin(), items.end(), [&](const Item& a, const Item& b) {
    return ByInput(events, *a.event) < ByInput(events, *b.event);
  });
  for (size_t i = 0; i < items.size(); ++i) items[i].place = i;
  std::sort(items.begin(), items.end(),
            [](const Item& a, const Item& b) { return ByTime(*a.event) < ByTime(*b.event); });
  for (size_t i = 0; i < items.size(); ++i) items[i].order = i;
  return items;
}

}  // namespace gainsay::reference
