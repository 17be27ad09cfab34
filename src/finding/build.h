// Runs in, findings and causes out; and the verdict of the whole.
#ifndef GAINSAY_FINDING_BUILD_H_
#define GAINSAY_FINDING_BUILD_H_

#include <optional>
#include <string_view>
#include <vector>

#include "event/matcher.h"
#include "finding/finding.h"
#include "task/correlator.h"

namespace gainsay {

// --since and --until: runs whose terminal time is outside are not reported. A run without
// a terminal counts by the last of its events that it still holds; one without any time is always in.
struct Window {
  int64_t since_ns = kNoTime;       // from this time on; kNoTime: open
  std::optional<int64_t> until_ns;  // before this time
  bool Holds(const Run& run) const;
};

struct Findings {
  std::vector<Finding> findings;  // in order of terminal time and id
  std::vector<Cause> causes;      // most findings first, then first seen, then id
};

// The reason of a write error, as output shows it: "other" where none is known.
std::string_view ReasonName(const Matcher& matcher, const Event& error);

// One finding for each run that is a contradiction.
Findings BuildFindings(const Correlation& correlation, const Matcher& matcher);

// Most findings first, then first seen, then id.
void SortCauses(std::vector<Cause>* causes);

// Drops the runs outside the window and counts verdicts again. Call before BuildFindings.
void ApplyWindow(const Window& window, Correlation* correlation);

// Completes a summary whose `sources` (with their read counters, problems and cuts) and `packs` are
// filled in: totals, counts by reason, the reasons why the whole is inconclusive, verdict, exit code.
// DESIGN.md sections 3 ("The whole") and 4 ("Exit codes").
void CompleteSummary(const Correlation& correlation, const Matcher& matcher, Summary* summary);

}  // namespace gainsay

#endif  // GAINSAY_FINDING_BUILD_H_
