// Which templates begin and end tasks, told from their words and from where they stand among the records
// of a task.
//
//   for (const LifecycleRole& role : FindLifecycle(sample, ids)) …
//
// Thread rules: a free function without state.
#ifndef GAINSAY_DISCOVERY_LIFECYCLE_H_
#define GAINSAY_DISCOVERY_LIFECYCLE_H_

#include <cstdint>
#include <vector>

#include "discovery/log_sample.h"
#include "discovery/task_ids.h"

namespace gainsay {

struct LifecycleRole {
  enum class Kind : uint8_t { kNone, kStart, kTerminal };
  Kind kind = Kind::kNone;
  uint64_t records = 0;                    // that bear a task's id
  uint64_t firsts = 0;                     // of them: the first of its task, or of its next run
  uint64_t endings = 0;                    // of them: the last word on how the task, or the attempt, ended
  uint64_t same_lane = 0, other_lane = 0;  // starts: logged where the task's end is logged, or not
  bool by_position = false;                // no word says so
  bool of_a_part = false;                  // words of success, but of a write: "secondary write ok"
};

// By template.
std::vector<LifecycleRole> FindLifecycle(const LogSample& sample, const TaskIds& ids);

}  // namespace gainsay

#endif  // GAINSAY_DISCOVERY_LIFECYCLE_H_
