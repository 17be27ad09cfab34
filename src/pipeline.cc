#include "pipeline.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "finding/suppress.h"
#include "pipeline_read_ahead.h"
#include "pipeline_records.h"
#include "pipeline_workers.h"
#include "record/clock.h"

namespace gainsay {
namespace {

constexpr size_t kSampleBytes = size_t{64} << 10;

// The prefilter of a scan, made ready for the first log that is long enough.
class ScanFilter {
 public:
  ScanFilter(const Engine& engine, const ScanInput& input)
      : engine_(engine), wanted_(input.prefilter && !input.watch) {}

  // Null: every line is to be read.
  const PrefilterSearch* For(std::string_view sample) {
    if (!search_ && wanted_ && engine_.prefilter().usable()) {
      search_ = std::make_unique<PrefilterSearch>(engine_.prefilter(), sample.substr(0, kSampleBytes));
    }
    return search_.get();
  }

 private:
  const Engine& engine_;
  const bool wanted_;
  std::unique_ptr<PrefilterSearch> search_;
};

// The ordered half: reads one source to its end, has its chunks scanned, and hands their events, in order and
// with their place in time, to the correlator.
class SourceScan {
 public:
  SourceScan(const ScanInput& input, std::string name, uint32_t index, ScanFilter* filter,
             ChunkWorkers* workers, Correlator* correlator)
      : input_(input),
        name_(std::move(name)),
        index_(index),
        filter_(filter),
        workers_(workers),
        correlator_(correlator),
        clock_(input.zone, std::nullopt) {}

  // What the source was like; an unreadable one is told there.
  absl::StatusOr<SourceSummary> Run(const Engine& engine, std::unique_ptr<ByteStream> stream) {
    modified_ns_ = stream->mtime_ns();
    clock_ = Clock(input_.zone, modified_ns_);
    ChunkOptions options;
    options.chunk_bytes = input_.chunk_bytes;
    ChunkReader chunks = RecordChunks(engine, std::move(stream), options);
    const absl::Status end = ReadChunks(&chunks);
    Flush(kNoTime);
    if (!counters_.AddUp() || counters_.bytes != chunks.bytes_read()) {
      return absl::InternalError("lines or bytes of " + name_ + " don't add up");
    }
    return Summarize(end);
  }

 private:
  absl::Status ReadChunks(ChunkReader* chunks) {
    absl::StatusOr<std::optional<Chunk>> chunk = chunks->Next();
    for (; chunk.ok() && *chunk; chunk = chunks->Next()) {
      if (input_.tick) input_.tick(false);
      if (has_time_) {
        workers_->Push(**chunk, index_, FilterFor(**chunk));
        if (workers_->full()) TakeNext();
      } else {
        // What stands before the first record with a time takes that time, so until then nothing may be
        // skipped.
        workers_->DoHere(**chunk, index_, &first_);
        Take(&first_);
      }
    }
    while (TakeNext()) {
    }
    return chunk.status();
  }

  const PrefilterSearch* FilterFor(const Chunk& chunk) {
    const bool long_enough = chunk.offset + chunk.bytes.size() >= input_.prefilter_after;
    return long_enough ? filter_->For(chunk.bytes) : nullptr;
  }

  // False: no chunk is under way.
  bool TakeNext() {
    std::unique_ptr<ChunkJob> job = workers_->Pop();
    if (!job) return false;
    Take(&job->events);
    workers_->Recycle(std::move(job));
    return true;
  }

  void Take(ChunkEvents* chunk) {
    counters_.Add(chunk->counters);
    write_errors_ += chunk->write_errors;
    terminals_ += chunk->terminals;
    auto event = chunk->events.begin();
    for (const ChunkEvents::Step& step : chunk->steps) {
      const int64_t time_ns = clock_.Order(step.time);
      if (time_ns != kNoTime && !has_time_) {
        has_time_ = true;
        Flush(time_ns);
      }
      for (uint32_t i = 0; i < step.events; ++i, ++event) {
        event->mutable_event()->time_ns = time_ns;
        if (has_time_) {
          correlator_->Add(std::move(*event));
        } else {
          untimed_.push_back(std::move(*event));
        }
      }
    }
  }

  // Events from before the first timed record take its time.
  void Flush(int64_t time_ns) {
    for (KeptEvent& kept : untimed_) {
      kept.mutable_event()->time_ns = time_ns;
      correlator_->Add(std::move(kept));
    }
    untimed_.clear();
  }

