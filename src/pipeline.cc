#include "pipeline.h"

#include <optional>
#include <utility>

#include "finding/suppress.h"
#include "pipeline_records.h"
#include "record/clock.h"
#include "record/look_back.h"

namespace gainsay {
namespace {

constexpr size_t kSampleBytes = size_t{64} << 10;

// Reads one source to its end and hands its events to the correlator.
class SourceScan {
 public:
  SourceScan(const Engine& engine, const ScanInput& input, uint32_t index, Correlator* correlator)
      : engine_(engine),
        input_(input),
        index_(index),
        correlator_(correlator),
        reader_(engine.plan(), engine.texts(), input.zone),
        clock_(input.zone, std::nullopt),
        look_back_(engine.plan(), engine.texts(), input.zone) {}

  // What the source was like; an unreadable one is told there.
  absl::StatusOr<SourceSummary> Run(std::unique_ptr<ByteStream> stream) {
    clock_ = Clock(input_.zone, stream->mtime_ns());
    ChunkOptions options;
    options.chunk_bytes = input_.chunk_bytes;
    ChunkReader chunks = RecordChunks(engine_, std::move(stream), options);
    const absl::Status end = ReadChunks(&chunks);
    Flush(kNoTime);
    if (!counters().AddUp() || counters().bytes != chunks.bytes_read()) {
      return absl::InternalError("lines or bytes of " + input_.sources[index_].name + " don't add up");
    }
    return Summarize(end);
  }

 private:
  absl::Status ReadChunks(ChunkReader* chunks) {
    while (true) {
      absl::StatusOr<std::optional<Chunk>> chunk = chunks->Next();
      if (!chunk.ok()) return chunk.status();
      if (!*chunk) return absl::OkStatus();
      reader_.Open(**chunk, index_);
      while (const Record* record = reader_.Next()) {
        Take(*record);
        const uint64_t read = (*chunk)->offset + (*chunk)->bytes.size();
        if (!filter_ && input_.prefilter && has_time_ && read >= input_.prefilter_after) {
          StartFilter((*chunk)->bytes);
        }
      }
      Defer(reader_.skipped());
      look_back_.CatchUp(std::exchange(deferred_, {}), nullptr, &clock_);
    }
  }

  // Lines, next to those deferred before, that the clock is told of when it matters.
  void Defer(std::string_view lines) {
    if (lines.empty()) return;
    const char* begin = deferred_.empty() ? lines.data() : deferred_.data();
    deferred_ = {begin, static_cast<size_t>(lines.data() + lines.size() - begin)};
  }

  // Not before the first record with a time: what stands before it takes that time.
  void StartFilter(std::string_view sample) {
    const Prefilter& prefilter = engine_.prefilter();
    if (!prefilter.usable()) return;
    search_ = std::make_unique<PrefilterSearch>(prefilter, sample.substr(0, kSampleBytes));
    filter_ = std::make_unique<PrefilterScan>(*search_);
    reader_.Filter(filter_.get());
  }

  void Take(const Record& record) {
    Defer(reader_.skipped());
    engine_.matcher().Match(record, &scratch_);
    if (input_.watch) input_.watch(record, &scratch_);
    if (!deferred_.empty()) {
      // An object on a line of its own can be read again.
      if (scratch_.events.empty() && record.lines == 1 && record.raw.starts_with('{'))
        return Defer(record.raw);
      look_back_.CatchUp(std::exchange(deferred_, {}), &record, &clock_);
    }
    const int64_t time_ns = clock_.Order(record);
    has_time_ = has_time_ || time_ns != kNoTime;
    if (time_ns != kNoTime && !untimed_.empty()) Flush(time_ns);
    for (Event& event : scratch_.events) {
      event.time_ns = time_ns;
      if (event.kind == RuleKind::kError) ++write_errors_;
      if (event.kind == RuleKind::kTerminal && !event.task.empty()) ++terminals_;
      if (time_ns == kNoTime) {
        untimed_.emplace_back(event);
      } else {
        correlator_->Add(event);
      }
    }
  }

  // Events from before the first timed record take its time.
  void Flush(int64_t time_ns) {
    for (KeptEvent& kept : untimed_) {
      kept.mutable_event()->time_ns = time_ns;
      correlator_->Add(kept.event());
    }
    untimed_.clear();
  }

  const ReadCounters& counters() const { return reader_.counters(); }

