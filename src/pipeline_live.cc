// The idea: the fold is a function of bytes and marks, and this is where marks are made, since only here is a
// clock on the wall. A line that may go on is waited for a little; where nothing comes at all, event time
// goes on like the clock does, but only as far as something waits to be settled. What an earlier life wrote
// behind its last checkpoint is produced once more: then marks come from there, at the same places, and from
// nowhere else.
#include "pipeline_live.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "finding/phrase.h"
#include "pipeline_live_streams.h"
#include "pipeline_watch_keeper.h"
#include "pipeline_watch_resume.h"

namespace gainsay {
namespace {

constexpr int64_t kEverything = std::numeric_limits<int64_t>::max();
constexpr absl::Duration kPatience = absl::Milliseconds(500);  // for what may go on with a line
constexpr absl::Duration kIdle = absl::Seconds(1);
constexpr absl::Duration kTickTime = absl::Seconds(1);
constexpr absl::Duration kDrainTime = absl::Seconds(10);       // for what waits at the end
constexpr absl::Duration kReplayPatience = absl::Seconds(10);  // for input that an earlier life has read

// Whether it is at most so long from one time to the other.
bool AtMost(int64_t from, int64_t to, int64_t span_ns) {
  return span_ns >= 0 && (to <= from || static_cast<uint64_t>(to) - static_cast<uint64_t>(from) <=
                                            static_cast<uint64_t>(span_ns));
}

class Watcher {
  using Stream = LiveStream;

 public:
  Watcher(LiveSource* source, std::unique_ptr<WatchFold>* fold, const WatchHooks& hooks, const WatchRun& run)
      : source_(source),
        fold_(*fold),
        hooks_(hooks),
        run_(run),
        keeper_(run, hooks),
        streams_(source, fold) {}

  WatchEnd Run() {
    WatchEnd end;
    Begin();
    while (keeper_.status().ok()) {
      const absl::StatusOr<LiveRead> read = source_->Read(Deadline());
      const absl::Time now = absl::Now();
      if (!read.ok()) end.source = read.status();
      if (!read.ok() || read->kind == LiveRead::kEnd) break;
      Take(*read, now);
      SetMarks(now);
      PassOn();
      if (keeper_.Due(fed_, now)) Checkpoint();
      TellPressure();
      hooks_.tick(*fold_);
      end.stopped = !Obey();
      if (end.stopped) break;
    }
    Close(&end);
    return end;
  }

 private:
  // ---- Beginning and end -------------------------------------------------------------

  // The first checkpoint comes before anything is read: it says which files there are.
  void Begin() {
    keeper_.Begin(fold_.get());
    const bool resumed = fold_->streams() > 0;
    const bool one = streams_.Match() <= 1;
    // Several streams come in any order.
    if (!run_.replay || !one) keeper_.BreakReplay(fold_.get());
    if (keeper_.replaying()) keeper_.ObeyMarks(fold_.get());
    if (resumed && !source_->HoldsBack()) CheckPipe();
    PassOn();
    Checkpoint();
  }

  // What was held back is used in this life, or in the next one.
  void UseWhatWaits() {
    if (!source_->HoldsBack()) return;
    source_->StopReading();
    if (run_.state != nullptr && Keep()) return;
    const absl::Time deadline = absl::Now() + kDrainTime;
    while (keeper_.status().ok() && absl::Now() < deadline) {
      const absl::StatusOr<LiveRead> read = source_->Read(deadline);
      if (!read.ok() || read->kind == LiveRead::kEnd) return;
      Take(*read, absl::Now());
      PassOn();
    }
    const LiveBacklog left = source_->Backlog();
    hooks_.note(Counted(left.memory_bytes + left.spill_bytes, "byte") +
                " that were read are not judged: there was no time left");
  }

  // journalctl brings again what it brought, from the cursor on.
  bool Keep() {
    const LivePosition position = fold_->PositionOf(streams_[0].in_fold);
    return position.cursor.empty() && source_->Keep(position.offset, fold_->Held(streams_[0].in_fold));
  }

  // A pipe can't be read again, but journalctl may fill it again from where we were.
  void CheckPipe() {
    if (!source_->HasCursors()) return;
    for (Stream& stream : streams_) {
      if (fold_->HoldsLines(stream.in_fold)) Mark(stream, kNoTime);
      const LivePosition position = fold_->PositionOf(stream.in_fold);
      stream.entry = EntrySearch(position.cursor);
      if (position.cursor.empty() && !fold_->Ended(stream.in_fold)) {
        TellGap(&stream, "a pipe can't be read again: what was in it when gainsay ended is lost");
      }
    }
  }

  void Close(WatchEnd* end) {
    if (end->stopped) UseWhatWaits();
    const bool leave = (end->stopped || !end->source.ok()) && run_.state != nullptr;
    if (!leave) {
      for (Stream& stream : streams_) {
        if (stream.entry.wanted()) EndSearch(&stream);
        fold_->EndText(stream.in_fold);
      }
      keeper_.ObeyMarks(fold_.get());
      PassOn();
      keeper_.BreakReplay(fold_.get());
      if (run_.state != nullptr) MarkAll(kEverything);
      PassOn();
    }
    Checkpoint();
    end->rest = fold_->Finish();
    if (!leave) PassOn();
    end->state = keeper_.status();
  }

