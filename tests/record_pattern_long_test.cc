// Long runs and fixed texts in patterns, which are looked at many bytes at once, against RE2: of all lengths,
// cut off, and with a byte changed.
#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "re2/re2.h"
#include "record/byte_halves.h"
#include "record/pattern_program.h"

namespace gainsay {
namespace {

// Whether the pattern matches the text and where its group ends, by steps and by RE2. "?": it can't be told.
void ExpectSame(const std::string& pattern, const std::string& text) {
  const std::optional<PatternProgram> program = PatternProgram::Compile(pattern);
  ASSERT_TRUE(program) << pattern;
  size_t places[2] = {}, end = 0;
  const PatternProgram::Answer answer = program->Match(text, places, &end);
  const RE2 regex(pattern);
  re2::StringPiece group;
  const bool matches = RE2::PartialMatch(text, regex, &group);
  if (answer == PatternProgram::Answer::kUnsure) return;
  ASSERT_EQ(answer == PatternProgram::Answer::kYes, matches) << pattern << " on '" << text << "'";
  if (!matches) return;
  EXPECT_EQ(text.substr(places[0], places[1] - places[0]), std::string(group.data(), group.size()))
      << pattern;
}

TEST(PatternProgram, MatchesTextsOfAnyLength) {
  std::mt19937 random(5);
  const std::string kBytes = "abKSz 0.[_";
  for (size_t size = 1; size < 40; ++size) {
    for (int round = 0; round < 60; ++round) {
      std::string fixed;
      for (size_t i = 0; i < size; ++i) fixed += kBytes[random() % kBytes.size()];
      const std::string pattern = std::string(random() % 2 == 0 ? "(?i)" : "") + "^(?P<g>x?)" +
                                  RE2::QuoteMeta(fixed) + (random() % 2 == 0 ? "$" : "");
      std::string text = fixed + std::string(random() % 12, ' ');
      ExpectSame(pattern, text);
      ExpectSame(pattern, text.substr(0, random() % (text.size() + 1)));
      text[random() % size] ^= random() % 3 == 0 ? '\x80' : random() % 2 == 0 ? '\x20' : '\x01';
      ExpectSame(pattern, text);
    }
  }
}

TEST(PatternProgram, TakesRunsOfAnyLength) {
  std::mt19937 random(6);
  for (const std::string set :
       {"[^\\[\\]\\r\\n]", "[0-9a-f-]", "\\w", ".", "[^\\s]", "[\\x00-\\x7f]", "[a-cx-z]"}) {
    for (size_t size = 0; size < 110; ++size) {
      std::string text;
      for (size_t i = 0; i < size; ++i) text += "abc-0"[random() % 5];
      const std::string behind = text + "]e\n" + std::string(random() % 40, '1');
      for (const std::string& pattern :
           {"^(?P<g>" + set + "+)", "^(?P<g>" + set + "{3,70})", "^(?P<g>" + set + "*)e"}) {
        ExpectSame(pattern, text);
        ExpectSame(pattern, behind);
        ExpectSame(pattern, text + "\xC3\xA9" + behind);
      }
    }
  }
}

TEST(ByteHalves, AreTheSetInAscii) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::bitset<256> set;
    for (size_t byte = 0; byte < 128; ++byte) set[byte] = random() % 4 != 0;
    const ByteHalves halves = HalvesOf(set);
    for (size_t byte = 0; byte < 256; ++byte) {
      EXPECT_EQ((halves.low[byte % 16] & halves.high[byte / 16]) != 0, set[byte]) << byte;
    }
    std::string text;
    for (int i = 0; i < 100; ++i) text += static_cast<char>(random() % 160);
    const size_t begin = random() % 20;
    size_t leading = begin;
    while (leading < text.size() && set[static_cast<unsigned char>(text[leading])]) ++leading;
    const size_t told = LeadingBlocksOf(halves, text.data() + begin, text.size() - begin);
    EXPECT_TRUE(told == leading - begin || told % 32 == 0) << told;
    EXPECT_LE(told, leading - begin);
  }
}

}  // namespace
}  // namespace gainsay
