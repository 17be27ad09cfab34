// A task that is looked into: most of a log's are not (task/task_table.h), since nothing is known of them but
// how they began and ended.
#ifndef GAINSAY_TASK_TASK_H_
#define GAINSAY_TASK_TASK_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "task/attempts.h"

namespace gainsay {

// Pointers and views are into the Correlation that comes of it.
struct Task {
  std::string_view id;
  std::string_view mentioned_name;  // as its mentions tell; "" if they do not
  std::vector<Placed> events;       // in order
  std::vector<uint64_t> doubts;     // order of write errors that may be its or another task's; sorted
  std::optional<uint32_t> input;    // the source that it is all of (task/input_tasks.h)
  uint32_t number = 0;              // in the table, unless it is an input
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_TASK_H_
