// Lines and bytes: folding, mending, counting, and what no input may break.

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>

#include "builtin_engine.h"
#include "record/error_text.h"
#include "record/find_text.h"
#include "record/reader.h"
#include "record_reading.h"

namespace gainsay {
namespace {

using std::string_literals::operator""s;

TEST(FindText, FindsWhatStringsFind) {
  std::mt19937 random(3);
  const auto some = [&random](size_t size) {
    std::string text;
    for (; size > 0; --size) text += "abc"[random() % 3];
    return text;
  };
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = some(random() % 90), part = some(1 + random() % (i % 2 == 0 ? 5 : 20));
    const size_t from = random() % (text.size() + 3);
    ASSERT_EQ(FindText(text, part, from), text.find(part, from)) << text << " " << part << " " << from;
    if (text.size() < part.size()) continue;
    const std::string held = text.substr(random() % (text.size() - part.size() + 1), part.size());
    ASSERT_EQ(FindText(text, held), text.find(held)) << text << " " << held;
  }
}

// More sets of attributes than are remembered, each met again.
TEST(RecordReader, ForgetsNothingThatMatters) {
  const Engine& engine = BuiltinEngine();
  const auto read = [&engine](RecordReader* reader, const std::string& line) {
    Chunk chunk;
    std::string bytes = line + "\n";
    const size_t size = bytes.size();
    bytes.append(kChunkPadding, '\0');
    chunk.bytes = {bytes.data(), size};
    chunk.first_line = 1;
    reader->Open(chunk, 0);
    const Record* record = reader->Next();
    if (record == nullptr) return std::string("none");
    std::string told = std::string(record->message) + " " + std::string(record->error) + " " +
                       std::to_string(record->severity);
    for (const std::string_view field : record->fields) told.append("|").append(field);
    for (const std::string_view value : record->attributes) told.append("|").append(value);
    return told;
  };
  RecordReader one(engine.plan(), engine.texts(), absl::UTCTimeZone());
  std::mt19937 random(4);
  for (int round = 0; round < 3; ++round) {
    for (size_t slot = 0; slot < engine.plan().slot_count(); ++slot) {
      const std::string& other = engine.plan().path(random() % engine.plan().slot_count());
      const std::string line = R"({"message":"m","level":"error",")" + engine.plan().path(slot) +
                               R"(":"7",")" + other + R"(":"x"})";
      RecordReader fresh(engine.plan(), engine.texts(), absl::UTCTimeZone());
      ASSERT_EQ(read(&one, line), read(&fresh, line)) << line;
    }
  }
}

TEST(RecordReader, ReadsAttributesBelowALine) {
  Reading reading({"a"});
  const auto task = [&](const std::string& below) {
    return reading.One("INFO: job started\n" + below).field(Field::kTask);
  };
  EXPECT_EQ(task("    task_id: \"t1\"\n    n: 7"), "t1");
  EXPECT_EQ(task("    err: {\n      \"task_id\": \"t9\"\n    }\n    task_id: 12\r\n"), "12");
  EXPECT_EQ(task("    task_id: \"t1\"\nat the margin"), "") << "something else";
  EXPECT_EQ(task("    task_id: \"t\"1\""), "") << "no JSON";
  EXPECT_EQ(task("    task_id: t1"), "");
  EXPECT_EQ(task("    : \"x\"\n    \": \"\n    a: "), "");
  EXPECT_EQ(reading.One("INFO: job started\n    msg: \"x\"\n    task_id: 1").message, "job started");
}

TEST(RecordReader, MendsBytes) {
  Reading reading;
  Owned r = reading.One("{\"msg\":\"caf\xE9 ol\xC3\xA9\",\"level\":\"error\"}");
  EXPECT_EQ(r.message, "caf\xEF\xBF\xBD ol\xC3\xA9");
  EXPECT_EQ(r.severity, 17);
  EXPECT_EQ(reading.counters.invalid_utf8, 1u);
  r = reading.One("{\"msg\":\"a\0b\tc\x1b[0m\"}"s);
  EXPECT_EQ(r.message, std::string("a\0b\tc\x1B[0m", 9));
  EXPECT_EQ(reading.counters.invalid_utf8, 0u);
  r = reading.One("ERROR: caf\xE9");
  EXPECT_EQ(r.message, "caf\xEF\xBF\xBD");
  EXPECT_EQ(r.raw, "ERROR: caf\xE9");
  EXPECT_EQ(reading.One("ERROR: {\"msg\":\"caf\xE9\"}").message, "caf\xEF\xBF\xBD");
  EXPECT_EQ(reading.One("\xEF\xBB\xBF {\"msg\":\"bom\"}\r\n").message, "bom");
  EXPECT_EQ(reading
                .One("\xEF\xBB\xBF"
                     "ERROR: bom\r\n")
                .message,
            "bom");
  EXPECT_EQ(reading.One("\0\0\0{\"msg\":\"x\"}"s).message, "x");
}

