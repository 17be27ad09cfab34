#include "scan_option.h"

#include "pipeline.h"
#include "pipeline_stats.h"
#include "rules_option.h"

namespace gainsay {

void AddScanOptions(CLI::App* command, ScanFlags* flags) {
  AddInputOptions(command, &flags->input);
  AddReportedOption(command, &flags->reported);
  AddRulesOption(command, &flags->rules);
  AddOutputOptions(command, &flags->output);
  command->add_flag("--exit-zero", flags->exit_zero, "Exit 0 also for findings and inconclusive scans")
      ->envname("GAINSAY_EXIT_ZERO");
  command
      ->add_flag("--no-prefilter", flags->no_prefilter, "Read every line, also those that can't matter: slow")
      ->envname("GAINSAY_NO_PREFILTER");
  command->add_flag("--stats", flags->stats, "Tell on standard error where the time went")
      ->envname("GAINSAY_STATS");
  command->add_option("-j,--jobs", flags->jobs, "Threads (default: one a processor)")
      ->envname("GAINSAY_JOBS")
      ->type_name("N")
      ->check(CLI::Range(1, 256));
}

std::optional<Document> RunScan(const ScanFlags& flags, const Streams& streams, ScanStats* stats) {
  const auto could_not = [&streams](const absl::Status& status) {
    CouldNotRun(streams, std::string(status.message()));
    return std::nullopt;
  };
  absl::StatusOr<ScanInput> input = MakeInput(flags.input, streams);
  if (!input.ok()) return could_not(input.status());
  input->jobs = flags.jobs;
  input->reported = ReportedState(flags.reported);
  input->prefilter = !flags.no_prefilter;
  input->every_run = flags.output.all_tasks;
  input->stats = stats;
  std::optional<StageTimer> start;
  start.emplace(stats, Stage::kStart);
  // Never taken apart: that takes as long as some MiB of log, and the program ends behind this.
  static const std::optional<Engine>* engine = nullptr;
  engine = new std::optional<Engine>(LoadEngine(flags.rules, streams));
  start.reset();
  if (!engine->has_value()) return std::nullopt;
  const absl::StatusOr<ScanResult> result = Scan(**engine, *input);
  if (!result.ok()) return could_not(result.status());
  const StageTimer timer(stats, Stage::kReport);
  TellProblems(result->summary, streams);
  if (result->summary.exit_code == kExitCouldNotRun) return std::nullopt;
  return MakeDocument(MakeReport(**engine, *result), flags.output.all_tasks);
}

}  // namespace gainsay
