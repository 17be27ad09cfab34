#include "finding/build.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "finding/id.h"

namespace gainsay {
namespace {

void Widen(int64_t time_ns, Cause* cause) {
  if (time_ns == kNoTime) return;
  if (cause->first_ns == kNoTime || time_ns < cause->first_ns) cause->first_ns = time_ns;
  cause->last_ns = std::max(cause->last_ns, time_ns);
}

// Causes by id, in the order in which they are met.
class CauseTable {
 public:
  explicit CauseTable(const Matcher& matcher) : matcher_(matcher) {}

  void Add(size_t index, const Finding& finding) {
    for (size_t i = 0; i < finding.causes.size(); ++i) {
      const Event& error = *finding.run->unresolved[i].event;
      Cause& cause = Find(finding.causes[i], error);
      Widen(error.time_ns, &cause);
      if (!cause.findings.empty() && cause.findings.back() == index) continue;
      cause.findings.push_back(index);
      ++cause.tasks;
    }
  }

  std::vector<Cause> Take() && { return std::move(causes_); }

 private:
  Cause& Find(const std::string& id, const Event& error) {
    const auto [at, added] = index_.try_emplace(id, causes_.size());
    if (added) {
      Cause& cause = causes_.emplace_back();
      cause.id = id;
      cause.reason = ReasonName(matcher_, error);
      cause.target = TargetName(error);
      cause.message_template = MaskMessage(error.message, error.subject);
    }
    return causes_[at->second];
  }

  const Matcher& matcher_;
  std::unordered_map<std::string, size_t> index_;
  std::vector<Cause> causes_;
};

// Most findings first, then first seen; causes without a time come last among equals.
bool MoreImportant(const Cause& a, const Cause& b) {
  const auto key = [](const Cause& c) { return std::tuple(c.first_ns == kNoTime, c.first_ns); };
  if (a.tasks != b.tasks) return a.tasks > b.tasks;
  if (key(a) != key(b)) return key(a) < key(b);
  return a.id < b.id;
}

}  // namespace

std::string_view ReasonName(const Matcher& matcher, const Event& error) {
  return error.reason < matcher.reason_count() ? std::string_view(matcher.reason_name(error.reason))
                                               : "other";
}

Finding FindingOf(const Run& run, const Matcher& matcher) {
  Finding finding;
  finding.run = &run;
  const bool reported = run.terminal != nullptr;
  finding.id = FindingId(run.task, TimeOf(run), reported ? run.terminal->message : std::string_view());
  for (const Unresolved& error : run.unresolved) {
    finding.causes.push_back(CauseId(ReasonName(matcher, *error.event), *error.event));
  }
  return finding;
}

std::vector<Cause> CausesOf(const std::vector<Finding>& findings, const Matcher& matcher) {
  CauseTable table(matcher);
  for (size_t i = 0; i < findings.size(); ++i) table.Add(i, findings[i]);
  std::vector<Cause> causes = std::move(table).Take();
  SortCauses(&causes);
  return causes;
}

Findings BuildFindings(const Correlation& correlation, const Matcher& matcher) {
  Findings result;
  for (const Run& run : correlation.runs) {
    if (run.verdict == Verdict::kContradiction) result.findings.push_back(FindingOf(run, matcher));
  }
  std::stable_sort(result.findings.begin(), result.findings.end(), [](const Finding& a, const Finding& b) {
    return std::tuple(TimeOf(*a.run), std::string_view(a.id)) <
           std::tuple(TimeOf(*b.run), std::string_view(b.id));
  });
  result.causes = CausesOf(result.findings, matcher);
  return result;
}

void SortCauses(std::vector<Cause>* causes) { std::sort(causes->begin(), causes->end(), MoreImportant); }

void ApplyWindow(const Window& window, Correlation* correlation) {
  if (correlation->counted) return;
  std::erase_if(correlation->runs, [&](const Run& run) { return !window.Holds(run); });
  correlation->verdicts.fill(0);
  for (const Run& run : correlation->runs) ++correlation->verdicts[static_cast<size_t>(run.verdict)];
}

}  // namespace gainsay
