// A watch, run: waits for what a live source brings, hands it to the fold, sets marks where the input is
// idle, passes on what is told, and keeps the state directory, if there is one (watch/state_dir.h).
//
//   const WatchEnd end = RunWatch(source.get(), &fold, hooks, run);
//
// Thread rules: runs in the caller's thread.
#ifndef GAINSAY_PIPELINE_LIVE_H_
#define GAINSAY_PIPELINE_LIVE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "input/live.h"
#include "pipeline_watch.h"
#include "pipeline_watch_kept.h"
#include "watch/state_dir.h"

namespace gainsay {

enum class WatchOrder : uint8_t { kNone, kStop, kDump, kReload };

// What was read and is not done with.
struct WatchPressure {
  LiveBacklog backlog;              // of the source: not used yet
  uint64_t since_checkpoint = 0;    // bytes that were used since a state was last written
  uint64_t unwritten_findings = 0;  // bytes that wait for space on the disk
};

struct WatchHooks {
  // A line was told. Lines of one read come together, then `flush`.
  std::function<void(const WatchLine&)> told = [](const WatchLine&) {};
  std::function<void()> flush = [] {};
  // A line that was told in an earlier life, before the state was written that this one began with.
  std::function<void(const WatchLine&)> known = [](const WatchLine&) {};
  // Asked after each read: what a signal wants, kNone if there is nothing (more).
  std::function<WatchOrder()> order = [] { return WatchOrder::kNone; };
  // The rules are to be read again: a new fold that is ready to take over, or null to go on with the old one;
  // and what StateDir::SetRules wants to know.
  std::function<std::unique_ptr<WatchFold>(std::string* rules)> reload = [](std::string*) { return nullptr; };
  // Open tasks, as JSON lines; and what somebody should know, in words, unescaped.
  std::function<void(const std::vector<std::string>&)> dump = [](const std::vector<std::string>&) {};
  std::function<void(const std::string&)> note = [](const std::string&) {};
  // Called about once a second, and after each read.
  std::function<void(const WatchFold&)> tick = [](const WatchFold&) {};
  // The same, before it.
  std::function<void(const WatchPressure&)> pressure = [](const WatchPressure&) {};
  // A checkpoint was tried; and what else it keeps (WatchKept::causes).
  std::function<void(const absl::Status&)> checkpoint = [](const absl::Status&) {};
  std::function<std::string()> causes = [] { return std::string(); };
};

struct WatchRun {
  int64_t lateness_ns = 5 * kSecond, settle_ns = 5 * kSecond;  // as the fold's
  StateDir* state = nullptr;                                   // or none
  absl::Duration checkpoint = absl::Seconds(5);
  std::string source;  // WatchKept::source
  // The source surely brings the same bytes once more: what an earlier life told is to be produced again,
  // line by line. Else lines are known by their keys.
  bool replay = true;
};

struct WatchEnd {
  absl::Status source;  // why it could not be read on
  absl::Status state;   // the state directory can't be trusted or written: exit code 4
  absl::StatusOr<Document> rest;
  // By an order: with a state directory, what was not settled is left for the next life.
  bool stopped = false;
};

// Until the source ends, or an order to stop. `fold` is what the state held (WatchFold::Load), or new.
WatchEnd RunWatch(LiveSource* source, std::unique_ptr<WatchFold>* fold, const WatchHooks& hooks,
                  const WatchRun& run);

}  // namespace gainsay

#endif  // GAINSAY_PIPELINE_LIVE_H_
