#include "report/document_json.h"

#include <algorithm>
#include <limits>

namespace gainsay {
namespace {

std::string TextOf(const JsonTree& json, std::string_view key) { return std::string(json.Text(key)); }

uint32_t NumberOf(const JsonTree& json, std::string_view key, uint32_t otherwise) {
  const std::optional<uint64_t> count = json.at(key).count;
  return count ? static_cast<uint32_t>(std::min<uint64_t>(*count, std::numeric_limits<uint32_t>::max()))
               : otherwise;
}

int64_t TimeOf(const JsonTree& json, std::string_view key) {
  const std::optional<ParsedTime> time = ParseTime(json.Text(key), absl::UTCTimeZone());
  return time && time->has_date && time->has_year ? time->ns : kNoTime;
}

DocumentPlace PlaceOf(const JsonTree& json) {
  return {TextOf(json, "source"), json.Count("line"), json.Count("offset")};
}

std::optional<DocumentState> StateOf(const JsonTree& json) {
  if (json.kind != JsonTree::Kind::kObject) return std::nullopt;
  return DocumentState{TextOf(json, "state"), TextOf(json, "rule"), TextOf(json, "message"),
                       TextOf(json, "level"), TimeOf(json, "time"), PlaceOf(json)};
}

DocumentError ErrorOf(const JsonTree& json) {
  DocumentError error;
  error.rule = TextOf(json, "rule");
  error.reason = TextOf(json, "reason");
  error.target = TextOf(json, "target");
  error.cause = TextOf(json, "cause");
  error.message = TextOf(json, "message");
  error.error = TextOf(json, "error");
  error.level = TextOf(json, "level");
  error.time_ns = TimeOf(json, "time");
  error.place = PlaceOf(json);
  error.matched_by = TextOf(json, "matched_by");
  error.late = json.Flag("late");
  for (const auto& [group, value] : json.at("captures").members)
    error.captures.emplace_back(group, value.text);
  return error;
}

// --- of a summary ------------------------------------------------------------------------------

void AddTexts(const JsonTree& from, std::vector<std::string>* texts) {
  for (const JsonTree& item : from.items) {
    if (std::find(texts->begin(), texts->end(), item.text) == texts->end()) texts->push_back(item.text);
  }
}

void AddCounts(const JsonTree& json, Summary* summary) {
  SourceSummary& total = summary->total;
  total.lines += json.Count("lines");
  total.records += json.Count("records");
  total.malformed += json.Count("malformed");
  total.blank += json.Count("blank");
  total.folded += json.Count("folded");
  total.skipped += json.Count("skipped");
  total.bytes += json.Count("bytes");
  total.write_errors += json.Count("write_errors");
  total.unattributed += json.Count("unattributed_write_errors");
  total.terminals += json.Count("terminals");
  total.overlong += json.Count("overlong");
  total.invalid_utf8 += json.Count("invalid_utf8");
  summary->tasks += json.Count("tasks");
  for (size_t i = 0; i < kVerdictCount; ++i) {
    summary->runs[i] += json.at("runs").Count(VerdictName(static_cast<Verdict>(i)));
  }
  for (const auto& [reason, errors] : json.at("write_errors_by_reason").members) {
    summary->write_errors_by_reason[reason] += errors.count.value_or(0);
  }
}

void AddInputs(const JsonTree& inputs, Summary* summary) {
  for (const JsonTree& input : inputs.items) {
    SourceSummary& source = summary->sources.emplace_back();
    source.name = TextOf(input, "name");
    source.lines = input.Count("lines");
    source.malformed = input.Count("malformed");
    source.first_malformed_line = input.Count("first_malformed_line");
    source.null_messages = input.Count("null_messages");
    source.problem = TextOf(input, "problem");
    source.cut = input.Flag("cut");
    summary->total.null_messages += source.null_messages;
  }
}

// An entry that stands in several reports did all that they say.
void AddSuppressions(const JsonTree& uses, Summary* summary) {
  std::vector<SuppressionUse> added;
  for (const JsonTree& use : uses.items) {
    added.push_back({TextOf(use, "id"), TextOf(use, "why"), TextOf(use, "expires"), use.Count("errors"),
                     use.Count("expired")});
  }
  const size_t before = summary->suppressions.size();
  for (SuppressionUse& use : added) {
    const auto end = summary->suppressions.begin() + static_cast<ptrdiff_t>(before);
    const auto same = std::find_if(summary->suppressions.begin(), end, [&](const SuppressionUse& other) {
      return other.id == use.id && other.why == use.why && other.expires == use.expires;
    });
    if (same == end) {
      summary->suppressions.push_back(std::move(use));
    } else {
      same->errors += use.errors;
      same->expired += use.expired;
    }
  }
}

std::vector<GateCause> GateCausesOf(const JsonTree& json) {
  std::vector<GateCause> causes;
  for (const JsonTree& item : json.items) {
    GateCause& cause = causes.emplace_back();
    cause.id = TextOf(item, "id");
    for (const Standing standing : {Standing::kKnown, Standing::kExpired, Standing::kGrown}) {
      if (StandingName(standing) == item.Text("standing")) cause.standing = standing;
    }
    cause.reason = TextOf(item, "reason");
    cause.target = TextOf(item, "target");
    cause.message_template = TextOf(item, "template");
    cause.tasks = item.Count("tasks");
    cause.why = TextOf(item, "why");
    cause.expires = TextOf(item, "expires");
    cause.max_tasks = item.at("max_tasks").count;
    cause.place = TextOf(item, "entry");
  }
  return causes;
}

}  // namespace

DocumentFinding FindingOf(const JsonTree& json) {
  DocumentFinding finding;
  finding.id = TextOf(json, "id");
  finding.cause = TextOf(json, "cause");
  finding.verdict = TextOf(json, "verdict");
  finding.task = TextOf(json, "task");
  finding.name = TextOf(json, "name");
  finding.system = TextOf(json, "system");
  finding.run = NumberOf(json, "run", 1);
  finding.attempt = NumberOf(json, "attempt", 1);
  finding.started = StateOf(json.at("started"));
  finding.reported = StateOf(json.at("reported"));
  for (const JsonTree& error : json.at("errors").items) finding.errors.push_back(ErrorOf(error));
  return finding;
}

DocumentTask TaskOf(const JsonTree& json) {
  DocumentTask task;
  task.task = TextOf(json, "task");
  task.verdict = TextOf(json, "verdict");
  task.name = TextOf(json, "name");
  task.system = TextOf(json, "system");
  task.because = TextOf(json, "because");
  task.run = NumberOf(json, "run", 1);
  task.attempt = NumberOf(json, "attempt", 1);
  return task;
}

Cause CauseOf(const JsonTree& json) {
  Cause cause;
  cause.id = TextOf(json, "id");
  cause.reason = TextOf(json, "reason");
  cause.target = TextOf(json, "target");
  cause.message_template = TextOf(json, "template");
  cause.tasks = json.Count("tasks");
  cause.first_ns = TimeOf(json, "first");
  cause.last_ns = TimeOf(json, "last");
  return cause;
}

Gate GateOf(const JsonTree& json) {
  Gate gate;
  gate.failed = json.Flag("failed");
  for (const FailOn fail_on : {FailOn::kAny, FailOn::kNever}) {
    if (FailOnName(fail_on) == json.Text("fail_on")) gate.fail_on = fail_on;
  }
  gate.allow_inconclusive = json.Flag("allow_inconclusive");
  gate.max_findings = json.Count("max_findings");
  gate.new_findings = json.Count("new_findings");
  AddTexts(json.at("because"), &gate.because);
  gate.causes = GateCausesOf(json.at("causes"));
  gate.unused = GateCausesOf(json.at("unused"));
  return gate;
}

void AddTo(const JsonTree& json, Summary* summary) {
  AddCounts(json, summary);
  AddInputs(json.at("inputs"), summary);
  AddSuppressions(json.at("suppressions"), summary);
  for (const JsonTree& member : json.at("passed_over").items) {
    summary->passed_over.emplace_back(TextOf(member, "name"), TextOf(member, "why"));
  }
  AddTexts(json.at("inconclusive"), &summary->inconclusive);
  AddTexts(json.at("packs"), &summary->packs);
}

}  // namespace gainsay
