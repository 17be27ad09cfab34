// Runs in, findings and causes out; and the verdict of the whole.
#ifndef GAINSAY_FINDING_BUILD_H_
#define GAINSAY_FINDING_BUILD_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/matcher.h"
#include "finding/finding.h"
#include "task/correlator.h"
#include "task/window.h"

namespace gainsay {

struct Findings {
  std::vector<Finding> findings;  // in order of terminal time and id
  std::vector<Cause> causes;      // most findings first, then first seen, then id
};

// The reason of a write error, as output shows it: "other" where none is known.
std::string_view ReasonName(const Matcher& matcher, const Event& error);

// One finding for each run that is a contradiction.
Findings BuildFindings(const Correlation& correlation, const Matcher& matcher);

// The finding of one run.
Finding FindingOf(const Run& run, const Matcher& matcher);
// The causes of these, most findings first.
std::vector<Cause> CausesOf(const std::vector<Finding>& findings, const Matcher& matcher);

// Most findings first, then first seen, then id.
void SortCauses(std::vector<Cause>* causes);

// Drops the runs outside the window and counts verdicts again, where the correlator has not done so. Call
// before BuildFindings.
void ApplyWindow(const Window& window, Correlation* correlation);

// What the summary counts of runs and events. Adds up over parts of a log that share no run.
struct Tally {
  uint64_t terminals = 0, errors = 0, unattributed = 0;
  uint64_t tasks = 0;  // distinct task ids
  uint64_t lost = 0;   // events that found no room
  VerdictCounts runs{};
  std::map<std::string, uint64_t> errors_by_reason;
  BoundedCounts errors_by_target;                // target, reason
  std::map<std::string, uint64_t> inconclusive;  // runs, by why

  void Add(const Tally& other);
  void CountError(const Event& error, const Matcher& matcher);
};
Tally TallyOf(const Correlation& correlation, const Matcher& matcher);

// Completes a summary whose `sources` (with their read counters, problems and cuts) and `packs` are
// filled in: totals, counts by reason, the reasons why the whole is inconclusive, verdict, exit code.
// DESIGN.md sections 3 ("The whole") and 4 ("Exit codes").
void CompleteSummary(const Correlation& correlation, const Matcher& matcher, Summary* summary);
// The same from counts alone; those of the sources are complete.
void CompleteSummary(const Tally& tally, Summary* summary);

}  // namespace gainsay

#endif  // GAINSAY_FINDING_BUILD_H_
