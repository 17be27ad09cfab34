// --since and --until.
#ifndef GAINSAY_TASK_WINDOW_H_
#define GAINSAY_TASK_WINDOW_H_

#include <cstdint>
#include <optional>

#include "task/run.h"

namespace gainsay {

// The time that a run counts by: its terminal's, else the last of its events that it still holds; kNoTime if
// there is none.
int64_t TimeOf(const Run& run);

// Runs outside of it are not reported. One without any time is always in.
struct Window {
  int64_t since_ns = kNoTime;       // from this time on; kNoTime: open
  std::optional<int64_t> until_ns;  // before this time

  bool Holds(int64_t time_ns) const {
    return time_ns == kNoTime || (time_ns >= since_ns && (!until_ns || time_ns < *until_ns));
  }
  bool Holds(const Run& run) const { return Holds(TimeOf(run)); }
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_WINDOW_H_
