// One task's explanation, as people and as programs read it.
//
// Thread rules: free functions without state.
#ifndef GAINSAY_REPORT_EXPLANATION_H_
#define GAINSAY_REPORT_EXPLANATION_H_

#include <ostream>

#include "finding/explanation.h"
#include "report/report.h"

namespace gainsay {

// A timeline of each run, its verdict and what came near. With style.verbosity 0, only the first of many.
void WriteExplanationText(const Explanation& explanation, const ReportStyle& style, std::ostream& out);

// One object a line: for each run its events, near misses and an `explanation`; a `summary` at the end.
void WriteExplanationJsonl(const Explanation& explanation, std::ostream& out);

}  // namespace gainsay

#endif  // GAINSAY_REPORT_EXPLANATION_H_
