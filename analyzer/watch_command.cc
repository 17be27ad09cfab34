// gainsay watch
#include <unistd.h>

#include <fstream>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "command.h"
#include "input/live.h"
#include "input_option.h"
#include "output.h"
#include "pipeline_live.h"
#include "pipeline_watch.h"
#include "rules_option.h"
#include "signals.h"

namespace gainsay {
namespace {

struct WatchFlags {
  std::vector<std::string> rules, outputs;
  std::string timezone = "UTC", color = "auto";
  std::string lateness = "5s", settle = "5s", retain = "1h";
  bool all_tasks = false, exit_zero = false, quiet = false;
};

void AddDuration(CLI::App* watch, const std::string& name, std::string* value, const char* variable,
                 const char* help) {
  watch->add_option(name, *value, help)->envname(variable)->type_name("DURATION");
}

void DeclareFlags(CLI::App* watch, WatchFlags* flags) {
  AddRulesOption(watch, &flags->rules);
  watch
      ->add_option("-o,--output", flags->outputs,
                   "text or jsonl; several with a path each, which is appended to")
      ->allow_extra_args(false)
      ->envname("GAINSAY_OUTPUT")
      ->type_name("FORMAT[=PATH]");
  AddDuration(watch, "--lateness", &flags->lateness, "GAINSAY_LATENESS",
              "How much later than others a record may come (500ms, 10s, 5m, 2h)");
  AddDuration(watch, "--settle", &flags->settle, "GAINSAY_SETTLE",
              "How long after a task's end a finding waits for what may take it back");
  AddDuration(watch, "--retain", &flags->retain, "GAINSAY_RETAIN",
              "How long a closed task is kept for what comes late");
  watch->add_option("--timezone", flags->timezone, "Zone of times that name none: UTC, +02:00, Europe/Berlin")
      ->envname("GAINSAY_TIMEZONE")
      ->type_name("ZONE");
  AddColorOption(watch, &flags->color);
  watch->add_flag("--all-tasks", flags->all_tasks, "jsonl: a line for every run, once it is forgotten")
      ->envname("GAINSAY_ALL_TASKS");
  watch->add_flag("--exit-zero", flags->exit_zero, "Exit 0 also for findings and inconclusive watches")
      ->envname("GAINSAY_EXIT_ZERO");
  watch->add_flag("-q,--quiet", flags->quiet, "Findings only, no summary")->envname("GAINSAY_QUIET");
}

absl::Status ParseSpan(const std::string& flag, const std::string& text, int64_t* ns) {
  absl::Duration span;
  if (!absl::ParseDuration(text, &span) || span < absl::ZeroDuration() || span > absl::Hours(24 * 366)) {
    return absl::InvalidArgumentError(flag + " '" + text +
                                      "' is no duration; write it as 500ms, 10s, 5m or 2h");
  }
  *ns = absl::ToInt64Nanoseconds(span);
  return absl::OkStatus();
}

absl::StatusOr<WatchOptions> MakeOptions(const WatchFlags& flags, const Streams& streams) {
  WatchOptions options;
  const absl::StatusOr<Zone> zone = ZoneOf(flags.timezone);
  if (!zone.ok()) return zone.status();
  options.zone = *zone;
  for (const absl::Status& status : {ParseSpan("--lateness", flags.lateness, &options.lateness_ns),
                                     ParseSpan("--settle", flags.settle, &options.settling.settle_ns),
                                     ParseSpan("--retain", flags.retain, &options.settling.retain_ns)}) {
    if (!status.ok()) return status;
  }
  options.all_tasks = flags.all_tasks;
  options.style.color = WantsColor(flags.color, streams);
  options.style.width = WidthOf(streams);
  options.style.quiet = flags.quiet;
  return options;
}

// Where lines go to: standard output, and files that are appended to.
class WatchOutputs {
 public:
  explicit WatchOutputs(const Streams& streams) : streams_(streams) {}

