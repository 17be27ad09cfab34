// gainsay rules check | test
#include <algorithm>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "command.h"
#include "coverage_table.h"
#include "input/source.h"
#include "pipeline_rules.h"
#include "report/escape.h"
#include "rules_option.h"

namespace gainsay {
namespace {

struct TestFlags {
  std::vector<std::string> rules;  // -r
  std::vector<std::string> names;  // positional
  bool scenarios = false;
  bool verbose = false;
  bool coverage = false;
  std::vector<std::string> logs;  // --on
  std::string output = "text";
};

// What is named is tried together with all built-in packs, as it will be used, but only its own examples and
// scenarios are run.
struct Asked {
  std::vector<std::string> arguments;  // for the loader
  std::vector<std::string> pack_ids;
  bool all = false;  // nothing but 'builtin' was named
  size_t rules = 0;

  explicit Asked(const TestFlags& flags) : named_(flags.names) {
    named_.insert(named_.end(), flags.rules.begin(), flags.rules.end());
    all = named_.empty() || std::find(named_.begin(), named_.end(), "builtin") != named_.end();
    arguments = named_;
    arguments.insert(arguments.begin(), "builtin");
  }

  void Choose(const RuleSet& rule_set) {
    for (const Pack& pack : rule_set.packs) {
      const bool named = std::find(named_.begin(), named_.end(), pack.id) != named_.end();
      if (!all && !named && pack.builtin) continue;
      pack_ids.push_back(pack.id);
      rules += CountRules(pack);
    }
  }

