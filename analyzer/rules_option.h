// `-r/--rules`, and what becomes of it: the same for every subcommand that needs rules.
#ifndef GAINSAY_ANALYZER_RULES_OPTION_H_
#define GAINSAY_ANALYZER_RULES_OPTION_H_

#include <optional>
#include <string>
#include <vector>

#include "command.h"
#include "pipeline.h"
#include "rule/loader.h"

namespace gainsay {

void AddRulesOption(CLI::App* command, std::vector<std::string>* rules);

// Reads the rule sets and tells on err what is wrong with them.
LoadResult LoadRules(const std::vector<std::string>& arguments, const Streams& streams,
                     BuiltinExamples examples = BuiltinExamples::kWith);

// The rules, compiled. None if they don't load or compile, which is told on err.
std::optional<Engine> CompileRules(RuleSet rules, const Streams& streams);
std::optional<Engine> LoadEngine(const std::vector<std::string>& arguments, const Streams& streams);

// Rules of all kinds, text formats, reasons.
size_t CountRules(const Pack& pack);

}  // namespace gainsay

#endif  // GAINSAY_ANALYZER_RULES_OPTION_H_
