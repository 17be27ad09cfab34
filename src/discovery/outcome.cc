// The idea: each word of the lists below speaks for one outcome; a word of negation before it takes that
// back. A retry outweighs a failure ("failed but is being retried"), an end outweighs a beginning ("finished
// processing"), and an adverb alone says only how ("started successfully"). A text that speaks for two ends
// is unclear, and left to a person.
#include "discovery/outcome.h"

#include <algorithm>
#include <map>

namespace gainsay {
namespace {

enum class Sense : uint8_t {
  kNone,
  kStart,
  kAnnounce,
  kSuccess,
  kAdverb,
  kFailure,
  kCancel,
  kRetry,
  kGaveUp
};

const std::map<std::string, Sense, std::less<>>& Senses() {
  static const auto* const kSenses = [] {
    auto* senses = new std::map<std::string, Sense, std::less<>>;
    const auto add = [senses](Sense sense, std::initializer_list<const char*> words) {
      for (const char* word : words) senses->emplace(word, sense);
    };
    add(Sense::kStart,
        {"start",      "started", "starts",    "starting",   "begin",     "began",   "begun",   "begins",
         "beginning",  "running", "executing", "launched",   "launching", "picked",  "claimed", "acquired",
         "processing", "working", "invoked",   "performing", "active",    "progress"});
    add(Sense::kAnnounce, {"received", "enqueued", "queued", "added", "scheduled", "submitted", "accepted",
                           "created", "registered", "dispatched", "pending", "waiting"});
    add(Sense::kSuccess, {"succeeded", "succeed", "succeeds", "completed", "complete", "completes",
                          "finished", "finish", "finishes", "done", "executed", "processed", "passed",
                          "performed", "fulfilled", "accomplished", "ended"});
    add(Sense::kAdverb, {"ok", "success", "successful", "successfully"});
    add(Sense::kFailure,
        {"failed",       "fail",           "fails",     "failing", "failure",  "failures",  "error",
         "errors",       "errored",        "exception", "raised",  "crashed",  "crash",     "aborted",
         "died",         "dead",           "killed",    "panic",   "panicked", "timeout",   "rejected",
         "unsuccessful", "unsuccessfully", "faulted",   "broken",  "lost",     "incomplete"});
    add(Sense::kCancel,
        {"cancelled", "canceled", "revoked", "skipped", "interrupted", "expired", "stopped", "terminated"});
    add(Sense::kRetry, {"retry", "retrying", "retried", "retries", "rescheduled", "rescheduling", "requeued",
                        "requeueing", "requeuing", "reenqueued", "reattempt"});
    add(Sense::kGaveUp, {"discarded", "exhausted", "abandoned", "exceeded"});
    return senses;
  }();
  return *kSenses;
}

Sense SenseOf(std::string_view word) {
  const auto found = Senses().find(word);
  return found == Senses().end() ? Sense::kNone : found->second;
}

bool OneOf(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }

}  // namespace

bool IsEnding(TaskOutcome outcome) { return outcome >= TaskOutcome::kSucceeded; }

std::string_view StateOf(TaskOutcome outcome) {
  switch (outcome) {
    case TaskOutcome::kSucceeded:
      return "succeeded";
    case TaskOutcome::kFailed:
      return "failed";
    case TaskOutcome::kCancelled:
      return "cancelled";
    case TaskOutcome::kRetrying:
      return "retrying";
    default:
      return "";
  }
}

std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words;
  bool open = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!IsLower(c) && !IsUpper(c)) {
      open = open && c == '\'';  // "didn't" is one word
      continue;
    }
    const bool hump = IsUpper(c) && i > 0 && IsLower(text[i - 1]);
    if (!open || hump) words.emplace_back();
    words.back() += IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    open = true;
  }
  return words;
}

TaskOutcome OutcomeOf(const std::vector<std::string>& words) {
  size_t count[9] = {};
  bool not_done = false;
  for (size_t i = 0; i < words.size(); ++i) {
    Sense sense = SenseOf(words[i]);
    const std::string_view last = i > 0 ? std::string_view(words[i - 1]) : std::string_view();
    const bool negated = OneOf(last, {"not", "no", "never", "without", "cannot", "didnt", "zero"});
    if (sense == Sense::kRetry && (negated || OneOf(last, {"after", "on", "of", "max", "maximum"}))) continue;
    if (negated && sense != Sense::kNone) {
      not_done = not_done || sense == Sense::kSuccess || sense == Sense::kAdverb;
      continue;
    }
    if (words[i] == "timed" && i + 1 < words.size() && words[i + 1] == "out") sense = Sense::kFailure;
    if (OneOf(words[i], {"gave", "giving"}) && i + 1 < words.size() && words[i + 1] == "up")
      sense = Sense::kGaveUp;
    ++count[static_cast<size_t>(sense)];
  }
  const auto has = [&](Sense sense) { return count[static_cast<size_t>(sense)] > 0; };
  const bool success = has(Sense::kSuccess) || has(Sense::kAdverb);
  const bool failure = has(Sense::kFailure) || has(Sense::kGaveUp) || not_done;
  if (has(Sense::kRetry) && !has(Sense::kGaveUp))
    return success ? TaskOutcome::kUnclear : TaskOutcome::kRetrying;
  if (has(Sense::kCancel)) return success ? TaskOutcome::kUnclear : TaskOutcome::kCancelled;
  if (failure) return success ? TaskOutcome::kUnclear : TaskOutcome::kFailed;
  if (has(Sense::kSuccess)) return TaskOutcome::kSucceeded;
  if (has(Sense::kStart)) return TaskOutcome::kStarted;
  if (has(Sense::kAnnounce)) return TaskOutcome::kAnnounced;
  return success ? TaskOutcome::kSucceeded : TaskOutcome::kNone;
}

bool SpeaksOfOutcome(std::string_view text) {
  const std::vector<std::string> words = WordsOf(text);
  return std::any_of(words.begin(), words.end(),
                     [](const std::string& word) { return SenseOf(word) != Sense::kNone; });
}

bool NamesTask(std::string_view word) {
  return OneOf(word, {"job", "jobs", "task", "tasks", "jid", "run", "workflow", "execution", "activity",
                      "work", "build", "pipeline"});
}

}  // namespace gainsay
