// What a reason means, and what to do about it, for whoever meets it for the first time.
//
// Thread rules: free functions without state.
#ifndef GAINSAY_REPORT_REASON_HELP_H_
#define GAINSAY_REPORT_REASON_HELP_H_

#include <string_view>
#include <vector>

namespace gainsay {

// Plain text, whole sentences; valid for as long as the program runs.
struct ReasonHelp {
  std::string_view reason;   // "schema_mismatch"
  std::string_view title;    // "Write lost: schema mismatch"
  std::string_view meaning;  // what the store said, and why it may be
  std::string_view remedy;   // what to do
};

// The standard reasons, in the order in which they are tried; `other` is the last.
const std::vector<ReasonHelp>& AllReasonHelp();

// That of `other` for a reason that a pack added.
const ReasonHelp& HelpFor(std::string_view reason);

}  // namespace gainsay

#endif  // GAINSAY_REPORT_REASON_HELP_H_
