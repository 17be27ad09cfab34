// A correlation made by hand, for tests of findings and reports.
//
//   Handmade made;
//   made.Succeed("7c3d", 9, {made.Error(8, "primary write failed", "schema_mismatch")});
//   made.Complete();
#ifndef GAINSAY_TESTS_HANDMADE_H_
#define GAINSAY_TESTS_HANDMADE_H_

#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "event/matcher.h"
#include "finding/build.h"
#include "record/fields.h"
#include "report/report.h"
#include "rule/rule.h"

namespace gainsay {

inline constexpr uint16_t kSucceededRule = 0, kErrorRule = 1;
// 2026-05-31T04:12:00Z
inline constexpr int64_t kEpoch = 1'780'200'720 * kSecond;

inline RuleSet HandmadeRules() {
  Rule succeeded, error;
  succeeded.kind = RuleKind::kTerminal;
  succeeded.state = State::kSucceeded;
  succeeded.pack = "celery";
  succeeded.id = "succeeded";
  succeeded.pattern = "succeeded";
  error.pack = "writes";
  error.id = "primary";
  error.pattern = "write failed";
  Reason schema, unavailable;
  schema.pack = unavailable.pack = "writes";
  schema.id = "schema_mismatch";
  schema.pattern = "no such field";
  unavailable.id = "unavailable";
  unavailable.pattern = "unavailable";
  Pack celery, writes;
  celery.id = "celery";
  celery.rules = {succeeded};
  writes.id = "writes";
  writes.rules = {error};
  writes.reasons = {schema, unavailable};
  RuleSet rules;
  rules.packs = {celery, writes};
  return rules;
}

inline const Matcher& HandmadeMatcher() {
  static const RuleSet rules = HandmadeRules();
  static const FieldPlan plan = FieldPlan::Compile(rules);
  static const absl::StatusOr<Matcher> matcher = Matcher::Compile(rules, plan);
  if (!matcher.ok()) {
    std::cerr << matcher.status() << "\n";
    std::abort();
  }
  return *matcher;
}

class Handmade {
 public:
  Correlation correlation;
  Findings findings;
  Summary summary;
  std::deque<std::string> texts;

  Handmade() {
    summary.packs = {"celery", "writes"};
    AddSource("worker.log.gz");
  }

  SourceSummary& AddSource(const std::string& name, uint64_t lines = 1204) {
    SourceSummary& source = summary.sources.emplace_back();
    source.name = name;
    source.lines = source.records = lines;
    source.bytes = lines * 100;
    return source;
  }

  // A write error at kEpoch and `seconds`, in line 100 and `seconds`.
  Event Error(double seconds, std::string_view message, std::string_view reason = "other") {
    Event e = At(seconds);
    e.message = message;
    e.rule = kErrorRule;
    e.severity = kLevelError;
    for (uint16_t i = 0; i < HandmadeMatcher().reason_count(); ++i) {
      if (HandmadeMatcher().reason_name(i) == reason) e.reason = i;
    }
    return e;
  }

  Event Terminal(double seconds, std::string_view task) {
    Event e = At(seconds);
    e.kind = RuleKind::kTerminal;
    e.state = State::kSucceeded;
    e.rule = kSucceededRule;
    e.severity = kLevelInfo;
    e.task = task;
    e.matched_by = MatchedBy::kTask;
    texts.push_back("Task media.reindex[" + std::string(task) + "] succeeded in 0.2s: None");
    e.message = texts.back();
    return e;
  }

  const Event* Keep(const Event& event) {
    const Event* kept = &correlation.storage.emplace_back(event).event();
    if (kept->kind == RuleKind::kError) correlation.errors.push_back(kept);
    if (kept->kind == RuleKind::kTerminal) ++correlation.terminals;
    return kept;
  }

  // A run that reported success at `seconds`, over these errors.
  Run& Succeed(std::string_view task, double seconds, const std::vector<Event>& errors = {}) {
    return Add(Terminal(seconds, task), errors);
  }

  Run& Add(const Event& terminal, const std::vector<Event>& errors) {
    Run run;
    run.terminal = Keep(terminal);
    run.task = run.terminal->task;
    run.name = "media.reindex";
    run.system = "celery";
    run.verdict = errors.empty() ? Verdict::kClean : Verdict::kContradiction;
    for (const Event& error : errors) {
      run.unresolved.push_back({Keep(error), error.time_ns > terminal.time_ns});
    }
    run.errors = static_cast<uint32_t>(errors.size());
    correlation.runs.push_back(run);
    return correlation.runs.back();
  }

  void Unattributed(const Event& error) { correlation.unattributed.push_back(Keep(error)); }

  void Complete() {
    correlation.verdicts.fill(0);
    for (const Run& run : correlation.runs) ++correlation.verdicts[static_cast<size_t>(run.verdict)];
    findings = BuildFindings(correlation, HandmadeMatcher());
    CompleteSummary(correlation, HandmadeMatcher(), &summary);
  }

  Report report() const { return {&correlation, &findings, &summary, &HandmadeMatcher()}; }

 private:
  static Event At(double seconds) {
    Event e;
    e.time_ns = kEpoch + static_cast<int64_t>(seconds * 1000) * 1'000'000;
    e.position.line = 100 + static_cast<uint64_t>(seconds);
    e.position.offset = e.position.line * 250;
    return e;
  }
};

}  // namespace gainsay

#endif  // GAINSAY_TESTS_HANDMADE_H_
