// Findings, causes and the summary: what reports print. Plain values; the pointers in
// them are into the Correlation that they were made from.
#ifndef GAINSAY_FINDING_FINDING_H_
#define GAINSAY_FINDING_FINDING_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "finding/bounded_counts.h"
#include "task/run.h"

namespace gainsay {

// One contradicted run. `errors` of the run and `causes` run in parallel.
struct Finding {
  std::string id;                    // 16 hex digits (finding/id.h)
  const Run* run = nullptr;
  std::vector<std::string> causes;   // cause id of each unresolved error; the first is the finding's
};

// Findings with one root: the same reason, role, collection and message template.
struct Cause {
  std::string id;
  std::string reason;
  std::string target;                // role and collection, as TargetName shows them
  std::string message_template;
  uint64_t tasks = 0;                // findings with it
  int64_t first_ns = kNoTime, last_ns = kNoTime;   // times of the errors
  std::vector<size_t> findings;      // indices of the findings with it, in order
};

// A suppression that the run met or missed.
struct SuppressionUse {
  std::string id, why, expires;
  uint64_t errors = 0;               // suppressed
  uint64_t expired = 0;              // would have been, but for its date
};

enum class Outcome : uint8_t { kContradiction, kClean, kInconclusive };

// What one input was like, for the warnings of a summary.
struct SourceSummary {
  std::string name;
  uint64_t lines = 0, records = 0, malformed = 0, blank = 0, folded = 0, skipped = 0, bytes = 0;
  uint64_t overlong = 0, null_messages = 0, invalid_utf8 = 0, first_malformed_line = 0;
  uint64_t terminals = 0, write_errors = 0, unattributed = 0;
  int64_t modified_ns = kNoTime;     // when it was last written; kNoTime: not known
  std::string problem;               // "" or why it could not be read (to its end)
  bool cut = false;                  // read, but not to its end
};

struct Summary {
  Outcome verdict = Outcome::kInconclusive;
  std::vector<SourceSummary> sources;
  SourceSummary total;               // name and problem empty
  std::vector<std::pair<std::string, std::string>> passed_over;   // members of archives, each with why: "holds no text"
  VerdictCounts runs{};
  std::map<std::string, uint64_t> write_errors_by_reason;
  BoundedCounts write_errors_by_target;   // target, reason; for metrics, empty in a report that was read back
  uint64_t tasks = 0;                // distinct task ids
  std::vector<std::string> packs;    // ids of the packs used
  std::vector<std::string> inconclusive;   // why, each with what to do about it
  std::vector<SuppressionUse> suppressions;
  int exit_code = 2;                 // before --exit-zero
};

// Role and collection as output shows them: "primary", "secondary/docs"; a captured target
// stands for itself.
std::string TargetName(const Event& event);

}  // namespace gainsay

#endif  // GAINSAY_FINDING_FINDING_H_
