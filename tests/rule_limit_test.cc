#include <gtest/gtest.h>

#include <string>

#include "rule/loader.h"
#include "rule_text.h"

namespace gainsay {
namespace {

TEST(ParsePackLimitTest, PatternsThatGrowExponentially) {
  std::string toml = ErrorRule("pattern = '%{a30}'\n[patterns]\na0 = 'xxxxxxxx'");
  for (int i = 1; i <= 30; ++i) {
    const std::string before = "%{a" + std::to_string(i - 1) + "}";
    toml += "a" + std::to_string(i) + " = '" + before + before + "'\n";
  }
  const Parsed parsed = Parse(toml);
  ASSERT_EQ(parsed.diagnostics.size(), 1u) << parsed.Text();
  EXPECT_NE(parsed.Text().find("this regex is longer than 65536 bytes"), std::string::npos) << parsed.Text();
}

TEST(ParsePackLimitTest, PatternsThatNestDeep) {
  std::string toml = ErrorRule("pattern = '%{a1}'\n[patterns]");
  for (int i = 1; i < 20000; ++i)
    toml += "a" + std::to_string(i) + " = '%{a" + std::to_string(i + 1) + "}'\n";
  toml += "a20000 = 'x'\n";
  EXPECT_NE(Parse(toml).Text().find("patterns nest deeper than"), std::string::npos);
}

TEST(ParsePackLimitTest, HostileToml) {
  std::string dots = "a", brackets;
  for (int i = 0; i < 100'000; ++i) dots += ".a";
  EXPECT_NE(Parse("format = 1\n" + dots + " = 1\n").Text().find("mine.toml:2:1: error: a key of more than"),
            std::string::npos);
  EXPECT_NE(Parse("[" + dots + "]\n").Text().find("a key of more than"), std::string::npos);
  // Strings that look like the start of others must not hide it.
  for (const std::string hide :
       {"'x'", "\"\\\"\"", "'''x''''", "\"\"\"x\\\"\"\"\"\"\"", "''", "\"#\"", "\"\\\\\""}) {
    EXPECT_NE(Parse("x = { y = " + hide + ", " + dots + " = 1 }").Text().find("a key of more than"),
              std::string::npos)
        << hide;
  }
  // Dots in strings and comments are no keys.
  EXPECT_EQ(Parse("format = 1 # " + dots + "\n[fields]\ntask = '" + dots + "'\n").Text(), "");
  EXPECT_NE(Parse("a = " + std::string(100'000, '[')).Text(), "");
  EXPECT_NE(Parse("a = " + std::string(100'000, '{')).Text(), "");
  EXPECT_NE(Parse(std::string("a = '\0'\n", 8)).Text(), "");
  EXPECT_NE(Parse("").Text().find("missing 'format'"), std::string::npos);
}

TEST(ParsePackLimitTest, DeepWhere) {
  std::string path = "a", inner = "1";
  for (int i = 0; i < 20; ++i) path += ".a";
  EXPECT_NE(Parse(WithPattern("error", "where = { " + path + " = 1 }")).Text().find("'where' nests too deep"),
            std::string::npos);
  for (int i = 0; i < 200; ++i) inner = "{ b = " + inner + " }";
  EXPECT_NE(Parse(WithPattern("error", "where = { a = " + inner + " }")).Text().find("nests too deep"),
            std::string::npos);
}

TEST(ParsePackLimitTest, ManyErrorsAreCountedButNotAllShown) {
  std::string toml = ErrorRule("pattern = 'x'");
  for (int i = 0; i < 5000; ++i) toml += "patern" + std::to_string(i) + " = 'x'\n";
  const Parsed parsed = Parse(toml);
  ASSERT_EQ(parsed.diagnostics.size(), 101u);
  EXPECT_EQ(parsed.diagnostics.back().severity, Diagnostic::Severity::kError);
  EXPECT_EQ(Render(parsed.diagnostics.back()), "mine.toml: error: and 4900 more\n");
}

TEST(ParsePackLimitTest, OneHugeLineOfErrors) {
  std::string toml = "format = 1\nx = { ";
  for (int i = 0; i < 20000; ++i) toml += "k" + std::to_string(i) + " = 1, ";
  toml += "z = 1 }\ntask = 1\n";
  const std::string text = Parse(toml).Text();
  EXPECT_LT(text.size(), 100'000u);
  EXPECT_NE(text.find("unknown table 'x'"), std::string::npos);
}

}  // namespace
}  // namespace gainsay
