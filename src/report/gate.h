// The gate: which of a report's causes are known, and whether the whole may pass. DESIGN.md section 4.
//
//   GateOptions options;
//   ApplyGate(baseline, options, &document);   // fills in document.gate and its exit code
//
// Thread rules: free functions without state.
#ifndef GAINSAY_REPORT_GATE_H_
#define GAINSAY_REPORT_GATE_H_

#include <cstdint>
#include <string>

#include "report/baseline.h"
#include "report/document.h"

namespace gainsay {

struct GateOptions {
  FailOn fail_on = FailOn::kNew;
  uint64_t max_findings = 0;  // as many findings that would fail it may pass
  bool allow_inconclusive = false;
  // Of an input without any time: when it was last written, which stands for the time of its records where an
  // entry expires. kNoTime: not known, and nothing expires.
  int64_t written_ns = kNoTime;
};

// A finding fails the gate if one of its causes is new: not in the baseline, expired by the time of its last
// error, or grown past max_tasks. With FailOn::kAny every finding does. The document's exit code becomes the
// gate's.
void ApplyGate(const Baseline& baseline, const GateOptions& options, Document* document);

// The document as if what the gate knows had not been found: what a CI system shall show. Without a gate, or
// where no finding may pass, as it is.
Document WithoutKnown(const Document& document);

}  // namespace gainsay

#endif  // GAINSAY_REPORT_GATE_H_
