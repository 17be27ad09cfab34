// The idea: the fold is a function of bytes and marks, and this is where marks are made, since only here is a
// clock on the wall. A line that may go on is waited for a little; where nothing comes at all, event time
// goes on like the clock does, but only as far as something waits to be settled.
#include "pipeline_live.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"

namespace gainsay {
namespace {

constexpr int64_t kEverything = std::numeric_limits<int64_t>::max();
constexpr absl::Duration kPatience = absl::Milliseconds(500);  // for what may go on with a line
constexpr absl::Duration kIdle = absl::Seconds(1);
constexpr absl::Duration kTickTime = absl::Seconds(1);

// Whether it is at most so long from one time to the other.
bool AtMost(int64_t from, int64_t to, int64_t span_ns) {
  return span_ns >= 0 && (to <= from || static_cast<uint64_t>(to) - static_cast<uint64_t>(from) <=
                                            static_cast<uint64_t>(span_ns));
}

class Watcher {
 public:
  Watcher(LiveSource* source, WatchFold* fold, const WatchHooks& hooks, int64_t lateness_ns,
          int64_t settle_ns)
      : source_(source), fold_(fold), hooks_(hooks), lateness_ns_(lateness_ns), settle_ns_(settle_ns) {}

  absl::StatusOr<Document> Run() {
    absl::Status error;
    while (true) {
      const absl::StatusOr<LiveRead> read = source_->Read(Deadline());
      const absl::Time now = absl::Now();
      if (!read.ok()) {
        error = read.status();
        break;
      }
      if (read->kind == LiveRead::kEnd) break;
      Take(*read, now);
      SetMarks(now);
      PassOn();
      hooks_.tick(*fold_);
      if (!Obey()) break;
    }
    absl::StatusOr<Document> rest = fold_->Finish();
    PassOn();
    return error.ok() ? std::move(rest) : error;
  }

 private:
  struct Stream {
    bool known = false;
    uint32_t in_fold = 0;
    uint64_t read_to = 0;  // the position when lines began to be held
    absl::Time held_since = absl::InfiniteFuture();
  };

  absl::Time Deadline() const {
    const absl::Time now = absl::Now();
    absl::Time deadline = now + kTickTime;
    for (const Stream& stream : streams_) deadline = std::min(deadline, stream.held_since + kPatience);
    if (fold_->Unsettled()) deadline = std::min(deadline, now + absl::Milliseconds(100));
    return deadline;
  }

  Stream& StreamOf(const LiveRead& read) {
    if (streams_.size() <= read.stream) streams_.resize(read.stream + 1);
    return streams_[read.stream];
  }

  void Take(const LiveRead& read, absl::Time now) {
    if (read.kind == LiveRead::kIdle) return;
    Stream& stream = StreamOf(read);
    Open(read, &stream);
    last_bytes_ = now;
    if (read.kind == LiveRead::kGap) return fold_->Gap(stream.in_fold, read.why);
    fold_->Feed(stream.in_fold, read.bytes);
  }

  void Open(const LiveRead& read, Stream* stream) {
    if (stream->known && !read.fresh) return;
    LivePosition from;
    from.source = source_->Name(read.stream);
    from.identity = source_->Identity(read.stream);
    from.offset = read.offset;
    from.line = read.line;
    if (stream->known) {
      fold_->EndText(stream->in_fold);
      fold_->Restart(stream->in_fold, from, source_->MtimeNs(read.stream));
    } else {
      stream->in_fold = fold_->AddStream(from, source_->MtimeNs(read.stream));
      stream->known = true;
    }
  }

  void SetMarks(absl::Time now) {
    for (Stream& stream : streams_) {
      if (!stream.known || !fold_->HoldsLines(stream.in_fold)) {
        stream.held_since = absl::InfiniteFuture();
        continue;
      }
      const uint64_t read_to = fold_->PositionOf(stream.in_fold).offset;
      if (stream.held_since == absl::InfiniteFuture() || stream.read_to != read_to) {
        stream.held_since = now;
        stream.read_to = read_to;
      }
      if (now - stream.held_since >= kPatience) {
        fold_->Mark({stream.in_fold, fold_->LinesEnd(stream.in_fold), kNoTime});
        stream.held_since = absl::InfiniteFuture();
      }
    }
    if (now - last_bytes_ >= kIdle && fold_->Unsettled()) LetTimeGoOn(now - last_bytes_);
  }

  void LetTimeGoOn(absl::Duration idle) {
    const int64_t next = fold_->NextDecision(), greatest = fold_->greatest_time_ns();
    const int64_t idle_ns = absl::ToInt64Nanoseconds(idle);
    const bool timed = greatest != kNoTime && next != kEverything;
    const bool due =
        timed ? AtMost(greatest, next, idle_ns - lateness_ns_) : idle_ns >= lateness_ns_ + settle_ns_;
    if (!due) return;
    for (const Stream& stream : streams_) {
      if (stream.known)
        fold_->Mark({stream.in_fold, fold_->LinesEnd(stream.in_fold), timed ? next : kEverything});
    }
  }

  void PassOn() {
    const std::vector<WatchLine> lines = fold_->Take();
    for (const WatchLine& line : lines) hooks_.told(line);
    if (!lines.empty()) hooks_.flush();
  }

  // False: stop.
  bool Obey() {
    for (WatchOrder order = hooks_.order(); order != WatchOrder::kNone; order = hooks_.order()) {
      if (order == WatchOrder::kStop) return false;
    }
    return true;
  }

  LiveSource* source_;
  WatchFold* fold_;
  const WatchHooks& hooks_;
  const int64_t lateness_ns_, settle_ns_;
  std::vector<Stream> streams_;
  absl::Time last_bytes_ = absl::Now();
};

}  // namespace

absl::StatusOr<Document> RunWatch(LiveSource* source, WatchFold* fold, const WatchHooks& hooks,
                                  int64_t lateness_ns, int64_t settle_ns) {
  return Watcher(source, fold, hooks, lateness_ns, settle_ns).Run();
}

}  // namespace gainsay
