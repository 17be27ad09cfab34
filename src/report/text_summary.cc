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

void WriteRows(const std::vector<SummaryRow>& rows, Paper* paper) {
  for (const SummaryRow& row : rows) {
    paper->Add(row.label, Ink::kDim).Space(kLabel - std::min(row.label.size(), kLabel));
    paper->Wrap(row.text, kLabel, kLabel);
  }
}

// The last lines, since they say why a build is red.
void WriteGate(const Gate& gate, const Summary& summary, Paper* paper) {
  const std::string name = gate.failed ? "FAILED" : summary.exit_code == 0 ? "passed" : "INCONCLUSIVE";
  paper->Add("gate: ", Ink::kBold);
  paper->Add(name, gate.failed ? Ink::kRed : summary.exit_code == 0 ? Ink::kGreen : Ink::kYellow);
  paper->Add(": ").Wrap(GateSentence(gate, summary), 8 + name.size(), 6);
  for (const std::string& because : gate.because) {
    paper->Add("  - ");
    paper->Wrap(EscapeText(because), 4, 4);
  }
}

}  // namespace

void WriteSummary(const Document& document, const ReportStyle& style, Paper* paper) {
  WriteRows(SummaryRows(document.summary, style.verbosity), paper);
  if (document.gate) WriteRows(GateRows(*document.gate, style.verbosity), paper);
  WriteVerdict(document.summary, paper);
  if (document.gate) WriteGate(*document.gate, document.summary, paper);
}

}  // namespace gainsay
