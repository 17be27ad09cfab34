// Units (systemd's, say) whose records hold another system's lifecycles: they are no tasks of these records,
// but their house.
#ifndef GAINSAY_TASK_HOUSES_H_
#define GAINSAY_TASK_HOUSES_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "event/event.h"
#include "task/packed_events.h"
#include "task/task_table.h"

namespace gainsay {

class Houses {
 public:
  // The packed event is of a task that runs where it stands.
  void See(const PackedEvents& packed, size_t i, const TaskTable& table);
  // Whether the event stands in one.
  bool Hold(const Event& event) const { return houses_.contains(KeyOf(event)); }

 private:
  static std::string KeyOf(const Event& event);

  std::vector<bool> seen_;  // places
  absl::flat_hash_set<std::string> houses_;
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_HOUSES_H_
