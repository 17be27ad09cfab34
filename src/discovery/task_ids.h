// Which values of a log are the ids of its tasks.
//
//   TaskIds ids = FindTaskIds(sample);
//   if (ids.found) … ids.of_note[i] …
//
// Thread rules: a free function without state.
#ifndef GAINSAY_DISCOVERY_TASK_IDS_H_
#define GAINSAY_DISCOVERY_TASK_IDS_H_

#include <cstdint>
#include <vector>

#include "discovery/log_sample.h"

namespace gainsay {

struct TaskIds {
  bool found = false;
  std::vector<bool> is_id;        // by place: the ids of one kind stand there
  std::vector<uint64_t> of_note;  // by note: the hash of its task's id; 0 = none
  uint64_t distinct = 0;
};

TaskIds FindTaskIds(const LogSample& sample);

// The place where (nearly) all records of a template have their id, attributes first; kNoPlace if none.
uint32_t IdPlaceOf(const LogSample& sample, const TaskIds& ids, const LineTemplate& line_template);

}  // namespace gainsay

#endif  // GAINSAY_DISCOVERY_TASK_IDS_H_
