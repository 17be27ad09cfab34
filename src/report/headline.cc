#include "report/headline.h"

#include <algorithm>

namespace gainsay {

const DocumentError& FirstError(const DocumentFinding& finding) {
  static const DocumentError none;
  return finding.errors.empty() ? none : finding.errors.front();
}

std::string ReasonOf(const DocumentFinding& finding) {
  const std::string& reason = FirstError(finding).reason;
  return reason.empty() ? "other" : reason;
}

std::string WhatWasLost(const DocumentFinding& finding) {
  const std::string& target = FirstError(finding).target;
  return target.empty() ? ReasonOf(finding) : ReasonOf(finding) + " on " + target;
}

std::string Headline(const DocumentFinding& finding) {
  const std::string who = finding.name.empty() ? "task " + finding.task : finding.name;
  const std::string state =
      finding.reported && !finding.reported->state.empty() ? finding.reported->state : "succeeded";
  return who + " reported " + state + " over a lost write (" + WhatWasLost(finding) + ")";
}

std::string TaskAndRun(const DocumentFinding& finding) {
  std::string text = finding.task;
  if (finding.run > 1) text += ", run " + std::to_string(finding.run);
  if (finding.attempt > 1) text += ", attempt " + std::to_string(finding.attempt);
  return text;
}

std::string MessageOf(const DocumentError& error) {
  if (error.error.empty()) return error.message;
  return error.message.empty() ? error.error : error.message + ": " + error.error;
}

KnownFindings::KnownFindings(const Document& document) {
  if (!document.gate || document.gate->fail_on == FailOn::kAny) return;
  for (const GateCause& cause : document.gate->causes) {
    if (cause.standing == Standing::kKnown) causes_.emplace(cause.id, &cause);
  }
}

const GateCause* KnownFindings::Of(const DocumentFinding& finding) const {
  for (const DocumentError& error : finding.errors) {
    if (causes_.count(error.cause) == 0) return nullptr;
  }
  const auto known = causes_.find(finding.cause);
  return known == causes_.end() ? nullptr : known->second;
}

std::vector<size_t> WorstFirst(const Document& document) {
  std::vector<size_t> order;
  std::vector<bool> taken(document.findings.size(), false);
  const auto take = [&](size_t finding) {
    if (finding >= taken.size() || taken[finding]) return;
    taken[finding] = true;
    order.push_back(finding);
  };
  std::vector<const Cause*> causes;
  for (const Cause& cause : document.causes) causes.push_back(&cause);
  for (size_t round = 0; !causes.empty(); ++round) {
    std::erase_if(causes, [&](const Cause* cause) { return cause->findings.size() <= round; });
    for (const Cause* cause : causes) take(cause->findings[round]);
  }
  for (size_t i = 0; i < taken.size(); ++i) take(i);
  const KnownFindings known(document);
  std::stable_partition(order.begin(), order.end(),
                        [&](size_t i) { return known.Of(document.findings[i]) == nullptr; });
  return order;
}

}  // namespace gainsay
