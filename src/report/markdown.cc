// Markdown, for a step summary or a comment: what was found, a table of causes, and the findings with their
// lines. The one way to put text of a log into it is code: a span, or an indented block, whose content no
// Markdown reader interprets, so that it can be no link, no tag, no heading, and mentions nobody.
//
// Sources. CommonMark 0.30, 6.1: a code span ends at the next run of as many backticks (cmark looks for runs
// of up to 80), and nothing else counts in it; 4.4: an indented code block has no end to forge. GFM 4.10: a
// "|" ends a table's cell, in a code span too. GitHub's runner (src/Runner.Worker/FileCommandManager.cs): a
// step summary over 1 MiB is not shown at all.
#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "finding/phrase.h"
#include "record/time.h"
#include "report/escape.h"
#include "report/format.h"
#include "report/headline.h"
#include "report/summary_rows.h"

namespace gainsay {
namespace {

constexpr size_t kBytes = 1000 * 1000;  // leaves room for what others write into the same summary
constexpr size_t kEndBytes = 1000;      // of them for the last lines
constexpr size_t kCauses = 100;
constexpr size_t kWhys = 50;
constexpr size_t kErrors = 20;  // of one finding
constexpr size_t kCell = 160;   // characters
constexpr size_t kLine = 500;

// Runs of more than two backticks are shown as escapes, so that a fence of three is always enough.
std::string WithoutLongRuns(const std::string& text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    while (end < text.size() && text[end] == '`') ++end;
    if (end - at > 2) {
      for (; at < end; ++at) out += "\\x60";
    } else {
      out += text.substr(at, std::max<size_t>(end - at, 1));
      at = std::max(end, at + 1);
    }
  }
  return out;
}

// Text of a log as a code span, fit for a table too.
std::string Code(std::string_view raw, size_t characters = kCell) {
  std::string text;
  for (const char c : WithoutLongRuns(EscapeText(Shorten(raw, characters)))) {
    text += c == '|' ? "\\x7c" : std::string(1, c);
  }
  if (text.find_first_not_of(' ') == std::string::npos) return "\xe2\x80\x93";
  if (text.find('`') == std::string::npos) return "`" + text + "`";
  return "``` " + text + " ```";
}

std::string Time(int64_t ns) { return ns == kNoTime ? "\xe2\x80\x93" : FormatTime(ns); }

// --- findings --------------------------------------------------------------------------------

std::string EvidenceLine(const DocumentPlace& place, int64_t time_ns, const std::string& text) {
  std::string line = place.source + ":" + std::to_string(place.line);
  if (time_ns != kNoTime) line += "  " + FormatTime(time_ns);
  return "    " + EscapeText(line) + "  " + EscapeText(Shorten(text, kLine)) + "\n";
}

std::string FindingText(const DocumentFinding& finding, bool known) {
  std::string text = "### " + Code(finding.name.empty() ? finding.task : finding.name) + "\n\n";
  text += "task " + Code(finding.task);
  if (!finding.system.empty()) text += ", " + Code(finding.system);
  if (finding.run > 1) text += ", run " + Thousands(finding.run);
  if (finding.attempt > 1) text += ", attempt " + Thousands(finding.attempt);
  text += ", finding " + Code(finding.id) + ", cause " + Code(finding.cause);
  text += known ? ", known\n\n" : "\n\n";
  for (size_t i = 0; i < finding.errors.size() && i < kErrors; ++i) {
    const DocumentError& error = finding.errors[i];
    text += EvidenceLine(error.place, error.time_ns, (error.late ? "late: " : "") + MessageOf(error));
  }
  if (finding.errors.size() > kErrors) {
    text += "    and " + Counted(finding.errors.size() - kErrors, "more write error") + "\n";
  }
  if (finding.reported) {
    const DocumentState& reported = *finding.reported;
    text += EvidenceLine(reported.place, reported.time_ns,
                         "reported " + reported.state + ": " + reported.message);
  }
  return text + "\n";
}

void WriteFindings(const Document& document, size_t room, std::ostream& out) {
  if (document.findings.empty()) return;
  const std::vector<size_t> order = WorstFirst(document);
  const KnownFindings known(document);
  size_t shown = 0;
  for (size_t index : order) {
    const std::string text =
        FindingText(document.findings[index], known.Of(document.findings[index]) != nullptr);
    if (text.size() > room) continue;
    room -= text.size();
    out << (shown++ == 0 ? "## Findings\n\n" : "") << text;
  }
  if (shown == order.size()) return;
  out << "and " << Counted(order.size() - shown, "more finding") << ", for which there is no room here\n";
}

// --- the head --------------------------------------------------------------------------------

std::string CauseRow(const Cause& cause) {
  return "| " + Thousands(cause.tasks) + " | " + Code(cause.reason) + " | " + Code(cause.target) + " | " +
         Code(cause.message_template) + " | " + Time(cause.first_ns) + " | " + Time(cause.last_ns) + " | " +
         Code(cause.id) + " |\n";
}

std::string CausesTable(const std::vector<Cause>& causes) {
  if (causes.empty()) return "";
  std::string text = "| runs | reason | target | message | first | last | cause |\n";
  text += "| ---: | --- | --- | --- | --- | --- | --- |\n";
  for (size_t i = 0; i < causes.size() && i < kCauses; ++i) text += CauseRow(causes[i]);
  if (causes.size() > kCauses) text += "\nand " + Counted(causes.size() - kCauses, "more cause") + "\n";
  return text + "\n";
}

std::string Head(const Document& document) {
  const Summary& summary = document.summary;
  std::string text = "# gainsay: ";
  text += OutcomeName(summary.verdict);
  text += "\n\n" + VerdictSentence(summary) + ".\n\n";
  if (document.gate) {
    text += "The gate " + std::string(document.gate->failed ? "failed" : "passed") + ": ";
    text += GateSentence(*document.gate, summary) + ".\n\n";
  }
  const std::vector<std::string>& whys = summary.inconclusive;
  for (size_t i = 0; i < whys.size() && i < kWhys; ++i) text += "- " + Code(whys[i], kLine) + "\n";
  if (whys.size() > kWhys) text += "- and " + Counted(whys.size() - kWhys, "more reason") + "\n";
  return text + (whys.empty() ? "" : "\n");
}

std::string WhatWasRead(const Document& document) {
  std::string text = "## Summary\n\n";
  const std::vector<SummaryRow> gate =
      document.gate ? GateRows(*document.gate, 0) : std::vector<SummaryRow>();
  for (const SummaryRow& row : gate) text += "- " + row.label + ": " + Code(row.text, kLine) + "\n";
  for (const SummaryRow& row : SummaryRows(document.summary, 0))
    text += "- " + row.label + ": " + Code(row.text, kLine) + "\n";
  return text + "\n";
}

}  // namespace

void WriteMarkdown(const Document& document, const ReportStyle&, std::ostream& out) {
  const std::string head = Head(document) + CausesTable(document.causes) + WhatWasRead(document);
  out << head;
  WriteFindings(document, kBytes - kEndBytes - std::min(head.size(), kBytes - kEndBytes), out);
}

}  // namespace gainsay
