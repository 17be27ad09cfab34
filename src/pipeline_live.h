// A watch, run: waits for what a live source brings, hands it to the fold, sets marks where the input is
// idle, and passes on what is told.
//
//   absl::StatusOr<Document> rest = RunWatch(source.get(), fold.get(), hooks);
//
// Thread rules: runs in the caller's thread.
#ifndef GAINSAY_PIPELINE_LIVE_H_
#define GAINSAY_PIPELINE_LIVE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "input/live.h"
#include "pipeline_watch.h"

namespace gainsay {

enum class WatchOrder : uint8_t { kNone, kStop, kDump, kReload };

struct WatchHooks {
  // A line was told. Lines of one read come together, then `flush`.
  std::function<void(const WatchLine&)> told = [](const WatchLine&) {};
  std::function<void()> flush = [] {};
  // Asked after each read: what a signal wants, kNone if there is nothing (more).
  std::function<WatchOrder()> order = [] { return WatchOrder::kNone; };
  // Called about once a second, and after each read.
  std::function<void(const WatchFold&)> tick = [](const WatchFold&) {};
};

// Until the source ends, or an order to stop: settles everything then. Errors: the source can't be read.
absl::StatusOr<Document> RunWatch(LiveSource* source, WatchFold* fold, const WatchHooks& hooks,
                                  int64_t lateness_ns, int64_t settle_ns);

}  // namespace gainsay

#endif  // GAINSAY_PIPELINE_LIVE_H_
