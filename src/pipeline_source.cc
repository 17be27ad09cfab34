#include "pipeline_source.h"

#include <algorithm>
#include <utility>

#include "pipeline_read_ahead.h"
#include "pipeline_records.h"
#include "pipeline_stats.h"
#include "pipeline_unpack.h"
#include "record/clock.h"

namespace gainsay {
namespace {

constexpr size_t kSampleBytes = size_t{64} << 10;
constexpr size_t kMostUnpackers = 4;
// So many chunks may be under way: for each thread, and for one of them to stop for a while (it makes the
// sieve) without the others waiting for its chunk.
constexpr size_t kEach = 3, kMore = 6;
// Of the first chunk, which no thread may scan but the one that reads: the others wait.
constexpr size_t kFirstBytes = size_t{64} << 10;

// The time that reading takes.
class TimedStream : public ByteStream {
 public:
  TimedStream(std::unique_ptr<ByteStream> stream, ScanStats* stats)
      : stream_(std::move(stream)), stats_(stats) {}
  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    const StageTimer timer(stats_, Stage::kRead);
    return stream_->Read(buffer, capacity);
  }
  std::optional<int64_t> mtime_ns() const override { return stream_->mtime_ns(); }

 private:
  std::unique_ptr<ByteStream> stream_;
  ScanStats* const stats_;
};

// Reads one member to its end, has its chunks scanned, and tells their events, in order and with their place
// in time.
class MemberScan {
 public:
  MemberScan(const ScanInput& input, std::string name, ScanFilter* filter, ChunkLine* line,
             const SourceReading::Tell& tell)
      : input_(input),
        name_(std::move(name)),
        filter_(filter),
        line_(line),
        tell_(tell),
        clock_(input.zone, std::nullopt) {}

  // What the member was like; an unreadable one is told there.
  absl::StatusOr<SourceSummary> Run(const Engine& engine, std::unique_ptr<ByteStream> stream) {
    modified_ns_ = stream->mtime_ns();
    clock_ = Clock(input_.zone, modified_ns_);
    ChunkOptions options;
    options.chunk_bytes = input_.chunk_bytes;
    options.first_bytes = kFirstBytes;
    options.count_lines = false;  // the scanners do
    ChunkReader chunks = RecordChunks(engine, std::move(stream), options);
    const absl::Status end = ReadChunks(&chunks);
    if (wanted_ && (!counters_.AddUp() || counters_.bytes != chunks.bytes_read())) {
      return absl::InternalError("lines or bytes of " + name_ + " don't add up");
    }
    Tell(std::move(untimed_));
    return Summarize(end);
  }

  bool wanted() const { return wanted_; }

 private:
  absl::StatusOr<std::optional<Chunk>> NextOf(ChunkReader* chunks) {
    const StageTimer timer(input_.stats, Stage::kCut);
    return chunks->Next();
  }

  absl::Status ReadChunks(ChunkReader* chunks) {
    absl::StatusOr<std::optional<Chunk>> chunk = NextOf(chunks);
    for (; chunk.ok() && *chunk && wanted_; chunk = NextOf(chunks)) {
      if (has_time_) {
        Push(**chunk, chunks);
        if (line_->full()) TakeNext();
      } else {
        // What stands before the first record with a time takes that time, so until then nothing may be
        // skipped.
        line_->DoHere(**chunk, &first_);
        Take(&first_);
      }
    }
    while (TakeNext()) {
    }
    return chunk.status();
  }

  void Push(const Chunk& chunk, ChunkReader* chunks) {
    const StageTimer timer(input_.stats, Stage::kCut);
    const bool long_enough = chunk.offset + chunk.bytes.size() >= input_.prefilter_after;
    line_->Push(chunk, long_enough ? Filter(chunk) : nullptr, chunks);
  }

  const PrefilterSearch* Filter(const Chunk& chunk) {
    const StageTimer timer(input_.stats, Stage::kStart);
    return filter_->For(chunk.bytes.substr(0, kSampleBytes));
  }

  // False: no chunk is under way.
  bool TakeNext() {
    std::unique_ptr<ChunkJob> job = line_->Pop();
    if (!job) return false;
    Take(&job->events);
    line_->Recycle(std::move(job));
    return true;
  }

  void Take(ChunkEvents* chunk) {
    const StageTimer timer(input_.stats, Stage::kOrder);
    NumberLines(chunk);
    counters_.Add(chunk->counters);
    write_errors_ += chunk->write_errors;
    terminals_ += chunk->terminals;
    PutInTime(chunk);
    std::vector<KeptEvent> events = std::exchange(chunk->events, {});
    if (!untimed_.empty() || !has_time_) {
      std::move(events.begin(), events.end(), std::back_inserter(untimed_));
      events.clear();
      if (has_time_) events = std::exchange(untimed_, {});
    }
    Tell(std::move(events));
  }

  // Chunks count their lines from one.
  void NumberLines(ChunkEvents* chunk) {
    for (KeptEvent& kept : chunk->events) kept.mutable_event()->position.line += counters_.lines;
    if (chunk->counters.first_malformed_line != 0) chunk->counters.first_malformed_line += counters_.lines;
  }

