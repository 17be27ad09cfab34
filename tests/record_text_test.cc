#include <gtest/gtest.h>

#include <utility>

#include "record/continuation.h"
#include "record/text.h"

namespace gainsay {
namespace {

RuleSet Formats(const std::vector<std::pair<std::string, std::string>>& formats) {
  Pack pack;
  pack.id = "t";
  for (const auto& [id, pattern] : formats) {
    TextFormat format;
    format.pack = "t";
    format.id = id;
    format.pattern = pattern;
    pack.texts.push_back(format);
  }
  RuleSet rules;
  rules.packs.push_back(pack);
  return rules;
}

std::string_view Get(const TextParts& parts, Field field) { return parts.fields[static_cast<size_t>(field)]; }

TEST(TextFormats, FirstMatchWinsAndNamesItsParts) {
  const auto texts = TextFormats::Compile(Formats({
      {"worker", R"(^\[(?P<time>[^\]]*?): (?P<level>[A-Z]+)/(?P<lane>[^\]]+)\] (?P<message>.*)$)"},
      {"level", R"(^(?P<level>[A-Z]+): (?P<message>.*)$)"},
      {"any-bracket", R"(^\[(?P<message>.*)$)"},
  }));
  ASSERT_TRUE(texts.ok());
  TextParts parts;
  ASSERT_TRUE(texts->Match("[2026-08-01 10:00:00,123: ERROR/ForkPoolWorker-1] Task a[b] failed", &parts));
  EXPECT_EQ(parts.format->id, "worker");
  EXPECT_EQ(Get(parts, Field::kTime), "2026-08-01 10:00:00,123");
  EXPECT_EQ(Get(parts, Field::kLevel), "ERROR");
  EXPECT_EQ(Get(parts, Field::kLane), "ForkPoolWorker-1");
  EXPECT_EQ(Get(parts, Field::kMessage), "Task a[b] failed");
  EXPECT_EQ(Get(parts, Field::kTask), "");
  ASSERT_TRUE(texts->Match("ERROR: x", &parts));
  EXPECT_EQ(parts.format->id, "level");
  EXPECT_EQ(Get(parts, Field::kTime), "") << "nothing is left of the match before";
  EXPECT_FALSE(texts->Match("plain", &parts));
  EXPECT_EQ(parts.format, nullptr);
  EXPECT_FALSE(texts->Matches("plain"));
  EXPECT_TRUE(texts->Matches("[x"));
}

TEST(TextFormats, NoneAndOneAndBroken) {
  TextParts parts;
  const auto none = TextFormats::Compile(RuleSet{});
  ASSERT_TRUE(none.ok());
  EXPECT_FALSE(none->Match("x", &parts));
  const auto one = TextFormats::Compile(Formats({{"a", "^a(?P<message>.*)"}}));
  ASSERT_TRUE(one.ok());
  EXPECT_TRUE(one->Match("ab", &parts));
  EXPECT_FALSE(one->Matches("b"));
  EXPECT_FALSE(TextFormats::Compile(Formats({{"a", "(("}})).ok());
}

TEST(TextFormats, LongLineIsNoTrouble) {
  const auto texts = TextFormats::Compile(
      Formats({{"a", R"(^(?P<level>[A-Z]+): (?P<message>.*)$)"}, {"b", "^b(?P<message>x)"}}));
  const std::string line = "ERROR: " + std::string(4 << 20, 'x');
  TextParts parts;
  ASSERT_TRUE(texts->Match(line, &parts));
  EXPECT_EQ(Get(parts, Field::kMessage).size(), size_t{4} << 20);
}

TEST(LooksLikeContinuation, KnowsItsKinds) {
  for (const char* line :
       {"  File \"x.py\", line 3, in f", "\tat a.B.c(B.java:3)",
        "Traceback (most recent call last):", "Caused by: java.io.IOException: x",
        "During handling of the above exception, another exception occurred:",
        "The above exception was the direct cause of the following exception:", "... 23 more",
        "DETAIL:  Failing row contains (1, null).", "HINT:  x", "CONTEXT:  SQL statement",
        "LINE 1: INSERT INTO a", "STATEMENT:  INSERT", "[SQL: INSERT INTO a]", "[parameters: (1,)]",
        "(Background on this error at: https://x)", "    ^^^^", "\"\"\"", "goroutine 1 [running]:"}) {
    EXPECT_TRUE(LooksLikeContinuation(line)) << line;
  }
  for (const char* line : {"", "   ", "\t", "ERROR: x", "LINE up here", "... and so on", "... 3 retries",
                           "psycopg2.Error: x", "Detail: x", "{\"a\":1}", "LINE 12"}) {
    EXPECT_FALSE(LooksLikeContinuation(line)) << line;
  }
}

}  // namespace
}  // namespace gainsay
