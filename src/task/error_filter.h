// What the task room asks of a rule set's suppressions.
#ifndef GAINSAY_TASK_ERROR_FILTER_H_
#define GAINSAY_TASK_ERROR_FILTER_H_

#include "event/event.h"
#include "task/run.h"

namespace gainsay {

// Whether a write error is one that a rule set accepts. `task` and `name` are of its run.
// Called once for each unresolved error of a run that reported success.
class ErrorFilter {
 public:
  virtual ~ErrorFilter() = default;
  virtual bool Suppressed(const Event& error, const Run& run) = 0;
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_ERROR_FILTER_H_
