// What only the whole set can tell: whether its packs agree with one another.
#ifndef GAINSAY_RULE_RULE_SET_H_
#define GAINSAY_RULE_RULE_SET_H_

#include <vector>

#include "rule/pack_reading.h"

namespace gainsay {

// `packs` in the order in which they are tried. Pack ids are unique, every reason that is named is known
// ("other" is implied), and every `before` holds: the first that is tried of a reason comes
// before the first of each reason in its `before`.
void CheckRuleSet(const std::vector<ParsedPack>& packs, std::vector<Diagnostic>* diagnostics);

}  // namespace gainsay

#endif  // GAINSAY_RULE_RULE_SET_H_
