#include "report/document.h"

#include "record/severity.h"
#include "report/report.h"

namespace gainsay {
namespace {

class DocumentMaker {
 public:
  explicit DocumentMaker(const Report& report) : report_(report) {}

  DocumentFinding Of(const Finding& finding) const {
    const Run& run = *finding.run;
    DocumentFinding made;
    made.id = finding.id;
    if (!finding.causes.empty()) made.cause = finding.causes.front();
    made.verdict = VerdictName(run.verdict);
    made.task = run.task;
    made.name = run.name;
    made.system = run.system;
    made.run = run.run;
    made.attempt = run.attempt;
    if (run.start != nullptr) made.started = State(*run.start, "started");
    if (run.terminal != nullptr) made.reported = State(*run.terminal, StateName(run.terminal->state));
    for (size_t i = 0; i < run.unresolved.size(); ++i) {
      made.errors.push_back(Error(run.unresolved[i], finding.causes[i]));
    }
    return made;
  }

  static DocumentTask Of(const Run& run) {
    DocumentTask task;
    task.task = run.task;
    task.verdict = VerdictName(run.verdict);
    task.name = run.name;
    task.system = run.system;
    if (run.verdict == Verdict::kInconclusive) task.because = run.inconclusive_because;
    task.run = run.run;
    task.attempt = run.attempt;
    return task;
  }

 private:
  std::string RuleName(const Event& event) const {
    return event.rule < report_.matcher->rule_count() ? report_.matcher->rule(event.rule).FullId() : "";
  }

  DocumentPlace Place(const Event& event) const {
    const auto& sources = report_.summary->sources;
    const Position& at = event.position;
    return {at.source < sources.size() ? sources[at.source].name : "", at.line, at.offset};
  }

  DocumentState State(const Event& event, std::string_view state) const {
    return {std::string(state),
            RuleName(event),
            std::string(event.message),
            std::string(SeverityName(event.severity)),
            event.time_ns,
            Place(event)};
  }

  DocumentError Error(const Unresolved& unresolved, const std::string& cause) const {
    const Event& event = *unresolved.event;
    DocumentError error;
    error.rule = RuleName(event);
    error.reason = ReasonName(*report_.matcher, event);
    error.target = TargetName(event);
    error.cause = cause;
    error.message = event.message;
    error.error = event.error;
    error.level = SeverityName(event.severity);
    error.time_ns = event.time_ns;
    error.place = Place(event);
    error.matched_by = MatchedByName(event.matched_by);
    error.late = unresolved.late;
    for (const auto& [group, value] : event.captures) error.captures.emplace_back(group, value);
    return error;
  }

  const Report& report_;
};

}  // namespace

DocumentTask MakeDocumentTask(const Run& run) { return DocumentMaker::Of(run); }

Document MakeDocument(const Report& report, bool all_tasks) {
  const DocumentMaker maker(report);
  Document document;
  for (const Finding& finding : report.findings->findings) document.findings.push_back(maker.Of(finding));
  for (const Run& run : report.correlation->runs) {
    if (all_tasks) document.tasks.push_back(DocumentMaker::Of(run));
    if (run.verdict != Verdict::kInconclusive || document.inconclusive.size() == kInconclusiveKept) continue;
    document.inconclusive.push_back(DocumentMaker::Of(run));
  }
  document.causes = report.findings->causes;
  document.summary = *report.summary;
  document.version = GAINSAY_VERSION;
  return document;
}

}  // namespace gainsay
