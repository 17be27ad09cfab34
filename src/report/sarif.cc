// SARIF 2.1.0, one result per finding. Written for GitHub's code scanning, which is the strictest reader:
// one location that it can't take, and it rejects the file. Each location is therefore a physical one with a
// relative URI and all four numbers of its region.
//
// Sources. The format: OASIS, SARIF 2.1.0; message strings double their braces (3.11.5), and "[a](b)" in one
// is a link (3.11.6). GitHub (docs, "SARIF support for code scanning"): 25,000 results a run, of which 5,000
// are shown; 10,000 thread flow locations a result, of which 1,000 are shown; descriptions of rules up to
// 1,024 characters, names 255; of the partial fingerprints it reads `primaryLocationLineHash` only; no empty
// string where something is required; "locationFromSarifResult: expected a physical location" and "SARIF URI
// scheme … did not match" end an upload. It takes regions like Trivy's: line N, column 1 to line N, column 1.
#include <map>
#include <ostream>
#include <string>
#include <utility>

#include "finding/phrase.h"
#include "report/format.h"
#include "report/headline.h"
#include "report/json.h"
#include "report/location.h"
#include "report/reason_help.h"

namespace gainsay {
namespace {

constexpr size_t kResults = 25000;
constexpr size_t kErrorsInFlow = 100;
constexpr size_t kMessage = 1000;  // characters of a log message within a sentence

// Text of a log within a SARIF message, so that it is neither a placeholder nor a link.
std::string InMessage(std::string_view raw) {
  std::string text;
  for (const char c : Shorten(raw, kMessage)) {
    if (c == '(' && text.ends_with(']')) text += ' ';
    text += c;
    if (c == '{' || c == '}') text += c;
  }
  return text;
}

std::string Message(const std::string& text) {
  return Json('{').Text("text", text.empty() ? "(no text)" : text).Close();
}

std::string PhysicalLocation(const DocumentPlace& place, const ReportStyle& style) {
  const uint64_t line = LineNumber(place.line);
  Json region('{');
  region.Number("startLine", line).Number("startColumn", 1).Number("endLine", line).Number("endColumn", 1);
  Json artifact('{');
  artifact.Text("uri", PathAsUri(RelativePath(place.source, style.directory)));
  return Json('{').Raw("artifactLocation", artifact.Close()).Raw("region", region.Close()).Close();
}

// --- rules -----------------------------------------------------------------------------------

// "LostWriteSchemaMismatch", the style of SARIF's rule names.
std::string PascalCase(std::string_view reason) {
  std::string name;
  bool upper = true;
  for (const char c : reason) {
    const bool lower_case = c >= 'a' && c <= 'z';
    const bool keep = lower_case || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (keep) name += upper && lower_case ? static_cast<char>(c - 32) : c;
    upper = !keep;
  }
  return "LostWrite" + Shorten(name, 200);
}

std::string RuleObject(const std::string& reason) {
  const ReasonHelp& help = HelpFor(reason);
  const std::string full = "A task reported success although its log shows that a write was lost. ";
  const std::string meaning(help.meaning), remedy(help.remedy);
  Json text('{');
  text.Text("text", full + meaning + " What to do: " + remedy);
  text.Text("markdown", full + "\n\n**What it means.** " + meaning + "\n\n**What to do.** " + remedy);
  Json properties('{');
  properties.Raw("tags", R"(["data-loss","reliability"])").Text("precision", "high");
  properties.Text("problem.severity", "error");
  Json rule('{');
  rule.Text("id", reason).Text("name", PascalCase(reason));
  rule.Raw("shortDescription", Message(std::string(help.title)))
      .Raw("fullDescription", Message(full + meaning));
  rule.Raw("help", text.Close()).Raw("defaultConfiguration", R"({"level":"error"})");
  return rule.Raw("properties", properties.Close()).Close();
}

// All standard reasons, whether found or not (what a tool can find changes with the tool only), then those
// that packs added.
class Rules {
 public:
  Rules() : text_('[') {
    for (const ReasonHelp& help : AllReasonHelp()) IndexOf(std::string(help.reason));
  }

  size_t IndexOf(const std::string& reason) {
    const auto [it, added] = index_.emplace(reason, index_.size());
    if (added) text_.Item("\n" + RuleObject(reason));
    return it->second;
  }

  std::string Close() { return text_.Close(); }

