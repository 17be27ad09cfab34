// gainsay watch
#include <fstream>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "command.h"
#include "duration.h"
#include "input_option.h"
#include "output.h"
#include "pipeline_live.h"
#include "pipeline_outside.h"
#include "pipeline_watch.h"
#include "report/escape.h"
#include "rules_option.h"
#include "signals.h"
#include "watch/spill_file.h"
#include "watch/state_dir.h"
#include "watch_outputs.h"
#include "watch_outside.h"
#include "watch_source_option.h"

namespace gainsay {
namespace {

constexpr int kExitState = 4;

struct WatchFlags {
  WatchSourceFlags source;
  std::string state_dir, checkpoint = "5s";
  std::vector<std::string> rules, outputs;
  std::string timezone = "UTC", color = "auto";
  std::string lateness = "5s", settle = "5s", retain = "1h";
  bool all_tasks = false, exit_zero = false, quiet = false, no_prefilter = false;
  OutsideFlags outside;
};

void DeclareFlags(CLI::App* watch, WatchFlags* flags) {
  AddWatchSourceOptions(watch, &flags->source);
  watch
      ->add_option("--state-dir", flags->state_dir,
                   "Keep findings and state here: over a crash, nothing is lost or told twice")
      ->envname("GAINSAY_STATE_DIR")
      ->type_name("DIR");
  AddDuration(watch, "--checkpoint", &flags->checkpoint, "GAINSAY_CHECKPOINT",
              "How often the state is written");
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
  watch->add_flag("--no-prefilter", flags->no_prefilter, "Read every line, also those that can't matter: slow")
      ->envname("GAINSAY_NO_PREFILTER");
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
  options.prefilter = !flags.no_prefilter;
  options.style.color = WantsColor(flags.color, streams);
  options.style.width = WidthOf(streams);
  options.style.quiet = flags.quiet;
  return options;
}

// Since when the machine has run.
std::string BootId() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

// A watch, put together.
class WatchCommand {
 public:
  WatchCommand(const WatchFlags& flags, const Streams& streams)
      : flags_(flags), streams_(streams), out_(streams) {}

  int Run() {
    if (absl::Status s = Prepare(); !s.ok()) return CouldNotRun(streams_, std::string(s.message()));
    if (engine_ == nullptr) return kExitCouldNotRun;
    if (absl::Status s = OpenState(); !s.ok()) return StateFailed(s);
    absl::StatusOr<std::unique_ptr<LiveSource>> source =
        OpenWatchSource(flags_.source, positions_, signals_.wake_fd(), spill_.get(), streams_);
    if (!source.ok()) return CouldNotRun(streams_, std::string(source.status().message()));
    outside_->Ready();
    const WatchEnd end = RunWatch(source->get(), &fold_, Hooks(), run_);
    if (!end.state.ok()) return StateFailed(end.state);
    if (!end.rest.ok()) return CouldNotRun(streams_, std::string(end.rest.status().message()));
    out_.Report(*end.rest, options_.style);
    outside_->End(*end.rest);
    TellResume();
    if (!end.source.ok()) return CouldNotRun(streams_, std::string(end.source.message()));
    return flags_.exit_zero || end.stopped ? kExitClean : end.rest->summary.exit_code;
  }

 private:
  void Note(const std::string& what) {
    streams_.err << "gainsay: " << EscapeText(what) << '\n' << std::flush;
  }

  int StateFailed(const absl::Status& status) {
    Note("--state-dir: " + std::string(status.message()));
    return kExitState;
  }

  absl::Status Prepare() {
    const absl::StatusOr<std::vector<Output>> outputs = ParseOutputs(flags_.outputs);
    if (!outputs.ok()) return outputs.status();
    absl::StatusOr<WatchOptions> options = MakeOptions(flags_, streams_);
    if (!options.ok()) return options.status();
    options_ = *options;
    int64_t checkpoint_ns = 0;
    if (absl::Status s = ParseSpan("--checkpoint", flags_.checkpoint, &checkpoint_ns); !s.ok()) return s;
    run_.checkpoint = absl::Nanoseconds(checkpoint_ns);
    run_.lateness_ns = options_.lateness_ns;
    run_.settle_ns = options_.settling.settle_ns;
    if (absl::Status s = CheckWatchSource(flags_.source, streams_); !s.ok()) return s;
    std::optional<Engine> engine = LoadEngine(flags_.rules, streams_);
    if (!engine) return absl::OkStatus();
    engine_ = std::make_unique<Engine>(std::move(*engine));
    if (absl::Status s = out_.Open(*outputs); !s.ok()) return s;
    absl::StatusOr<std::unique_ptr<Outside>> outside =
        OpenOutside(flags_.outside, out_.metrics_file(), !flags_.state_dir.empty(), streams_);
    if (!outside.ok()) return outside.status();
    outside_ = std::move(*outside);
    absl::StatusOr<std::unique_ptr<WatchFold>> fold = WatchFold::Make(*engine_, options_);
    if (!fold.ok()) return fold.status();
    fold_ = std::move(*fold);
    return absl::OkStatus();
  }

  // Beside the state: what a pipe brought and could not be judged yet.
  void OpenSpill() {
    if (!ReadsPipe(flags_.source) || flags_.source.spill_bytes == 0) return;
    SpillOptions options;
    options.most_bytes = flags_.source.spill_bytes;
    options.reserve = flags_.source.queue_bytes + (uint64_t{1} << 20);
    options.boot = BootId();
    absl::StatusOr<std::unique_ptr<SpillFile>> spill = SpillFile::Open(state_->disk(), options);
    if (!spill.ok()) return Note("no spill file: " + std::string(spill.status().message()));
    spill_ = std::move(*spill);
  }

