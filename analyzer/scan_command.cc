// gainsay scan [PATH…]
#include <cstdlib>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "command.h"
#include "output.h"
#include "pipeline.h"
#include "record/time.h"
#include "report/escape.h"
#include "rules_option.h"

namespace gainsay {
namespace {

struct ScanFlags {
  std::vector<std::string> paths, rules, outputs, include, exclude;
  std::string timezone = "UTC", since, until, color = "auto";
  bool all_tasks = false, exit_zero = false, quiet = false;
  int verbosity = 0;
};

// One flag that may be repeated, each time with one value, and that an environment variable mirrors.
void AddList(CLI::App* app, const std::string& name, std::vector<std::string>* values, const char* variable,
             const char* type, const char* help) {
  app->add_option(name, *values, help)->allow_extra_args(false)->envname(variable)->type_name(type);
}

void DeclareFlags(CLI::App* scan, ScanFlags* flags) {
  scan->add_option("PATH", flags->paths,
                   "Files, directories, globs, archives; '-' or nothing: standard input")
      ->type_name("");
  AddRulesOption(scan, &flags->rules);
  AddList(scan, "-o,--output", &flags->outputs, "GAINSAY_OUTPUT", "FORMAT[=PATH]",
          "Report formats: text, jsonl; several with a path each");
  AddList(scan, "--include", &flags->include, "GAINSAY_INCLUDE", "GLOB",
          "In directories and globs, read only these");
  AddList(scan, "--exclude", &flags->exclude, "GAINSAY_EXCLUDE", "GLOB", "Don't read these");
  scan->add_option("--timezone", flags->timezone, "Zone of times that name none: UTC, +02:00, Europe/Berlin")
      ->envname("GAINSAY_TIMEZONE")
      ->type_name("ZONE");
  scan->add_option("--since", flags->since, "Only runs that ended at this time or later")
      ->envname("GAINSAY_SINCE")
      ->type_name("TIME");
  scan->add_option("--until", flags->until, "Only runs that ended before this time")
      ->envname("GAINSAY_UNTIL")
      ->type_name("TIME");
  scan->add_option("--color", flags->color, "Colours in text on a terminal: auto, always, never")
      ->envname("GAINSAY_COLOR")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  scan->add_flag("--all-tasks", flags->all_tasks, "Report every run, of every verdict")
      ->envname("GAINSAY_ALL_TASKS");
  scan->add_flag("--exit-zero", flags->exit_zero, "Exit 0 also for findings and inconclusive scans")
      ->envname("GAINSAY_EXIT_ZERO");
  scan->add_flag("-q,--quiet", flags->quiet, "Text: findings only, no summary")->envname("GAINSAY_QUIET");
  scan->add_flag("-v,--verbose", flags->verbosity, "Text: every case of a cause")->envname("GAINSAY_VERBOSE");
}

// "" leaves `ns` alone.
absl::Status ParseMoment(const std::string& flag, const std::string& text, const Zone& zone,
                         std::optional<int64_t>* ns) {
  if (text.empty()) return absl::OkStatus();
  const std::optional<ParsedTime> time = ParseTime(text, zone);
  if (!time || !time->has_date || !time->has_year) {
    return absl::InvalidArgumentError(flag + " '" + text + "' is no time; write it as 2026-05-31T04:12:09Z");
  }
  *ns = time->ns;
  return absl::OkStatus();
}

absl::StatusOr<ScanInput> MakeInput(const ScanFlags& flags) {
  ScanInput input;
  const std::optional<Zone> zone = ParseZone(flags.timezone);
  if (!zone) {
    return absl::InvalidArgumentError(
        "--timezone '" + flags.timezone +
        "' is not known; write UTC, +02:00 or a name like Europe/Berlin (which needs "
        "the system's tzdata)");
  }
  input.zone = *zone;
  std::optional<int64_t> since;
  if (absl::Status s = ParseMoment("--since", flags.since, *zone, &since); !s.ok()) return s;
  if (absl::Status s = ParseMoment("--until", flags.until, *zone, &input.window.until_ns); !s.ok()) return s;
  if (since) input.window.since_ns = *since;
  const std::vector<std::string> paths = flags.paths.empty() ? std::vector<std::string>{"-"} : flags.paths;
  input.sources = ExpandPaths(paths, {flags.include, flags.exclude}, &input.problems);
  return input;
}

ReportStyle MakeStyle(const ScanFlags& flags, const Streams& streams) {
  const char* no_color = std::getenv("NO_COLOR");
  const bool plain = no_color != nullptr && *no_color != '\0';
  ReportStyle style;
  style.all_tasks = flags.all_tasks;
  style.color = flags.color == "always" || (flags.color == "auto" && streams.out_is_terminal && !plain);
  style.quiet = flags.quiet;
  style.verbosity = flags.verbosity;
  return style;
}

// What is unreadable is told at once, whatever the report's format.
void TellProblems(const Summary& summary, const Streams& streams) {
  for (const SourceSummary& source : summary.sources) {
    if (source.problem.empty()) continue;
    streams.err << "gainsay: " << EscapeText(source.name) << ": " << EscapeText(source.problem) << '\n';
  }
}

int RunScan(const ScanFlags& flags, const Streams& streams) {
  if (flags.paths.empty() && streams.in_is_terminal) {
    return CouldNotRun(streams,
                       "nothing to read: name files or directories, or pipe a log into it "
                       "(journalctl -o json -a | gainsay scan)");
  }
  const absl::StatusOr<std::vector<Output>> outputs = ParseOutputs(flags.outputs);
  if (!outputs.ok()) return CouldNotRun(streams, std::string(outputs.status().message()));
  const std::optional<Engine> engine = LoadEngine(flags.rules, streams);
  if (!engine) return kExitCouldNotRun;
  const absl::StatusOr<ScanInput> input = MakeInput(flags);
  if (!input.ok()) return CouldNotRun(streams, std::string(input.status().message()));
  if (input->sources.empty() && input->problems.empty()) {
    return CouldNotRun(streams,
                       "nothing to read: the directories and patterns hold no file that is asked for");
  }

  const absl::StatusOr<ScanResult> result = Scan(*engine, *input);
  if (!result.ok()) return CouldNotRun(streams, std::string(result.status().message()));
  TellProblems(result->summary, streams);
  if (result->summary.exit_code == kExitCouldNotRun) return kExitCouldNotRun;
  const absl::Status written =
      WriteOutputs(*outputs, MakeReport(*engine, *result), MakeStyle(flags, streams), streams);
  if (!written.ok()) return CouldNotRun(streams, std::string(written.message()));
  return flags.exit_zero ? kExitClean : result->summary.exit_code;
}

}  // namespace

void AddScanCommand(CLI::App* app, Action* action) {
  auto flags = std::make_shared<ScanFlags>();
  CLI::App* scan = app->add_subcommand("scan", "Read logs to their end and report the contradictions");
  DeclareFlags(scan, flags.get());
  scan->footer(
      "Exit codes: 0 nothing found, 1 contradictions found, 2 could not run, 3 nothing found but "
      "inconclusive.");
  scan->callback(
      [flags, action] { *action = [flags](const Streams& streams) { return RunScan(*flags, streams); }; });
}

}  // namespace gainsay
