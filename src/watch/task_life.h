// When a task may have run, as far as its kept events tell: clocks within a lane may differ a little.
//
// Thread rules: free functions without state.
#ifndef GAINSAY_WATCH_TASK_LIFE_H_
#define GAINSAY_WATCH_TASK_LIFE_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "record/time.h"
#include "watch/event_store.h"

namespace gainsay {

inline constexpr int64_t kSlack = 5 * kSecond;  // by which clocks within a lane may differ
inline constexpr int64_t kEver = std::numeric_limits<int64_t>::max();

// A time so much earlier or later, or the first or last there is.
int64_t Before(int64_t time_ns, int64_t by);
int64_t Behind(int64_t time_ns, int64_t by);

// Whether it may have run then.
bool MayRun(const EventStore::TaskEvents& task, int64_t time_ns);

// Whether the task may have been where it is at the time of this event: it began before it, or nothing says
// when, and ended behind it.
bool MayHold(const EventStore::TaskEvents& task, const EventStore::Item& item);

// Whether the first start or end among these events is a start.
bool BeginsWithStart(const std::vector<const EventStore::Item*>& events, size_t first, size_t end);
// The first start or end; null if there is none.
const EventStore::Item* FirstOfLife(const std::vector<const EventStore::Item*>& events, size_t first,
                                    size_t end);

// In a source, what is written later; else, by time, what surely is.
bool IsBehind(const EventStore::Item& one, const EventStore::Item& other);

// Some run of it has succeeded up to that time, as far as its last events tell.
bool EndedWell(const EventStore::TaskEvents& task, int64_t until_ns);
bool HasOneEnd(const EventStore::TaskEvents& task);

// Where something was in the log: by time, and within each source by place, since of two sources nobody knows
// which wrote first.
struct Span {
  struct Stretch {
    const EventStore::Item *first, *last;
  };
  int64_t from_ns = kNoTime, to_ns = kEver;
  bool began = true;                         // with the first of the stretches; else,
  const EventStore::Item* behind = nullptr;  // behind this, if anything is known of it
  std::vector<Stretch> stretches = {};       // one of each source; none: anywhere

  void Add(const EventStore::Item& item);
  bool Holds(const EventStore::Item& item) const;
};

}  // namespace gainsay

#endif  // GAINSAY_WATCH_TASK_LIFE_H_
