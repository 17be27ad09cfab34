// GitHub's workflow commands: a job that prints them gets annotations, on the run and, where the file is one
// of the pull request, beside its line.
//
// Sources. GitHub's runner (src/Runner.Common/ActionCommand.cs) takes a line apart: "::error file=…,line=…,
// title=…::message"; in the message "%", CR and LF are written %25, %0D, %0A, in a property ":" and "," too.
// GitHub's docs (actions/toolkit, docs/problem-matchers.md): 10 errors, 10 warnings and 10 notices a step,
// what exceeds them is dropped in silence; so the tenth line tells how many more there are.
#include <ostream>
#include <string>
#include <vector>

#include "finding/phrase.h"
#include "report/escape.h"
#include "report/format.h"
#include "report/headline.h"
#include "report/location.h"

namespace gainsay {
namespace {

constexpr size_t kPerKind = 10;
constexpr size_t kTitle = 200;  // characters; GitHub takes 255
constexpr size_t kMessage = 1000;

// What EscapeText leaves to be escaped here; log text has no line ends left.
std::string Command(const std::string& text, bool property) {
  std::string out;
  for (const char c : text) {
    if (c == '%') {
      out += "%25";
    } else if (c == '\n') {
      out += "%0A";
    } else if (property && c == ':') {
      out += "%3A";
    } else if (property && c == ',') {
      out += "%2C";
    } else {
      out += c;
    }
  }
  return out;
}

std::string Data(const std::string& text) { return Command(text, false); }
std::string Property(const std::string& text) { return Command(text, true); }

std::string Shown(const std::string& raw) { return EscapeText(Shorten(raw, kMessage)); }

// " file=worker.log,line=9,"; nothing of standard input, which is no file.
std::string Place(const DocumentPlace& place, const ReportStyle& style) {
  if (place.source.empty() || place.source == "-") return " ";
  const std::string path = RelativePath(place.source, style.directory);
  return " file=" + Property(path) + ",line=" + std::to_string(LineNumber(place.line)) + ",";
}

std::string Line(const DocumentPlace& place) {
  return place.source.empty() ? "" : EscapeText(place.source) + ":" + std::to_string(place.line) + ": ";
}

std::string Message(const DocumentFinding& finding) {
  const DocumentError& error = FirstError(finding);
  std::string text = EscapeText(Headline(finding)) + "\n" + Line(error.place) + Shown(MessageOf(error));
  if (finding.errors.size() > 1) {
    text += " (and " + Counted(finding.errors.size() - 1, "more write error") + ")";
  }
  if (finding.reported) {
    const std::string& message = finding.reported->message;
    text += "\n" + Line(finding.reported->place) + Shown(message.empty() ? finding.reported->state : message);
  }
  return text + "\ntask " + EscapeText(TaskAndRun(finding)) + ", finding " + EscapeText(finding.id) +
         ", cause " + EscapeText(finding.cause);
}

void WriteFinding(const DocumentFinding& finding, bool known, const ReportStyle& style, std::ostream& out) {
  const std::string what = (known ? "Known: " : "Lost write: ") + WhatWasLost(finding);
  const std::string title = EscapeText(Shorten(what, kTitle));
  out << (known ? "::notice" : "::error") << Place(FirstError(finding).place, style)
      << "title=" << Property(title) << "::" << Data(Message(finding)) << "\n";
}

// All that fit, or all but one and how many more there are.
size_t ThatFit(size_t count) { return count <= kPerKind ? count : kPerKind - 1; }

// Those that count as errors, or those that a gate lets pass as notices.
void WriteFindings(const Document& document, const std::vector<size_t>& findings, bool known,
                   const ReportStyle& style, std::ostream& out) {
  const size_t shown = ThatFit(findings.size());
  for (size_t i = 0; i < shown; ++i) WriteFinding(document.findings[findings[i]], known, style, out);
  if (shown == findings.size()) return;
  out << (known ? "::notice title=Known::and " : "::error title=Lost writes::and ")
      << Counted(findings.size() - shown, "more task")
      << " that reported success over a lost write; the report has them all\n";
}

}  // namespace

void WriteGithub(const Document& document, const ReportStyle& style, std::ostream& out) {
  const KnownFindings known(document);
  std::vector<size_t> counting, passed;
  for (size_t index : WorstFirst(document)) {
    (known.Of(document.findings[index]) == nullptr ? counting : passed).push_back(index);
  }
  WriteFindings(document, counting, false, style, out);
  WriteFindings(document, passed, true, style, out);
  const std::vector<std::string>& reasons = document.summary.inconclusive;
  const size_t reasons_shown = ThatFit(reasons.size());
  for (size_t i = 0; i < reasons_shown; ++i) {
    out << "::warning title=gainsay is not sure::" << Data(Shown(reasons[i])) << "\n";
  }
  if (reasons_shown < reasons.size()) {
    out << "::warning title=gainsay is not sure::and " << reasons.size() - reasons_shown << " more reasons\n";
  }
}

}  // namespace gainsay