  absl::Status Open(const std::vector<Output>& outputs) {
    for (const Output& output : outputs) {
      if (output.format != Format::kText && output.format != Format::kJsonl) {
        return absl::InvalidArgumentError(
            "--output: watch writes text and jsonl; `gainsay report` makes the other "
            "formats of what it wrote as jsonl");
      }
      Sink& sink = sinks_.emplace_back();
      sink.format = output.format;
      if (output.path.empty()) continue;
      sink.file = std::make_unique<std::ofstream>(output.path, std::ios::binary | std::ios::app);
      if (!*sink.file) return absl::UnavailableError(output.path + ": can't be opened");
    }
    return absl::OkStatus();
  }

  void Tell(const WatchLine& line) {
    for (Sink& sink : sinks_) {
      if (sink.format == Format::kJsonl) {
        Stream(sink) << line.json << '\n';
      } else {
        Stream(sink) << line.text;
      }
    }
  }

  void Report(const Document& rest, const ReportStyle& style) {
    for (Sink& sink : sinks_) {
      if (!style.quiet || sink.format == Format::kJsonl) Write(sink.format, rest, style, Stream(sink));
    }
    Flush();
  }

  void Flush() {
    for (Sink& sink : sinks_) Stream(sink).flush();
  }

 private:
  struct Sink {
    Format format = Format::kText;
    std::unique_ptr<std::ofstream> file;  // null: standard output
  };

  std::ostream& Stream(Sink& sink) { return sink.file ? *sink.file : streams_.out; }

  const Streams& streams_;
  std::vector<Sink> sinks_;
};

int RunWatchCommand(const WatchFlags& flags, const Streams& streams) {
  const absl::StatusOr<std::vector<Output>> outputs = ParseOutputs(flags.outputs);
  if (!outputs.ok()) return CouldNotRun(streams, std::string(outputs.status().message()));
  const absl::StatusOr<WatchOptions> options = MakeOptions(flags, streams);
  if (!options.ok()) return CouldNotRun(streams, std::string(options.status().message()));
  if (streams.in_is_terminal) {
    return CouldNotRun(
        streams,
        "nothing to watch: pipe a log into it (journalctl -o json -a -f --no-tail -m | gainsay watch)");
  }
  const std::optional<Engine> engine = LoadEngine(flags.rules, streams);
  if (!engine) return kExitCouldNotRun;
  WatchOutputs out(streams);
  if (absl::Status s = out.Open(*outputs); !s.ok()) return CouldNotRun(streams, std::string(s.message()));

  absl::StatusOr<std::unique_ptr<WatchFold>> fold = WatchFold::Make(*engine, *options);
  if (!fold.ok()) return CouldNotRun(streams, std::string(fold.status().message()));
  Signals signals;
  bool stopped = false;
  WatchHooks hooks;
  hooks.told = [&](const WatchLine& line) { out.Tell(line); };
  hooks.flush = [&] { out.Flush(); };
  hooks.order = [&] {
    const WatchOrder order = signals.Take();
    stopped = stopped || order == WatchOrder::kStop;
    return order;
  };
  const std::unique_ptr<LiveSource> source = LiveDescriptor(STDIN_FILENO, "-", signals.wake_fd());
  const absl::StatusOr<Document> rest =
      RunWatch(source.get(), fold->get(), hooks, options->lateness_ns, options->settling.settle_ns);
  if (!rest.ok()) return CouldNotRun(streams, std::string(rest.status().message()));
  out.Report(*rest, options->style);
  return flags.exit_zero || stopped ? kExitClean : rest->summary.exit_code;
}

}  // namespace

void AddWatchCommand(CLI::App* app, Action* action) {
  auto flags = std::make_shared<WatchFlags>();
  CLI::App* watch =
      app->add_subcommand("watch", "Read a log as it grows and report contradictions as they settle");
  DeclareFlags(watch, flags.get());
  watch->footer(
      "Reads standard input: journalctl -o json -a -f --no-tail -m | gainsay watch\n"
      "Exit codes: as scan's at the input's end; 0 after SIGTERM or SIGINT.");
  watch->callback([flags, action] {
    *action = [flags](const Streams& streams) { return RunWatchCommand(*flags, streams); };
  });
}

}  // namespace gainsay
