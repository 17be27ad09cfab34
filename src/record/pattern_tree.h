// A regex as a tree, as far as it matters for what its matches may begin with.
//
// For pattern_heads.cc. Thread rules: plain values; a free function without state.
#ifndef GAINSAY_RECORD_PATTERN_TREE_H_
#define GAINSAY_RECORD_PATTERN_TREE_H_

#include <bitset>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace gainsay {

// A node of a pattern: flags are seen to, groups and assertions but '^' are gone.
struct PatternNode {
  enum class Kind : uint8_t { kChar, kConcat, kEither, kRepeat, kBegin, kNothing };
  Kind kind = Kind::kNothing;
  std::bitset<256> bytes;     // kChar: its one byte, in ASCII
  bool beyond_ascii = false;  // kChar: or a character of several bytes
  std::vector<std::unique_ptr<PatternNode>> parts;
  int least = 0, most = 0;  // kRepeat; most < 0: any number
};

// The tree of a pattern that RE2 takes, which matches at least what the pattern does. Null if there is
// something in the pattern that is not known here.
std::unique_ptr<PatternNode> ReadPattern(std::string_view pattern);

// Whether it matches nowhere but at the text's begin.
bool IsAnchored(const PatternNode& node);

}  // namespace gainsay

#endif  // GAINSAY_RECORD_PATTERN_TREE_H_
