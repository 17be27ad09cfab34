// A log that never ends: bytes in as they arrive, findings out once they are settled.
//
//   WatchFold fold(engine, options);
//   const uint32_t log = fold.AddStream({.source = "-"}, std::nullopt);
//   fold.Feed(log, bytes);                       // any number, cut anywhere
//   for (const WatchLine& line : fold.Take()) …
//   fold.End();
//   Document rest = fold.Finish();
//
// What it tells, and in which order, is a function of the bytes and of the marks (below) alone: not of how
// the bytes were cut, of threads, or of any clock. Thread rules: one fold, one thread.
#ifndef GAINSAY_PIPELINE_WATCH_H_
#define GAINSAY_PIPELINE_WATCH_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "input/live.h"
#include "pipeline.h"
#include "report/report.h"
#include "watch/open_tasks.h"
#include "watch/settler.h"

namespace gainsay {

struct WatchOptions {
  Zone zone = absl::UTCTimeZone();    // of times that name none
  int64_t lateness_ns = 5 * kSecond;  // the watermark is the greatest event time less this
  SettlerOptions settling;
  // Lines that can't matter are not read, behind the first so many bytes, and where a piece is worth it.
  // Results don't depend on it, but for the counts of lines.
  bool prefilter = true;
  uint64_t prefilter_after = uint64_t{1} << 20;
  size_t prefilter_least = size_t{16} << 10;
  ReportStyle style;           // of the lines' text
  bool all_tasks = false;      // a line for each run that is forgotten
  size_t most_sources = 1000;  // are told apart in the summary, if no more are open
};

// What is told while the watch goes on.
struct WatchLine {
  enum Kind : uint8_t { kFinding, kUpdate, kTask, kGap, kStateLost, kWatermark };
  Kind kind = kFinding;
  std::string json;  // one line, without its newline
  std::string text;  // lines for people, each with its newline; "" for what is for programs alone
  // Findings and updates.
  std::string id, cause, task;
  Verdict verdict = Verdict::kContradiction;
  Document document;  // kFinding: the one finding and its causes
};

// Where the bytes of a stream come to a halt for a while: nobody wants to wait for what may never come. What
// is there is read as it is, and event time goes on to `time_ns` (kNoTime: it stays; INT64_MAX: everything
// is settled). Whoever reads the same bytes again has to set the same marks at the same places.
struct WatchMark {
  uint32_t stream = 0;
  uint64_t offset = 0;  // in that stream: the end of its last whole line
  int64_t time_ns = kNoTime;
};

// How things stand, for metrics.
struct WatchFigures {
  Tally tally;  // of what was forgotten
  uint64_t lines = 0, records = 0, bytes = 0, malformed = 0, null_messages = 0;
  uint64_t terminals = 0, write_errors = 0;  // events that were read, whatever becomes of them
  BoundedCounts write_errors_by_target;      // target, reason
  uint64_t kept_events = 0, evicted = 0;
  uint64_t findings = 0;
  int64_t watermark_ns = kNoTime, last_terminal_ns = kNoTime;
};

// What a state hangs on: what events are made of, and how they are written down.
std::string FingerprintOf(const RuleSet& rules, const WatchOptions& options);

class WatchFold {
 public:
  // The engine must outlive it.
  static absl::StatusOr<std::unique_ptr<WatchFold>> Make(const Engine& engine, const WatchOptions& options);
  ~WatchFold();

  // A stream, which begins (or goes on) at this position. Its number counts from 0.
  uint32_t AddStream(const LivePosition& from, std::optional<int64_t> mtime_ns);

  // More bytes of the stream.
  void Feed(uint32_t stream, std::string_view bytes);
  // The stream goes on with another text (a rotated file), or does not go on at all.
  void EndText(uint32_t stream);
  void Restart(uint32_t stream, const LivePosition& from, std::optional<int64_t> mtime_ns);
  // One of several streams brings nothing: until it does, event time goes on without it.
  void Rest(uint32_t stream);
  // Records may be missing before what follows; so much of them is known to be.
  void Gap(uint32_t stream, const std::string& why, const LostInput& lost = {});

  // Reads what is there, and lets event time go on.
  void Mark(const WatchMark& mark);
  // Whole lines wait for what may go on with them.
  bool HoldsLines(uint32_t stream) const;
  std::string_view Held(uint32_t stream) const;  // all of what was fed behind PositionOf
  // Something waits to be settled, and the event time at which it will be; INT64_MAX where nothing tells.
  bool Unsettled() const;
  int64_t NextDecision() const;
  uint64_t LinesEnd(uint32_t stream) const;  // where a mark would be
  int64_t greatest_time_ns() const;          // of the records so far

  // From where to go on: behind the last record that was read.
  LivePosition PositionOf(uint32_t stream) const;

  // The streams that there are, by their numbers: also those of a fold that was loaded.
  size_t streams() const;
  bool Ended(uint32_t stream) const;  // by EndText, and not gone on with

  // All that it holds but for bytes that are not part of a whole record yet: who loads it into a new fold
  // with the same rules and options, and feeds each stream from its position on, is told what the first one
  // would have told. What was told and not taken is not part of it. Errors: DataLoss, these are no such
  // bytes.
  std::string Save() const;
  absl::Status Load(std::string_view bytes);
  // Takes over from a fold with another engine, wholly: the rules were replaced. Events whose rule is no more
  // keep what they said.
  absl::Status TakeOver(const WatchFold& other);
  // A line that somebody told who had read on from here (Settler::Expect).
  void Expect(std::string_view line);

  // The tasks that are open, as JSON objects of one line each, oldest first.
  std::vector<std::string> OpenTaskLines() const;

  std::vector<WatchLine> Take();
  WatchFigures Figures() const;
  // Tasks that have not ended; and those that started, and were silent since (CountOpenTasks).
  OpenTasks Open(int64_t silent_since_ns) const;

  // All streams have ended: settles everything (what is new is told by Take()), and gives the causes and the
  // summary of all that was read. An error means that lines don't add up, which is a bug.
  absl::StatusOr<Document> Finish();

 private:
  struct State;
  explicit WatchFold(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace gainsay

#endif  // GAINSAY_PIPELINE_WATCH_H_
