// gainsay rules list | show (check, test and match have files of their own)
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

}  // namespace

void AddRulesCommand(CLI::App* app, Action* action) {
  auto flags = std::make_shared<RulesFlags>();
  CLI::App* rules = app->add_subcommand("rules", "Look at rule sets, and test them");
  rules->require_subcommand(1);
  CLI::App* list = rules->add_subcommand("list", "The packs in use, a line each");
  CLI::App* show = rules->add_subcommand("show", "A pack's rules, or one rule, with their examples");
  AddRulesTestCommands(rules, action);
  AddRulesMatchCommand(rules, action);
  for (CLI::App* command : {list, show}) AddRulesOption(command, &flags->rules);
  show->add_option("NAME", flags->names, "PACK or PACK/RULE")->required()->type_name("");
  list->callback([flags, action] { *action = [flags](const Streams& s) { return List(*flags, s); }; });
  show->callback([flags, action] { *action = [flags](const Streams& s) { return Show(*flags, s); }; });
}

}  // namespace gainsay
