// The end of a text report: what was read, what was found, and how sure that is. Calm where nothing was
// found: a line that is always there is a line that nobody reads, so what is zero is left out.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "finding/phrase.h"
#include "report/escape.h"
#include "report/format.h"
#include "report/paper.h"

namespace gainsay {
namespace {

constexpr size_t kLabel = 14;  // columns
constexpr size_t kPacks = 8;   // named without -v
constexpr size_t kReasons = 8;

void Row(std::string_view label, const std::string& text, Paper* paper) {
  paper->Add(label, Ink::kDim).Space(kLabel - std::min(label.size(), kLabel));
  paper->Wrap(text, kLabel, kLabel);
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

void WriteRead(const Summary& summary, const ReportStyle& style, Paper* paper) {
  const SourceSummary& total = summary.total;
  std::string text = Counted(total.lines, "line") + ", " + ByteSize(total.bytes) + ", from ";
  text += summary.sources.size() == 1 ? EscapeText(summary.sources.front().name)
                                      : Counted(summary.sources.size(), "input");
  std::string parts;
  if (total.records != total.lines) Append(Counted(total.records, "record"), &parts);
  if (total.folded > 0) Append(Thousands(total.folded) + " folded", &parts);
  if (style.verbosity > 0 && total.blank > 0) Append(Thousands(total.blank) + " blank", &parts);
  if (style.verbosity > 0 && total.skipped > 0) Append(Thousands(total.skipped) + " skipped", &parts);
  if (total.malformed > 0)
    Append(Thousands(total.malformed) + " malformed" + FirstMalformed(summary), &parts);
  if (total.overlong > 0) Append(Thousands(total.overlong) + " of them too long", &parts);
  if (total.invalid_utf8 > 0) Append(Thousands(total.invalid_utf8) + " with invalid UTF-8", &parts);
  Row("read", parts.empty() ? text : text + ": " + parts, paper);
}

void WriteRuns(const Summary& summary, Paper* paper) {
  std::string verdicts;
  for (size_t i = 0; i < kVerdictCount; ++i) {
    if (summary.runs[i] == 0) continue;
    Append(Thousands(summary.runs[i]) + " " + std::string(VerdictName(static_cast<Verdict>(i))), &verdicts);
  }
  const uint64_t runs = AllRuns(summary);
  std::string text = Thousands(runs);
  if (summary.tasks != runs) text += " of " + Counted(summary.tasks, "task");
  Row("runs", verdicts.empty() ? "none" : text + ": " + verdicts, paper);
}

void WriteErrors(const Summary& summary, const ReportStyle& style, Paper* paper) {
  if (summary.total.write_errors == 0) return;
  std::vector<std::pair<uint64_t, std::string>> reasons;
  for (const auto& [reason, errors] : summary.write_errors_by_reason) reasons.emplace_back(errors, reason);
  std::stable_sort(reasons.begin(), reasons.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  const size_t shown = style.verbosity > 0 ? reasons.size() : std::min(reasons.size(), kReasons);
  std::string text;
  for (size_t i = 0; i < shown; ++i) {
    Append(Thousands(reasons[i].first) + " " + EscapeText(reasons[i].second), &text);
  }
  if (shown < reasons.size()) Append(Counted(reasons.size() - shown, "more reason"), &text);
  text = Thousands(summary.total.write_errors) + ": " + text;
  if (summary.total.unattributed > 0) {
    text += "; " + Thousands(summary.total.unattributed) + " without a task that gainsay could find";
  }
  Row("write errors", text, paper);
}

// What each suppression did; the ones that did nothing too, so that the list does not rot.
void WriteSuppressions(const Summary& summary, Paper* paper) {
  for (const SuppressionUse& use : summary.suppressions) {
    const std::string who = EscapeText(use.id);
    const std::string why = absl::StrCat(" (", EscapeText(use.why), ")");
    const std::string counts = Counted(use.expired, "write error counts", "write errors count");
    const std::string expires = EscapeText(use.expires);
    if (use.errors > 0) {
      Row("suppressed", absl::StrCat(Counted(use.errors, "write error"), " by ", who, why), paper);
    }
    if (use.expired > 0) {
      Row("expired", absl::StrCat(who, " on ", expires, ": ", counts, " again", why), paper);
    }
    if (use.errors == 0 && use.expired == 0) {
      Row("unused", absl::StrCat(who, ": suppressed nothing", why), paper);
    }
  }
}

void WritePacks(const Summary& summary, const ReportStyle& style, Paper* paper) {
  const size_t count = summary.packs.size();
  const size_t shown = style.verbosity > 0 || count <= kPacks ? count : kPacks - 1;
  std::string text;
  for (size_t i = 0; i < shown; ++i) Append(EscapeText(summary.packs[i]), &text);
  if (shown < count) text += " and " + Counted(count - shown, "more pack");
  Row("rules", count == 0 ? "none" : text, paper);
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

void WriteVerdict(const Summary& summary, Paper* paper) {
  paper->Add("verdict: ", Ink::kBold);
  switch (summary.verdict) {
    case Outcome::kContradiction:
      paper->Add("CONTRADICTION", Ink::kRed).Add(": ").Wrap(ContradictionText(summary), 24, 9);
      break;
    case Outcome::kClean:
      paper->Add("clean", Ink::kGreen).Add(": ").Wrap(CleanText(summary), 16, 9);
      break;
    case Outcome::kInconclusive:
      paper->Add("INCONCLUSIVE", Ink::kYellow).Add(": ");
      paper->Wrap(summary.exit_code == 2 ? "nothing could be read"
                                         : "no contradiction found, but it can't be ruled out",
                  23, 9);
      break;
  }
  for (const std::string& why : summary.inconclusive) {
    paper->Add("  - ");
    paper->Wrap(EscapeText(why), 4, 4);
  }
}

}  // namespace

void WriteSummary(const Document& document, const ReportStyle& style, Paper* paper) {
  const Summary& summary = document.summary;
  WriteRead(summary, style, paper);
  WriteRuns(summary, paper);
  WriteErrors(summary, style, paper);
  WriteSuppressions(summary, paper);
  WritePacks(summary, style, paper);
  WriteVerdict(summary, paper);
}

}  // namespace gainsay
