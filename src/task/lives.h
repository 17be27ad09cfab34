// When tasks ran, as their lifecycle events tell: each run's life, from its first attempt's beginning to its
// last one's terminal.
#ifndef GAINSAY_TASK_LIVES_H_
#define GAINSAY_TASK_LIVES_H_

#include <cstdint>
#include <vector>

#include "task/attempts.h"
#include "task/lanes.h"
#include "task/task_table.h"

namespace gainsay {

class Lives {
 public:
  // `tasks` have their lifecycle events and mentions only, in order; `lanes` has seen all terminals. Gives it
  // their attempts, and finishes it.
  void Learn(const std::vector<Task>& tasks, Lanes* lanes);

  // The runs that hold that place, one of each of these tasks; only the innermost tasks'.
  std::vector<Stay> RunningAmong(const std::vector<uint32_t>& tasks, uint64_t order) const;
  // The run that ended last before it; none or one.
  std::vector<Stay> LastEndedAmong(const std::vector<uint32_t>& tasks, uint64_t order) const;

 private:
  struct Life {
    std::vector<Stay> runs;
    bool outer = false;
    bool apart = true;  // each run begins after the one before it has ended: they can be searched
  };
  static Stay OfRun(uint32_t task, const RunDraft& run, const std::vector<uint64_t>& ends, Lanes* lanes);
  static const Stay* At(const Life& life, uint64_t order);
  static const Stay* EndedBefore(const Life& life, uint64_t order);

  std::vector<Life> lives_;  // by task
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_LIVES_H_
