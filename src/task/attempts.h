// One task's events, in order, cut into runs and attempts. DESIGN.md section 3, "Runs and
// attempts".
//
// Views and pointers are into the events given; nothing here owns text.
#ifndef GAINSAY_TASK_ATTEMPTS_H_
#define GAINSAY_TASK_ATTEMPTS_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "event/event.h"

namespace gainsay {

// An event and its place in the order of all events: by time, then input order.
struct Placed {
  const Event* event = nullptr;
  uint64_t order = 0;
};

// One try. Errors and resolutions are in order; those behind the terminal are late.
struct Attempt {
  Placed start, terminal;  // event is null where none was seen
  std::vector<Placed> errors;
  std::vector<Placed> resolutions;

  bool Ended() const { return terminal.event != nullptr; }
};

// One run's attempts, in order; the last one's state is the run's.
struct RunDraft {
  std::vector<Attempt> attempts;
  uint64_t first = 0, last = 0;  // order of its first and last event
  bool in_doubt = false;         // a write error of nobody may be this run's
  std::optional<uint32_t> input;  // the source that the run is all of (task/input_tasks.h)

  const Attempt& back() const { return attempts.back(); }
};

// `events` are one task's, in order; mentions among them only make the task known. `doubts` are the orders
// of write errors that may be the task's, ascending: they put the run that they fall into in doubt.
std::vector<RunDraft> CutIntoRuns(const std::vector<Placed>& events,
                                  const std::vector<uint64_t>& doubts = {});

}  // namespace gainsay

#endif  // GAINSAY_TASK_ATTEMPTS_H_
