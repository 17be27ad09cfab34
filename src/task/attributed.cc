#include "task/attributed.h"

#include <algorithm>

namespace gainsay {

void Attributed::AddDoubt(const Doubt& doubt) {
  std::vector<uint64_t>& doubts = more_[doubt.task].doubts;
  if (doubts.empty() || doubts.back() != doubt.order) doubts.push_back(doubt.order);
}

std::vector<Task> Attributed::Make(std::vector<uint32_t> tasks, const TaskEvents& lifecycles,
                                   TaskStore store) {
  for (const auto& [task, more] : more_) tasks.push_back(task);
  std::sort(tasks.begin(), tasks.end());
  tasks.erase(std::unique(tasks.begin(), tasks.end()), tasks.end());
  std::vector<Task> made;
  made.reserve(tasks.size());
  Unpacked unpacked(lifecycles);
  for (uint32_t number : tasks) made.push_back(MakeOne(number, &unpacked, store));
  return made;
}

Task Attributed::MakeOne(uint32_t number, Unpacked* unpacked, TaskStore store) {
  Task task = KeepTask(number, unpacked, store);
  if (const auto more = more_.find(number); more != more_.end()) {
    task.events.insert(task.events.end(), more->second.events.begin(), more->second.events.end());
    task.doubts = std::move(more->second.doubts);
  }
  std::sort(task.events.begin(), task.events.end(),
            [](const Placed& a, const Placed& b) { return a.order < b.order; });
  std::sort(task.doubts.begin(), task.doubts.end());
  return task;
}

}  // namespace gainsay
