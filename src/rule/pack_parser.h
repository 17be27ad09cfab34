// One rule file, from its text to a pack and the names in it that only the whole set can check.
#ifndef GAINSAY_RULE_PACK_PARSER_H_
#define GAINSAY_RULE_PACK_PARSER_H_

#include <string>
#include <string_view>
#include <vector>

#include "rule/pack_reading.h"

namespace gainsay {

ParsedPack ParsePackFile(std::string_view toml, const std::string& file,
                         std::vector<Diagnostic>* diagnostics);

// Nothing but suppressions and fields: such a pack adds to the default instead of replacing it.
bool OnlyAdds(const Pack& pack);

}  // namespace gainsay

#endif  // GAINSAY_RULE_PACK_PARSER_H_
