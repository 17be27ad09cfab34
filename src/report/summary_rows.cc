// What a summary tells, in rows and in one sentence. Calm where nothing was found: a line that is always
// there is a line that nobody reads, so what is zero is left out.
#include "report/summary_rows.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "finding/phrase.h"
#include "report/escape.h"
#include "report/format.h"

namespace gainsay {
namespace {

constexpr size_t kPacks = 8;  // named without -v
constexpr size_t kReasons = 8;

using Rows = std::vector<SummaryRow>;

void AddRow(std::string_view label, std::string text, Rows* rows) {
  rows->push_back({std::string(label), std::move(text)});
}

void Append(const std::string& part, std::string* list) {
  if (!list->empty()) *list += ", ";
  *list += part;
}

uint64_t CountOf(const Summary& summary, Verdict verdict) {
  return summary.runs[static_cast<size_t>(verdict)];
}

uint64_t AllRuns(const Summary& summary) {
  uint64_t runs = 0;
  for (uint64_t count : summary.runs) runs += count;
  return runs;
}

// Where the first malformed line stands: " (first: worker.log:17)".
std::string FirstMalformed(const Summary& summary) {
  for (const SourceSummary& source : summary.sources) {
    if (source.first_malformed_line == 0) continue;
    return " (first: " + EscapeText(source.name) + ":" + std::to_string(source.first_malformed_line) + ")";
  }
  return "";
}

void AddRead(const Summary& summary, int verbosity, Rows* rows) {
  const SourceSummary& total = summary.total;
  std::string text = Counted(total.lines, "line") + ", " + ByteSize(total.bytes) + ", from ";
  text += summary.sources.size() == 1 ? EscapeText(summary.sources.front().name)
                                      : Counted(summary.sources.size(), "input");
  std::string parts;
  if (total.records != total.lines) Append(Counted(total.records, "record"), &parts);
  if (total.folded > 0) Append(Thousands(total.folded) + " folded", &parts);
  if (verbosity > 0 && total.blank > 0) Append(Thousands(total.blank) + " blank", &parts);
  if (verbosity > 0 && total.skipped > 0) Append(Thousands(total.skipped) + " skipped", &parts);
  if (total.malformed > 0)
    Append(Thousands(total.malformed) + " malformed" + FirstMalformed(summary), &parts);
  if (total.overlong > 0) Append(Thousands(total.overlong) + " of them too long", &parts);
  if (total.invalid_utf8 > 0) Append(Thousands(total.invalid_utf8) + " with invalid UTF-8", &parts);
  AddRow("read", parts.empty() ? text : text + ": " + parts, rows);
}

void AddRuns(const Summary& summary, Rows* rows) {
  std::string verdicts;
  for (size_t i = 0; i < kVerdictCount; ++i) {
    if (summary.runs[i] == 0) continue;
    Append(Thousands(summary.runs[i]) + " " + std::string(VerdictName(static_cast<Verdict>(i))), &verdicts);
  }
  const uint64_t runs = AllRuns(summary);
  std::string text = Thousands(runs);
  if (summary.tasks != runs) text += " of " + Counted(summary.tasks, "task");
  AddRow("runs", verdicts.empty() ? "none" : text + ": " + verdicts, rows);
}

void AddErrors(const Summary& summary, int verbosity, Rows* rows) {
  if (summary.total.write_errors == 0) return;
  std::vector<std::pair<uint64_t, std::string>> reasons;
  for (const auto& [reason, errors] : summary.write_errors_by_reason) reasons.emplace_back(errors, reason);
  std::stable_sort(reasons.begin(), reasons.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  const size_t shown = verbosity > 0 ? reasons.size() : std::min(reasons.size(), kReasons);
  std::string text;
  for (size_t i = 0; i < shown; ++i) {
    Append(Thousands(reasons[i].first) + " " + EscapeText(reasons[i].second), &text);
  }
  if (shown < reasons.size()) Append(Counted(reasons.size() - shown, "more reason"), &text);
  text = Thousands(summary.total.write_errors) + ": " + text;
  if (summary.total.unattributed > 0) {
    text += "; " + Thousands(summary.total.unattributed) + " without a task that gainsay could find";
  }
  AddRow("write errors", text, rows);
}

// What each suppression did; the ones that did nothing too, so that the list does not rot.
void AddSuppressions(const Summary& summary, Rows* rows) {
  for (const SuppressionUse& use : summary.suppressions) {
    const std::string who = EscapeText(use.id);
    const std::string why = absl::StrCat(" (", EscapeText(use.why), ")");
    const std::string counts = Counted(use.expired, "write error counts", "write errors count");
    const std::string expires = EscapeText(use.expires);
    if (use.errors > 0) {
      AddRow("suppressed", absl::StrCat(Counted(use.errors, "write error"), " by ", who, why), rows);
    }
    if (use.expired > 0) {
      AddRow("expired", absl::StrCat(who, " on ", expires, ": ", counts, " again", why), rows);
    }
    if (use.errors == 0 && use.expired == 0) {
      AddRow("unused", absl::StrCat(who, ": suppressed nothing", why), rows);
    }
  }
}

void AddPacks(const Summary& summary, int verbosity, Rows* rows) {
  const size_t count = summary.packs.size();
  const size_t shown = verbosity > 0 || count <= kPacks ? count : kPacks - 1;
  std::string text;
  for (size_t i = 0; i < shown; ++i) Append(EscapeText(summary.packs[i]), &text);
  if (shown < count) text += " and " + Counted(count - shown, "more pack");
  AddRow("rules", count == 0 ? "none" : text, rows);
}

std::string ContradictionText(const Summary& summary) {
  return Thousands(CountOf(summary, Verdict::kContradiction)) + " of " + Counted(AllRuns(summary), "run") +
         " reported success over a lost write";
}

std::string CleanText(const Summary& summary) {
  const uint64_t unfinished = CountOf(summary, Verdict::kUnfinished);
  const uint64_t ended = AllRuns(summary) - unfinished;
  std::string text = ended == 0 ? "no run ended in the time that was asked for"
                                : Counted(ended, "run") + " ended, none reported success over a lost write";
  if (unfinished > 0) text += "; " + Thousands(unfinished) + " had not ended";
  if (summary.total.unattributed > 0) {
    text += "; " + Counted(summary.total.unattributed, "write error belongs", "write errors belong") +
            " to no task that gainsay knows";
  }
  return text;
}

}  // namespace

std::string VerdictSentence(const Summary& summary) {
  switch (summary.verdict) {
    case Outcome::kContradiction:
      return ContradictionText(summary);
    case Outcome::kClean:
      return CleanText(summary);
    case Outcome::kInconclusive:
      break;
  }
  return summary.exit_code == 2 ? "nothing could be read"
                                : "no contradiction found, but it can't be ruled out";
}

std::vector<SummaryRow> SummaryRows(const Summary& summary, int verbosity) {
  Rows rows;
  AddRead(summary, verbosity, &rows);
  AddRuns(summary, &rows);
  AddErrors(summary, verbosity, &rows);
  AddSuppressions(summary, &rows);
  AddPacks(summary, verbosity, &rows);
  return rows;
}

}  // namespace gainsay
