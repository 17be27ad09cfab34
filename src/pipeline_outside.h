// What the outside world sees of a watch: metrics, notices to a command or a webhook, and what systemd is
// told.
//
//   absl::StatusOr<std::unique_ptr<Outside>> outside = Outside::Open(options, warn);
//   (*outside)->Told(line);      // each line, as it is told
//   (*outside)->Tick(*fold);     // often
//   (*outside)->End(rest);
//
// Nothing here takes long or fails the watch: receivers and scrapers have threads of their own, and what goes
// wrong is counted and warned of. Wall-clock time is used for ages and intervals alone.
//
// Thread rules: one thread, the watch's.
#ifndef GAINSAY_PIPELINE_OUTSIDE_H_
#define GAINSAY_PIPELINE_OUTSIDE_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "pipeline_live.h"
#include "pipeline_watch.h"
#include "watch/known_causes.h"
#include "watch/receiver.h"

namespace gainsay {

struct OutsideOptions {
  std::string metrics_listen;  // HOST:PORT; "": nobody may scrape
  std::string metrics_file;    // for node_exporter's textfile collector; "": none
  std::string exec;            // a command; "": none
  WebhookOptions webhook;      // its url "": none
  std::chrono::milliseconds exec_timeout{10'000};
  std::chrono::milliseconds drain{5'000};  // for what waits at the end
  NotifyPolicy policy;
  std::vector<std::pair<std::string, int64_t>> baseline;  // causes that are known, and until when
  int64_t stalled_ns = 0;                                 // 0: silence is nothing
  bool has_state = false;
};

class Outside {
 public:
  using Warn = std::function<void(const std::string&)>;  // one line, escaped

  // Errors: an address that can't be listened on, a webhook that is none, a part that is not built in.
  static absl::StatusOr<std::unique_ptr<Outside>> Open(OutsideOptions options, Warn warn);
  ~Outside();

  // Counts the line, and gives it to the receivers if the policy says so. Of a finding: how it stands among
  // those before it.
  CauseStanding Told(const WatchLine& line);

  // A finding that was told in an earlier life, when nothing else was kept of it: it is only no news any
  // more.
  void Known(const WatchLine& line);

  // Publishes how things stand, warns of what went wrong, and tells systemd that we live; at most once a
  // second.
  void Tick(const WatchFold& fold);

  void Pressure(const WatchPressure& pressure);  // before Tick
  void CheckpointWritten();
  void CheckpointFailed();
  void OutputFailed();

  void Ready();      // everything is open, reading begins
  void Reloading();  // until Ready

  // The watch is over, and this is its whole: the last figures, and some time for what waits.
  void End(const Document& rest);

  // What is known of causes goes into a checkpoint beside the fold, and is read back before the first line is
  // told: KnownCauses::Write and Read.
  KnownCauses* known_causes();

  int metrics_port() const;  // 0: nobody listens

 private:
  struct State;
  explicit Outside(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace gainsay

#endif  // GAINSAY_PIPELINE_OUTSIDE_H_
