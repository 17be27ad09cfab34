// JSON lines: one object per finding, run (if asked), cause, and the summary. The keys and their order
// are a contract with other programs: what is unknown is "", only a time that no record gave is left out.
#include "record/severity.h"
#include "report/format.h"
#include "report/json.h"

namespace gainsay {
namespace {

std::string Strings(const std::vector<std::string>& strings) {
  Json array('[');
  for (const std::string& text : strings) array.Item(JsonString(text));
  return array.Close();
}

std::string_view OutcomeName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kContradiction:
      return "contradiction";
    case Outcome::kClean:
      return "clean";
    case Outcome::kInconclusive:
      return "inconclusive";
  }
  return "inconclusive";
}

void Place(const Report& report, const Position& at, Json* json) {
  json->Text("source", SourceName(report, at)).Number("line", at.line).Number("offset", at.offset);
}

std::string Reported(const Report& report, const Event* terminal) {
  if (terminal == nullptr) return "null";
  Json json('{');
  json.Text("state", StateName(terminal->state)).Time("time", terminal->time_ns);
  json.Text("rule", RuleName(report, *terminal));
  Place(report, terminal->position, &json);
  return json.Close();
}

std::string Error(const Report& report, const Unresolved& unresolved, const std::string& cause) {
  const Event& event = *unresolved.event;
  Json json('{');
  json.Text("rule", RuleName(report, event)).Text("reason", ReasonName(*report.matcher, event));
  json.Text("target", TargetName(event)).Text("cause", cause).Text("message", event.message);
  if (!event.error.empty()) json.Text("error", event.error);
  json.Text("level", SeverityName(event.severity)).Time("time", event.time_ns);
  Place(report, event.position, &json);
  json.Text("matched_by", MatchedByName(event.matched_by)).Bool("late", unresolved.late);
  return json.Raw("captures", CapturesAsJson(event)).Close();
}

std::string FindingLine(const Report& report, const Finding& finding) {
  const Run& run = *finding.run;
  Json errors('[');
  for (size_t i = 0; i < run.unresolved.size(); ++i) {
    errors.Item(Error(report, run.unresolved[i], finding.causes[i]));
  }
  Json json('{');
  json.Text("type", "finding").Text("id", finding.id);
  json.Text("cause", finding.causes.empty() ? "" : finding.causes.front());
  json.Text("verdict", VerdictName(run.verdict)).Text("task", run.task);
  json.Text("name", run.name).Text("system", run.system);
  json.Number("run", run.run).Number("attempt", run.attempt);
  json.Raw("reported", Reported(report, run.terminal));
  return json.Raw("errors", errors.Close()).Close();
}

std::string TaskLine(const Run& run) {
  Json json('{');
  json.Text("type", "task").Text("task", run.task).Number("run", run.run).Number("attempt", run.attempt);
  json.Text("verdict", VerdictName(run.verdict)).Text("name", run.name).Text("system", run.system);
  if (run.verdict == Verdict::kInconclusive) json.Text("because", run.inconclusive_because);
  return json.Close();
}

std::string CauseLine(const Cause& cause) {
  Json json('{');
  json.Text("type", "cause").Text("id", cause.id).Text("reason", cause.reason).Text("target", cause.target);
  json.Text("template", cause.message_template).Number("tasks", cause.tasks);
  return json.Time("first", cause.first_ns).Time("last", cause.last_ns).Close();
}

std::string Runs(const VerdictCounts& counts) {
  Json json('{');
  for (size_t i = 0; i < kVerdictCount; ++i) json.Number(VerdictName(static_cast<Verdict>(i)), counts[i]);
  return json.Close();
}

std::string SummaryLine(const Summary& summary) {
  const SourceSummary& total = summary.total;
  Json reasons('{');
  for (const auto& [reason, errors] : summary.write_errors_by_reason) reasons.Number(reason, errors);
  Json json('{');
  json.Text("type", "summary").Text("verdict", OutcomeName(summary.verdict));
  json.Number("lines", total.lines).Number("records", total.records).Number("malformed", total.malformed);
  json.Number("blank", total.blank).Number("folded", total.folded).Number("skipped", total.skipped);
  json.Number("bytes", total.bytes).Raw("runs", Runs(summary.runs));
  json.Number("write_errors", total.write_errors).Raw("write_errors_by_reason", reasons.Close());
  json.Number("unattributed_write_errors", total.unattributed);
  json.Raw("inconclusive", Strings(summary.inconclusive)).Raw("packs", Strings(summary.packs));
  json.Number("suppressed", SuppressedErrors(summary)).Number("sources", summary.sources.size());
  return json.Number("exit", static_cast<uint64_t>(summary.exit_code)).Close();
}

}  // namespace

std::string CapturesAsJson(const Event& event) {
  Json json('{');
  for (const auto& [group, value] : event.captures) json.Text(group, value);
  return json.Close();
}

void WriteJsonl(const Report& report, const ReportStyle& style, std::ostream& out) {
  for (const Finding& finding : report.findings->findings) out << FindingLine(report, finding) << '\n';
  if (style.all_tasks) {
    for (const Run& run : report.correlation->runs) out << TaskLine(run) << '\n';
  }
  for (const Cause& cause : report.findings->causes) out << CauseLine(cause) << '\n';
  out << SummaryLine(*report.summary) << '\n';
}

}  // namespace gainsay