  absl::Status OpenState() {
    if (flags_.state_dir.empty()) return absl::OkStatus();
    absl::StatusOr<std::unique_ptr<StateDir>> state =
        StateDir::Open(flags_.state_dir, FingerprintOf(engine_->rules(), options_), WatchLineKey);
    if (!state.ok()) return state.status();
    state_ = std::move(*state);
    run_.state = state_.get();
    OpenSpill();
    run_.source = "gainsay " GAINSAY_VERSION " on " + BootId() + ", " + flags_.lateness + " " +
                  flags_.settle + " " + flags_.retain + ": " + DescribeWatchSource(flags_.source);
    const StateFile* resumed = state_->resumed();
    if (resumed == nullptr) return absl::OkStatus();
    const std::optional<WatchKept> kept = KeptIn(*resumed);
    if (!kept) return absl::DataLossError("the state is damaged");
    if (absl::Status s = fold_->Load(kept->fold); !s.ok()) return s;
    if (!outside_->known_causes()->Read(kept->causes)) return absl::DataLossError("the state is damaged");
    positions_ = kept->positions;
    run_.replay = CanReplay(flags_.source, positions_) && kept->source == run_.source;
    return absl::OkStatus();
  }

  WatchHooks Hooks() {
    WatchHooks hooks;
    hooks.told = [this](const WatchLine& line) { out_.Tell(line, outside_->Told(line)); };
    hooks.known = [this](const WatchLine& line) { outside_->Known(line); };
    hooks.flush = [this] {
      for (int failed = out_.Flush(); failed > 0; --failed) outside_->OutputFailed();
    };
    hooks.pressure = [this](const WatchPressure& pressure) { outside_->Pressure(pressure); };
    hooks.tick = [this](const WatchFold& now) { outside_->Tick(now); };
    hooks.order = [this] { return signals_.Take(); };
    hooks.note = [this](const std::string& what) { Note(what); };
    hooks.reload = [this](std::string* rules) { return Reload(rules); };
    hooks.dump = [this](const std::vector<std::string>& tasks) {
      for (const std::string& task : tasks) streams_.err << task << '\n';
      streams_.err << std::flush;
    };
    hooks.checkpoint = [this](const absl::Status& written) {
      written.ok() ? outside_->CheckpointWritten() : outside_->CheckpointFailed();
    };
    hooks.causes = [this] { return outside_->known_causes()->Write(); };
    return hooks;
  }

  // Bad rules are told, and change nothing.
  std::unique_ptr<WatchFold> Reload(std::string* rules) {
    outside_->Reloading();
    std::unique_ptr<WatchFold> fold = LoadAgain(rules);
    Note(fold == nullptr ? "the rules are not reloaded: the old ones stay" : "the rules are reloaded");
    outside_->Ready();
    return fold;
  }

  std::unique_ptr<WatchFold> LoadAgain(std::string* rules) {
    std::optional<Engine> engine = LoadEngine(flags_.rules, streams_);
    if (!engine) return nullptr;
    auto fresh = std::make_unique<Engine>(std::move(*engine));
    absl::StatusOr<std::unique_ptr<WatchFold>> fold = WatchFold::Make(*fresh, options_);
    if (!fold.ok()) {
      Note(std::string(fold.status().message()));
      return nullptr;
    }
    *rules = FingerprintOf(fresh->rules(), options_);
    before_ = std::exchange(engine_, std::move(fresh));
    return std::move(*fold);
  }

  // How to go on with a journal that came through a pipe.
  void TellResume() {
    if (state_ == nullptr || !ReadsPipe(flags_.source)) return;
    for (uint32_t i = 0; i < fold_->streams(); ++i) {
      const std::string cursor = fold_->PositionOf(i).cursor;
      if (cursor.empty()) continue;
      Note("to go on: journalctl -o json -a -f --no-tail -m --cursor='" + cursor +
           "' | gainsay watch --state-dir " + flags_.state_dir);
    }
  }

  const WatchFlags& flags_;
  const Streams& streams_;
  WatchOutputs out_;
  WatchOptions options_;
  WatchRun run_;
  Signals signals_;
  std::unique_ptr<Engine> before_, engine_;  // the fold may still look at the one before
  std::unique_ptr<Outside> outside_;
  std::unique_ptr<StateDir> state_;
  std::unique_ptr<SpillFile> spill_;  // in its directory
  std::vector<LivePosition> positions_;
  std::unique_ptr<WatchFold> fold_;
};

}  // namespace

void AddWatchCommand(CLI::App* app, Action* action) {
  auto flags = std::make_shared<WatchFlags>();
  CLI::App* watch =
      app->add_subcommand("watch", "Read a log as it grows and report contradictions as they settle");
  DeclareFlags(watch, flags.get());
  watch->footer(
      "Reads standard input (journalctl -o json -a -f --no-tail -m | gainsay watch), or what --follow or "
      "--journal names.\n"
      "SIGHUP reads the rules again, SIGUSR1 prints the open tasks.\n"
      "Exit codes: as scan's at the input's end, 0 after SIGTERM or SIGINT, 4 if the state directory can't "
      "be trusted or written.");
  watch->callback([flags, action] {
    *action = [flags](const Streams& streams) { return WatchCommand(*flags, streams).Run(); };
  });
}

}  // namespace gainsay
