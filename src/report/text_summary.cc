// The end of a text report: what was read, what was found, and how sure that is.
#include <algorithm>
#include <string>

#include "report/escape.h"
#include "report/format.h"
#include "report/paper.h"
#include "report/summary_rows.h"

namespace gainsay {
namespace {

constexpr size_t kLabel = 14;  // columns

void WriteName(Outcome verdict, Paper* paper) {
  switch (verdict) {
    case Outcome::kContradiction:
      paper->Add("CONTRADICTION", Ink::kRed);
      break;
    case Outcome::kClean:
      paper->Add("clean", Ink::kGreen);
      break;
    case Outcome::kInconclusive:
      paper->Add("INCONCLUSIVE", Ink::kYellow);
      break;
  }
}

void WriteVerdict(const Summary& summary, Paper* paper) {
  paper->Add("verdict: ", Ink::kBold);
  WriteName(summary.verdict, paper);
  const size_t used = std::string("verdict: : ").size() + OutcomeName(summary.verdict).size();
  paper->Add(": ").Wrap(VerdictSentence(summary), used, 9);
  for (const std::string& why : summary.inconclusive) {
    paper->Add("  - ");
    paper->Wrap(EscapeText(why), 4, 4);
  }
}

}  // namespace

void WriteSummary(const Document& document, const ReportStyle& style, Paper* paper) {
  for (const SummaryRow& row : SummaryRows(document.summary, style.verbosity)) {
    paper->Add(row.label, Ink::kDim).Space(kLabel - std::min(row.label.size(), kLabel));
    paper->Wrap(row.text, kLabel, kLabel);
  }
  WriteVerdict(document.summary, paper);
}

}  // namespace gainsay
