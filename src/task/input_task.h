// An input that is a task of its own (`--reported`): a CI log, whose job ended so.
#ifndef GAINSAY_TASK_INPUT_TASK_H_
#define GAINSAY_TASK_INPUT_TASK_H_

#include <cstdint>
#include <string>

#include "rule/rule.h"

namespace gainsay {

struct InputTask {
  uint32_t source = 0;
  std::string name;               // of the source, and so of the task
  State state = State::kNone;     // how it is said to have ended
  uint64_t lines = 0, bytes = 0;  // where its end is
  bool empty = false;             // it holds no records
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_INPUT_TASK_H_
