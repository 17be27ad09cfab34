// What became of everything that concerned one task, and what was held back from it: what
// `gainsay explain` tells. Written down only for a task that is asked about (Correlator::Tell).
//
// Pointers and views are into the Correlation that holds the story.
#ifndef GAINSAY_TASK_STORY_H_
#define GAINSAY_TASK_STORY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "task/attempts.h"
#include "task/recovery.h"
#include "task/run.h"
#include "task/task.h"

namespace gainsay {

// What became of a write error.
enum class Fate : uint8_t {
  kNone,        // the event is no error
  kStands,      // nothing took it back
  kDoubtful,    // a resolution may be of this error or of another run's
  kResolved,    // by `resolved_by`
  kSuperseded,  // another attempt of the run followed
  kSuppressed,  // the rule set accepts it
};
std::string_view FateName(Fate fate);  // "stands", …; "" for kNone

struct StoryEvent {
  const Event* event = nullptr;
  uint32_t attempt = 0;  // counts from 1; 0: it is of no attempt (a mention, a report told once more)
  Fate fate = Fate::kNone;
  bool late = false;                   // an error behind its attempt's terminal
  const Event* resolved_by = nullptr;  // kDoubtful: what may have resolved it
};

// A resolution of the run that did not take an error back, and why.
struct Missed {
  const Event* error = nullptr;
  const Event* resolution = nullptr;
  Misfit why = Misfit::kNone;
};

struct StoryRun {
  Run run;
  std::vector<StoryEvent> events;  // in order
  std::vector<Missed> missed;      // of errors that stand; the first of each kind
};

// Why an error or resolution within the task's reach was not given to it.
enum class Held : uint8_t {
  kShared,    // several tasks fit: `others`
  kGiven,     // it went to another task, as the event says
  kForeign,   // it names a subject that is known, and not this task's
  kDetached,  // its rule or its words say that its lane tells nothing
  kNamed,     // it names the task in its words, and no way led to this one alone
};

struct HeldBack {
  Held why = Held::kShared;
  const Event* event = nullptr;
  std::vector<std::string_view> others;  // kShared: the tasks that fit as well, at most kOthers
  static constexpr size_t kOthers = 8;
};

// The rule of a record that gives no event, and may be near one. It goes through the correlator as a mention
// of no task, which changes nothing; `task_in_text` says that it names the task that is asked about.
inline constexpr uint16_t kNoRule = UINT16_MAX;

struct Story {
  std::vector<StoryRun> runs;        // of all tasks with the id; in order within each
  std::vector<const Event*> silent;  // of kNoRule: those that name the task, or stood in its lane
  std::vector<HeldBack> held_back;
  uint64_t more_held_back = 0;  // beyond kMostHeldBack
  static constexpr size_t kMostHeldBack = 1000;
};

// Whether the id stands in the text as a word of its own. Ids of fewer than four characters may be any
// number: never.
bool NamesId(std::string_view text, std::string_view id);

// Adds one task's runs to the story. `drafts` and `runs`, the judged ones, run in parallel; `orphans`, the
// resolutions without a task, are in order.
void TellRuns(const Task& task, const std::vector<RunDraft>& drafts, const std::vector<Run>& runs,
              const DoubtfulRecoveries& doubtful, const std::vector<Placed>& orphans, Story* story);

}  // namespace gainsay

#endif  // GAINSAY_TASK_STORY_H_