  void PutInTime(ChunkEvents* chunk) {
    const auto begin = chunk->events.begin();
    auto event = begin;
    for (const ChunkEvents::Step& step : chunk->steps) {
      const int64_t time_ns = clock_.Order(step.time);
      if (time_ns != kNoTime && !has_time_) {
        // Events from before the first timed record take its time.
        has_time_ = true;
        for (KeptEvent& kept : untimed_) kept.mutable_event()->time_ns = time_ns;
        for (auto before = begin; before != event; ++before) before->mutable_event()->time_ns = time_ns;
      }
      for (uint32_t i = 0; i < step.events; ++i, ++event) event->mutable_event()->time_ns = time_ns;
    }
  }

  void Tell(std::vector<KeptEvent> events) {
    SourceNews news;
    news.events = std::move(events);
    wanted_ = wanted_ && tell_(std::move(news));
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
    }
    return s;
  }

  const ScanInput& input_;
  const std::string name_;
  ScanFilter* filter_;
  ChunkLine* line_;
  const SourceReading::Tell& tell_;
  Clock clock_;
  std::optional<int64_t> modified_ns_;
  ReadCounters counters_;
  ChunkEvents first_;
  bool has_time_ = false, wanted_ = true;
  std::vector<KeptEvent> untimed_;
  uint64_t write_errors_ = 0, terminals_ = 0;
};

SourceSummary WithProblem(const std::string& name, const absl::Status& why, bool cut) {
  SourceSummary source;
  source.name = name;
  source.problem = std::string(why.message());
  source.cut = cut;
  return source;
}

// Tells of a source's members, and counts what the end of an archive depends on.
class SourceTeller {
 public:
  explicit SourceTeller(const SourceReading::Tell& tell) : tell_(tell) {}

  void End(SourceSummary summary, bool was_read) {
    ++told_;
    cut_ = cut_ || summary.cut;
    SourceNews news;
    news.end = std::move(summary);
    news.was_read = was_read;
    Tell(std::move(news));
  }
  void PassOver(const Member& member) {
    SourceNews news;
    news.passed_over = std::pair(member.name, member.passed_over);
    Tell(std::move(news));
  }
  void AllCut() {
    SourceNews news;
    news.all_cut = true;
    Tell(std::move(news));
  }
  void Unwanted() { wanted_ = false; }

  bool wanted() const { return wanted_; }
  bool cut() const { return cut_; }
  bool told_any() const { return told_ > 0; }

 private:
  void Tell(SourceNews news) { wanted_ = wanted_ && tell_(std::move(news)); }

  const SourceReading::Tell& tell_;
  size_t told_ = 0;
  bool cut_ = false, wanted_ = true;
};

}  // namespace

const PrefilterSearch* ScanFilter::For(std::string_view sample) {
  if (!wanted_) return nullptr;
  std::call_once(once_, [&] {
    if (engine_.prefilter().usable())
      search_ = std::make_unique<PrefilterSearch>(engine_.prefilter(), sample);
  });
  return search_.get();
}

SourceReading::SourceReading(const Engine& engine, const ScanInput& input, ScanFilter* filter,
                             ChunkWorkers* workers, size_t at_once)
    : engine_(engine),
      input_(input),
      filter_(filter),
      line_(workers, std::max<size_t>((kEach * JobsOf(input) + kMore) / at_once, 2)),
      unpackers_(std::max<size_t>(JobsOf(input) / at_once, 1)) {}

// The source, and how it is unpacked.
Source SourceReading::Opened(const Source& source) const {
  Source opened = source;
  if (unpackers_ < 2) return opened;
  UnpackOptions options;
  options.threads = std::min(unpackers_, kMostUnpackers);
  options.stats = input_.stats;
  opened.unpack = [options](std::unique_ptr<PackedParts> file) {
    return UnpackApart(std::move(file), options);
  };
  return opened;
}

absl::Status SourceReading::Run(const Source& source, const Tell& tell) {
  SourceTeller teller(tell);
  absl::StatusOr<std::unique_ptr<Members>> members = input_.open(Opened(source), input_.members);
  if (!members.ok()) {
    teller.End(WithProblem(source.name, members.status(), false), false);
    return absl::OkStatus();
  }
  const bool ahead = (*members)->packed();
  if (ahead) members = ReadAhead(std::move(*members), input_.stats);
  const bool is_archive = (*members)->is_archive();
  absl::StatusOr<std::optional<Member>> member = (*members)->Next();
  for (; member.ok() && *member && teller.wanted(); member = (*members)->Next()) {
    if (!(*member)->stream.ok()) {
      teller.End(WithProblem((*member)->name, (*member)->stream.status(), false), false);
    } else if (!(*member)->passed_over.empty()) {
      teller.PassOver(**member);
    } else {
      std::unique_ptr<ByteStream> stream = std::move(*(*member)->stream);
      if (!ahead && input_.stats != nullptr)
        stream = std::make_unique<TimedStream>(std::move(stream), input_.stats);
      MemberScan scan(input_, (*member)->name, filter_, &line_, tell);
      absl::StatusOr<SourceSummary> summary = scan.Run(engine_, std::move(stream));
      if (!summary.ok()) return summary.status();
      if (!scan.wanted()) return absl::OkStatus();
      teller.End(std::move(*summary), true);
    }
  }
  // Of an archive itself: that it ended early, or that there was nothing in it to read.
  if (!member.ok() || !teller.told_any())
    teller.End(WithProblem(source.name, member.status(), !member.ok()), false);
  if (is_archive && teller.cut()) teller.AllCut();
  return absl::OkStatus();
}

}  // namespace gainsay
