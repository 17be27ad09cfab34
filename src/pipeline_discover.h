// From an unknown log to a pack that its reader can edit.
//
//   absl::StatusOr<Discovery> found = Discover(known_rules, input);
//   if (found->proposed) std::cout << found->toml;
//
// The pack holds only what `known` lacks: it is to be used beside it. Its examples are lines of the log, and
// hold; a rule whose examples do not is left as a comment. Deterministic.
#ifndef GAINSAY_PIPELINE_DISCOVER_H_
#define GAINSAY_PIPELINE_DISCOVER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "pipeline.h"

namespace gainsay {

// So much of the input is looked at, in bytes as decompressed.
inline constexpr size_t kDiscoverBytes = size_t{64} << 20;

struct Discovery {
  bool proposed = false;  // the pack says when a task succeeded, or which errors are of writes
  std::string toml;
  std::vector<std::string> findings;   // what was seen, a line each; also in the pack, as comments
  std::vector<InputProblem> problems;  // what could not be read, and why
  size_t sources_read = 0;
};

absl::StatusOr<Discovery> Discover(const RuleSet& known, const ScanInput& input);

}  // namespace gainsay

#endif  // GAINSAY_PIPELINE_DISCOVER_H_