  void EndSearch(Stream* stream) {
    const std::string rest = stream->entry.Rest();
    if (!stream->entry.why().empty()) TellGap(stream, stream->entry.why());
    Feed(stream, rest);
  }

  absl::Time Deadline() const {
    const absl::Time now = absl::Now();
    absl::Time deadline = now + kTickTime;
    for (const Stream& stream : streams_) deadline = std::min(deadline, stream.held_since + kPatience);
    if (fold_->Unsettled()) deadline = std::min(deadline, now + absl::Milliseconds(100));
    return deadline;
  }

  // ---- Reading -----------------------------------------------------------------------

  void Take(const LiveRead& read, absl::Time now) {
    if (read.kind == LiveRead::kOpened) {
      opened_ = true;
      return streams_.Open(read.stream);
    }
    if (read.kind == LiveRead::kClosed) return CloseStream(&streams_[read.stream]);
    // Which files there are is known before any of them is used.
    if (std::exchange(opened_, false)) Checkpoint();
    for (Stream& stream : streams_) ++stream.reads_since;
    if (read.kind == LiveRead::kIdle) return;
    Stream& stream = streams_[read.stream];
    stream.last_bytes = last_bytes_ = now;
    stream.reads_since = 0;
    if (read.kind == LiveRead::kGap) return TellGap(&stream, read.why);
    if (read.kind == LiveRead::kLost) return TellLoss(&stream, read);
    if (read.kind == LiveRead::kRenewed) return CheckPipe();
    if (read.fresh) Begin(read, &stream);
    if (!stream.entry.wanted()) return Feed(&stream, read.bytes);
    const std::string rest = stream.entry.Take(read.bytes);
    if (stream.entry.wanted()) return;
    if (stream.entry.passed_over() > 1) {
      hooks_.note(std::to_string(stream.entry.passed_over()) +
                  " entries were read before and are passed over; --cursor='" + stream.entry.cursor() +
                  "' spares journalctl these");
    }
    if (!stream.entry.why().empty()) TellGap(&stream, stream.entry.why());
    Feed(&stream, rest);
  }

  void CloseStream(Stream* stream) {
    fold_->EndText(stream->in_fold);
    PassOn();
    stream->closed = true;
  }

  // Another text, unless it is the one that the state knows. What was held of the one before is whole now.
  // Nothing of it is used before a checkpoint knows it: should it be rotated, it is found again.
  void Begin(const LiveRead& read, Stream* stream) {
    const LivePosition known = fold_->PositionOf(stream->in_fold);
    if (read.continues && !stream->lost && read.offset == known.offset) return;
    fold_->EndText(stream->in_fold);
    keeper_.ObeyMarks(fold_.get());
    PassOn();
    LivePosition from = streams_.BeginOf(read.stream);
    from.offset = read.offset;
    from.line = read.line;
    fold_->Restart(stream->in_fold, from, source_->MtimeNs(read.stream));
    stream->lost = false;
    Checkpoint();
  }

  void Feed(Stream* stream, std::string_view bytes) {
    if (bytes.empty()) return;
    stream->lost = false;
    fed_ += bytes.size();
    // Line by line as long as marks may have to be set in between.
    while (keeper_.replaying() && !bytes.empty()) {
      const size_t line = std::min(bytes.find('\n'), bytes.size() - 1) + 1;
      fold_->Feed(stream->in_fold, bytes.substr(0, line));
      PassOn();
      keeper_.ObeyMarks(fold_.get());
      bytes.remove_prefix(line);
    }
    fold_->Feed(stream->in_fold, bytes);
  }

  // It comes from the moment, so nobody may have to tell it again.
  void TellGap(Stream* stream, const std::string& why) {
    PassOn();
    keeper_.KnowAll(fold_.get());
    fold_->Gap(stream->in_fold, why);
    stream->lost = true;
    PassOn();
    Checkpoint();
  }

  // What follows is new: nobody has told it before. A life that ends before the next checkpoint has lost
  // more, and knows it.
  void TellLoss(Stream* stream, const LiveRead& read) {
    if (fold_->HoldsLines(stream->in_fold)) Mark(*stream, kNoTime);
    PassOn();
    fold_->Gap(stream->in_fold, read.why, read.lost);
    hooks_.note(Counted(read.lost.lines, "line") + " (" + Counted(read.lost.bytes, "byte") +
                ") of the input are lost: " + read.why);
    PassOn();
  }

  void TellPressure() {
    WatchPressure pressure;
    pressure.backlog = source_->Backlog();
    pressure.since_checkpoint = run_.state == nullptr ? 0 : fed_;
    pressure.unwritten_findings = keeper_.unwritten_bytes();
    if (pressure.backlog.losing && !told_losing_) {
      hooks_.note(
          "the input comes faster than it can be judged, and there is no room left for it: lines are lost");
    }
    told_losing_ = pressure.backlog.losing;
    hooks_.pressure(pressure);
  }

