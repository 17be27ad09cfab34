// JSON lines of one task's explanation. The keys and their order are a contract with other programs, and the
// same as in a scan's lines where they mean the same.
#include "record/severity.h"
#include "report/explanation.h"
#include "report/json.h"

namespace gainsay {
namespace {

class Lines {
 public:
  Lines(const Explanation& explanation, std::ostream& out) : explanation_(explanation), out_(out) {}

  void Write() {
    for (const RunExplanation& run : explanation_.runs) {
      WriteEvents(run);
      for (const NearMiss& miss : run.near) WriteNear(miss, &run.told->run);
      WriteRun(run);
    }
    for (const NearMiss& miss : explanation_.near) WriteNear(miss, nullptr);
    WriteSummary();
  }

 private:
  void Place(const Event& event, Json* json) const {
    const auto& sources = explanation_.summary->sources;
    const bool known = event.position.source < sources.size();
    json->Text("source", known ? sources[event.position.source].name : "");
    json->Number("line", event.position.line).Number("offset", event.position.offset);
  }

  std::string PlaceOf(const Event& event) const {
    Json json('{');
    Place(event, &json);
    return json.Close();
  }

  std::string RuleOf(const Event& event) const {
    const Matcher& matcher = *explanation_.matcher;
    return event.rule < matcher.rule_count() ? matcher.rule(event.rule).FullId() : "";
  }

  void WriteEvents(const RunExplanation& run) {
    const Event* before = nullptr;
    for (const StoryEvent& told : run.told->events) {
      WriteEvent(told, before, run.told->run);
      before = told.event;
    }
  }

  void WriteEvent(const StoryEvent& told, const Event* before, const Run& run) {
    const Event& event = *told.event;
    Json json('{');
    json.Text("type", "event").Text("task", run.task).Number("run", run.run).Number("attempt", told.attempt);
    json.Text("kind", KindName(event.kind)).Text("rule", RuleOf(event));
    if (event.kind == RuleKind::kTerminal) json.Text("state", StateName(event.state));
    if (event.kind == RuleKind::kError) json.Text("reason", ReasonName(*explanation_.matcher, event));
    if (event.kind == RuleKind::kError || event.kind == RuleKind::kResolution)
      json.Text("target", TargetName(event)).Text("subject", event.subject);
    json.Text("message", event.message);
    if (!event.error.empty()) json.Text("error", event.error);
    json.Text("level", SeverityName(event.severity)).Time("time", event.time_ns);
    const bool timed = before != nullptr && before->time_ns != kNoTime && event.time_ns != kNoTime;
    if (timed && event.time_ns >= before->time_ns)
      json.Number("gap_ns", static_cast<uint64_t>(event.time_ns) - static_cast<uint64_t>(before->time_ns));
    Place(event, &json);
    json.Text("matched_by", MatchedByName(event.matched_by));
    if (event.kind == RuleKind::kError) {
      json.Text("fate", FateName(told.fate)).Bool("late", told.late);
      if (told.resolved_by != nullptr) json.Raw("resolved_by", PlaceOf(*told.resolved_by));
    }
    out_ << json.Raw("captures", PairsAsJson(event.captures)).Close() << '\n';
  }

  void WriteNear(const NearMiss& miss, const Run* run) {
    Json others('[');
    for (const std::string& other : miss.others) others.Item(JsonString(other));
    Json json('{');
    json.Text("type", "near_miss").Text("task", explanation_.task);
    if (run != nullptr) json.Number("run", run->run);
    json.Text("kind", NearName(miss.kind)).Text("text", miss.text).Raw("others", others.Close());
    if (miss.event != nullptr) {
      json.Text("message", miss.event->message).Text("level", SeverityName(miss.event->severity));
      json.Time("time", miss.event->time_ns);
      Place(*miss.event, &json);
    }
    out_ << json.Close() << '\n';
  }

  void WriteRun(const RunExplanation& explained) {
    const Run& run = explained.told->run;
    Json json('{');
    json.Text("type", "explanation").Text("task", run.task).Number("run", run.run);
    json.Number("attempt", run.attempt).Text("verdict", VerdictName(run.verdict));
    json.Text("because", explained.because).Text("finding", explained.finding);
    json.Text("name", run.name).Text("system", run.system);
    json.Number("events", explained.told->events.size()).Number("near_misses", explained.near.size());
    out_ << json.Close() << '\n';
  }

  void WriteSummary() {
    Json similar('[');
    for (const std::string& id : explanation_.similar) similar.Item(JsonString(id));
    Json json('{');
    json.Text("type", "summary").Text("task", explanation_.task).Bool("found", explanation_.all_runs > 0);
    json.Number("runs", explanation_.all_runs).Number("explained", explanation_.runs.size());
    json.Number("named_without_event", explanation_.named_in).Raw("similar", similar.Close());
    json.Number("tasks", explanation_.summary->tasks).Number("records", explanation_.summary->total.records);
    json.Number("not_looked_at", explanation_.not_looked_at + explanation_.more_held_back);
    out_ << json.Number("exit", static_cast<uint64_t>(explanation_.exit_code)).Close() << '\n';
  }

  const Explanation& explanation_;
  std::ostream& out_;
};

}  // namespace

void WriteExplanationJsonl(const Explanation& explanation, std::ostream& out) {
  Lines(explanation, out).Write();
}

}  // namespace gainsay
