// A regex on a line as it stands, before it is read: as deep as its texts are wrapped.
#include "event/raw_match.h"

#include <gtest/gtest.h>

#include <string>

#include "report/escape.h"

namespace gainsay {
namespace {

bool MayMatch(const std::string& line, const std::string& regex) {
  RawTexts texts;
  texts.Open(line);
  return texts.MayMatch(UnboundRegex(regex));
}

TEST(RawTexts, AreMatchedAsDeepAsTheyAreWrapped) {
  std::string line = "job \"seven\"\tended in C:\\tmp";
  for (int depth = 0; depth < 3; ++depth) {
    EXPECT_TRUE(MayMatch(line, R"(^Job "\w+"\tended in C:\\tmp$)")) << line;
    EXPECT_FALSE(MayMatch(line, "^job ended")) << line;
    line = "{\"message\":" + JsonString(line) + "}";
  }
  EXPECT_TRUE(MayMatch(line, "^job ended")) << "too deep to be told";
}

TEST(RawTexts, LetThroughWhatIsNotTold) {
  EXPECT_TRUE(MayMatch("a\xFF", "b")) << "no UTF-8";
  EXPECT_TRUE(MayMatch(R"({"a":"\q"})", "b")) << "no escape";
  EXPECT_TRUE(MayMatch("a", "\\Qb\\E"));
  EXPECT_TRUE(MayMatch(R"({"message":["job","ended"]})", R"(job\sended)"));
  EXPECT_FALSE(MayMatch(R"({"message":["job","ended"]})", "job ended"));
  EXPECT_TRUE(MayMatch("a^$b", R"([$^]\$b)")) << "an anchor is none in a class, or behind a backslash";
  EXPECT_TRUE(MayMatch("a]^1", R"([]^]\^[[:digit:]^$]$)"));
}

}  // namespace
}  // namespace gainsay
