// gainsay explain --task ID [PATH…]
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "command.h"
#include "input_option.h"
#include "pipeline.h"
#include "report/explanation.h"
#include "rules_option.h"

namespace gainsay {
namespace {

struct ExplainFlags {
  InputFlags input;
  std::vector<std::string> rules;
  std::string task, output = "text", color = "auto";
  uint32_t run = 0;
  bool exit_zero = false;
  int verbosity = 0;
};

void DeclareFlags(CLI::App* explain, ExplainFlags* flags) {
  explain->add_option("--task", flags->task, "The task's id, whole")
      ->required()
      ->envname("GAINSAY_TASK")
      ->type_name("ID");
  explain->add_option("--run", flags->run, "Only this run of it, counted from 1")
      ->envname("GAINSAY_RUN")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  AddInputOptions(explain, &flags->input);
  AddRulesOption(explain, &flags->rules);
  explain->add_option("-o,--output", flags->output, "text, or jsonl: one JSON object a line")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"text", "jsonl"}));
  AddColorOption(explain, &flags->color);
  explain->add_flag("--exit-zero", flags->exit_zero, "Exit 0 also for contradictions and inconclusive runs")
      ->envname("GAINSAY_EXIT_ZERO");
  explain->add_flag("-v,--verbose", flags->verbosity, "Text: every event and every near miss")
      ->envname("GAINSAY_VERBOSE");
}

void Write(const Explanation& explanation, const ExplainFlags& flags, const Streams& streams) {
  if (flags.output == "jsonl") {
    WriteExplanationJsonl(explanation, streams.out);
    return;
  }
  ReportStyle style;
  style.color = WantsColor(flags.color, streams);
  style.width = WidthOf(streams);
  style.verbosity = flags.verbosity;
  WriteExplanationText(explanation, style, streams.out);
}

int RunExplain(const ExplainFlags& flags, const Streams& streams) {
  if (flags.task.empty()) return CouldNotRun(streams, "--task is empty; give the id of a task");
  absl::StatusOr<ScanInput> input = MakeInput(flags.input, streams);
  if (!input.ok()) return CouldNotRun(streams, std::string(input.status().message()));
  const std::optional<Engine> engine = LoadEngine(flags.rules, streams);
  if (!engine) return kExitCouldNotRun;

  const absl::StatusOr<TaskAnswer> answer = ExplainTask(*engine, std::move(*input), flags.task, flags.run);
  if (!answer.ok()) return CouldNotRun(streams, std::string(answer.status().message()));
  TellProblems(answer->result->summary, streams);
  const int exit_code = answer->explanation.exit_code;
  if (exit_code == kExitCouldNotRun) return kExitCouldNotRun;
  Write(answer->explanation, flags, streams);
  return flags.exit_zero ? kExitClean : exit_code;
}

}  // namespace

void AddExplainCommand(CLI::App* app, Action* action) {
  auto flags = std::make_shared<ExplainFlags>();
  CLI::App* explain =
      app->add_subcommand("explain", "One task's timeline, its verdict, and what came near another one");
  DeclareFlags(explain, flags.get());
  explain->footer(
      "Exit codes: 0 no run of the task is a contradiction, 1 one is, 2 could not run, 3 inconclusive: the "
      "task "
      "was not found, has no final state, or a run of it can't be judged.");
  explain->callback(
      [flags, action] { *action = [flags](const Streams& streams) { return RunExplain(*flags, streams); }; });
}

}  // namespace gainsay
