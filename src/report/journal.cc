#include "report/journal.h"

#include "finding/phrase.h"
#include "report/escape.h"
#include "report/format.h"

namespace gainsay {
namespace {

// From a log: escaped, and no longer than so many columns.
std::string Clip(const std::string& text, size_t columns) { return Shorten(EscapeText(text), columns); }

std::string What(const DocumentError& error) {
  std::string text = error.reason + " on " + Clip(error.target, 120) + ": " + Clip(error.message, 600);
  if (!error.error.empty()) text += ": " + Clip(error.error, 600);
  return text;
}

std::string Where(const DocumentPlace& place) {
  return place.source.empty() ? "" : ", " + Clip(place.source, 200) + ":" + std::to_string(place.line);
}

}  // namespace

std::string JournalLine(const DocumentFinding& finding, bool known_cause) {
  std::string text = (known_cause ? "<4>" : "<3>") + finding.verdict + ": task " + Clip(finding.task, 200);
  if (!finding.name.empty()) text += " (" + Clip(finding.name, 120) + ")";
  if (finding.reported) {
    text += " reported " + finding.reported->state;
    if (finding.reported->time_ns != kNoTime) text += " at " + FormatTime(finding.reported->time_ns);
  }
  std::string where;
  if (!finding.errors.empty()) {
    text += " over " + What(finding.errors.front());
    if (finding.errors.size() > 1) text += " (and " + Counted(finding.errors.size() - 1, "more error") + ")";
    where = Where(finding.errors.front().place);
  }
  return text + " [finding " + finding.id + ", cause " + finding.cause + where + "]";
}

std::string JournalLine(const Summary& summary) {
  const auto runs = [&](Verdict verdict) { return summary.runs[static_cast<size_t>(verdict)]; };
  uint64_t all = 0;
  for (const uint64_t count : summary.runs) all += count;
  std::string text = summary.inconclusive.empty() ? "<6>" : "<4>";
  text += std::string(OutcomeName(summary.verdict)) + ": " + Counted(all, "run") + ", " +
          Counted(runs(Verdict::kContradiction), "contradiction") + ", " +
          Counted(summary.total.write_errors, "write error") + " in " + Counted(summary.total.lines, "line");
  if (!summary.inconclusive.empty()) text += "; inconclusive: " + Clip(summary.inconclusive.front(), 600);
  return text;
}

std::string JournalLine(int priority, std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  return "<" + std::to_string(priority) + ">" + Shorten(EscapeText(text), 2000);
}

void WriteJournal(const Document& document, const ReportStyle& style, std::ostream& out) {
  for (const DocumentFinding& finding : document.findings) out << JournalLine(finding) << '\n';
  if (!style.quiet) out << JournalLine(document.summary) << '\n';
}

}  // namespace gainsay
