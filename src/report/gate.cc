// Each cause is looked up in the baseline and gets its standing; a finding is known if all its causes are.
// The verdict is a count of findings, so that a case with an old and a new cause fails for the new one only.
#include "report/gate.h"

#include <algorithm>
#include <set>
#include <utility>

#include "finding/phrase.h"

namespace gainsay {
namespace {

constexpr size_t kNamed = 10;  // causes, in the sentences

GateCause CauseOf(const Cause& cause) {
  GateCause made;
  made.id = cause.id;
  made.reason = cause.reason;
  made.target = cause.target;
  made.message_template = cause.message_template;
  made.tasks = cause.tasks;
  return made;
}

void TakeEntry(const KnownCause& entry, GateCause* cause) {
  cause->why = entry.why;
  cause->expires = entry.expires;
  cause->max_tasks = entry.max_tasks;
  cause->place = entry.file + ":" + std::to_string(entry.line);
}

Standing StandingOf(const Cause& cause, const KnownCause& entry, int64_t written_ns) {
  if (entry.ExpiredAt(cause.last_ns != kNoTime ? cause.last_ns : written_ns)) return Standing::kExpired;
  if (entry.max_tasks && cause.tasks > *entry.max_tasks) return Standing::kGrown;
  return Standing::kKnown;
}

// Of several entries for one cause the first that accepts it counts, else the last.
GateCause Judge(const Cause& cause, const std::vector<const KnownCause*>& entries, int64_t written_ns) {
  GateCause judged = CauseOf(cause);
  for (const KnownCause* entry : entries) {
    judged.standing = StandingOf(cause, *entry, written_ns);
    TakeEntry(*entry, &judged);
    if (judged.standing == Standing::kKnown) break;
  }
  return judged;
}

std::vector<GateCause> Unused(const Baseline& baseline, const std::vector<Cause>& causes) {
  std::set<std::string_view> met;
  for (const Cause& cause : causes) met.insert(cause.id);
  std::vector<GateCause> unused;
  for (const KnownCause& entry : baseline.entries) {
    if (!met.insert(entry.id).second) continue;
    GateCause& cause = unused.emplace_back();
    cause.id = entry.id;
    cause.standing = Standing::kKnown;
    cause.reason = entry.reason;
    cause.target = entry.target;
    cause.message_template = entry.message_template;
    TakeEntry(entry, &cause);
  }
  return unused;
}

uint64_t NewFindings(const Document& document, const std::vector<GateCause>& causes) {
  std::set<size_t> findings;
  for (size_t i = 0; i < causes.size(); ++i) {
    if (causes[i].standing == Standing::kKnown) continue;
    findings.insert(document.causes[i].findings.begin(), document.causes[i].findings.end());
  }
  return findings.size();
}

std::string Sentence(const GateCause& cause) {
  const std::string runs = Counted(cause.tasks, "run");
  const std::string what = cause.reason + " on " + cause.target + " (cause " + cause.id + ", " + runs + "): ";
  const std::string text = cause.message_template;
  switch (cause.standing) {
    case Standing::kNew:
      return "new: " + what + text;
    case Standing::kKnown:
      return "known, and no finding may pass: " + what + text;
    case Standing::kExpired:
      return "accepted until " + cause.expires + " only, by " + cause.place + ": " + what + text;
    case Standing::kGrown:
      return "grown to " + runs + ", while " + cause.place + " accepts " +
             Thousands(cause.max_tasks.value_or(0)) + ": " + what + text;
  }
  return what + text;
}

void Explain(Gate* gate) {
  size_t told = 0, more = 0;
  for (const GateCause& cause : gate->causes) {
    if (cause.standing == Standing::kKnown && gate->fail_on != FailOn::kAny) continue;
    if (told < kNamed) {
      gate->because.push_back(Sentence(cause));
      ++told;
    } else {
      ++more;
    }
  }
  if (more > 0) gate->because.push_back("and " + Counted(more, "more cause"));
}

int ExitCode(const Gate& gate, const Summary& summary) {
  if (gate.failed) return 1;
  if (summary.exit_code == 2) return 2;
  return summary.inconclusive.empty() || gate.allow_inconclusive ? 0 : 3;
}

}  // namespace

std::string_view FailOnName(FailOn fail_on) {
  switch (fail_on) {
    case FailOn::kNew:
      return "new";
    case FailOn::kAny:
      return "any";
    case FailOn::kNever:
      return "never";
  }
  return "new";
}

std::string_view StandingName(Standing standing) {
  switch (standing) {
    case Standing::kNew:
      return "new";
    case Standing::kKnown:
      return "known";
    case Standing::kExpired:
      return "expired";
    case Standing::kGrown:
      return "grown";
  }
  return "new";
}

void ApplyGate(const Baseline& baseline, const GateOptions& options, Document* document) {
  Gate gate;
  gate.fail_on = options.fail_on;
  gate.allow_inconclusive = options.allow_inconclusive;
  gate.max_findings = options.max_findings;
  const auto known = baseline.ById();
  for (const Cause& cause : document->causes) {
    const auto found = known.find(cause.id);
    gate.causes.push_back(found == known.end() ? CauseOf(cause)
                                               : Judge(cause, found->second, options.written_ns));
  }
  gate.unused = Unused(baseline, document->causes);
  gate.new_findings = NewFindings(*document, gate.causes);
  const uint64_t counted = gate.fail_on == FailOn::kAny ? document->findings.size() : gate.new_findings;
  gate.failed = gate.fail_on != FailOn::kNever && counted > gate.max_findings;
  if (gate.failed) Explain(&gate);
  document->summary.exit_code = ExitCode(gate, document->summary);
  document->gate = std::move(gate);
}

Document WithoutKnown(const Document& document) {
  Document left = document;
  if (!document.gate || document.gate->fail_on == FailOn::kAny) return left;
  std::set<std::string_view> known;
  for (const GateCause& cause : document.gate->causes) {
    if (cause.standing == Standing::kKnown) known.insert(cause.id);
  }
  const auto is_known = [&known](const DocumentError& error) { return known.count(error.cause) > 0; };
  for (DocumentFinding& finding : left.findings) std::erase_if(finding.errors, is_known);
  std::erase_if(left.findings, [](const DocumentFinding& finding) { return finding.errors.empty(); });
  std::erase_if(left.causes, [&known](const Cause& cause) { return known.count(cause.id) > 0; });
  for (Cause& cause : left.causes) cause.findings.clear();
  for (size_t i = 0; i < left.findings.size(); ++i) {
    DocumentFinding& finding = left.findings[i];
    finding.cause = finding.errors.front().cause;
    for (Cause& cause : left.causes) {
      const auto has = [&cause](const DocumentError& error) { return error.cause == cause.id; };
      if (std::any_of(finding.errors.begin(), finding.errors.end(), has)) cause.findings.push_back(i);
    }
  }
  Summary& summary = left.summary;
  summary.runs[static_cast<size_t>(Verdict::kContradiction)] = left.findings.size();
  summary.verdict = !left.findings.empty()         ? Outcome::kContradiction
                    : summary.inconclusive.empty() ? Outcome::kClean
                                                   : Outcome::kInconclusive;
  return left;
}

}  // namespace gainsay
