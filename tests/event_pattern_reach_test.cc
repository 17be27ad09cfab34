// How far a pattern gets on a text that it does not match.
#include <gtest/gtest.h>

#include "event/pattern_reach.h"

namespace gainsay {
namespace {

std::string Reach(const std::string& pattern, std::string_view text) {
  return PatternReach(pattern).On(text);
}

TEST(PatternReach, IsTheLongestBeginningThatMatches) {
  EXPECT_EQ(Reach("^begin import-[0-9]+$", "begin import-x"), "^begin import-");
  EXPECT_EQ(Reach("is finished", "is finishing"), "is finish");
}

TEST(PatternReach, ClosesGroups) {
  EXPECT_EQ(Reach("^(?P<task>import-(?:[0-9]+|x)) is done", "import-17 was done"),
            "^(?P<task>import-(?:[0-9]+|x)) ");
  EXPECT_EQ(Reach("^(?P<task>import-[0-9]+ of b)", "import-17 at b"), "^(?P<task>import-[0-9]+ ");
}

// A beginning that matches whatever it is shown tells nothing.
TEST(PatternReach, WantsLettersOfItsOwn) {
  EXPECT_EQ(Reach("^(?P<task>\\S+) is finished", "import-17 was finished"), "");
  EXPECT_EQ(Reach("[a-z]+: done", "import: gone"), "");
  EXPECT_EQ(Reach("ab", "ab"), "");
}

TEST(PatternReach, TakesAnyPatternAndText) {
  EXPECT_EQ(Reach("", "x"), "");
  EXPECT_EQ(Reach("\\", "x"), "");
  EXPECT_EQ(Reach("((((((((abcdef", "abcxef"), "");
  EXPECT_EQ(Reach("[[[[(?P<", "x"), "");
  EXPECT_EQ(Reach("abc(?", "abcd"), "abc");
  EXPECT_EQ(Reach("abc\xC3\xA4x", "abc\xC3\xA4y"), "abc\xC3\xA4");
  EXPECT_EQ(Reach("abc", std::string_view("a\0bc", 4)), "");
  EXPECT_EQ(Reach(std::string(5000, 'a') + "b", std::string(5000, 'a')).size(), 300u);
  EXPECT_EQ(Reach("abcd", std::string(1 << 20, 'x') + "abc"), "");
}

}  // namespace
}  // namespace gainsay