TEST(RecordReader, FoldsContinuations) {
  Reading reading;
  std::vector<Owned> records = reading.Read(
      "[2026-08-01 10:00:00: ERROR/F] boom\n"
      "Traceback (most recent call last):\n"
      "  File x\n"
      "\n"
      "ValueError: y\n"
      "anything\n"
      "\n"
      "INFO: next\n");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].message, "boom");
  EXPECT_EQ(records[0].error, "Traceback (most recent call last):\n  File x\n\nValueError: y\nanything");
  EXPECT_EQ(records[0].lines, 5u);
  EXPECT_EQ(records[0].raw.substr(records[0].raw.size() - 8), "anything");
  EXPECT_EQ(records[1].line, 8u);
  EXPECT_EQ(records[1].message, "next");
  EXPECT_EQ(records[1].severity, 9);
  EXPECT_EQ(records[1].offset, 36u + 35 + 9 + 1 + 14 + 9 + 1);
  EXPECT_EQ(reading.counters.folded, 4u);
  EXPECT_EQ(reading.counters.blank, 2u);
  records = reading.Read(
      "{\"msg\":\"json\",\"error\":\"zq\"}\n"
      "Traceback (most recent call last):\n"
      "  File x\n"
      "A: 1\n"
      "During handling of the above exception, another exception occurred:\n"
      "\n"
      "Traceback (most recent call last):\n"
      "  File x\n"
      "B: 2\n"
      "DETAIL:  d\n"
      "plain\n"
      "  indented\n"
      "other\n"
      "{\"msg\": broken\n"
      "  after broken\n");
  ASSERT_EQ(records.size(), 4u);
  EXPECT_EQ(records[0].lines, 9u);
  EXPECT_TRUE(records[0].error.starts_with("zq\nTraceback")) << records[0].error;
  EXPECT_TRUE(records[0].error.ends_with("B: 2\nDETAIL:  d"));
  EXPECT_EQ(records[1].message, "plain");
  EXPECT_EQ(records[1].error, "indented");
  EXPECT_EQ(records[2].message, "other");
  EXPECT_EQ(records[3].message, "  after broken");
  records = reading.Read("Traceback (most recent call last):\n  File x\nValueError: y\nplain");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].lines, 3u);
}

TEST(RecordReader, CapsTheErrorText) {
  Reading reading;
  std::string text = "INFO: a\n";
  for (int i = 0; i < 20'000; ++i) text += "\xC3\xA9 continued\n";
  const Owned r = reading.One(text);
  EXPECT_LE(r.error.size(), ErrorText::kMaxBytes);
  EXPECT_GE(r.error.size(), ErrorText::kMaxBytes - 4);
  EXPECT_EQ(r.lines, 20'001u);
}

TEST(RecordReader, CountsOverlongLines) {
  RuleSet rules;
  const FieldPlan plan = FieldPlan::Compile(rules);
  const auto texts = TextFormats::Compile(rules);
  RecordReader reader(plan, *texts, absl::UTCTimeZone());
  Chunk chunk;
  chunk.first_line = 5;
  chunk.overlong_bytes = 100;
  reader.Open(chunk, 0);
  EXPECT_EQ(reader.Next(), nullptr);
  EXPECT_EQ(reader.counters().overlong, 1u);
  EXPECT_EQ(reader.counters().malformed, 1u);
  EXPECT_EQ(reader.counters().first_malformed_line, 5u);
  EXPECT_EQ(reader.counters().bytes, 100u);
  EXPECT_TRUE(reader.counters().AddUp());
}

TEST(StartsRecord, IsSureOnlyOfWhatStandsAlone) {
  Reading reading;
  for (const char* line : {"{\"a\":1}", "{broken", "  {\"a\":1}", "\xEF\xBB\xBF{}", "\x1E{}",
                           "data: {\"a\":1}", "ERROR: x", "ERROR: x\r", "ERROR: caf\xE9"}) {
    EXPECT_TRUE(reading.Starts(line)) << line;
  }
  for (const char* line : {"", "  ", "plain", "Traceback (most recent call last):", "[1]", "data: x"}) {
    EXPECT_FALSE(reading.Starts(line)) << line;
  }
}

TEST(RecordReader, SurvivesEveryMutation) {
  Reading reading({"a.b", "x"});
  const std::string seeds[] = {
      "{\"level\":50,\"time\":1795216989941,\"err\":{\"type\":\"E\",\"message\":\"m\\u00e9\",\"stack\":"
      "\"s\\n at\"},\"msg\":\"a\"}\n",
      "{\"MESSAGE\":[104,105,233],\"TASK_ID\":[\"a\",null,[98]],\"PRIORITY\":\"3\"}\n",
      "{\"MESSAGE\":\"{\\\"msg\\\":\\\"x\\\",\\\"a\\\":{\\\"b\\\":[1,2]}}\",\"a.b\":1}\n",
      "[2026-08-01 10:00:00,123: ERROR/F] {\"msg\":\"x\"}\nTraceback (most recent call last):\n  File\nE: "
      "x\n",
  };
  std::mt19937 random(11);
  for (int i = 0; i < 6'000; ++i) {
    std::string text;
    for (int k = 0; k < 3; ++k) text += seeds[random() % 4];
    for (auto k = random() % 6; k > 0; --k) text[random() % text.size()] = static_cast<char>(random());
    if (random() % 4 == 0) text.resize(random() % text.size());
    reading.Read(text);
  }
}

}  // namespace
}  // namespace gainsay
