// When tasks ran, as their lifecycle events tell: each run's life, from its first attempt's beginning to its
// last one's terminal. Worked out for the tasks that somebody asks for.
#ifndef GAINSAY_TASK_LIVES_H_
#define GAINSAY_TASK_LIVES_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "task/attempts.h"
#include "task/lanes.h"
#include "task/task_events.h"

namespace gainsay {

class Lives {
 public:
  // `lanes` has seen all terminals. Gives it the attempts of all tasks, and finishes it.
  Lives(const TaskEvents& events, Lanes* lanes);

  // The runs that hold that place, one of each of these tasks; only the innermost tasks'.
  std::vector<Stay> RunningAmong(const std::vector<uint32_t>& tasks, uint64_t order);
  // The run that ended last before it; none or one.
  std::vector<Stay> LastEndedAmong(const std::vector<uint32_t>& tasks, uint64_t order);

 private:
  struct Life {
    std::vector<Stay> runs;
    bool outer = false;
    bool apart = true;  // each run begins after the one before it has ended: they can be searched
  };
  const Life& LifeOf(uint32_t task);
  void AddAttempts(uint32_t task);
  // Order after each of the task's terminals.
  static std::vector<uint64_t> EndsOf(const std::vector<Placed>& events);
  Stay OfRun(uint32_t task, const RunDraft& run, const std::vector<uint64_t>& ends) const;
  static const Stay* At(const Life& life, uint64_t order);
  static const Stay* EndedBefore(const Life& life, uint64_t order);

  const TaskEvents& events_;
  Lanes* lanes_;
  Unpacked unpacked_;
  absl::flat_hash_map<uint32_t, Life> lives_;  // by task
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_LIVES_H_
