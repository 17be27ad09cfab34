// The slow twin's orders. DESIGN.md section 3, "Order".
#ifndef GAINSAY_TESTS_REFERENCE_ORDER_H_
#define GAINSAY_TESTS_REFERENCE_ORDER_H_

#include <cstddef>
#include <string>
#include <vector>

#include "event/event.h"

namespace gainsay::reference {

// An event, its place in the order of all events, its place in the order by which lanes are followed, and the
// run that it names.
struct Item {
  const Event* event = nullptr;
  size_t order = 0;
  size_t place = 0;
  std::string run;

  bool Is(RuleKind kind) const { return event->kind == kind; }
  State state() const { return event->state; }
};
using Items = std::vector<Item>;

inline bool IsLifecycle(const Event& e) {
  return e.kind == RuleKind::kStart || e.kind == RuleKind::kTerminal;
}

// All events in order, with their places.
Items InOrder(const std::vector<Event>& events);

}  // namespace gainsay::reference

#endif  // GAINSAY_TESTS_REFERENCE_ORDER_H_