 private:
  Json text_;
  std::map<std::string, size_t> index_;
};

// --- results ---------------------------------------------------------------------------------

std::string FlowLocation(const DocumentPlace& place, int64_t time_ns, const std::string& text,
                         const ReportStyle& style) {
  Json location('{');
  location.Raw("physicalLocation", PhysicalLocation(place, style)).Raw("message", Message(text));
  return Json('{').Raw("location", location.Close()).Time("executionTimeUtc", time_ns).Close();
}

// From the start over the errors to the terminal, and what came after it: a way through the log.
std::string CodeFlow(const DocumentFinding& finding, const ReportStyle& style) {
  Json locations('[');
  const auto add_state = [&](const DocumentState& state, const std::string& what) {
    const std::string text = state.message.empty() ? what : what + ": " + InMessage(state.message);
    locations.Item(FlowLocation(state.place, state.time_ns, text, style));
  };
  const auto add_errors = [&](bool late) {
    size_t shown = 0;
    for (const DocumentError& error : finding.errors) {
      if (error.late != late || ++shown > kErrorsInFlow) continue;
      const std::string text = (late ? "late write error: " : "write error: ") + InMessage(MessageOf(error));
      locations.Item(FlowLocation(error.place, error.time_ns, text, style));
    }
  };
  if (finding.started) add_state(*finding.started, "started");
  add_errors(false);
  if (finding.reported) add_state(*finding.reported, "reported " + InMessage(finding.reported->state));
  add_errors(true);
  const std::string flow = Json('{').Raw("locations", locations.Close()).Close();
  return "[" + Json('{').Raw("threadFlows", "[" + flow + "]").Close() + "]";
}

// What the sentences above say, for programs.
std::string Properties(const DocumentFinding& finding) {
  const DocumentError& error = FirstError(finding);
  Json properties('{');
  properties.Text("finding", finding.id).Text("cause", finding.cause);
  properties.Text("task", finding.task).Text("name", finding.name).Text("system", finding.system);
  properties.Number("run", finding.run).Number("attempt", finding.attempt);
  properties.Text("target", error.target).Text("message", error.message).Text("error", error.error);
  return properties.Number("errors", finding.errors.size()).Close();
}

std::string Fingerprints(const DocumentFinding& finding) {
  return Json('{')
      .Text("primaryLocationLineHash", finding.cause)
      .Text("gainsayCause/v1", finding.cause)
      .Close();
}

// How a finding stands to the gate's baseline; `known` is null for one that counts.
void AddStanding(const GateCause* known, Json* result) {
  result->Text("baselineState", known != nullptr ? "unchanged" : "new");
  if (known == nullptr) return;
  const std::string why = known->why.empty() ? "known: it stands in the baseline" : known->why;
  Json suppression('{');
  suppression.Text("kind", "external").Text("status", "accepted").Text("justification", why);
  result->Raw("suppressions", "[" + suppression.Close() + "]");
}

std::string Result(const DocumentFinding& finding, size_t rule, const GateCause* known, bool gated,
                   const ReportStyle& style) {
  const DocumentError& error = FirstError(finding);
  const bool placed = !finding.errors.empty() || !finding.reported;
  const DocumentPlace& place = placed ? error.place : finding.reported->place;
  const std::string text = InMessage(Headline(finding)) + ". Task " + InMessage(TaskAndRun(finding)) +
                           ", finding " + InMessage(finding.id) + ": " + InMessage(MessageOf(error));
  const std::string location = Json('{').Raw("physicalLocation", PhysicalLocation(place, style)).Close();
  Json result('{');
  result.Text("ruleId", ReasonOf(finding)).Number("ruleIndex", rule);
  result.Text("level", known != nullptr ? "note" : "error");
  if (gated) AddStanding(known, &result);
  result.Raw("message", Message(text)).Raw("locations", "[" + location + "]");
  if (!finding.cause.empty()) result.Raw("partialFingerprints", Fingerprints(finding));
  if (!finding.id.empty())
    result.Raw("fingerprints", Json('{').Text("gainsayFinding/v1", finding.id).Close());
  return result.Raw("codeFlows", CodeFlow(finding, style)).Raw("properties", Properties(finding)).Close();
}

// --- the run ---------------------------------------------------------------------------------

bool ReadToTheEnd(const Summary& summary) {
  for (const SourceSummary& source : summary.sources) {
    if (source.cut || !source.problem.empty()) return false;
  }
  return summary.exit_code != 2;
}

std::string Notification(const std::string& text) {
  return Json('{').Raw("message", Message(text)).Text("level", "warning").Close();
}

// That a clean result could not be earned stands here: without it no alert looks like a clean log.
std::string Invocation(const Document& document, size_t left_out) {
  Json notes('[');
  for (const std::string& why : document.summary.inconclusive) {
    notes.Item(Notification("inconclusive: " + InMessage(why)));
  }
  if (left_out > 0) {
    notes.Item(Notification(Counted(left_out, "more finding") + " left out: code scanning takes " +
                            Thousands(kResults) + " results"));
  }
  Json invocation('{');
  invocation.Bool("executionSuccessful", ReadToTheEnd(document.summary));
  invocation.Raw("exitCode", std::to_string(document.summary.exit_code));
  return "[" + invocation.Raw("toolExecutionNotifications", notes.Close()).Close() + "]";
}

// The version stands in a file that was read back as well, which may say anything.
bool IsSemantic(const std::string& version) {
  return !version.empty() && version.find_first_not_of("0123456789.") == std::string::npos;
}

std::string Tool(const Document& document, Rules* rules) {
  Json driver('{');
  driver.Text("name", "gainsay");
  if (IsSemantic(document.version)) {
    driver.Text("version", document.version).Text("semanticVersion", document.version);
  }
  return Json('{').Raw("driver", driver.Raw("rules", rules->Close()).Close()).Close();
}

}  // namespace

void WriteSarif(const Document& document, const ReportStyle& style, std::ostream& out) {
  Rules rules;
  const KnownFindings known(document);
  out << R"({"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"results":[)";
  size_t written = 0;
  for (size_t index : WorstFirst(document)) {
    if (written == kResults) break;
    const DocumentFinding& finding = document.findings[index];
    out << (written++ == 0 ? "\n" : ",\n")
        << Result(finding, rules.IndexOf(ReasonOf(finding)), known.Of(finding), document.gate.has_value(),
                  style);
  }
  out << "],\n\"invocations\":" << Invocation(document, document.findings.size() - written);
  out << ",\n\"tool\":" << Tool(document, &rules) << "}]}\n";
}

}  // namespace gainsay