  SourceSummary Summarize(const absl::Status& end) const {
    const ReadCounters& c = counters_;
    SourceSummary s;
    s.name = name_;
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
    s.modified_ns = modified_ns_.value_or(kNoTime);
    if (!end.ok()) {
      s.problem = std::string(end.message());
      s.cut = true;
      correlator_->SourceCut(index_);
    }
    return s;
  }

  const ScanInput& input_;
  const std::string name_;
  const uint32_t index_;
  ScanFilter* filter_;
  ChunkWorkers* workers_;
  Correlator* correlator_;
  Clock clock_;
  std::optional<int64_t> modified_ns_;
  ReadCounters counters_;
  ChunkEvents first_;
  bool has_time_ = false;
  std::vector<KeptEvent> untimed_;
  uint64_t write_errors_ = 0, terminals_ = 0;
};

SourceSummary Unreadable(const std::string& name, const absl::Status& why) {
  SourceSummary unreadable;
  unreadable.name = name;
  unreadable.problem = std::string(why.message());
  return unreadable;
}

// Reads what one argument named: a file, or the members of an archive, each a source of its own.
class MembersScan {
 public:
  MembersScan(const Engine& engine, const ScanInput& input, Correlator* correlator, Summary* summary)
      : engine_(engine),
        input_(input),
        filter_(engine, input),
        workers_(engine, input),
        correlator_(correlator),
        summary_(summary) {}

  absl::Status Run(const Source& source) {
    absl::StatusOr<std::unique_ptr<Members>> members = input_.open(source, input_.members);
    if (!members.ok()) {
      summary_->sources.push_back(Unreadable(source.name, members.status()));
      return absl::OkStatus();
    }
    if ((*members)->packed()) members = ReadAhead(std::move(*members));
    const size_t first = summary_->sources.size();
    const absl::Status read = ReadAll(members->get());
    if (absl::IsInternal(read)) return read;
    if (!read.ok() || summary_->sources.size() == first) TellArchive(source.name, read);
    const auto cut = [](const SourceSummary& s) { return s.cut; };
    const auto begin = summary_->sources.begin() + static_cast<std::ptrdiff_t>(first);
    if ((*members)->is_archive() && std::any_of(begin, summary_->sources.end(), cut)) CutAllFrom(first);
    return absl::OkStatus();
  }

 private:
  absl::Status ReadAll(Members* members) {
    while (true) {
      absl::StatusOr<std::optional<Member>> member = members->Next();
      if (!member.ok()) return member.status();
      if (!*member) return absl::OkStatus();
      if (absl::Status status = Read(std::move(**member)); !status.ok()) return status;
    }
  }

  absl::Status Read(Member member) {
    if (!member.stream.ok()) {
      summary_->sources.push_back(Unreadable(member.name, member.stream.status()));
      return absl::OkStatus();
    }
    if (!member.passed_over.empty()) {
      summary_->passed_over.emplace_back(member.name, member.passed_over);
      return absl::OkStatus();
    }
    const auto index = static_cast<uint32_t>(summary_->sources.size());
    absl::StatusOr<SourceSummary> summary =
        SourceScan(input_, member.name, index, &filter_, &workers_, correlator_)
            .Run(engine_, std::move(*member.stream));
    if (!summary.ok()) return summary.status();
    if (input_.reported != State::kNone) {
      const bool empty = summary->lines == summary->blank;
      correlator_->AddInputTask({index, member.name, input_.reported, summary->lines, summary->bytes, empty});
    }
    summary_->sources.push_back(std::move(*summary));
    return absl::OkStatus();
  }

  // Of the archive itself: that it ended early, or that there was nothing in it to read.
  void TellArchive(const std::string& name, const absl::Status& read) {
    SourceSummary archive;
    archive.name = name;
    archive.problem = std::string(read.message());
    archive.cut = !read.ok();
    summary_->sources.push_back(std::move(archive));
  }

  // The members that are missing may tell of any run of those that are there.
  void CutAllFrom(size_t first) {
    for (size_t i = first; i < summary_->sources.size(); ++i) {
      correlator_->SourceCut(static_cast<uint32_t>(i));
    }
  }

  const Engine& engine_;
  const ScanInput& input_;
  ScanFilter filter_;
  ChunkWorkers workers_;
  Correlator* correlator_;
  Summary* summary_;
};

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
  MembersScan scan(engine, input, &correlator, &result.summary);
  for (const Source& source : input.sources) {
    if (absl::Status status = scan.Run(source); !status.ok()) return status;
  }
  if (input.tick) input.tick(true);
  for (const InputProblem& problem : input.problems) {
    result.summary.sources.push_back(Unreadable(problem.name, absl::UnknownError(problem.message)));
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
