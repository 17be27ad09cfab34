// gainsay watch
#include <unistd.h>

#include <fstream>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "command.h"
#include "duration.h"
#include "input/live.h"
#include "input_option.h"
#include "output.h"
#include "pipeline_live.h"
#include "pipeline_outside.h"
#include "pipeline_watch.h"
#include "report/journal.h"
#include "rules_option.h"
#include "signals.h"
#include "watch_outside.h"

namespace gainsay {
namespace {

struct WatchFlags {
  std::vector<std::string> rules, outputs;
  std::string timezone = "UTC", color = "auto";
  std::string lateness = "5s", settle = "5s", retain = "1h";
  bool all_tasks = false, exit_zero = false, quiet = false;
  OutsideFlags outside;
};

void DeclareFlags(CLI::App* watch, WatchFlags* flags) {
  AddRulesOption(watch, &flags->rules);
  watch
      ->add_option(
          "-o,--output", flags->outputs,
          "text, jsonl or journal, to a path each, which is appended to; prometheus=PATH is replaced")
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
  AddOutsideOptions(watch, &flags->outside);
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
      if (output.format == Format::kPrometheus) {
        if (output.path.empty()) return absl::InvalidArgumentError("--output prometheus: needs a path");
        metrics_file_ = output.path;
        continue;
      }
      if (output.format != Format::kText && output.format != Format::kJsonl &&
          output.format != Format::kJournal) {
        return absl::InvalidArgumentError(
            "--output: watch writes text, jsonl, journal and prometheus; `gainsay report` makes the other "
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

  // As prometheus; "" if nobody asked for it.
  const std::string& metrics_file() const { return metrics_file_; }

  void Tell(const WatchLine& line, const CauseStanding& standing) {
    for (Sink& sink : sinks_) {
      if (sink.format == Format::kJsonl) {
        Stream(sink) << line.json << '\n';
      } else if (sink.format == Format::kJournal) {
        TellJournal(line, standing, Stream(sink));
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

  static void TellJournal(const WatchLine& line, const CauseStanding& standing, std::ostream& out) {
    if (line.kind == WatchLine::kFinding) {
      out << JournalLine(line.document.findings[0], !standing.new_cause) << '\n';
    } else if (!line.text.empty()) {
      out << JournalLine(line.kind == WatchLine::kGap ? 4 : 5, line.text) << '\n';
    }
  }

  std::ostream& Stream(Sink& sink) { return sink.file ? *sink.file : streams_.out; }

  const Streams& streams_;
  std::vector<Sink> sinks_;
  std::string metrics_file_;
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

  absl::StatusOr<std::unique_ptr<Outside>> opened = OpenOutside(flags.outside, out.metrics_file(), streams);
  if (!opened.ok()) return CouldNotRun(streams, std::string(opened.status().message()));
  Outside& outside = **opened;

  absl::StatusOr<std::unique_ptr<WatchFold>> fold = WatchFold::Make(*engine, *options);
  if (!fold.ok()) return CouldNotRun(streams, std::string(fold.status().message()));
  Signals signals;
  bool stopped = false;
  WatchHooks hooks;
  hooks.told = [&](const WatchLine& line) { out.Tell(line, outside.Told(line)); };
  hooks.flush = [&] { out.Flush(); };
  hooks.tick = [&](const WatchFold& now) { outside.Tick(now); };
  hooks.order = [&] {
    const WatchOrder order = signals.Take();
    stopped = stopped || order == WatchOrder::kStop;
    return order;
  };
  const std::unique_ptr<LiveSource> source = LiveDescriptor(STDIN_FILENO, "-", signals.wake_fd());
  outside.Ready();
  const absl::StatusOr<Document> rest =
      RunWatch(source.get(), fold->get(), hooks, options->lateness_ns, options->settling.settle_ns);
  if (!rest.ok()) return CouldNotRun(streams, std::string(rest.status().message()));
  out.Report(*rest, options->style);
  outside.End(*rest);
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
