#include "watch_outside.h"

#include <limits>
#include <ostream>
#include <utility>

#include "duration.h"
#include "report/baseline.h"
#include "report_file.h"

namespace gainsay {
namespace {

absl::Status ReadBaselines(const std::vector<std::string>& paths, OutsideOptions* options) {
  Baseline baseline;
  for (const std::string& path : paths) {
    const absl::StatusOr<std::string> text = ReadWhole({path, path});
    if (!text.ok()) return text.status();
    if (absl::Status s = ReadBaseline(path, *text, &baseline); !s.ok()) return s;
  }
  for (const KnownCause& cause : baseline.entries) {
    options->baseline.emplace_back(cause.id, cause.expires_ns.value_or(std::numeric_limits<int64_t>::max()));
  }
  return absl::OkStatus();
}

absl::StatusOr<OutsideOptions> MakeOptions(const OutsideFlags& flags) {
  OutsideOptions options;
  int64_t timeout_ns = 0;
  for (const absl::Status& status : {ParseSpan("--repeat", flags.repeat, &options.policy.repeat_ns),
                                     ParseSpan("--stalled", flags.stalled, &options.stalled_ns),
                                     ParseSpan("--notify-timeout", flags.notify_timeout, &timeout_ns)}) {
    if (!status.ok()) return status;
  }
  const std::chrono::milliseconds timeout(timeout_ns / 1'000'000);
  if (timeout.count() == 0) return absl::InvalidArgumentError("--notify-timeout: give it at least 1ms");
  options.metrics_listen = flags.metrics_listen;
  options.exec = flags.exec;
  options.exec_timeout = timeout;
  options.webhook = {flags.webhook, flags.webhook_headers, timeout};
  options.policy.all = flags.notify == "all";
  if (absl::Status s = ReadBaselines(flags.baselines, &options); !s.ok()) return s;
  return options;
}

}  // namespace

void AddOutsideOptions(CLI::App* watch, OutsideFlags* flags) {
  const std::string group = "Seen from outside";
  watch
      ->add_option("--metrics-listen", flags->metrics_listen,
                   "Serve metrics to Prometheus at http://HOST:PORT/metrics")
      ->envname("GAINSAY_METRICS_LISTEN")
      ->type_name("HOST:PORT")
      ->group(group);
  watch
      ->add_option("--exec", flags->exec,
                   "Run a shell command for findings, given as a JSON line on its input")
      ->envname("GAINSAY_EXEC")
      ->type_name("CMD")
      ->group(group);
  watch->add_option("--webhook", flags->webhook, "POST findings as JSON to this address")
      ->envname("GAINSAY_WEBHOOK")
      ->type_name("URL")
      ->group(group);
  watch
      ->add_option("--webhook-header", flags->webhook_headers, "With each POST, as 'Authorization: Bearer …'")
      ->allow_extra_args(false)
      ->envname("GAINSAY_WEBHOOK_HEADER")
      ->type_name("HEADER")
      ->group(group);
  watch
      ->add_option("--notify", flags->notify,
                   "For --exec and --webhook: findings of a cause that was never seen before (new), or all")
      ->envname("GAINSAY_NOTIFY")
      ->check(CLI::IsMember({"new", "all"}))
      ->group(group);
  watch
      ->add_option(
          "--baseline", flags->baselines,
          "Causes that are no news: an earlier report (-o jsonl), or what `gate --write-baseline` wrote")
      ->allow_extra_args(false)
      ->envname("GAINSAY_BASELINE")
      ->type_name("FILE")
      ->group(group);
  AddDuration(watch, "--repeat", &flags->repeat, "GAINSAY_REPEAT",
              "With --notify=new: once more for a known cause that goes on after so long (0s: never)");
  AddDuration(watch, "--notify-timeout", &flags->notify_timeout, "GAINSAY_NOTIFY_TIMEOUT",
              "What --exec or --webhook may take for one finding");
  AddDuration(watch, "--stalled", &flags->stalled, "GAINSAY_STALLED",
              "Count and name tasks that started and are silent for longer (0s: never)");
  for (const char* name : {"--repeat", "--notify-timeout", "--stalled"})
    watch->get_option(name)->group(group);
}

absl::StatusOr<std::unique_ptr<Outside>> OpenOutside(const OutsideFlags& flags,
                                                     const std::string& metrics_file, bool has_state,
                                                     const Streams& streams) {
  absl::StatusOr<OutsideOptions> options = MakeOptions(flags);
  if (!options.ok()) return options.status();
  options->metrics_file = metrics_file;
  options->has_state = has_state;
  absl::StatusOr<std::unique_ptr<Outside>> outside =
      Outside::Open(std::move(*options), [&streams](const std::string& text) {
        streams.err << "gainsay: " << text << '\n' << std::flush;
      });
  if (outside.ok() && (*outside)->metrics_port() != 0) {
    streams.err << "gainsay: metrics on port " << (*outside)->metrics_port() << ", /metrics\n" << std::flush;
  }
  return outside;
}

}  // namespace gainsay
