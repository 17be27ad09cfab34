// A report as a value: what its JSON lines hold, and so what every format may print. Made from a scan's
// result, or read back from JSON lines that an earlier run wrote.
//
// Plain and owned: it needs neither the log nor the rules that it came from. A text is "" and a time is
// kNoTime where the log, or the file that was read back, does not say. Texts are as the log has them:
// unescaped.
#ifndef GAINSAY_REPORT_DOCUMENT_H_
#define GAINSAY_REPORT_DOCUMENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "finding/finding.h"

namespace gainsay {

// Where a record stood: line from 1, byte offset from 0 in the unpacked text; a member reads "a.zip!b.log".
struct DocumentPlace {
  std::string source;
  uint64_t line = 0, offset = 0;
};

// A start or terminal event.
struct DocumentState {
  std::string state;  // "succeeded", …; "started"
  std::string rule;   // "celery/succeeded"
  std::string message, level;
  int64_t time_ns = kNoTime;
  DocumentPlace place;
};

// A write error that nothing resolved.
struct DocumentError {
  std::string rule, reason, target;
  std::string cause;  // id of the cause
  std::string message;
  std::string error;  // the line of the error text that names the cause, where the message does not
  std::string level;
  int64_t time_ns = kNoTime;
  DocumentPlace place;
  std::string matched_by;  // "task", "field", "trace", "subject", "lane", "weak", "input"
  bool late = false;       // it came after the terminal
  std::vector<std::pair<std::string, std::string>> captures;
};

struct DocumentFinding {
  std::string id, cause;  // the first error's cause
  std::string verdict;    // "contradiction"
  std::string task, name, system;
  uint32_t run = 1, attempt = 1;
  std::optional<DocumentState> started;  // of the last attempt
  std::optional<DocumentState> reported;
  std::vector<DocumentError> errors;  // unresolved, in order of time
};

// A run in one line.
struct DocumentTask {
  std::string task, verdict, name, system, because;
  uint32_t run = 1, attempt = 1;
};

// What decides whether a gate fails: findings with a cause that is not in a baseline, any, or none.
enum class FailOn : uint8_t { kNew, kAny, kNever };
std::string_view FailOnName(FailOn fail_on);  // "new", "any", "never"

// How a cause stands to the baseline: not in it, in it, or in it and no longer accepted.
enum class Standing : uint8_t { kNew, kKnown, kExpired, kGrown };
std::string_view StandingName(Standing standing);  // "new", "known", "expired", "grown"

// A cause as a gate sees it; or, in `unused`, an entry of the baseline that met nothing.
struct GateCause {
  std::string id;
  Standing standing = Standing::kNew;
  std::string reason, target, message_template;
  uint64_t tasks = 0;        // findings with it
  std::string why, expires;  // as its entry says; "" if it has none
  std::optional<uint64_t> max_tasks;
  std::string place;  // of its entry: "baseline.jsonl:7"; "" if it has none
};

// What `gainsay gate` made of a report. Only causes that are not kKnown may be named as the reason of a
// failure (with kAny, all).
struct Gate {
  bool failed = false;
  FailOn fail_on = FailOn::kNew;
  bool allow_inconclusive = false;
  uint64_t max_findings = 0;
  uint64_t new_findings = 0;         // findings with a cause that is not kKnown
  std::vector<GateCause> causes;     // as Document::causes, one for one
  std::vector<GateCause> unused;     // entries that met nothing
  std::vector<std::string> because;  // sentences without a full stop, why it fails: escape them
};

inline constexpr size_t kInconclusiveKept = 1000;

struct Document {
  std::vector<DocumentFinding> findings;   // in order of terminal time and id
  std::vector<DocumentTask> tasks;         // every run, where asked for (--all-tasks)
  std::vector<DocumentTask> inconclusive;  // runs with this verdict; the first kInconclusiveKept
  std::vector<Cause> causes;               // most findings first; `findings` are indices into the above
  // Read back, `sources` has as many elements as there were inputs, those first that have something to tell;
  // the others are empty.
  Summary summary;
  std::optional<Gate> gate;  // where a gate made it; its exit code is the summary's
  std::string version;       // of the gainsay that made it: "0.1.0"
};

}  // namespace gainsay

#endif  // GAINSAY_REPORT_DOCUMENT_H_
