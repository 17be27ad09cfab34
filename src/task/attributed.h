// What was found for tasks beside their lifecycles: write errors, resolutions, and errors that may be theirs.
#ifndef GAINSAY_TASK_ATTRIBUTED_H_
#define GAINSAY_TASK_ATTRIBUTED_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "task/lanes.h"
#include "task/task.h"
#include "task/task_events.h"

namespace gainsay {

class Attributed {
 public:
  void Add(uint32_t task, const Placed& event) { more_[task].events.push_back(event); }
  void AddDoubt(const Doubt& doubt);

  // These tasks and those that something was found for, by number.
  std::vector<Task> Make(std::vector<uint32_t> tasks, const TaskEvents& lifecycles, TaskStore store);

 private:
  struct More {
    std::vector<Placed> events;
    std::vector<uint64_t> doubts;
  };
  Task MakeOne(uint32_t number, Unpacked* unpacked, TaskStore store);

  absl::flat_hash_map<uint32_t, More> more_;  // by task
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_ATTRIBUTED_H_
