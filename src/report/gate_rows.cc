// What a gate tells people: what it let pass and why, what its baseline holds that is no longer true, and
// what made it fail.
#include "absl/strings/str_cat.h"
#include "finding/phrase.h"
#include "report/escape.h"
#include "report/summary_rows.h"

namespace gainsay {
namespace {

constexpr size_t kShown = 5;  // of a kind, without -v

std::string Why(const GateCause& cause) {
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (!cause.why.empty()) add(EscapeText(cause.why));
  if (!cause.expires.empty()) add("until " + EscapeText(cause.expires));
  if (cause.max_tasks) add("at most " + Counted(*cause.max_tasks, "run"));
  return text.empty() ? "" : " (" + text + ")";
}

std::string What(const GateCause& cause) {
  const std::string target = cause.target.empty() ? "" : " on " + EscapeText(cause.target);
  return EscapeText(cause.reason) + target + ", cause " + EscapeText(cause.id);
}

class Rows {
 public:
  explicit Rows(int verbosity) : most_(verbosity > 0 ? SIZE_MAX : kShown) {}

  void Add(const std::string& label, const std::string& text) {
    if (shown_++ < most_) rows_.push_back({label, text});
  }

  // Ends a kind.
  void More(const std::string& label) {
    if (shown_ > most_)
      rows_.push_back({label, "\xe2\x80\xa6 and " + Thousands(shown_ - most_) + " more (-v shows all)"});
    shown_ = 0;
  }

  std::vector<SummaryRow> Take() && { return std::move(rows_); }

 private:
  const size_t most_;
  size_t shown_ = 0;
  std::vector<SummaryRow> rows_;
};

}  // namespace

std::vector<SummaryRow> GateRows(const Gate& gate, int verbosity) {
  Rows rows(verbosity);
  for (const GateCause& cause : gate.causes) {
    if (cause.standing == Standing::kKnown)
      rows.Add("known", Counted(cause.tasks, "run") + " by " + What(cause) + Why(cause));
  }
  rows.More("known");
  for (const GateCause& cause : gate.causes) {
    if (cause.standing != Standing::kExpired) continue;
    rows.Add("expired", What(cause) + Why(cause) + ", in " + EscapeText(cause.place) + ": its " +
                            Counted(cause.tasks, "run counts", "runs count") + " again");
  }
  rows.More("expired");
  for (const GateCause& cause : gate.unused) {
    rows.Add("unused", EscapeText(cause.place) + ": " + What(cause) + Why(cause) + " was not met");
  }
  rows.More("unused");
  return std::move(rows).Take();
}

std::string GateSentence(const Gate& gate, const Summary& summary) {
  const std::string new_findings = Counted(gate.new_findings, "finding");
  if (gate.failed) {
    std::string text = gate.fail_on == FailOn::kAny ? "no finding may pass"
                                                    : new_findings + " with a cause that is not accepted";
    if (gate.max_findings > 0) text += ", where " + Thousands(gate.max_findings) + " may pass";
    return text;
  }
  if (summary.exit_code == 3) return "nothing new was found, but it can't be ruled out";
  if (gate.new_findings > 0 && gate.fail_on == FailOn::kNever)
    return new_findings + " that would have failed it (--fail-on=never)";
  if (gate.new_findings > 0)
    return new_findings + " more than the baseline has, which may pass (--max-findings)";
  if (!summary.inconclusive.empty()) return "nothing new was found; that it can't be ruled out was allowed";
  return gate.causes.empty() ? "nothing was found" : "all that was found is known";
}

}  // namespace gainsay
