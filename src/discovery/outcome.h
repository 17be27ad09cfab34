// What the words of a message, or of a status, say of the task that they are about.
//
//   OutcomeOf({"job", "completed"})                 // kSucceeded
//   OutcomeOf(WordsOf("media.reindex.FAILED"))      // kFailed
//
// Thread rules: free functions without state.
#ifndef GAINSAY_DISCOVERY_OUTCOME_H_
#define GAINSAY_DISCOVERY_OUTCOME_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gainsay {

enum class TaskOutcome : uint8_t {
  kNone,
  kStarted,
  kAnnounced,  // queued, received: it will be done, perhaps elsewhere
  kSucceeded,
  kFailed,
  kCancelled,
  kRetrying,
  kUnclear,  // says both: "completed with errors"
};

// Succeeded, failed, cancelled, retrying or unclear: it ends something.
bool IsEnding(TaskOutcome outcome);
// "succeeded", …: as a rule's `state` says it; "" for what is no ending or unclear.
std::string_view StateOf(TaskOutcome outcome);

// Lower-case words of letters: compound names split at marks, digits and humps.
std::vector<std::string> WordsOf(std::string_view text);

TaskOutcome OutcomeOf(const std::vector<std::string>& words);
// Some word of the text speaks of an ending or a beginning.
bool SpeaksOfOutcome(std::string_view text);

// Whether a word names a task as a whole: job, task, run, workflow …
bool NamesTask(std::string_view word);

}  // namespace gainsay

#endif  // GAINSAY_DISCOVERY_OUTCOME_H_
