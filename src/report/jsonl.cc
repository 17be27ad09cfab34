// JSON lines: one object per finding, run (if asked), cause, and the summary. The keys and their order
// are a contract with other programs: what is unknown is "", only a time that no record gave is left out.
// read_document.h reads them back, so that writing again what was read gives the same bytes.
#include "report/format.h"
#include "report/json.h"

namespace gainsay {
namespace {

std::string Strings(const std::vector<std::string>& strings) {
  Json array('[');
  for (const std::string& text : strings) array.Item(JsonString(text));
  return array.Close();
}

void Place(const DocumentPlace& at, Json* json) {
  json->Text("source", at.source).Number("line", at.line).Number("offset", at.offset);
}

std::string StateObject(const DocumentState& state) {
  Json json('{');
  json.Text("state", state.state).Time("time", state.time_ns).Text("rule", state.rule);
  json.Text("message", state.message).Text("level", state.level);
  Place(state.place, &json);
  return json.Close();
}

std::string ErrorObject(const DocumentError& error) {
  Json json('{');
  json.Text("rule", error.rule).Text("reason", error.reason).Text("target", error.target);
  json.Text("cause", error.cause).Text("message", error.message);
  if (!error.error.empty()) json.Text("error", error.error);
  json.Text("level", error.level).Time("time", error.time_ns);
  Place(error.place, &json);
  json.Text("matched_by", error.matched_by).Bool("late", error.late);
  return json.Raw("captures", PairsAsJson(error.captures)).Close();
}

}  // namespace

std::string FindingLine(const DocumentFinding& finding) {
  Json errors('[');
  for (const DocumentError& error : finding.errors) errors.Item(ErrorObject(error));
  Json json('{');
  json.Text("type", "finding").Text("id", finding.id).Text("cause", finding.cause);
  json.Text("verdict", finding.verdict).Text("task", finding.task);
  json.Text("name", finding.name).Text("system", finding.system);
  json.Number("run", finding.run).Number("attempt", finding.attempt);
  if (finding.started) json.Raw("started", StateObject(*finding.started));
  json.Raw("reported", finding.reported ? StateObject(*finding.reported) : "null");
  return json.Raw("errors", errors.Close()).Close();
}

namespace {

// `json` is the object that the run is told in.
std::string RunObject(Json json, const DocumentTask& task) {
  json.Text("task", task.task).Number("run", task.run).Number("attempt", task.attempt);
  json.Text("verdict", task.verdict).Text("name", task.name).Text("system", task.system);
  if (task.verdict == VerdictName(Verdict::kInconclusive)) json.Text("because", task.because);
  return json.Close();
}

}  // namespace

std::string TaskLine(const DocumentTask& task) {
  return RunObject(std::move(Json('{').Text("type", "task")), task);
}

namespace {

std::string InconclusiveRuns(const Document& document) {
  Json runs('[');
  for (const DocumentTask& run : document.inconclusive) runs.Item(RunObject(Json('{'), run));
  return runs.Close();
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

// Whether a later report has something to say of this input, beside that it was there.
bool WorthTelling(const SourceSummary& source, const Summary& summary) {
  return summary.sources.size() == 1 || !source.problem.empty() || source.cut || source.malformed > 0 ||
         source.null_messages > 0;
}

std::string Inputs(const Summary& summary) {
  Json inputs('[');
  for (const SourceSummary& source : summary.sources) {
    if (!WorthTelling(source, summary)) continue;
    Json json('{');
    json.Text("name", source.name).Number("lines", source.lines).Number("malformed", source.malformed);
    json.Number("first_malformed_line", source.first_malformed_line);
    json.Number("null_messages", source.null_messages);
    inputs.Item(json.Text("problem", source.problem).Bool("cut", source.cut).Close());
  }
  return inputs.Close();
}

std::string PassedOver(const Summary& summary) {
  Json members('[');
  for (const auto& [name, why] : summary.passed_over) {
    members.Item(Json('{').Text("name", name).Text("why", why).Close());
  }
  return members.Close();
}

std::string Suppressions(const Summary& summary) {
  Json uses('[');
  for (const SuppressionUse& use : summary.suppressions) {
    Json json('{');
    json.Text("id", use.id).Text("why", use.why).Text("expires", use.expires);
    uses.Item(json.Number("errors", use.errors).Number("expired", use.expired).Close());
  }
  return uses.Close();
}

std::string GateCauses(const std::vector<GateCause>& causes) {
  Json array('[');
  for (const GateCause& cause : causes) {
    Json json('{');
    json.Text("id", cause.id).Text("standing", StandingName(cause.standing)).Text("reason", cause.reason);
    json.Text("target", cause.target).Text("template", cause.message_template).Number("tasks", cause.tasks);
    json.Text("why", cause.why).Text("expires", cause.expires);
    if (cause.max_tasks) json.Number("max_tasks", *cause.max_tasks);
    array.Item(json.Text("entry", cause.place).Close());
  }
  return array.Close();
}

std::string GateLine(const Gate& gate) {
  Json json('{');
  json.Text("type", "gate").Bool("failed", gate.failed).Text("fail_on", FailOnName(gate.fail_on));
  json.Bool("allow_inconclusive", gate.allow_inconclusive).Number("max_findings", gate.max_findings);
  json.Number("new_findings", gate.new_findings).Raw("because", Strings(gate.because));
  json.Raw("causes", GateCauses(gate.causes)).Raw("unused", GateCauses(gate.unused));
  return json.Close();
}

void Counts(const Summary& summary, Json* json) {
  const SourceSummary& total = summary.total;
  Json reasons('{');
  for (const auto& [reason, errors] : summary.write_errors_by_reason) reasons.Number(reason, errors);
  json->Number("lines", total.lines).Number("records", total.records).Number("malformed", total.malformed);
  json->Number("blank", total.blank).Number("folded", total.folded).Number("skipped", total.skipped);
  json->Number("bytes", total.bytes).Raw("runs", Runs(summary.runs));
  json->Number("write_errors", total.write_errors).Raw("write_errors_by_reason", reasons.Close());
  json->Number("unattributed_write_errors", total.unattributed);
}

std::string SummaryLine(const Document& document) {
  const Summary& summary = document.summary;
  Json json('{');
  json.Text("type", "summary").Text("verdict", OutcomeName(summary.verdict));
  Counts(summary, &json);
  json.Raw("inconclusive", Strings(summary.inconclusive)).Raw("packs", Strings(summary.packs));
  json.Number("suppressed", SuppressedErrors(summary)).Number("sources", summary.sources.size());
  json.Number("tasks", summary.tasks).Number("terminals", summary.total.terminals);
  json.Number("overlong", summary.total.overlong).Number("invalid_utf8", summary.total.invalid_utf8);
  json.Raw("inconclusive_runs", InconclusiveRuns(document))
      .Raw("inputs", Inputs(summary))
      .Raw("passed_over", PassedOver(summary));
  json.Raw("suppressions", Suppressions(summary)).Text("version", document.version);
  return json.Number("exit", static_cast<uint64_t>(summary.exit_code)).Close();
}

}  // namespace

void WriteJsonl(const Document& document, const ReportStyle& style, std::ostream& out) {
  static_cast<void>(style);
  for (const DocumentFinding& finding : document.findings) out << FindingLine(finding) << '\n';
  for (const DocumentTask& task : document.tasks) out << TaskLine(task) << '\n';
  for (const Cause& cause : document.causes) out << CauseLine(cause) << '\n';
  if (document.gate) out << GateLine(*document.gate) << '\n';
  out << SummaryLine(document) << '\n';
}

}  // namespace gainsay
