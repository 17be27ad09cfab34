// What the rules make of single records, for the authors of rules.
#include <algorithm>
#include <map>
#include <utility>

#include "event/pattern_reach.h"
#include "pipeline_records.h"

namespace gainsay {
namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

void Put(std::string name, std::string_view value, Values* values) {
  if (!value.empty()) values->emplace_back(std::move(name), std::string(value));
}

Values FieldsOf(const Record& record) {
  Values fields;
  Put("level", SeverityName(record.severity), &fields);
  if (record.time_ns != kNoTime) {
    Put(record.time_has_date && record.time_has_year ? "time" : "time of day", FormatTime(record.time_ns),
        &fields);
  }
  for (size_t i = 0; i < kNamedFieldCount; ++i) {
    const auto field = static_cast<Field>(i);
    if (field == Field::kTime || field == Field::kLevel) continue;
    if (field == Field::kMessage) {
      Put("message", record.message, &fields);
    } else if (field == Field::kError) {
      Put("error", record.error, &fields);
    } else {
      Put(std::string(FieldName(field)), record.field(field), &fields);
    }
  }
  Put("unit", record.field(Field::kOuterTask), &fields);
  return fields;
}

RecordExplanation::Fired Describe(const Engine& engine, const Event& event) {
  const Rule& rule = engine.matcher().rule(event.rule);
  RecordExplanation::Fired fired{rule.FullId(), std::string(KindName(event.kind)), {}};
  Put("state", StateName(event.state), &fired.values);
  if (event.reason != kNoReason) Put("reason", engine.matcher().reason_name(event.reason), &fired.values);
  if (event.kind == RuleKind::kError || event.kind == RuleKind::kResolution) {
    Put("target", TargetName(event), &fired.values);
  }
  Put("task", event.task, &fired.values);
  if (!event.task.empty()) Put("matched_by", MatchedByName(event.matched_by), &fired.values);
  Put("name", event.name, &fired.values);
  Put("run", event.run, &fired.values);
  Put("subject", event.subject, &fired.values);
  for (const auto& [group, value] : event.captures) Put(std::string(group), value, &fired.values);
  return fired;
}

// A record without a level passes every level test.
std::string ErrorButForLevel(const Engine& engine, Record record) {
  if (record.severity == kNoSeverity) return "";
  record.severity = kNoSeverity;
  MatchScratch scratch;
  engine.matcher().Match(record, &scratch);
  for (const Event& event : scratch.events) {
    if (event.kind == RuleKind::kError) return engine.matcher().rule(event.rule).FullId();
  }
  return "";
}

// Why a rule that would take the record gives no event.
std::string Precedence(const Engine& engine, const Rule& rule, const std::vector<Event>& events) {
  for (const Event& event : events) {
    const std::string winner = engine.matcher().rule(event.rule).FullId();
    if (event.kind == rule.kind) return winner + " comes first";
    const bool lifecycle = event.kind == RuleKind::kStart || event.kind == RuleKind::kTerminal;
    if (lifecycle && rule.kind == RuleKind::kError)
      return "a " + std::string(KindName(event.kind)) + " gives no error";
  }
  return "";
}

class Explainer {
 public:
  explicit Explainer(const Engine& engine) : engine_(engine) {
    for (const Pack& pack : engine.rules().packs) {
      if (pack.builtin) continue;
      for (const Rule& rule : pack.rules) {
        if (!rule.pattern.empty()) reaches_.emplace(&rule, PatternReach(rule.pattern));
      }
    }
  }

  RecordExplanation Explain(const Record& record);

 private:
  std::string WhySilent(const Record& record, const RuleTrace& trace, const std::vector<Event>& events) const;

  const Engine& engine_;
  std::map<const Rule*, PatternReach> reaches_;  // of the rules that are not built in
};

// Why a rule is silent that one could think of; "" for all others.
std::string Explainer::WhySilent(const Record& record, const RuleTrace& trace,
                                 const std::vector<Event>& events) const {
  if (trace.fired) return Precedence(engine_, *trace.rule, events);
  if (trace.near) return trace.why;
  // The author of a rule wants to know where its pattern gives up.
  const auto found = reaches_.find(trace.rule);
  const std::string reach = found == reaches_.end() ? "" : found->second.On(record.message);
  return reach.empty() ? "" : "the pattern matches only as far as '" + reach + "'";
}

RecordExplanation Explainer::Explain(const Record& record) {
  RecordExplanation explanation;
  explanation.line = std::string(record.raw.substr(0, record.raw.find('\n')));
  explanation.fields = FieldsOf(record);
  for (const TextFormat* format : record.formats) {
    if (format != nullptr) explanation.formats.push_back(format->pack + "/" + format->id);
  }
  const std::string text = std::string(record.message) + "\n" + std::string(record.error);
  for (const uint16_t reason : engine_.matcher().ReasonsIn(text)) {
    explanation.reasons.push_back(engine_.matcher().reason_name(reason));
  }
  MatchScratch scratch;
  engine_.matcher().Match(record, &scratch);
  for (const Event& event : scratch.events) explanation.events.push_back(Describe(engine_, event));
  for (const RuleTrace& trace : engine_.matcher().Explain(record)) {
    const bool won = std::any_of(scratch.events.begin(), scratch.events.end(), [&](const Event& event) {
      return &engine_.matcher().rule(event.rule) == trace.rule;
    });
    const std::string why = won ? "" : WhySilent(record, trace, scratch.events);
    if (!why.empty()) explanation.silent.emplace_back(trace.rule->FullId(), why);
  }
  if (scratch.events.empty()) explanation.but_for_level = ErrorButForLevel(engine_, record);
  return explanation;
}

}  // namespace

std::vector<RecordExplanation> ExplainRecords(const Engine& engine, const std::string& text,
                                              ReadCounters* counters) {
  std::vector<RecordExplanation> explanations;
  Explainer explainer(engine);
  // Memory ends, and does not break off.
  (void)ForEachRecord(
      engine, MemoryStream(text),
      [&](const Record& record) { explanations.push_back(explainer.Explain(record)); }, counters);
  return explanations;
}

}  // namespace gainsay
