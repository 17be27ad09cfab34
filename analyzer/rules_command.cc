// gainsay rules list | show | check | test (match is in rules_match_command.cc)
#include <algorithm>
#include <iomanip>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "command.h"
#include "pipeline.h"
#include "report/escape.h"
#include "rules_option.h"

namespace gainsay {
namespace {

struct RulesFlags {
  std::vector<std::string> rules;  // -r
  std::vector<std::string> names;  // positional
};

size_t CountRules(const Pack& pack) { return pack.rules.size() + pack.texts.size() + pack.reasons.size(); }

int List(const RulesFlags& flags, const Streams& streams) {
  const LoadResult result = LoadRules(flags.rules, streams);
  if (!result.ok()) return kExitCouldNotRun;
  for (const Pack& pack : result.rules.packs) {
    streams.out << std::left << std::setw(14) << pack.id << std::right << std::setw(4) << CountRules(pack)
                << " rules  " << EscapeText(pack.title)
                << (pack.builtin ? "" : "  (" + EscapeText(pack.file) + ")") << '\n';
  }
  return kExitClean;
}

void ShowTests(const char* word, const std::vector<FieldTest>& tests, std::ostream& out) {
  for (const FieldTest& test : tests) out << "  " << word << "  " << test.path << " = " << test.text << '\n';
}

void ShowExamples(const std::vector<Example>& examples, std::ostream& out) {
  for (const Example& example : examples) {
    out << (example.match ? "  fires on   " : "  silent on  ") << EscapeText(example.log) << '\n';
    for (const auto& [key, value] : example.expect)
      out << "             " << key << " = " << EscapeText(value) << '\n';
  }
}

void ShowRule(const Rule& rule, std::ostream& out) {
  out << rule.FullId() << "  [" << KindName(rule.kind) << "]";
  if (rule.state != State::kNone) out << "  state " << StateName(rule.state);
  out << "  (" << rule.at.file << ':' << rule.at.line << ")\n";
  if (!rule.pattern.empty()) out << "  pattern  " << rule.pattern << '\n';
  if (!rule.unless.empty()) out << "  unless   " << rule.unless << '\n';
  ShowTests("where", rule.where, out);
  ShowTests("match", rule.match, out);
  for (const FieldCapture& c : rule.capture) out << "  capture  " << c.group << " = " << c.path << '\n';
  ShowTests("extract", rule.extract, out);
  ShowExamples(rule.examples, out);
}

void ShowReason(const Reason& reason, std::ostream& out) {
  out << reason.pack << '/' << reason.id << "  [reason]  (" << reason.at.file << ':' << reason.at.line
      << ")\n";
  if (!reason.pattern.empty()) out << "  pattern  " << reason.pattern << '\n';
  if (!reason.store.empty()) out << "  store    " << reason.store << '\n';
  ShowExamples(reason.examples, out);
}

void ShowText(const TextFormat& format, std::ostream& out) {
  out << format.pack << '/' << format.id << "  [text]  (" << format.at.file << ':' << format.at.line << ")\n"
      << "  pattern  " << format.pattern << '\n';
  ShowExamples(format.examples, out);
}

// What a name stands for: a pack, or PACK/RULE. False if nothing in the pack does.
bool ShowOf(const Pack& pack, const std::string& name, std::ostream& out) {
  const bool all = name == pack.id;
  bool found = all;
  auto wanted = [&](const std::string& id) {
    const bool yes = all || name == pack.id + "/" + id;
    found = found || yes;
    return yes;
  };
  if (all) out << pack.id << ": " << EscapeText(pack.title) << "\n\n";
  for (const TextFormat& format : pack.texts) {
    if (wanted(format.id)) ShowText(format, out);
  }
  for (const Rule& rule : pack.rules) {
    if (wanted(rule.id)) ShowRule(rule, out);
  }
  for (const Reason& reason : pack.reasons) {
    if (wanted(reason.id)) ShowReason(reason, out);
  }
  return found;
}

int Show(const RulesFlags& flags, const Streams& streams) {
  const LoadResult result = LoadRules(flags.rules, streams);
  if (!result.ok()) return kExitCouldNotRun;
  for (const std::string& name : flags.names) {
    bool found = false;
    for (const Pack& pack : result.rules.packs) found = ShowOf(pack, name, streams.out) || found;
    if (found) continue;
    std::vector<std::string> ids;
    for (const Pack& pack : result.rules.packs) ids.push_back(pack.id);
    const std::string near = NearestWord(name, ids);
    return CouldNotRun(streams, "no pack or rule '" + EscapeText(name) + "'" +
                                    (near.empty() ? "; `gainsay rules list` names the packs"
                                                  : "; did you mean '" + near + "'?"));
  }
  return kExitClean;
}

// check and test: what is named is tried together with all built-in packs, as it will be used, but only its
// own examples and scenarios are run.
int CheckOrTest(const RulesFlags& flags, bool scenarios, const Streams& streams) {
  std::vector<std::string> named = flags.names;
  named.insert(named.end(), flags.rules.begin(), flags.rules.end());
  std::vector<std::string> arguments = named;
  arguments.insert(arguments.begin(), "builtin");
  LoadResult result = LoadRules(arguments, streams);
  if (!result.ok()) return result.unreadable ? kExitCouldNotRun : kExitFound;

  std::vector<std::string> pack_ids;
  const bool all = named.empty() || std::find(named.begin(), named.end(), "builtin") != named.end();
  for (const Pack& pack : result.rules.packs) {
    const bool asked = std::find(named.begin(), named.end(), pack.id) != named.end();
    if (all || asked || !pack.builtin) pack_ids.push_back(pack.id);
  }
  size_t rules = 0;
  for (const Pack& pack : result.rules.packs) {
    if (std::find(pack_ids.begin(), pack_ids.end(), pack.id) != pack_ids.end()) rules += CountRules(pack);
  }
  const std::optional<Engine> engine = CompileRules(std::move(result.rules), streams);
  if (!engine) return kExitCouldNotRun;
  const absl::StatusOr<RuleTestCounts> counts = TestRules(*engine, scenarios, pack_ids);
  if (!counts.ok()) return CouldNotRun(streams, std::string(counts.status().message()));
  for (const RuleFailure& failure : counts->failures) {
    streams.err << failure.at.file << ':' << failure.at.line << ':' << failure.at.column << ": "
                << failure.rule << ": " << EscapeText(failure.message) << '\n';
  }
  streams.out << (counts->failures.empty()
                      ? "ok: "
                      : "FAILED: " + std::to_string(counts->failures.size()) + " failures in ");
  streams.out << counts->examples << " examples";
  if (scenarios) streams.out << " and " << counts->scenarios << " scenarios";
  streams.out << " of " << rules << " rules in " << pack_ids.size() << " packs\n";
  return counts->failures.empty() ? kExitClean : kExitFound;
}

}  // namespace

void AddRulesCommand(CLI::App* app, Action* action) {
  auto flags = std::make_shared<RulesFlags>();
  CLI::App* rules = app->add_subcommand("rules", "Look at rule sets, and test them");
  rules->require_subcommand(1);
  CLI::App* list = rules->add_subcommand("list", "The packs in use, a line each");
  CLI::App* show = rules->add_subcommand("show", "A pack's rules, or one rule, with their examples");
  CLI::App* check =
      rules->add_subcommand("check", "Read rule files strictly and run the examples of their rules");
  CLI::App* test = rules->add_subcommand("test", "Like check, and run the [[test]] scenarios too");
  AddRulesMatchCommand(rules, action);
  for (CLI::App* command : {list, show, check, test}) AddRulesOption(command, &flags->rules);
  show->add_option("NAME", flags->names, "PACK or PACK/RULE")->required()->type_name("");
  for (CLI::App* command : {check, test}) {
    command->add_option("FILE", flags->names, "Rule files, directories or packs; nothing: the built-in packs")
        ->type_name("");
  }
  list->callback([flags, action] { *action = [flags](const Streams& s) { return List(*flags, s); }; });
  show->callback([flags, action] { *action = [flags](const Streams& s) { return Show(*flags, s); }; });
  check->callback(
      [flags, action] { *action = [flags](const Streams& s) { return CheckOrTest(*flags, false, s); }; });
  test->callback(
      [flags, action] { *action = [flags](const Streams& s) { return CheckOrTest(*flags, true, s); }; });
}

}  // namespace gainsay
