// What a failed operation was, told from the words of a log message: "failed to insert
// document 7: connection refused" lost a write; "could not read block 12" lost nothing.
//
// Judged is the operation's own text, apart from its cause: the caller cuts the message at the last
// separator before a recognised cause (OperationText). Words, not regexes: one pass over the tokens.
// Thread rules: free functions without state.
#ifndef GAINSAY_EVENT_OPERATION_H_
#define GAINSAY_EVENT_OPERATION_H_

#include <cstddef>
#include <string_view>

#include "rule/rule.h"

namespace gainsay {

struct Judgement {
  // The direction of the operation: the verb after "failed to", "could not", "unable to" … wins, else
  // the verb nearest the failure word, else the only direction that the text's verbs have.
  Operation operation = Operation::kUnknown;
  bool outright = false;  // told outright: "failed to …", "error while …ing", with a verb that is no noun
  bool failed = false;    // a failure word: failed, error, rejected, lost, dropped, gave up, could not, …
  bool gave_up = false;   // "giving up", "dropped", "discarded", "gave up", "abandoned", "skipped"
  bool will_retry = false;  // "will retry", "retrying", "will resync": still to be done
  bool harmless = false;    // never an error: a counter over a period ("in the last hour"), "nothing to
                            // do", "0 of 5 failed", "without errors", a plain success line
  bool partial = false;     // "3 of 10 failed", "rejected = 3" with a number above 0
  bool role = false;        // names a role: primary, secondary, replica, shadow, mirror …

  bool operator==(const Judgement&) const = default;
};

// Quoted text ('…', "…", `…`) is not judged: it is data, not the operation.
Judgement Judge(std::string_view operation_text);

// The part of `message` that names the operation: up to the last separator (": ", " - ", "; ", "(",
// ", ", " because ", "err=", a newline …) at or before `cause_begin`; the whole message where
// cause_begin is npos. If the cause begins the message, the operation's text is empty.
std::string_view OperationText(std::string_view message, size_t cause_begin);

// Whether `at` is inside "…" that a sentence quotes (`invalid comment "disk full"`), not the value of a key
// (`err="disk full"`): that is data.
bool InProseQuotes(std::string_view message, size_t at);

}  // namespace gainsay

#endif  // GAINSAY_EVENT_OPERATION_H_
