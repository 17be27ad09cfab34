// gainsay rules match LINE | -
#include <algorithm>
#include <iomanip>
#include <istream>
#include <memory>
#include <ostream>
#include <sstream>
#include <string>
#include <utility>
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

// Those that are silent for the same reason stand in one line, in the order of the first.
void PrintSilent(const std::vector<std::pair<std::string, std::string>>& silent, std::ostream& out) {
  std::vector<std::pair<std::string, std::string>> grouped;  // why, rules
  for (const auto& [rule, why] : silent) {
    const auto same = std::find_if(grouped.begin(), grouped.end(),
                                   [&w = why](const auto& group) { return group.first == w; });
    if (same == grouped.end()) {
      grouped.emplace_back(why, rule);
    } else {
      same->second += ", " + rule;
    }
  }
  for (const auto& [why, rules] : grouped) out << "  not " << rules << ": " << EscapeText(why) << '\n';
}

// What the words of the record would be classed as; "" where its error event says it all.
std::string ReasonsOf(const RecordExplanation& explanation) {
  const bool is_error =
      std::any_of(explanation.events.begin(), explanation.events.end(),
                  [](const RecordExplanation::Fired& fired) { return fired.kind == "error"; });
  if (explanation.reasons.empty() || (is_error && explanation.reasons.size() == 1)) return "";
  std::string words = explanation.reasons.front();
  for (size_t i = 1; i < explanation.reasons.size(); ++i) {
    words += (i == 1 ? ", before " : ", ") + explanation.reasons[i];
  }
  return words;
}

void Print(const RecordExplanation& explanation, std::ostream& out) {
  constexpr size_t kColumns = 160;
  auto row = [&](const std::string& indent, const std::string& name, const std::string& value) {
    out << indent << std::left << std::setw(12) << name << ' ' << Shorten(EscapeText(value), kColumns)
        << '\n';
  };
  out << Shorten(EscapeText(explanation.line), kColumns) << '\n';
  for (const std::string& format : explanation.formats) row("  ", "text format", format);
  for (const auto& [name, value] : explanation.fields) row("  ", name, value);
  if (const std::string words = ReasonsOf(explanation); !words.empty()) row("  ", "reasons", words);
  if (explanation.events.empty()) out << "  no event\n";
  for (const RecordExplanation::Fired& fired : explanation.events) {
    out << "  -> " << fired.kind << " by " << fired.rule << '\n';
    for (const auto& [name, value] : fired.values) row("     ", name, value);
  }
  PrintSilent(explanation.silent, out);
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
  ReadCounters lines;
  const std::vector<RecordExplanation> explanations = ExplainRecords(*engine, text, &lines);
  if (lines.malformed > 0) {
    streams.err << "gainsay: line " << lines.first_malformed_line
                << " is no record: it begins like JSON and is none"
                << (lines.malformed > 1 ? ", as are others" : "")
                << "; an object must stand on one line (journalctl -o json, not json-pretty)\n";
  }
  if (explanations.empty() && lines.malformed == 0) CouldNotRun(streams, "no record: the line is blank");
  if (explanations.empty()) return kExitCouldNotRun;
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
