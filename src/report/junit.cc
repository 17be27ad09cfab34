// JUnit XML, as Jenkins and GitLab read it: a suite for each task system, a case for each run that the
// document knows, and one for the whole, so that a log without findings is no empty report.
//
// Sources. Jenkins: the XSD of its xUnit plugin (junit-10.xsd; a case has name, classname and time, no file);
// its JUnit plugin (SuiteResult.java, CaseResult.java): `classname` up to the last dot is the package, a
// suite without a case is not seen, a report without results fails the build. GitLab
// (lib/gitlab/ci/parsers/test/ junit.rb): a case is known by suite, classname and name, of two that agree one
// is lost; the first of failure, error and skipped counts; the attribute `type` of an element is what Rails'
// Hash.from_xml takes for the type of its content, where "yaml" or "symbol" break the file, so ours is never
// one word;
// "[[ATTACHMENT|path]]" in system-out is a file to show, so nothing of a log goes there. XML 1.0: no
// control characters, not even escaped, no U+FFFE.
#include <map>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_replace.h"
#include "finding/phrase.h"
#include "report/escape.h"
#include "report/format.h"
#include "report/headline.h"

namespace gainsay {
namespace {

constexpr size_t kErrors = 100;    // written of one finding
constexpr size_t kMessage = 1000;  // characters
constexpr size_t kName = 300;

std::string XmlEscape(const std::string& text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

// Text of a log: EscapeText leaves nothing that XML forbids.
std::string Xml(std::string_view raw) { return XmlEscape(EscapeText(raw)); }

std::string Attribute(std::string_view name, std::string_view raw) {
  return " " + std::string(name) + "=\"" + Xml(raw) + "\"";
}

// A name as it is written: what differs only beyond it is one to the reader.
std::string Name(std::string_view raw) { return EscapeText(Shorten(raw, kName)); }

enum class Result { kPassed, kFailed, kError, kSkipped };

struct Case {
  std::string name, classname, time;
  Result result = Result::kPassed;
  std::string type, message;  // unescaped
  std::string body;           // escaped
};

class Suite {
 public:
  void Add(Case made) {
    if (const size_t times = ++names_[{made.classname, made.name}]; times > 1) {
      made.name += " (" + std::to_string(times) + ")";
    }
    cases_.push_back(std::move(made));
  }

  size_t Count(Result result) const {
    size_t count = 0;
    for (const Case& made : cases_) count += made.result == result ? 1 : 0;
    return count;
  }

  size_t size() const { return cases_.size(); }

  void Write(const std::string& name, std::ostream& out) const;

 private:
  std::vector<Case> cases_;
  std::map<std::pair<std::string, std::string>, size_t> names_;  // how often each was there
};

void WriteCase(const Case& made, std::ostream& out) {
  constexpr const char* kElements[] = {"", "failure", "error", "skipped"};
  const std::string element = kElements[static_cast<size_t>(made.result)];
  out << "    <testcase" << Attribute("classname", made.classname) << Attribute("name", made.name);
  if (!made.time.empty()) out << Attribute("time", made.time);
  if (element.empty()) {
    out << "/>\n";
    return;
  }
  out << ">\n      <" << element << Attribute("type", made.type) << Attribute("message", made.message) << ">"
      << made.body << "</" << element << ">\n    </testcase>\n";
}

void Suite::Write(const std::string& name, std::ostream& out) const {
  out << "  <testsuite" << Attribute("name", name) << " tests=\"" << cases_.size() << "\" failures=\""
      << Count(Result::kFailed) << "\" errors=\"" << Count(Result::kError) << "\" skipped=\""
      << Count(Result::kSkipped) << "\">\n";
  for (const Case& made : cases_) WriteCase(made, out);
  out << "  </testsuite>\n";
}

// --- cases -----------------------------------------------------------------------------------

std::string CaseName(const std::string& task, uint32_t run) {
  return run > 1 ? Name(task) + ", run " + std::to_string(run) : Name(task);
}

std::string ClassName(const std::string& name, const std::string& system) {
  if (!name.empty()) return Name(name);
  return system.empty() ? "task" : Name(system);
}

// "0.142", from the start to the terminal, where the log has both.
std::string Seconds(const DocumentFinding& finding) {
  if (!finding.started || !finding.reported) return "";
  const int64_t from = finding.started->time_ns, to = finding.reported->time_ns;
  if (from == kNoTime || to == kNoTime || to < from) return "";
  const uint64_t ms = (static_cast<uint64_t>(to) - static_cast<uint64_t>(from)) / 1'000'000;
  const std::string thousandths = std::to_string(1000 + ms % 1000).substr(1);
  return std::to_string(ms / 1000) + "." + thousandths;
}

std::string EvidenceLine(const DocumentPlace& place, int64_t time_ns, const std::string& text) {
  std::string line = place.source + ":" + std::to_string(place.line) + "  ";
  if (time_ns != kNoTime) line += FormatTime(time_ns) + "  ";
  return Xml(line + text) + "\n";
}

std::string Evidence(const DocumentFinding& finding) {
  std::string body = "\n";
  for (size_t i = 0; i < finding.errors.size() && i < kErrors; ++i) {
    const DocumentError& error = finding.errors[i];
    const std::string kind = error.late ? "late write error: " : "write error: ";
    body += EvidenceLine(error.place, error.time_ns, kind + MessageOf(error));
  }
  if (finding.errors.size() > kErrors) {
    body += "and " + Counted(finding.errors.size() - kErrors, "more write error") + "\n";
  }
  if (finding.reported) {
    const DocumentState& reported = *finding.reported;
    body += EvidenceLine(reported.place, reported.time_ns,
                         "reported " + reported.state + ": " + reported.message);
  }
  return body + "finding " + Xml(finding.id) + ", cause " + Xml(finding.cause) + "\n";
}

// `known`: a gate lets it pass.
Case CaseOf(const DocumentFinding& finding, const GateCause* known) {
  Case made;
  made.name = CaseName(finding.task, finding.run);
  made.classname = ClassName(finding.name, finding.system);
  made.time = Seconds(finding);
  made.result = known != nullptr ? Result::kSkipped : Result::kFailed;
  made.type = std::string(known != nullptr ? "known" : "lost write") + ": " + Name(ReasonOf(finding));
  made.message = Shorten(Headline(finding) + ": " + MessageOf(FirstError(finding)), kMessage);
  if (known != nullptr && !known->why.empty()) made.message = "known (" + known->why + "): " + made.message;
  made.body = Evidence(finding);
  return made;
}

// A run without a finding. One that failed, as it said, is no success, and no fault that gainsay found.
Case CaseOf(const DocumentTask& task) {
  Case made;
  made.name = CaseName(task.task, task.run);
  made.classname = ClassName(task.name, task.system);
  if (task.verdict == "clean" || task.verdict == "recovered") return made;
  made.result = Result::kSkipped;
  made.type = "not judged: " + task.verdict;
  made.message = task.because.empty() ? task.verdict : task.verdict + ": " + task.because;
  return made;
}

// Whether the verdict was earned: an error if nothing was found but can't be ruled out.
Case CaseOfTheWhole(const Summary& summary) {
  Case made;
  made.classname = "gainsay";
  made.name = "the log can be judged";
  if (summary.inconclusive.empty() && summary.verdict != Outcome::kInconclusive) return made;
  made.result = summary.verdict == Outcome::kInconclusive ? Result::kError : Result::kSkipped;
  made.type = "not judged: inconclusive";
  made.message = summary.inconclusive.empty() ? "inconclusive" : summary.inconclusive.front();
  for (const std::string& why : summary.inconclusive) made.body += "\n- " + Xml(why);
  return made;
}

using Suites = std::map<std::string, Suite>;

Suites MakeSuites(const Document& document) {
  Suites suites;
  const auto suite = [&](const std::string& system) -> Suite& {
    return suites[system.empty() ? "tasks" : Name(system)];
  };
  const KnownFindings known(document);
  for (const DocumentFinding& finding : document.findings) {
    suite(finding.system).Add(CaseOf(finding, known.Of(finding)));
  }
  const bool all = !document.tasks.empty();
  for (const DocumentTask& task : all ? document.tasks : document.inconclusive) {
    if (task.verdict != "contradiction") suite(task.system).Add(CaseOf(task));
  }
  suites["gainsay"].Add(CaseOfTheWhole(document.summary));
  return suites;
}

}  // namespace

void WriteJunit(const Document& document, const ReportStyle&, std::ostream& out) {
  const Suites suites = MakeSuites(document);
  size_t tests = 0, failures = 0, errors = 0;
  for (const auto& [name, suite] : suites) {
    tests += suite.size();
    failures += suite.Count(Result::kFailed);
    errors += suite.Count(Result::kError);
  }
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"gainsay\" tests=\"" << tests
      << "\" failures=\"" << failures << "\" errors=\"" << errors << "\">\n";
  for (const auto& [name, suite] : suites) suite.Write(name, out);
  out << "</testsuites>\n";
}

}  // namespace gainsay
