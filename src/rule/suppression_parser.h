// The tables [[suppress]] and [[test]]: what a rule set says about findings, not records.
#ifndef GAINSAY_RULE_SUPPRESSION_PARSER_H_
#define GAINSAY_RULE_SUPPRESSION_PARSER_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "rule/pack_reading.h"

namespace gainsay {

Suppression ReadSuppression(TomlTable* table, PackReading* reading);
Scenario ReadScenario(TomlTable* table, PackReading* reading);

// "2027-03-31" as the last nanosecond of that day, UTC, or the nearest moment that an int64_t can
// say; none if there is no such day.
std::optional<int64_t> EndOfDay(std::string_view date);

}  // namespace gainsay

#endif  // GAINSAY_RULE_SUPPRESSION_PARSER_H_
