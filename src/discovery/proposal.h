// A proposed pack: what was found in a log, as rules to edit.
//
//   Proposal proposal = Propose(sample, ids, roles);
//   std::string toml = WriteToml(proposal);        // rules/README.md's language
//
// Values that own their text. Thread rules: free functions without state.
#ifndef GAINSAY_DISCOVERY_PROPOSAL_H_
#define GAINSAY_DISCOVERY_PROPOSAL_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "discovery/lifecycle.h"
#include "discovery/log_sample.h"
#include "discovery/task_ids.h"
#include "rule/rule.h"

namespace gainsay {

struct ProposedExample {
  std::string log;
  bool match = true;
  std::map<std::string, std::string> expect;
};

struct ProposedRule {
  RuleKind kind = RuleKind::kTerminal;
  std::string id, state, pattern;
  std::vector<std::pair<std::string, std::string>> where, capture;
  bool lane = true;
  bool write = false;  // errors: `operation = "write"`
  bool role = false;   // errors: `extract` the role
  std::vector<ProposedExample> examples;
  std::vector<std::string> comments;
  bool sure = true;  // else it is written as a comment
};

// A line format that the known ones lack.
struct ProposedText {
  std::string id, pattern, comment;
  std::vector<ProposedExample> examples;
};

struct Proposal {
  std::string title;
  std::vector<std::string> findings;                                     // what was seen, a line each
  std::vector<std::pair<std::string, std::vector<std::string>>> fields;  // `[fields]`: name, paths
  std::vector<ProposedText> texts;
  std::vector<ProposedRule> rules;

  bool HasSuccess() const;  // a rule that is sure says when a task succeeded
};

// Adds the rules of what begins and ends tasks, and of write errors that no known rule takes, best
// first; and the findings about them.
void ProposeRules(const LogSample& sample, const TaskIds& ids, const std::vector<LifecycleRole>& roles,
                  Proposal* proposal);

std::string WriteToml(const Proposal& proposal);

}  // namespace gainsay

#endif  // GAINSAY_DISCOVERY_PROPOSAL_H_
