// gainsay discover PATH…
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "command.h"
#include "pipeline_discover.h"
#include "report/escape.h"
#include "rules_option.h"

namespace gainsay {
namespace {

struct DiscoverFlags {
  std::vector<std::string> paths, rules;
};

int RunDiscover(const DiscoverFlags& flags, const Streams& streams) {
  LoadResult rules = LoadRules(flags.rules, streams);
  if (!rules.ok()) return kExitCouldNotRun;
  ScanInput input;
  input.sources = ExpandPaths(flags.paths, {}, &input.problems);
  const absl::StatusOr<Discovery> found = Discover(rules.rules, input);
  if (!found.ok()) return CouldNotRun(streams, EscapeText(std::string(found.status().message())));
  for (const InputProblem& problem : found->problems) {
    streams.err << "gainsay: " << EscapeText(problem.name) << ": " << EscapeText(problem.message) << '\n';
  }
  if (found->sources_read == 0) return CouldNotRun(streams, "nothing could be read");
  for (const std::string& finding : found->findings) streams.err << EscapeText(finding) << '\n';
  if (!found->proposed) {
    streams.err
        << "nothing to propose: no message was found that says a task succeeded and bears its id, and "
           "that no rule knows\n";
    return kExitInconclusive;
  }
  streams.out << found->toml;
  return kExitClean;
}

}  // namespace

void AddDiscoverCommand(CLI::App* app, Action* action) {
  auto flags = std::make_shared<DiscoverFlags>();
  CLI::App* discover =
      app->add_subcommand("discover", "Look at an unknown log and propose a rule pack for it, to edit");
  discover->add_option("PATH", flags->paths, "Files, directories, globs, archives; '-': standard input")
      ->required()
      ->type_name("");
  AddRulesOption(discover, &flags->rules);
  discover->footer(
      "The pack goes to standard output, what was seen to standard error. Exit codes: 0 a pack was "
      "proposed, 2 could not run, 3 nothing to propose.");
  discover->callback([flags, action] {
    *action = [flags](const Streams& streams) { return RunDiscover(*flags, streams); };
  });
}

}  // namespace gainsay
