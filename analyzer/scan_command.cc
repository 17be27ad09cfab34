// gainsay scan [PATH…]
#include <memory>
#include <string>
#include <vector>

#include "command.h"
#include "input_option.h"
#include "output.h"
#include "pipeline.h"
#include "rules_option.h"

namespace gainsay {
namespace {

struct ScanFlags {
  InputFlags input;
  OutputFlags output;
  std::vector<std::string> rules;
  std::string reported;
  bool exit_zero = false, no_prefilter = false;
  size_t jobs = 0;
};

void DeclareFlags(CLI::App* scan, ScanFlags* flags) {
  AddInputOptions(scan, &flags->input);
  AddReportedOption(scan, &flags->reported);
  AddRulesOption(scan, &flags->rules);
  AddOutputOptions(scan, &flags->output);
  scan->add_flag("--exit-zero", flags->exit_zero, "Exit 0 also for findings and inconclusive scans")
      ->envname("GAINSAY_EXIT_ZERO");
  scan->add_flag("--no-prefilter", flags->no_prefilter, "Read every line, also those that can't matter: slow")
      ->envname("GAINSAY_NO_PREFILTER");
  scan->add_option("-j,--jobs", flags->jobs, "Threads (default: one a processor)")
      ->envname("GAINSAY_JOBS")
      ->type_name("N")
      ->check(CLI::Range(1, 256));
}

int RunScan(const ScanFlags& flags, const Streams& streams) {
  const absl::StatusOr<std::vector<Output>> outputs = ParseOutputs(flags.output.outputs);
  if (!outputs.ok()) return CouldNotRun(streams, std::string(outputs.status().message()));
  absl::StatusOr<ScanInput> input = MakeInput(flags.input, streams);
  if (!input.ok()) return CouldNotRun(streams, std::string(input.status().message()));
  input->jobs = flags.jobs;
  input->reported = ReportedState(flags.reported);
  input->prefilter = !flags.no_prefilter;
  const std::optional<Engine> engine = LoadEngine(flags.rules, streams);
  if (!engine) return kExitCouldNotRun;

  const absl::StatusOr<ScanResult> result = Scan(*engine, *input);
  if (!result.ok()) return CouldNotRun(streams, std::string(result.status().message()));
  TellProblems(result->summary, streams);
  if (result->summary.exit_code == kExitCouldNotRun) return kExitCouldNotRun;
  const Document document = MakeDocument(MakeReport(*engine, *result), flags.output.all_tasks);
  const absl::Status written = WriteOutputs(*outputs, document, MakeStyle(flags.output, streams), streams);
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
