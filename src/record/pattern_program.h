// One regex, matched from a given place on (the text's begin, if it is anchored) as RE2 matches it, but
// faster: for the short and simple patterns that log lines have. Where it can't tell, it says so, and RE2 is
// to be asked.
//
//   std::optional<PatternProgram> program = PatternProgram::Compile(pattern);
//   std::vector<size_t> places(2 * program->groups().size());
//   if (program->Match(text, places.data(), &end) == PatternProgram::Answer::kYes) …
//
// Immutable after Compile; may be shared by threads.
#ifndef GAINSAY_RECORD_PATTERN_PROGRAM_H_
#define GAINSAY_RECORD_PATTERN_PROGRAM_H_

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record/byte_halves.h"
#include "record/pattern_tree.h"
#include "record/text_look.h"

namespace gainsay {

class PatternProgram {
 public:
  static constexpr size_t kNowhere = SIZE_MAX;
  enum class Answer : uint8_t { kNo, kYes, kUnsure };

  // None if the pattern is not anchored, or there is something in it that is not known here.
  static std::optional<PatternProgram> Compile(std::string_view pattern);
  static std::optional<PatternProgram> Compile(const PatternTree& tree);
  // Of one that need not be anchored, for MatchAt.
  static std::optional<PatternProgram> CompileForAnyPlace(const PatternTree& tree);

  // The names of the groups that have one.
  const std::vector<std::string>& groups() const { return groups_; }
  // A text that each match holds, in ASCII, the longest that the pattern tells; may be empty.
  const std::string& fixed() const { return fixed_; }

  // Whether the pattern matches, as RE2 prefers it. If so, `places`, two for each group, has where the groups
  // begin and end, kNowhere if one did not match, and `*end` where the match ends. kUnsure: characters
  // outside ASCII stand where they matter, or it takes too long.
  Answer Match(std::string_view text, size_t* places, size_t* end) const;
  // The same for a match that begins at `at`, a place of the text or its end.
  Answer MatchAt(std::string_view text, size_t at, size_t* places, size_t* end) const;
  // The same as Match; `look` is told what was looked at.
  Answer Match(std::string_view text, size_t* places, size_t* end, TextLook* look) const;

 private:
  enum class Op : uint8_t {
    kChar,
    kRun,
    kLazyRun,
    kSplit,
    kSwitch,
    kSave,
    kBegin,
    kEnd,
    kWordBorder,
    kNoWordBorder,
    kMatch
  };
  // What may stand at a place of the text, and more.
  struct First {
    std::bitset<256> bytes;
    bool end = false;  // the text's
  };
  struct Step {
    Op op = Op::kMatch;
    BeyondAscii beyond = BeyondAscii::kNone;
    bool ends_for_good = false;    // runs: none of its characters may stand behind it
    uint32_t next = 0, other = 0;  // `other`: of a split, if `next` fails
    uint32_t group_place = 0;      // kSave
    size_t least = 0, most = 0;    // runs: how many characters
    uint32_t chars = 0;            // kChar, runs: which of `chars_`; kSwitch: of `switches_`
    uint32_t text = kNoText;       // kChar: which of `texts_` begins with it
    First first;                   // of the text where this step begins
  };
  static constexpr uint32_t kNoText = UINT32_MAX;
  // Several steps, each of which asks for one character in ASCII (or one letter in either case), told at
  // once.
  struct Text {
    size_t size = 0;
    uint32_t words = 0;  // the first of `text_words_`: one for each eight bytes, the last for the last eight
    uint32_t next = 0;   // the step behind
  };
  struct TextWord {
    uint64_t bytes = 0, compared = 0;  // the bits that count
  };
  // Several ways, in the order of preference.
  struct Switch {
    static constexpr size_t kMost = 64;
    std::vector<uint32_t> ways;
    std::array<uint64_t, 257> open =
        {};  // by the next byte, last that of the text's end: which may begin there
  };
  class Compiler;
  template <bool kTold>
  class Matching;

  // A set of characters, none outside ASCII. Many steps share one.
  struct Chars {
    std::array<bool, 256> has = {};  // by byte
    TextLook::Bytes bytes;           // the same
    ByteHalves halves;               // the same; of those that a run takes
  };
  // Whether the text stands at `at`, where so many bytes are left.
  bool Stands(const Text& text, const char* at, size_t left) const;

  std::vector<Step> steps_;
  std::vector<Chars> chars_;
  std::vector<Text> texts_;
  std::vector<TextWord> text_words_;
  std::vector<Switch> switches_;
  uint32_t begin_ = 0;
  std::vector<std::string> groups_;
  std::string fixed_;
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_PATTERN_PROGRAM_H_