  // ---- Marks -------------------------------------------------------------------------

  void SetMarks(absl::Time now) {
    if (keeper_.replaying()) {
      if (now - last_bytes_ < kReplayPatience) return;
      TellGap(&streams_.front(), "what was read of it before gainsay ended does not come again");
    }
    for (Stream& stream : streams_) {
      if (stream.closed) continue;
      MarkHeld(now, &stream);
      // It was its turn meanwhile, and it had nothing.
      const bool rests = stream.reads_since > 2 * streams_.size() &&
                         now - stream.last_bytes >= kIdle + absl::Nanoseconds(run_.lateness_ns);
      if (rests && streams_.size() > 1) fold_->Rest(stream.in_fold);
    }
    if (now - last_bytes_ >= kIdle && fold_->Unsettled()) LetTimeGoOn(now - last_bytes_);
  }

  void MarkHeld(absl::Time now, Stream* stream) {
    const uint64_t read_to = fold_->PositionOf(stream->in_fold).offset;
    if (!fold_->HoldsLines(stream->in_fold)) {
      stream->held_since = absl::InfiniteFuture();
    } else if (stream->held_since == absl::InfiniteFuture() || stream->read_to != read_to) {
      stream->held_since = now;
      stream->read_to = read_to;
    } else if (now - stream->held_since >= kPatience) {
      Mark(*stream, kNoTime);
      stream->held_since = absl::InfiniteFuture();
    }
  }

  void LetTimeGoOn(absl::Duration idle) {
    const int64_t next = fold_->NextDecision(), greatest = fold_->greatest_time_ns();
    const int64_t idle_ns = absl::ToInt64Nanoseconds(idle);
    const bool timed = greatest != kNoTime && next != kEverything;
    const bool due = timed ? AtMost(greatest, next, idle_ns - run_.lateness_ns)
                           : idle_ns >= run_.lateness_ns + run_.settle_ns;
    if (due) MarkAll(timed ? next : kEverything);
  }

  void Mark(const Stream& stream, int64_t time_ns) {
    const WatchMark mark{stream.in_fold, fold_->LinesEnd(stream.in_fold), time_ns};
    PassOn();
    keeper_.Remember(mark, *fold_);
    fold_->Mark(mark);
  }

  // What is held is read first, so that it isn't late.
  void MarkAll(int64_t time_ns) {
    if (streams_.empty()) return;
    for (size_t i = 0; i + 1 < streams_.size(); ++i) {
      if (fold_->HoldsLines(streams_[i].in_fold)) Mark(streams_[i], kNoTime);
    }
    Mark(streams_.back(), time_ns);
  }

  // ---- What comes of it --------------------------------------------------------------

  void PassOn() {
    const std::vector<WatchLine> lines = fold_->Take();
    for (const WatchLine& line : lines) keeper_.Tell(line);
    if (!lines.empty()) hooks_.flush();
  }

  // Everything was told.
  void Checkpoint() {
    if (run_.state == nullptr) return;
    fed_ = 0;
    WatchKept kept;
    kept.source = run_.source;
    kept.positions = streams_.Positions();
    const absl::Status written = keeper_.Checkpoint(std::move(kept), *fold_);
    if (written.ok() && source_->HoldsBack()) source_->Release(fold_->PositionOf(streams_[0].in_fold).offset);
    if (absl::IsResourceExhausted(written)) source_->Release(UINT64_MAX);
  }

  // False: stop.
  bool Obey() {
    for (WatchOrder order = hooks_.order(); order != WatchOrder::kNone; order = hooks_.order()) {
      if (order == WatchOrder::kStop) return false;
      if (order == WatchOrder::kDump) hooks_.dump(fold_->OpenTaskLines());
      if (order == WatchOrder::kReload) Reload();
    }
    return true;
  }

  void Reload() {
    std::string rules;
    std::unique_ptr<WatchFold> fresh = hooks_.reload(&rules);
    if (fresh == nullptr) return;
    keeper_.SetRules(rules, fold_.get());
    if (const absl::Status taken = fresh->TakeOver(*fold_); !taken.ok()) {
      return hooks_.note("the old rules stay: " + std::string(taken.message()));
    }
    fold_ = std::move(fresh);
    PassOn();
    Checkpoint();
  }

  LiveSource* source_;
  std::unique_ptr<WatchFold>& fold_;
  const WatchHooks& hooks_;
  const WatchRun& run_;
  WatchKeeper keeper_;
  LiveStreams streams_;
  absl::Time last_bytes_ = absl::Now();
  uint64_t fed_ = 0;  // since the last checkpoint
  bool told_losing_ = false;
  bool opened_ = false;  // streams, since the last checkpoint
};

}  // namespace

WatchEnd RunWatch(LiveSource* source, std::unique_ptr<WatchFold>* fold, const WatchHooks& hooks,
                  const WatchRun& run) {
  return Watcher(source, fold, hooks, run).Run();
}

}  // namespace gainsay
