// The tools of a rule author: examples and scenarios are run, rules that overlap are told, and how much of
// a rule set is exercised, by its own tests or by a log.
//
// Thread rules: free functions over an immutable Engine.
#ifndef GAINSAY_PIPELINE_RULES_H_
#define GAINSAY_PIPELINE_RULES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "pipeline.h"

namespace gainsay {

// An example or scenario of a rule set that does not hold.
struct RuleFailure {
  Location at;
  std::string rule;     // "celery/succeeded", or a scenario's name
  std::string message;  // expected, got
};

struct RuleTestCounts {
  size_t examples = 0, scenarios = 0;
  std::vector<RuleFailure> failures;
};

// Runs the examples of all rules, text formats and reasons; and the scenarios, if asked.
// With `pack_ids`, only those of these packs.
absl::StatusOr<RuleTestCounts> TestRules(const Engine& engine, bool scenarios,
                                         const std::vector<std::string>& pack_ids = {});

// A rule or a reason that takes what others are after as well: lines that are examples of the rule set.
struct RuleOverlap {
  std::string kind;    // "reason", "text", "terminal", …
  std::string winner;  // "mine/done"; of reasons the name alone
  Location at;         // of the winner
  struct Loser {
    std::string name;
    std::vector<std::string> lines;
  };
  std::vector<Loser> losers;
};

// Reasons that match a text of another reason, which is tried before them, where no `before` states that;
// and rules of these packs that take what a rule of another pack is for. In the order of the examples.
// With `pack_ids`, only those in which one of these packs has a part.
std::vector<RuleOverlap> FindOverlaps(const Engine& engine, const std::vector<std::string>& pack_ids = {});

// How often a rule, a text format or a reason was used.
struct RuleUse {
  std::string pack, id, kind;  // "celery", "succeeded", "terminal"
  uint64_t examples = 0;       // examples of the rule set that it takes
  uint64_t scenarios = 0;      // scenarios in which it takes a record
  uint64_t records = 0;        // records of the logs
};

struct Coverage {
  std::vector<RuleUse>
      uses;  // by pack, as they are tried; then text formats, rules and reasons in file order
  uint64_t scenarios = 0;
  uint64_t records = 0;                // of the logs
  std::vector<InputProblem> problems;  // logs that could not be read to their end
};

// Reads the examples and scenarios of the packs, and the logs. A reason is used where an error has it.
Coverage MeasureCoverage(const Engine& engine, const std::vector<std::string>& pack_ids,
                         const std::vector<Source>& logs);

// Whether a pack is among those asked for: all, if none is named.
bool IsAsked(const std::vector<std::string>& pack_ids, const std::string& pack);

}  // namespace gainsay

#endif  // GAINSAY_PIPELINE_RULES_H_
