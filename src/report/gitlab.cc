// GitLab's code quality report: one entry per finding.
//
// Sources. GitLab's docs, "Code Quality report format": an array of objects with description, check_name,
// fingerprint (unique), severity (info, minor, major, critical, blocker), location.path (relative, without
// "./") and location.lines.begin. GitLab's code (lib/gitlab/ci/parsers/codequality/code_climate.rb): the
// first entry that its schema refuses ends the reading, so that all that follow are lost in silence.
#include <ostream>
#include <string>
#include <unordered_map>

#include "report/format.h"
#include "report/headline.h"
#include "report/json.h"
#include "report/location.h"

namespace gainsay {
namespace {

constexpr size_t kMessage = 1000;  // characters

std::string Description(const DocumentFinding& finding) {
  const std::string message = Shorten(MessageOf(FirstError(finding)), kMessage);
  return Headline(finding) + ". Task " + TaskAndRun(finding) + ": " + message;
}

std::string Location(const DocumentFinding& finding, const ReportStyle& style) {
  const bool placed = !finding.errors.empty() || !finding.reported;
  const DocumentPlace& place = placed ? FirstError(finding).place : finding.reported->place;
  const std::string lines = Json('{').Number("begin", LineNumber(place.line)).Close();
  return Json('{').Text("path", RelativePath(place.source, style.directory)).Raw("lines", lines).Close();
}

std::string Entry(const DocumentFinding& finding, const std::string& fingerprint, bool known,
                  const ReportStyle& style) {
  Json entry('{');
  entry.Text("description", Description(finding)).Text("check_name", ReasonOf(finding));
  entry.Text("fingerprint", fingerprint).Text("severity", known ? "info" : "critical");
  return entry.Raw("location", Location(finding, style)).Close();
}

}  // namespace

void WriteGitlab(const Document& document, const ReportStyle& style, std::ostream& out) {
  std::unordered_map<std::string, size_t> seen;  // one log read twice has each finding twice
  const KnownFindings known(document);
  const char* separator = "\n";
  out << "[";
  for (const DocumentFinding& finding : document.findings) {
    std::string fingerprint = finding.cause + finding.id;
    if (const size_t times = ++seen[fingerprint]; times > 1) fingerprint += "-" + std::to_string(times);
    out << separator << Entry(finding, fingerprint, known.Of(finding) != nullptr, style);
    separator = ",\n";
  }
  out << "\n]\n";
}

}  // namespace gainsay
