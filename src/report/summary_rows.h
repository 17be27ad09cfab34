// What a summary tells, for every format that is read by people.
//
// Thread rules: free functions without state.
#ifndef GAINSAY_REPORT_SUMMARY_ROWS_H_
#define GAINSAY_REPORT_SUMMARY_ROWS_H_

#include <string>
#include <vector>

#include "finding/finding.h"
#include "report/document.h"

namespace gainsay {

// "runs", "5: 3 contradiction, 2 clean". Escaped as EscapeText does, so for HTML and the like not enough.
struct SummaryRow {
  std::string label, text;
};

// What was read, the runs, the write errors, what was suppressed, the rules. With a verbosity of 1 all of it.
std::vector<SummaryRow> SummaryRows(const Summary& summary, int verbosity);

// "3 of 5 runs reported success over a lost write": the verdict's reason, beside its name.
std::string VerdictSentence(const Summary& summary);

// The same of a gate: what it let pass, and what of its baseline has expired or met nothing.
std::vector<SummaryRow> GateRows(const Gate& gate, int verbosity);

// "2 findings with a cause that is not accepted": why a gate fails or passes. `gate.because` names the
// causes.
std::string GateSentence(const Gate& gate, const Summary& summary);

}  // namespace gainsay

#endif  // GAINSAY_REPORT_SUMMARY_ROWS_H_
