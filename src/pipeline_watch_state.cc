// The fold's state as bytes, and back. Any change of what is written here, or by the settler or for an event,
// raises kWatchStateVersion.
#include "pipeline_watch_state.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "event/event_codec.h"
#include "pipeline_watch_kept.h"
#include "report/json.h"
#include "report/read_document.h"
#include "watch/counts_wire.h"

namespace gainsay {
namespace {

constexpr char kGone[] = "(files that are gone)";
constexpr int64_t kEverything = std::numeric_limits<int64_t>::max();

uint16_t RuleOfKind(const Matcher& matcher, RuleKind kind) {
  for (uint16_t i = 0; i < matcher.rule_count(); ++i) {
    if (matcher.rule(i).kind == kind) return i;
  }
  return 0;
}

// Every number of a SourceSummary, in a fixed order.
template <typename Source, typename Visit>
void ForEachCount(Source& s, Visit visit) {
  for (auto* count : {&s.lines, &s.records, &s.malformed, &s.blank, &s.folded, &s.skipped, &s.bytes,
                      &s.overlong, &s.null_messages, &s.invalid_utf8, &s.first_malformed_line, &s.terminals,
                      &s.write_errors, &s.unattributed}) {
    visit(*count);
  }
}

template <typename Counters, typename Visit>
void ForEachCounter(Counters& c, Visit visit) {
  for (auto* count : {&c.lines, &c.records, &c.malformed, &c.blank, &c.folded, &c.packed, &c.skipped,
                      &c.bytes, &c.overlong, &c.null_messages, &c.invalid_utf8, &c.first_malformed_line}) {
    visit(*count);
  }
}

void WriteCause(const Cause& cause, WireWriter* writer) {
  writer->Text(cause.id).Text(cause.reason).Text(cause.target).Text(cause.message_template);
  writer->Number(cause.tasks).Signed(cause.first_ns).Signed(cause.last_ns);
}

Cause ReadCause(WireReader* reader) {
  Cause cause;
  cause.id = reader->Text();
  cause.reason = reader->Text();
  cause.target = reader->Text();
  cause.message_template = reader->Text();
  cause.tasks = reader->Number();
  cause.first_ns = reader->Signed();
  cause.last_ns = reader->Signed();
  return cause;
}

}  // namespace

// One more; where there are many, in the place of one that nobody asks for any more: files come and go.
uint32_t WatchFold::State::NewSource(const std::string& name) {
  const size_t places = summary.sources.size();
  if (places >= options.most_sources) {
    std::vector<bool> used(places);
    for (size_t i = 0; i < places; ++i) used[i] = summary.sources[i].name == kGone;
    for (const Stream& stream : streams) used[stream.source] = true;
    for (const auto& [key, event] : settler.store().events()) used[event.event().position.source] = true;
    const auto free = std::find(used.begin(), used.end(), false);
    if (free != used.end()) return TakeSource(static_cast<uint32_t>(free - used.begin()), name);
  }
  summary.sources.emplace_back().name = name;
  return static_cast<uint32_t>(places);
}

// Its counts go to those of the others that are gone.
uint32_t WatchFold::State::TakeSource(uint32_t place, const std::string& name) {
  const auto gone = std::find_if(summary.sources.begin(), summary.sources.end(),
                                 [](const SourceSummary& source) { return source.name == kGone; });
  if (gone == summary.sources.end()) {
    summary.sources[place].name = kGone;
    summary.sources.emplace_back().name = name;
    return static_cast<uint32_t>(summary.sources.size() - 1);
  }
  std::vector<uint64_t> counts;
  ForEachCount(summary.sources[place], [&](uint64_t count) { counts.push_back(count); });
  auto next = counts.begin();
  const uint64_t first_malformed_line = gone->first_malformed_line;
  ForEachCount(*gone, [&](uint64_t& count) { count += *next++; });
  gone->first_malformed_line = first_malformed_line;
  summary.sources[place] = SourceSummary();
  summary.sources[place].name = name;
  return place;
}

void WatchFold::State::WriteStream(const Stream& stream, WireWriter* writer) {
  WritePosition(stream.position, writer);
  const int64_t* mtime_ns = stream.mtime_ns ? &*stream.mtime_ns : nullptr;
  writer->Number(stream.source)
      .Number(mtime_ns == nullptr ? 0 : 1)
      .Signed(mtime_ns == nullptr ? 0 : *mtime_ns);
  writer->Signed(stream.clock.last_ns()).Signed(stream.time.greatest_ns).Signed(stream.time.leap_ns);
  writer->Number(stream.time.witnesses).Number(stream.placed ? 1 : 0).Number(stream.ended ? 1 : 0);
  writer->Number(stream.rests ? 1 : 0);
  for (const uint64_t word : stream.fresh.memory()) writer->Number(word);
  writer->Number(stream.unplaced_records).Number(stream.unplaced.size());
  for (const KeptEvent& kept : stream.unplaced) WriteEvent(kept.event(), writer);
  ForEachCounter(stream.counters, [&](uint64_t count) { writer->Number(count); });
}

void WatchFold::State::ReadStream(WireReader* reader, const EventTranslation& translate) {
  const LivePosition position = ReadPosition(reader);
  const auto source = static_cast<uint32_t>(reader->Number());
  const bool has_mtime = reader->Number() == 1;
  const int64_t mtime_ns = reader->Signed();
  Stream stream = NewStream(position, has_mtime ? std::optional(mtime_ns) : std::nullopt, source);
  stream.clock.Resume(reader->Signed());
  stream.time.greatest_ns = reader->Signed();
  stream.time.leap_ns = reader->Signed();
  stream.time.witnesses = static_cast<uint32_t>(reader->Number());
  stream.placed = reader->Number() == 1;
  stream.ended = reader->Number() == 1;
  stream.rests = reader->Number() == 1;
  FreshTimes::Memory memory;
  for (uint64_t& word : memory) word = reader->Number();
  stream.fresh.Resume(memory);
  stream.unplaced_records = reader->Number();
  for (uint64_t left = reader->Count(); left > 0; --left) {
    std::optional<KeptEvent> event = ReadEvent(reader, translate);
    if (!event) return;
    stream.unplaced.push_back(std::move(*event));
  }
  ForEachCounter(stream.counters, [&](uint64_t& count) { count = reader->Number(); });
  if (stream.source >= summary.sources.size()) reader->Fail();
  if (reader->ok()) streams.push_back(std::move(stream));
}

size_t WatchFold::streams() const { return state_->streams.size(); }

std::string WatchFold::Save() const {
  const State& s = *state_;
  std::string bytes;
  WireWriter writer(&bytes);
  writer.Number(kWatchStateVersion).Number(s.summary.sources.size());
  for (const SourceSummary& source : s.summary.sources) {
    writer.Text(source.name);
    ForEachCount(source, [&](uint64_t count) { writer.Number(count); });
  }
  writer.Number(s.streams.size());
  for (const State::Stream& stream : s.streams) State::WriteStream(stream, &writer);
  writer.Number(s.causes.size());
  for (const auto& [id, cause] : s.causes) WriteCause(cause, &writer);
  writer.Number(s.findings).Number(s.gaps).Signed(s.marked_ns).Signed(s.last_terminal_ns);
  WriteCounts(s.write_errors, &writer);
  s.settler.Save(&writer);
  return bytes;
}

absl::Status WatchFold::State::Load(std::string_view bytes, const EventTranslation& translate) {
  WireReader reader(bytes);
  if (reader.Number() != kWatchStateVersion) return absl::DataLossError("the state is of another version");
  for (uint64_t left = reader.Count(); left > 0; --left) {
    SourceSummary& source = summary.sources.emplace_back();
    source.name = reader.Text();
    ForEachCount(source, [&](uint64_t& count) { count = reader.Number(); });
  }
  for (uint64_t left = reader.Count(); left > 0; --left) ReadStream(&reader, translate);
  for (uint64_t left = reader.Count(); left > 0; --left) {
    Cause cause = ReadCause(&reader);
    causes[cause.id] = std::move(cause);
  }
  findings = reader.Number();
  gaps = reader.Number();
  marked_ns = reader.Signed();
  last_terminal_ns = reader.Signed();
  ReadCounts(&reader, &write_errors);
  if (settler.Load(&reader, translate) && reader.ok() && reader.at_end()) return absl::OkStatus();
  return absl::DataLossError("the state is damaged");
}

absl::Status WatchFold::Load(std::string_view bytes) { return state_->Load(bytes, nullptr); }

absl::Status WatchFold::TakeOver(const WatchFold& other) {
  const Matcher &old = other.state_->engine.matcher(), &fresh = state_->engine.matcher();
  absl::flat_hash_map<std::string, uint16_t> rules, reasons;
  for (uint16_t i = 0; i < fresh.rule_count(); ++i) rules[fresh.rule(i).FullId()] = i;
  for (uint16_t i = 0; i < fresh.reason_count(); ++i) reasons[fresh.reason_name(i)] = i;
  auto translate = [&](Event* event) {
    const auto rule =
        event->rule < old.rule_count() ? rules.find(old.rule(event->rule).FullId()) : rules.end();
    // A rule that is no more: one of the same kind stands for it.
    event->rule = rule != rules.end() ? rule->second : RuleOfKind(fresh, event->kind);
    if (event->reason >= old.reason_count()) return;
    const auto reason = reasons.find(old.reason_name(event->reason));
    event->reason = reason == reasons.end() ? kNoReason : reason->second;
  };
  if (absl::Status loaded = state_->Load(other.Save(), translate); !loaded.ok()) return loaded;
  for (uint32_t i = 0; i < state_->streams.size(); ++i) Feed(i, other.state_->streams[i].chunks.held());
  return absl::OkStatus();
}

void WatchFold::Expect(std::string_view line) {
  if (line.starts_with(R"({"type":"update",)")) {
    for (size_t verdict = 0; verdict < kVerdictCount; ++verdict) {
      if (JsonText(line, "verdict") == VerdictName(static_cast<Verdict>(verdict)))
        state_->settler.ExpectChange(std::string(JsonText(line, "id")), static_cast<Verdict>(verdict));
    }
    return;
  }
  if (!line.starts_with(R"({"type":"finding",)")) return;
  DocumentReader reader;
  if (!reader.Read("findings.jsonl", line).ok()) return;
  for (const DocumentFinding& finding : reader.Finish().findings) {
    if (finding.reported) state_->settler.Expect(finding.reported->time_ns, finding.id, finding.task);
  }
}

std::vector<std::string> WatchFold::OpenTaskLines() const {
  std::map<std::pair<EventKey, std::string>, std::string> sorted;
  for (const auto& [task, kept] : state_->settler.store().tasks()) {
    if (!kept.OpenAt(kEverything)) continue;
    const Event &first = kept.events.front()->second.event(), &last = kept.events.back()->second.event();
    const auto errors = std::count_if(
        kept.events.begin(), kept.events.end(),
        [](const EventStore::Item* item) { return item->second.event().kind == RuleKind::kError; });
    sorted[{kept.events.front()->first, task}] = Json('{')
                                                     .Text("type", "open")
                                                     .Text("task", task)
                                                     .Text("name", first.name)
                                                     .Time("first", first.time_ns)
                                                     .Time("last", last.time_ns)
                                                     .Number("events", kept.events.size())
                                                     .Number("write_errors", static_cast<uint64_t>(errors))
                                                     .Close();
  }
  std::vector<std::string> lines;
  for (auto& [key, line] : sorted) lines.push_back(std::move(line));
  return lines;
}

}  // namespace gainsay