  SourceSummary Summarize(const absl::Status& end) const {
    const ReadCounters& c = counters();
    SourceSummary s;
    s.name = input_.sources[index_].name;
    s.lines = c.lines;
    s.records = c.records;
    s.malformed = c.malformed;
    s.blank = c.blank;
    s.folded = c.folded;
    s.skipped = c.skipped;
    s.bytes = c.bytes;
    s.overlong = c.overlong;
    s.null_messages = c.null_messages;
    s.invalid_utf8 = c.invalid_utf8;
    s.first_malformed_line = c.first_malformed_line;
    s.terminals = terminals_;
    s.write_errors = write_errors_;
    if (!end.ok()) {
      s.problem = std::string(end.message());
      s.cut = true;
      correlator_->SourceCut(index_);
    }
    return s;
  }

  const Engine& engine_;
  const ScanInput& input_;
  const uint32_t index_;
  Correlator* correlator_;
  RecordReader reader_;
  Clock clock_;
  LookBack look_back_;
  std::string_view deferred_;  // lines, in this chunk, that the clock was not told of yet
  bool has_time_ = false;
  std::unique_ptr<PrefilterSearch> search_;
  std::unique_ptr<PrefilterScan> filter_;
  MatchScratch scratch_;
  std::vector<KeptEvent> untimed_;
  uint64_t write_errors_ = 0, terminals_ = 0;
};

absl::StatusOr<SourceSummary> ScanSource(const Engine& engine, const ScanInput& input, uint32_t index,
                                         Correlator* correlator) {
  absl::StatusOr<std::unique_ptr<ByteStream>> stream = input.open(input.sources[index]);
  if (!stream.ok()) {
    SourceSummary unreadable;
    unreadable.name = input.sources[index].name;
    unreadable.problem = std::string(stream.status().message());
    return unreadable;
  }
  return SourceScan(engine, input, index, correlator).Run(std::move(*stream));
}

}  // namespace

absl::StatusOr<Engine> Engine::Compile(RuleSet rules, const std::vector<std::string>& attributes) {
  auto parts = std::make_unique<Parts>();
  parts->rules = std::move(rules);
  parts->plan = FieldPlan::Compile(parts->rules, attributes);
  absl::StatusOr<TextFormats> texts = TextFormats::Compile(parts->rules);
  if (!texts.ok()) return texts.status();
  parts->texts = std::make_unique<TextFormats>(std::move(*texts));
  absl::StatusOr<Matcher> matcher = Matcher::Compile(parts->rules, parts->plan);
  if (!matcher.ok()) return matcher.status();
  parts->matcher = std::make_unique<Matcher>(std::move(*matcher));
  return Engine(std::move(parts));
}

const Prefilter& Engine::prefilter() const {
  std::call_once(parts_->prefilter_once,
                 [this] { parts_->prefilter = Prefilter::Derive(rules(), plan(), texts()); });
  return parts_->prefilter;
}

absl::StatusOr<ScanResult> Scan(const Engine& engine, const ScanInput& input) {
  absl::StatusOr<std::unique_ptr<Suppressions>> suppressions =
      Suppressions::Compile(engine.rules(), engine.matcher());
  if (!suppressions.ok()) return suppressions.status();

  ScanResult result;
  // From here on: bytes become events.
  Correlator correlator(engine.matcher(), suppressions->get());
  if (!input.tell_of.empty()) correlator.Tell(input.tell_of);
  for (uint32_t i = 0; i < input.sources.size(); ++i) {
    absl::StatusOr<SourceSummary> source = ScanSource(engine, input, i, &correlator);
    if (!source.ok()) return source.status();
    result.summary.sources.push_back(std::move(*source));
  }
  for (const InputProblem& problem : input.problems) {
    SourceSummary unreadable;
    unreadable.name = problem.name;
    unreadable.problem = problem.message;
    result.summary.sources.push_back(std::move(unreadable));
  }

  // From here on: events have become runs with verdicts.
  result.correlation = correlator.Finish();
  for (const Event* error : result.correlation.unattributed) {
    ++result.summary.sources[error->position.source].unattributed;
  }
  ApplyWindow(input.window, &result.correlation);
  result.findings = BuildFindings(result.correlation, engine.matcher());
  for (const Pack& pack : engine.rules().packs) result.summary.packs.push_back(pack.id);
  result.summary.suppressions = (*suppressions)->Uses();
  CompleteSummary(result.correlation, engine.matcher(), &result.summary);
  return result;
}

Report MakeReport(const Engine& engine, const ScanResult& result) {
  return {&result.correlation, &result.findings, &result.summary, &engine.matcher()};
}

}  // namespace gainsay
