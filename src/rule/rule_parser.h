// The tables of the five kinds of events: [[start]] [[mention]] [[error]] [[resolution]] [[terminal]].
#ifndef GAINSAY_RULE_RULE_PARSER_H_
#define GAINSAY_RULE_RULE_PARSER_H_

#include <optional>
#include <string_view>

#include "rule/pack_reading.h"

namespace gainsay {

// One table as a rule; whatever is wrong with it goes to the reading's file.
Rule ReadRule(RuleKind kind, TomlTable* table, PackReading* reading);

// ">=error", "< warn", "info", "any"; none if it is no level test.
std::optional<LevelTest> ParseLevelTest(std::string_view text);

}  // namespace gainsay

#endif  // GAINSAY_RULE_RULE_PARSER_H_
