// The slow twin of task/correlator.h: DESIGN.md section 3 written down once more, as
// literally as can be, sentence by sentence. No index, no hashing, nothing clever: every question is
// answered by looking at all events. The random test of correlator_test.cc holds the two equal.
//
//   ReferenceAnswer answer = CorrelateSlowly(events, {}, matcher);
//
// reference_order.h, reference_attribution.h (with reference_lanes.h and reference_subjects.h) and
// reference_runs.h are its parts. The answer points into `events`.
#ifndef GAINSAY_TESTS_REFERENCE_CORRELATOR_H_
#define GAINSAY_TESTS_REFERENCE_CORRELATOR_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "event/event.h"
#include "event/matcher.h"
#include "task/run.h"

namespace gainsay {

struct ReferenceError {
  const Event* event = nullptr;
  bool late = false;
};

// Where a write error went; "" and kNone for those without a task.
struct ReferencePlace {
  const Event* event = nullptr;
  std::string task;
  MatchedBy by = MatchedBy::kNone;
};

struct ReferenceRun {
  std::string task, system;
  size_t run = 1, attempt = 1;
  Verdict verdict = Verdict::kUnfinished;
  const Event* terminal = nullptr;
  std::vector<ReferenceError> unresolved;
  size_t errors = 0;
  int64_t time_ns = 0;  // of its terminal, else of its first event: runs are sorted by it
};

struct ReferenceAnswer {
  std::vector<ReferenceRun> runs;  // by time, task id, run number
  std::vector<const Event*> unattributed;
  std::vector<ReferencePlace> errors;  // in order
  size_t terminals = 0;
};

ReferenceAnswer CorrelateSlowly(const std::vector<Event>& events, const std::set<uint32_t>& cut_sources,
                                const Matcher& matcher);

}  // namespace gainsay

#endif  // GAINSAY_TESTS_REFERENCE_CORRELATOR_H_
