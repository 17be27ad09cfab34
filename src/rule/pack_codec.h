// A pack as it was read, in bytes, and back: so the program keeps its own (rules/embed.cc), since taking TOML
// apart takes longer than a small log's scan.
//
// Thread rules: free functions without state.
#ifndef GAINSAY_RULE_PACK_CODEC_H_
#define GAINSAY_RULE_PACK_CODEC_H_

#include <string>
#include <string_view>

#include "rule/pack_reading.h"

namespace gainsay {

// All but the file's name.
std::string PackBytes(const ParsedPack& pack);

// The pack that was read from `file`. Not readable if the bytes are of no pack.
ParsedPack PackOfBytes(std::string_view bytes, const std::string& file);

}  // namespace gainsay

#endif  // GAINSAY_RULE_PACK_CODEC_H_