 private:
  std::vector<std::string> named_;
};

std::string Counted(size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::ostream& Place(const Location& at, std::ostream& err) {
  return err << at.file << ':' << at.line << ':' << at.column << ": ";
}

// "a, b and 3 more".
std::string Named(const std::vector<RuleOverlap::Loser>& losers, size_t most) {
  std::string text;
  const size_t shown = std::min(losers.size(), most);
  for (size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + losers[i].name;
  return shown < losers.size() ? text + " and " + std::to_string(losers.size() - shown) + " more" : text;
}

// As it would stand in a rule file.
std::string Before(const std::vector<RuleOverlap::Loser>& losers) {
  std::string text = "before = [";
  for (size_t i = 0; i < losers.size(); ++i) text += (i == 0 ? "\"" : ", \"") + losers[i].name + "\"";
  return text + "]";
}

void TellOverlap(const RuleOverlap& overlap, bool verbose, std::ostream& err) {
  constexpr size_t kColumns = 110, kFewNames = 4;
  const bool reason = overlap.kind == "reason";
  Place(overlap.at, err) << "note: " << overlap.kind << ' ' << overlap.winner
                         << (reason ? " wins by order over " : " takes what is for ")
                         << Named(overlap.losers, verbose ? SIZE_MAX : kFewNames) << '\n';
  for (const RuleOverlap::Loser& loser : overlap.losers) {
    for (const std::string& line : loser.lines) {
      err << "    " << loser.name << ": " << Shorten(EscapeText(line), kColumns) << '\n';
      if (!verbose) break;
    }
    if (!verbose) break;
  }
  if (reason)
    err << "  help: if that is meant, write " << Before(overlap.losers) << " there, which holds it\n";
}

size_t TellOverlaps(const std::vector<RuleOverlap>& overlaps, bool verbose, std::ostream& err) {
  constexpr size_t kFew = 10;
  const size_t shown = verbose ? overlaps.size() : std::min(overlaps.size(), kFew);
  for (size_t i = 0; i < shown; ++i) TellOverlap(overlaps[i], verbose, err);
  if (shown < overlaps.size()) err << "and " << overlaps.size() - shown << " notes more; -v shows all\n";
  return overlaps.size();
}

void TellResult(const RuleTestCounts& counts, const Asked& asked, bool scenarios, size_t notes,
                std::ostream& out) {
  const size_t failures = counts.failures.size();
  out << (failures == 0 ? "ok: " : "FAILED: " + Counted(failures, "failure") + " in ")
      << Counted(counts.examples, "example");
  if (scenarios) out << " and " << Counted(counts.scenarios, "scenario");
  out << " of " << Counted(asked.rules, "rule") << " in " << Counted(asked.pack_ids.size(), "pack");
  if (notes > 0) out << "; " << Counted(notes, "note");
  out << '\n';
}

// False if logs were named and none of them could be read.
bool TellCoverage(const TestFlags& flags, const Engine& engine, const Asked& asked, const Streams& streams) {
  std::vector<InputProblem> problems;
  const std::vector<Source> logs = ExpandPaths(flags.logs, {}, &problems);
  const Coverage coverage = MeasureCoverage(engine, asked.pack_ids, logs);
  problems.insert(problems.end(), coverage.problems.begin(), coverage.problems.end());
  for (const InputProblem& problem : problems) {
    streams.err << "gainsay: " << EscapeText(problem.name) << ": " << EscapeText(problem.message) << '\n';
  }
  const bool none = !flags.logs.empty() && coverage.problems.size() == logs.size();
  if (flags.output == "jsonl") {
    WriteCoverageLines(coverage, asked.pack_ids, streams.out);
  } else {
    const bool by_rule = flags.verbose || !asked.all;
    WriteCoverageTable(coverage, asked.pack_ids, by_rule, !flags.logs.empty(), streams.out);
  }
  return !none;
}

int RunTest(const TestFlags& flags, const Streams& streams) {
  Asked asked(flags);
  LoadResult result = LoadRules(asked.arguments, streams);
  if (!result.ok()) return result.unreadable ? kExitCouldNotRun : kExitFound;
  asked.Choose(result.rules);
  const std::optional<Engine> engine = CompileRules(std::move(result.rules), streams);
  if (!engine) return kExitCouldNotRun;

  const absl::StatusOr<RuleTestCounts> counts = TestRules(*engine, flags.scenarios, asked.pack_ids);
  if (!counts.ok()) return CouldNotRun(streams, std::string(counts.status().message()));
  for (const RuleFailure& failure : counts->failures) {
    Place(failure.at, streams.err) << failure.rule << ": " << EscapeText(failure.message) << '\n';
  }
  const size_t notes =
      flags.scenarios ? 0 : TellOverlaps(FindOverlaps(*engine, asked.pack_ids), flags.verbose, streams.err);
  TellResult(*counts, asked, flags.scenarios, notes, flags.output == "jsonl" ? streams.err : streams.out);
  const bool covered =
      (flags.coverage || !flags.logs.empty()) ? TellCoverage(flags, *engine, asked, streams) : true;
  if (!counts->failures.empty()) return kExitFound;
  return covered ? kExitClean : kExitCouldNotRun;
}

void Declare(CLI::App* command, const std::shared_ptr<TestFlags>& flags, Action* action) {
  AddRulesOption(command, &flags->rules);
  command->add_option("FILE", flags->names, "Rule files, directories or packs; nothing: the built-in packs")
      ->type_name("");
  command->callback([flags, action] { *action = [flags](const Streams& s) { return RunTest(*flags, s); }; });
}

}  // namespace

void AddRulesTestCommands(CLI::App* rules, Action* action) {
  auto check_flags = std::make_shared<TestFlags>();
  CLI::App* check = rules->add_subcommand(
      "check", "Read rule files strictly, run the examples of their rules, and note which rules overlap");
  Declare(check, check_flags, action);
  check->add_flag("-v,--verbose", check_flags->verbose, "Every note, with all its examples");

  auto test_flags = std::make_shared<TestFlags>();
  test_flags->scenarios = true;
  CLI::App* test = rules->add_subcommand("test", "Run the examples and the [[test]] scenarios");
  Declare(test, test_flags, action);
  test->add_flag("--coverage", test_flags->coverage, "How many examples and scenarios use each rule");
  test->add_option("--on", test_flags->logs, "Coverage, and how many records of this log use each rule")
      ->allow_extra_args(false)
      ->type_name("PATH");
  test->add_option("-o,--output", test_flags->output, "Of the coverage: text or jsonl")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"text", "jsonl"}));
  test->add_flag("-v,--verbose", test_flags->verbose, "Coverage rule by rule, for the built-in packs too");
}

}  // namespace gainsay
