#include "rules_option.h"

#include <ostream>
#include <utility>

namespace gainsay {

void AddRulesOption(CLI::App* command, std::vector<std::string>* rules) {
  command
      ->add_option("-r,--rules", *rules,
                   "Rule sets instead of 'builtin'; repeat to combine (-r builtin -r mine.toml); '!PACK' "
                   "leaves one out")
      ->allow_extra_args(false)
      ->envname("GAINSAY_RULES")
      ->type_name("FILE|DIR|PACK");
}

LoadResult LoadRules(const std::vector<std::string>& arguments, const Streams& streams,
                     BuiltinExamples examples) {
  LoadResult result = LoadRuleSet(arguments, examples);
  streams.err << Render(result.diagnostics);
  return result;
}

std::optional<Engine> CompileRules(RuleSet rules, const Streams& streams) {
  absl::StatusOr<Engine> engine = Engine::Compile(std::move(rules));
  if (engine.ok()) return std::move(*engine);
  CouldNotRun(streams, std::string(engine.status().message()));
  return std::nullopt;
}

std::optional<Engine> LoadEngine(const std::vector<std::string>& arguments, const Streams& streams) {
  LoadResult result = LoadRules(arguments, streams, BuiltinExamples::kWithout);
  if (!result.ok()) return std::nullopt;
  return CompileRules(std::move(result.rules), streams);
}

size_t CountRules(const Pack& pack) { return pack.rules.size() + pack.texts.size() + pack.reasons.size(); }

}  // namespace gainsay
