// A regex as a tree: those parts of RE2's language that patterns of log lines are made of.
//
// For pattern_heads.cc and pattern_program.cc. Thread rules: plain values; a free function without state.
#ifndef GAINSAY_RECORD_PATTERN_TREE_H_
#define GAINSAY_RECORD_PATTERN_TREE_H_

#include <bitset>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gainsay {

// Which characters outside ASCII a node takes.
enum class BeyondAscii : uint8_t { kNone, kSome, kAll };

// A node of a pattern; flags are seen to.
struct PatternNode {
  enum class Kind : uint8_t {
    kChar,
    kConcat,
    kEither,
    kRepeat,
    kGroup,
    kBegin,
    kEnd,
    kWordBorder,
    kNoWordBorder,
    kNothing
  };
  Kind kind = Kind::kNothing;
  std::bitset<256> bytes;  // kChar: its one byte, in ASCII
  BeyondAscii beyond = BeyondAscii::kNone;
  std::vector<std::unique_ptr<PatternNode>> parts;
  int least = 0, most = 0;  // kRepeat; most < 0: any number
  bool lazy = false;
  std::string name;  // kGroup: of one that captures; "" if it has none
};

// Null if there is something in the pattern that is not known here.
struct PatternTree {
  std::unique_ptr<PatternNode> root;
  bool exact = true;  // false: it matches all that the pattern does, and more
};

// The tree of a pattern that RE2 takes.
PatternTree ReadPattern(std::string_view pattern);

// Whether it matches somewhere without reading anything.
bool MayBeEmpty(const PatternNode& node);

// Whether it matches nowhere but at the text's begin.
bool IsAnchored(const PatternNode& node);

}  // namespace gainsay

#endif  // GAINSAY_RECORD_PATTERN_TREE_H_
