#include "task/window.h"

#include <algorithm>

namespace gainsay {

int64_t TimeOf(const Run& run) {
  if (run.terminal != nullptr) return run.terminal->time_ns;
  int64_t last = run.start != nullptr ? run.start->time_ns : kNoTime;
  for (const Unresolved& error : run.unresolved) last = std::max(last, error.event->time_ns);
  return last;
}

}  // namespace gainsay
