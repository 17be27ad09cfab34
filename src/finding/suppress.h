// The suppressions of a rule set, applied to unresolved errors and counted.
#ifndef GAINSAY_FINDING_SUPPRESS_H_
#define GAINSAY_FINDING_SUPPRESS_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "event/matcher.h"
#include "finding/finding.h"
#include "rule/rule.h"
#include "task/correlator.h"

namespace gainsay {

class Suppressions : public ErrorFilter {
 public:
  // `rules` and `matcher` must outlive it. Fails if a pattern does not compile.
  static absl::StatusOr<std::unique_ptr<Suppressions>> Compile(const RuleSet& rules, const Matcher& matcher);
  ~Suppressions() override;

  // An error is suppressed if some entry's tests all hold and the run's terminal time (wall-clock time
  // is never asked) is not after its expiry.
  bool Suppressed(const Event& error, const Run& run) override;

  // Begins to count anew.
  void Reset();

  // What each entry did, in rule set order.
  std::vector<SuppressionUse> Uses() const;

 private:
  struct State;
  explicit Suppressions(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace gainsay

#endif  // GAINSAY_FINDING_SUPPRESS_H_
