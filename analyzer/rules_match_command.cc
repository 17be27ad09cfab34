// gainsay rules match LINE | -
#include <iomanip>
#include <istream>
#include <memory>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "command.h"
#include "pipeline.h"
#include "report/escape.h"
#include "rule/loader.h"

namespace gainsay {
namespace {

struct MatchFlags {
  std::vector<std::string> rules;
  std::string line;
};

void Print(const RecordExplanation& explanation, std::ostream& out) {
  constexpr size_t kColumns = 160;
  auto row = [&](const std::string& indent, const std::string& name, const std::string& value) {
    out << indent << std::left << std::setw(12) << name << ' ' << Shorten(EscapeText(value), kColumns)
        << '\n';
  };
  out << Shorten(EscapeText(explanation.line), kColumns) << '\n';
  for (const auto& [name, value] : explanation.fields) row("  ", name, value);
  if (explanation.events.empty()) out << "  no event\n";
  for (const RecordExplanation::Fired& fired : explanation.events) {
    out << "  -> " << fired.kind << " by " << fired.rule << '\n';
    for (const auto& [name, value] : fired.values) row("     ", name, value);
  }
  for (const auto& [rule, why] : explanation.silent) out << "  not " << rule << ": " << why << '\n';
}

int RunMatch(const MatchFlags& flags, const Streams& streams) {
  LoadResult rules = LoadRuleSet(flags.rules);
  streams.err << Render(rules.diagnostics);
  if (!rules.ok()) return kExitCouldNotRun;
  const absl::StatusOr<Engine> engine = Engine::Compile(std::move(rules.rules));
  if (!engine.ok()) return CouldNotRun(streams, std::string(engine.status().message()));
  std::string text = flags.line;
  if (text == "-") {
    std::ostringstream all;
    all << streams.in.rdbuf();
    text = all.str();
  }
  const std::vector<RecordExplanation> explanations = ExplainRecords(*engine, text);
  if (explanations.empty())
    return CouldNotRun(streams, "no record: the line is blank, or begins like JSON and is none");
  for (const RecordExplanation& explanation : explanations) Print(explanation, streams.out);
  return kExitClean;
}

}  // namespace

void AddRulesMatchCommand(CLI::App* rules, Action* action) {
  auto flags = std::make_shared<MatchFlags>();
  CLI::App* match =
      rules->add_subcommand("match", "What the rules make of a line: fields, events, and why not others");
  match->add_option("-r,--rules", flags->rules, "Rule sets instead of 'builtin'; repeat to combine")
      ->allow_extra_args(false)
      ->envname("GAINSAY_RULES")
      ->type_name("FILE|DIR|PACK");
  match->add_option("LINE", flags->line, "A log line as it stands in the log; '-': lines of standard input")
      ->required()
      ->type_name("");
  match->callback([flags, action] { *action = [flags](const Streams& s) { return RunMatch(*flags, s); }; });
}

}  // namespace gainsay
