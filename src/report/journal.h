// Lines for a journal: each begins with the priority that systemd takes off what a service prints
// (SyslogLevelPrefix=, sd-daemon(3)).
//
// Thread rules: free functions without state.
#ifndef GAINSAY_REPORT_JOURNAL_H_
#define GAINSAY_REPORT_JOURNAL_H_

#include <string>
#include <string_view>

#include "report/document.h"

namespace gainsay {

// One line without its line feed, far below journald's LineMax. <3> (error), or <4> (warning) for a cause
// that was seen before, so that `journalctl -p err` shows what is new.
std::string JournalLine(const DocumentFinding& finding, bool known_cause = false);

// <4> for an inconclusive whole, else <6>.
std::string JournalLine(const Summary& summary);

// Anything else, on one line: 4 is a warning, 5 a notice, 6 information.
std::string JournalLine(int priority, std::string_view text);

}  // namespace gainsay

#endif  // GAINSAY_REPORT_JOURNAL_H_
