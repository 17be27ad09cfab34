// What the task room says of each run of a task.
#ifndef GAINSAY_TASK_RUN_H_
#define GAINSAY_TASK_RUN_H_

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.h"

namespace gainsay {

enum class Verdict : uint8_t {
  kContradiction,
  kRecovered,
  kClean,
  kFailed,
  kCancelled,
  kUnfinished,
  kInconclusive
};
inline constexpr size_t kVerdictCount = 7;
std::string_view VerdictName(Verdict verdict);  // "contradiction", …

// One write error of a run's last attempt that nothing resolved.
struct Unresolved {
  const Event* event = nullptr;
  bool late = false;  // it came after the terminal
};

// One run: from its start to its final state. Pointers are into the Correlation that
// holds the run. `terminal` is null where the log shows none.
struct Run {
  std::string_view task;    // its id, as text
  std::string_view name;    // "" if the log does not say
  std::string_view system;  // pack id of its terminal, else of its start; "" if neither is known
  uint32_t run = 1;         // counts the runs of the task, from 1
  uint32_t attempt = 1;     // counts the attempts of the run, from 1
  Verdict verdict = Verdict::kUnfinished;
  const Event* start = nullptr;  // of the last attempt
  const Event* terminal = nullptr;
  std::vector<Unresolved> unresolved;     // in order of time
  uint32_t errors = 0;                    // all write errors of the run, resolved and superseded ones too
  uint32_t suppressed = 0;                // of them, suppressed by a rule set
  std::string_view inconclusive_because;  // "" or a short phrase; verdict kInconclusive only
};

// A run and the time that it is told by: its terminal's, else its first event's.
struct TimedRun {
  int64_t time_ns = kNoTime;
  Run run;
};

// How many runs had each verdict.
using VerdictCounts = std::array<uint64_t, kVerdictCount>;

// Of all runs within a window, those that are kept and those that are not.
struct RunCounts {
  uint64_t tasks = 0;                            // distinct ids
  std::map<std::string, uint64_t> inconclusive;  // runs, by why
  VerdictCounts verdicts{};
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_RUN_H_
