// Of a task with many events, those of the runs that matter for what is due: a job that runs a hundred
// thousand times under one id is not judged from its first run on each time.
#ifndef GAINSAY_WATCH_TASK_PART_H_
#define GAINSAY_WATCH_TASK_PART_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "watch/event_store.h"

namespace gainsay {

struct TaskPart {
  static constexpr size_t kSmall = 64;  // no more events than that are all taken

  int64_t wanted_ns = std::numeric_limits<int64_t>::max();  // from here on, as far as others want it
  bool told = false;                                        // its verdicts are what is asked for
  size_t first = 0, end = 0;                                // of its events
  uint32_t runs_before = 0;
  int64_t from_ns = kNoTime, to_ns = std::numeric_limits<int64_t>::max();  // what it may speak of
};

// Finds which of the task's events are there: up to `until_ns`, from what is wanted, and little behind what
// is settled.
void Delimit(const EventStore::TaskEvents& task, int64_t until_ns, int64_t settled_ns, TaskPart* part);

// How many of a task's events, from the `first` on, are over and done with at the horizon: those of runs that
// ended before it, and that another one follows. Returns where the others begin. Where the log names no runs,
// there a new one begins if `whole_runs`; else, it may be an attempt.
size_t ClosedEvents(const std::vector<const EventStore::Item*>& events, size_t first, int64_t horizon_ns,
                    bool whole_runs);

// Behind all events of that time.
inline EventKey EndOf(int64_t time_ns) { return {time_ns, UINT32_MAX, UINT64_MAX}; }
// An event that is kept with a unit, and need not be of it.
inline bool IsNobodys(const Event& event) { return event.task.empty() && MayFloat(event); }

}  // namespace gainsay

#endif  // GAINSAY_WATCH_TASK_PART_H_
