// The idea: each stream has a chunk reader that is fed and a clock; what they make of the bytes are events in
// input order, which go to one settler. Event time is that of the stream that has come least far, and is told
// to the settler after each record, so that it does not matter how many records came at once.
#include <algorithm>
#include <limits>
#include <sstream>
#include <utility>

#include "input/cursor.h"
#include "pipeline_records.h"
#include "pipeline_watch_state.h"
#include "report/format.h"
#include "report/json.h"

namespace gainsay {
namespace {

constexpr int64_t kEverything = std::numeric_limits<int64_t>::max();
// So many records without any time, and a stream has none.
constexpr uint64_t kUntimedRecords = 1000;
constexpr size_t kMostCauses = 10'000;
constexpr size_t kSampleBytes = size_t{64} << 10;

void AddCounters(const ReadCounters& c, SourceSummary* s) {
  s->lines += c.lines;
  s->records += c.records;
  s->malformed += c.malformed;
  s->blank += c.blank;
  s->folded += c.folded;
  s->skipped += c.skipped;
  s->bytes += c.bytes;
  s->overlong += c.overlong;
  s->null_messages += c.null_messages;
  s->invalid_utf8 += c.invalid_utf8;
  if (s->first_malformed_line == 0) s->first_malformed_line = c.first_malformed_line;
}

}  // namespace

WatchFold::State::Stream WatchFold::State::NewStream(const LivePosition& from,
                                                     std::optional<int64_t> mtime_ns,
                                                     std::optional<uint32_t> source) {
  ChunkOptions chunk_options;
  chunk_options.first_line = from.line;
  chunk_options.offset = from.offset;
  if (!source) source = NewSource(from.source);
  return {from,
          *source,
          mtime_ns,
          RecordChunks(engine, chunk_options),
          Clock(options.zone, mtime_ns),
          {},
          {},
          {},
          false,
          0,
          {},
          false,
          false};
}

void WatchFold::State::ReadWhatIsThere(Stream* stream) {
  for (absl::StatusOr<std::optional<Chunk>> chunk = stream->chunks.Next(); chunk.ok() && *chunk;
       chunk = stream->chunks.Next()) {
    TakeChunk(**chunk, stream);
  }
}

// What stands before the first record with a time takes that time, so until then nothing may be skipped. Of a
// small piece more would have to be read twice than is saved.
const PrefilterSearch* WatchFold::State::FilterFor(const Chunk& chunk, const Stream& stream) {
  bytes_fed += chunk.bytes.size();
  if (!stream.placed || chunk.bytes.size() < options.prefilter_least) return nullptr;
  return bytes_fed < options.prefilter_after ? nullptr : line_filter.For(chunk.bytes.substr(0, kSampleBytes));
}

// Where journald kept messages of a unit back, the chunk is cut: what is open then is known when what stood
// before it was taken, however the bytes came.
void WatchFold::State::TakeChunk(const Chunk& chunk, Stream* stream) {
  if (LastCursor(chunk.bytes).empty()) return TakePart(chunk, stream);
  Chunk part = chunk;
  for (const KeptBack& kept : KeptBackIn(chunk.bytes)) {
    part.bytes = chunk.bytes.substr(part.offset - chunk.offset, kept.begin - (part.offset - chunk.offset));
    if (!part.bytes.empty()) {
      TakePart(part, stream);
      part.offset += part.bytes.size();
      part.first_line = stream->position.line;
    }
    LoseUnit(kept, *stream);
  }
  part.bytes = chunk.bytes.substr(part.offset - chunk.offset);
  TakePart(part, stream);
}

void WatchFold::State::TakePart(const Chunk& chunk, Stream* stream) {
  events.Clear();
  scanner.Scan(chunk, stream->source, FilterFor(chunk, *stream), &events, &stream->fresh);
  stream->counters.Add(events.counters);
  SourceSummary& source = summary.sources[stream->source];
  AddCounters(events.counters, &source);
  source.terminals += events.terminals;
  source.write_errors += events.write_errors;
  stream->position.offset = chunk.offset + chunk.bytes.size() + chunk.overlong_bytes;
  stream->position.line = chunk.first_line + events.counters.lines;
  if (const std::string_view cursor = LastCursor(chunk.bytes); !cursor.empty()) {
    stream->position.cursor = cursor;
  }
  TakeEvents(stream);
}

void WatchFold::State::TakeEvents(Stream* stream) {
  auto event = events.events.begin();
  for (const ChunkEvents::Step& step : events.steps) TakeStep(step, &event, stream);
}

// How far the stream has come is told by the records that give events, and by those that may tell a new time:
// these are read in any case, so it does not matter which others are.
void WatchFold::State::TakeStep(const ChunkEvents::Step& step, std::vector<KeptEvent>::iterator* event,
                                Stream* stream) {
  const bool tells = step.told > 0 || step.events > 0 || !stream->placed;
  int64_t time_ns = step.time.ns;
  if (step.in_order) {
    const int64_t place_ns = stream->clock.Order(step.time);
    if (place_ns != kNoTime && !stream->placed) Place(place_ns, stream);
    for (uint32_t i = 0; i < step.events; ++i) TakeEvent(std::move(*(*event)++), place_ns, stream);
    if (!stream->placed && ++stream->unplaced_records == kUntimedRecords) Place(kNoTime, stream);
    if (step.events > 0 || !step.time.IsWhole()) time_ns = place_ns;
  }
  if (!tells) return;
  stream->time.See(time_ns, step.told > 0 ? step.told - 1 : 0);
  AdvanceTime();
}

void WatchFold::State::TakeEvent(KeptEvent event, int64_t time_ns, Stream* stream) {
  event.mutable_event()->time_ns = time_ns;
  CountEvent(event.event());
  if (stream->placed) {
    settler.Add(std::move(event));
  } else {
    stream->unplaced.push_back(std::move(event));
  }
}

void WatchFold::State::CountEvent(const Event& event) {
  if (event.kind == RuleKind::kTerminal) last_terminal_ns = std::max(last_terminal_ns, event.time_ns);
  if (event.kind == RuleKind::kError) {
    write_errors.Add({TargetName(event), std::string(ReasonName(engine.matcher(), event))});
  }
}

// What came before the first record with a time takes that time.
void WatchFold::State::Place(int64_t time_ns, Stream* stream) {
  stream->placed = true;
  for (KeptEvent& kept : stream->unplaced) {
    kept.mutable_event()->time_ns = time_ns;
    settler.Add(std::move(kept));
  }
  stream->unplaced.clear();
}

void WatchFold::State::AdvanceTime() {
  int64_t least = kEverything;
  for (const Stream& stream : streams) {
    const bool timeless = stream.placed && stream.time.greatest_ns == kNoTime;
    if (!stream.ended && !stream.rests && !timeless) least = std::min(least, stream.time.greatest_ns);
  }
  if (least == kEverything || least < std::numeric_limits<int64_t>::min() + options.lateness_ns + 1) {
    settler.Advance(marked_ns);
  } else {
    settler.Advance(std::max(marked_ns, least - options.lateness_ns));
  }
}

void WatchFold::State::Found(const Correlation&, const Finding& finding) {
  static const Correlation kNoRuns;
  Findings one;
  one.findings.push_back(finding);
  one.causes = CausesOf(one.findings, engine.matcher());
  AddCauses(one.causes);
  ++findings;
  WatchLine line;
  line.document = MakeDocument({&kNoRuns, &one, &summary, &engine.matcher()});
  line.kind = WatchLine::kFinding;
  line.json = FindingLine(line.document.findings[0]);
  std::ostringstream text;
  ReportStyle style = options.style;
  style.quiet = true;
  Write(Format::kText, line.document, style, text);
  line.text = text.str();
  line.id = finding.id;
  line.cause = line.document.findings[0].cause;
  line.task = finding.run->task;
  lines.push_back(std::move(line));
}

void WatchFold::State::AddCauses(const std::vector<Cause>& some) {
  for (const Cause& cause : some) {
    if (causes.size() >= kMostCauses && !causes.contains(cause.id)) continue;
    const auto [at, added] = causes.try_emplace(cause.id, cause);
    Cause& known = at->second;
    known.findings.clear();
    if (added) continue;
    ++known.tasks;
    if (cause.first_ns != kNoTime) known.first_ns = std::min(known.first_ns, cause.first_ns);
    known.last_ns = std::max(known.last_ns, cause.last_ns);
  }
}

void WatchFold::State::Changed(const std::string& id, const std::string& task, Verdict verdict) {
  WatchLine line;
  line.kind = WatchLine::kUpdate;
  line.id = id;
  line.task = task;
  line.verdict = verdict;
  line.json = Json('{').Text("type", "update").Text("id", id).Text("verdict", VerdictName(verdict)).Close();
  line.text =
      "finding " + id + " of " + EscapeText(task) + " is now: " + std::string(VerdictName(verdict)) + "\n\n";
  lines.push_back(std::move(line));
}

void WatchFold::State::Forgotten(const Run& run) {
  if (!options.all_tasks) return;
  WatchLine line;
  line.kind = WatchLine::kTask;
  line.verdict = run.verdict;
  line.task = run.task;
  line.json = TaskLine(MakeDocumentTask(run));
  lines.push_back(std::move(line));
}

absl::StatusOr<std::unique_ptr<WatchFold>> WatchFold::Make(const Engine& engine,
                                                           const WatchOptions& options) {
  absl::StatusOr<std::unique_ptr<Suppressions>> suppressions =
      Suppressions::Compile(engine.rules(), engine.matcher());
  if (!suppressions.ok()) return suppressions.status();
  WatchOptions checked = options;
  checked.settling.retain_ns = std::max(checked.settling.retain_ns, checked.settling.settle_ns);
  return std::unique_ptr<WatchFold>(
      new WatchFold(std::make_unique<State>(engine, checked, std::move(*suppressions))));
}

WatchFold::WatchFold(std::unique_ptr<State> state) : state_(std::move(state)) {}
WatchFold::~WatchFold() = default;

uint32_t WatchFold::AddStream(const LivePosition& from, std::optional<int64_t> mtime_ns) {
  state_->streams.push_back(state_->NewStream(from, mtime_ns));
  return static_cast<uint32_t>(state_->streams.size() - 1);
}

void WatchFold::Restart(uint32_t stream, const LivePosition& from, std::optional<int64_t> mtime_ns) {
  State::Stream& old = state_->streams[stream];
  const EventTime time = old.time;
  const bool unread = old.counters.lines == 0;
  old = state_->NewStream(from, mtime_ns, unread ? std::optional(old.source) : std::nullopt);
  old.time = time;
}

void WatchFold::Feed(uint32_t stream, std::string_view bytes) {
  if (bytes.empty()) return;
  State::Stream& fed = state_->streams[stream];
  fed.ended = fed.rests = false;
  fed.chunks.Feed(bytes);
  state_->ReadWhatIsThere(&fed);
}

void WatchFold::EndText(uint32_t stream) {
  State::Stream& ending = state_->streams[stream];
  if (ending.ended) return;
  ending.chunks.Feed({});
  state_->ReadWhatIsThere(&ending);
  if (!ending.placed) state_->Place(kNoTime, &ending);
  ending.ended = true;
}

void WatchFold::Rest(uint32_t stream) {
  if (std::exchange(state_->streams[stream].rests, true)) return;
  state_->AdvanceTime();
}

void WatchFold::Mark(const WatchMark& mark) {
  State::Stream& stream = state_->streams[mark.stream];
  stream.chunks.CutHere();
  state_->ReadWhatIsThere(&stream);
  if (mark.time_ns == kEverything) {
    for (State::Stream& one : state_->streams) {
      if (!one.placed) state_->Place(kNoTime, &one);
    }
    state_->settler.SettleAll();
  } else if (mark.time_ns != kNoTime) {
    state_->marked_ns = std::max(state_->marked_ns, mark.time_ns);
    state_->AdvanceTime();
  }
}

bool WatchFold::HoldsLines(uint32_t stream) const { return state_->streams[stream].chunks.holds_lines(); }

std::string_view WatchFold::Held(uint32_t stream) const { return state_->streams[stream].chunks.held(); }

bool WatchFold::Ended(uint32_t stream) const { return state_->streams[stream].ended; }

bool WatchFold::Unsettled() const { return state_->settler.Unsettled(); }

int64_t WatchFold::NextDecision() const { return state_->settler.NextDecision(); }

uint64_t WatchFold::LinesEnd(uint32_t stream) const { return state_->streams[stream].chunks.lines_end(); }

int64_t WatchFold::greatest_time_ns() const {
  int64_t greatest = kNoTime;
  for (const State::Stream& stream : state_->streams) greatest = std::max(greatest, stream.time.greatest_ns);
  return greatest;
}

LivePosition WatchFold::PositionOf(uint32_t stream) const { return state_->streams[stream].position; }

std::vector<WatchLine> WatchFold::Take() { return std::exchange(state_->lines, {}); }

WatchFigures WatchFold::Figures() const {
  const State& s = *state_;
  WatchFigures figures;
  figures.tally = s.settler.forgotten();
  for (const SourceSummary& source : s.summary.sources) {
    figures.lines += source.lines;
    figures.records += source.records;
    figures.terminals += source.terminals;
    figures.write_errors += source.write_errors;
    figures.bytes += source.bytes;
    figures.malformed += source.malformed;
    figures.null_messages += source.null_messages;
  }
  figures.write_errors_by_target = s.write_errors;
  figures.kept_events = s.settler.store().events().size();
  figures.evicted = s.settler.evicted();
  figures.findings = s.findings;
  figures.watermark_ns = s.settler.watermark_ns();
  figures.last_terminal_ns = s.last_terminal_ns;
  return figures;
}

OpenTasks WatchFold::Open(int64_t silent_since_ns) const {
  return CountOpenTasks(state_->settler.store(), silent_since_ns);
}

absl::StatusOr<Document> WatchFold::Finish() {
  State& s = *state_;
  for (uint32_t i = 0; i < s.streams.size(); ++i) {
    EndText(i);
    if (!s.streams[i].counters.AddUp()) {
      return absl::InternalError("lines of " + s.streams[i].position.source + " don't add up");
    }
  }
  s.suppressions->Reset();
  const Correlation rest = s.settler.Finish();
  for (const Run& run : rest.runs) s.Forgotten(run);
  for (const Event* error : rest.unattributed) ++s.summary.sources[error->position.source].unattributed;
  Tally tally = s.settler.forgotten();
  tally.Add(TallyOf(rest, s.engine.matcher()));
  for (const Pack& pack : s.engine.rules().packs) s.summary.packs.push_back(pack.id);
  s.summary.suppressions = s.suppressions->Uses();
  if (s.gaps > 0) {
    s.summary.inconclusive.push_back("the input has gaps (" + std::to_string(s.gaps) +
                                     "): what stood there is unknown");
  }
  CompleteSummary(tally, &s.summary);
  Findings told;  // the findings themselves were told
  for (auto& [id, cause] : s.causes) told.causes.push_back(cause);
  SortCauses(&told.causes);
  return MakeDocument({&rest, &told, &s.summary, &s.engine.matcher()});
}

}  // namespace gainsay
