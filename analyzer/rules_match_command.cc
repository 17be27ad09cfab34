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
#include "rules_option.h"

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
  const std::optional<Engine> engine = LoadEngine(flags.rules, streams);
  if (!engine) return kExitCouldNotRun;
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
  AddRulesOption(match, &flags->rules);
  match->add_option("LINE", flags->line, "A log line as it stands in the log; '-': lines of standard input")
      ->required()
      ->type_name("");
  match->callback([flags, action] { *action = [flags](const Streams& s) { return RunMatch(*flags, s); }; });
}

}  // namespace gainsay
