// One task, explained: its runs with their events, why each got its verdict, and what came nearest to another
// one. Plain values; pointers are into the Correlation and the Summary they were made from.
#ifndef GAINSAY_FINDING_EXPLANATION_H_
#define GAINSAY_FINDING_EXPLANATION_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/matcher.h"
#include "finding/build.h"
#include "finding/finding.h"
#include "task/correlator.h"
#include "task/story.h"

namespace gainsay {

// A record that gave no event and may yet concern the task, and why it gave none.
struct Silent {
  const Event* event = nullptr;
  std::string why;            // "writes/failed: the operation is a read"; "" if not looked into
  std::string but_for_level;  // the rule that would take it for a write error at another level, and
                              // why it does not; "" if none
};

// Something that nearly was, or nearly changed, what was judged. Nearest first.
enum class Near : uint8_t {
  kInput,       // an input that may hold more of the task could not be read whole
  kUnfinished,  // no final state was seen
  kShared,      // a write error or resolution that several tasks fit
  kResolution,  // a resolution of the run that did not fit its error
  kLevel,       // a record that is a write error but for its level
  kSilent,      // a record of error level that gave no event
  kDetached,    // an event of its lane that its rule or its words forbid to give by lane
  kForeign,     // one of its lane that names what other tasks work on
  kNamed,       // one that names it in its words, and not it alone
  kRecord,      // a record that names the task, below error level, and gave no event
  kGiven,       // one that was given to another task
};
std::string_view NearName(Near near);  // "input", "unfinished", …

struct NearMiss {
  Near kind = Near::kInput;
  std::string text;                 // a sentence without a full stop; may hold text from the log: escape it
  const Event* event = nullptr;     // what it is about; null: no one record
  std::vector<std::string> others;  // kShared: the tasks that fit as well
};

struct RunExplanation {
  const StoryRun* told = nullptr;
  std::string finding;  // its id, "" if the run is no contradiction
  std::string because;  // a sentence as above
  std::vector<NearMiss> near;
};

struct Explanation {
  std::string task;
  std::vector<RunExplanation> runs;
  std::vector<NearMiss> near;        // without a run: of a task that was not found
  std::vector<std::string> similar;  // ids of other tasks that are like it, where it was not found
  size_t all_runs = 0;               // also those that were not chosen
  uint64_t named_in = 0;             // records that name it and gave no event
  uint64_t more_held_back = 0;       // events near it beyond what is kept
  uint64_t not_looked_at = 0;        // records of error level beyond what is kept
  int exit_code = 0;
  const Summary* summary = nullptr;
  const Matcher* matcher = nullptr;
};

// What to explain of a task with several runs.
struct RunChoice {
  Window window;
  uint32_t run = 0;  // 0: all
};

// `correlation` holds a story. `silent` are its silent records, in any order.
Explanation ExplainStory(const std::string& task, const RunChoice& choice, const Correlation& correlation,
                         const Summary& summary, const Matcher& matcher, const std::vector<Silent>& silent);

}  // namespace gainsay

#endif  // GAINSAY_FINDING_EXPLANATION_H_
