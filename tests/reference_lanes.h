// Where and when the slow twin's tasks ran. DESIGN.md section 3, "Which task", sentences 4 and 5.
#ifndef GAINSAY_TESTS_REFERENCE_LANES_H_
#define GAINSAY_TESTS_REFERENCE_LANES_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "record/fields.h"
#include "reference_order.h"

namespace gainsay::reference {

// A task is its id; fields that its pack puts in `scope` are part of it.
struct Key {
  std::string id;
  std::map<Field, std::string> scope;
  auto operator<=>(const Key&) const = default;
};

struct KnownTask {
  Items events;                // without mentions
  Items mentions;              // a mention is no event: it only makes the task known
  std::vector<size_t> doubts;  // order of write errors that may be this task's or another's
};
using KnownTasks = std::map<Key, KnownTask>;

// From one place to before another.
struct Span {
  Key task;
  size_t from = 0, to = SIZE_MAX;
  bool Holds(size_t at) const { return from <= at && at < to; }
};

// Host, pid, thread or worker name; "" where the record does not have them. Of a record that has neither of
// the two, its source.
struct Lane {
  std::string host, pid, worker;
  std::optional<uint32_t> source;
  auto operator<=>(const Lane&) const = default;
  bool nameless() const { return source.has_value(); }
};
Lane LaneOf(const Event& e);

// The runs of all tasks, in time: what "running" means.
std::vector<Span> Lives(const KnownTasks& tasks, const Items& all);

// The tasks in all lanes, in places.
using Stays = std::map<Lane, std::vector<Span>>;
Stays StaysInLanes(const KnownTasks& tasks, const Items& all);

// Those in the record's lane at its place.
std::vector<Span> OpenInLane(const Stays& stays, const Item& item);

}  // namespace gainsay::reference

#endif  // GAINSAY_TESTS_REFERENCE_LANES_H_
