// Shapes of logs in which a record is more or less than a line: woven strands, split lines, objects over
// several lines, batches. Read with the built-in formats, and cut into chunks of any size.

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "builtin_engine.h"
#include "input/chunk.h"
#include "pipeline.h"
#include "record/reader.h"
#include "record/time.h"
#include "record/weave.h"

namespace gainsay {
namespace {

struct Read {
  uint64_t line = 0;
  uint32_t lines = 0;
  int severity = 0;
  std::string message, error, task, host, pid, logger;

  bool operator==(const Read&) const = default;
};

struct Reading {
  std::vector<Read> records;
  ReadCounters counters;
};

Reading ReadAll(const std::string& text, size_t chunk_bytes, bool live = false) {
  const Engine& engine = BuiltinEngine();
  RecordReader reader(engine.plan(), engine.texts(), absl::UTCTimeZone());
  ChunkOptions options;
  options.chunk_bytes = chunk_bytes;
  options.live = live;
  options.border_lines = kBorderLines;
  ChunkReader chunks(
      MemoryStream(text), options, [&](std::string_view line) { return StartsRecord(line, engine.texts()); },
      [&](std::string_view before, std::string_view from, bool enough, size_t* unknown_from) {
        return MayGoOn(before, from, enough, unknown_from, engine.texts());
      });
  Reading reading;
  for (auto chunk = chunks.Next(); chunk.ok() && *chunk; chunk = chunks.Next()) {
    reader.Open(**chunk, 0);
    while (const Record* r = reader.Next()) {
      reading.records.push_back({r->position.line, r->lines, r->severity, std::string(r->message),
                                 std::string(r->error), std::string(r->field(Field::kTask)),
                                 std::string(r->field(Field::kHost)), std::string(r->field(Field::kPid)),
                                 std::string(r->field(Field::kLogger))});
    }
  }
  reading.counters = reader.counters();
  EXPECT_TRUE(reading.counters.AddUp());
  EXPECT_EQ(reading.counters.bytes, text.size());
  return reading;
}

std::vector<Read> ReadText(const std::string& text) {
  const Reading whole = ReadAll(text, size_t{1} << 20);
  for (const size_t chunk_bytes : {1, 50, 300}) {
    EXPECT_EQ(ReadAll(text, chunk_bytes).records, whole.records) << "in chunks of " << chunk_bytes;
  }
  return whole.records;
}

std::string Entry(int pid, const std::string& message, const std::string& more = "") {
  return R"({"_PID":")" + std::to_string(pid) + R"(","_TRANSPORT":"stdout","PRIORITY":"6","MESSAGE":")" +
         message + R"(","_STREAM_ID":"65f8")" + more + R"(,"__REALTIME_TIMESTAMP":"1795217821372246"})" +
         "\n";
}

TEST(Shapes, JournaldEntriesOfOneProcessAmongOthers) {
  const std::vector<Read> records =
      ReadText(Entry(7, "[2026-08-01 10:00:00,123: ERROR/Fork-1] primary write failed") +
               Entry(8, "[2026-08-01 10:00:00,124: INFO/Fork-2] fine") +
               Entry(7, "Traceback (most recent call last):") + Entry(7, "  File \\\"a.py\\\", line 1") +
               Entry(8, "plain, of the other one") +  //
               Entry(7, "ValueError: attempt to write a readonly database") +
               Entry(7, "of no format either") + Entry(7, "[2026-08-01 10:00:01,123: INFO/Fork-1] next"));
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].message, "primary write failed");
  EXPECT_EQ(records[0].lines, 5u);
  EXPECT_EQ(records[0].error,
            "Traceback (most recent call last):\n  File \"a.py\", line 1\n"
            "ValueError: attempt to write a readonly database\nof no format either");
  EXPECT_EQ(records[1].message, "fine");
  EXPECT_EQ(records[1].error, "plain, of the other one");
  EXPECT_EQ(records[2].line, 8u);
}

TEST(Shapes, JournaldFoldEndsSomewhere) {
  std::string text = Entry(7, "[2026-08-01 10:00:00,123: ERROR/Fork-1] failed");
  for (int i = 0; i < 40; ++i) text += Entry(8, "[2026-08-01 10:00:00,124: INFO/Fork-2] other");
  text += Entry(7, "  too far away");
  EXPECT_EQ(ReadText(text).size(), 42u);
  text.clear();
  for (int i = 0; i < 2'000; ++i) text += Entry(7, i == 0 ? "INFO a.b: begins" : "  goes on");
  const std::vector<Read> records = ReadText(text);
  EXPECT_GE(records.size(), 2u);
  EXPECT_LE(records[0].lines, kStrandSpan + 1);
}

TEST(Shapes, JournaldBytesAndSplitLines) {
  std::vector<Read> records = ReadText(Entry(7, "[2026-08-01 10:00:00,123: ERROR/Fork-1] failed") +
                                       R"({"_PID":"7","_STREAM_ID":"65f8","MESSAGE":[32,32,120,233]})"
                                       "\n" +
                                       R"({"_PID":"7","_STREAM_ID":"65f8","MESSAGE":null})"
                                       "\n");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].error, "x\xEF\xBF\xBD");
  const std::string half(2'000, 'z');
  records = ReadText(Entry(7, "INFO a.b: " + half, R"(,"_LINE_BREAK":"line-max")") + Entry(8, "x") +
                     Entry(7, "end") + Entry(7, "y"));
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].message, half + "end");
  EXPECT_EQ(records[0].error, "y");
}

TEST(Shapes, CriSplitLinesAndTracebacks) {
  const std::string t = "2026-08-01T10:00:00.123456789Z ";
  const std::vector<Read> records =
      ReadText(t + "stdout P {\"level\":\"error\",\"msg\":\"pri\n" + t + "stderr F ERROR:root:boom\n" + t +
               "stdout P mary write\n" + t + "stderr F Traceback (most recent call last):\n" + t +
               "stderr F   File \"a.py\", line 1\n" + t + "stdout F  failed\",\"job_id\":7}\n" + t +
               "stderr F ValueError: x\n" + t + "stderr F plain\n");
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].message, "primary write failed");
  EXPECT_EQ(records[0].severity, 17);
  EXPECT_EQ(records[0].task, "7");
  EXPECT_EQ(records[0].lines, 3u);
  EXPECT_EQ(records[1].message, "boom");
  EXPECT_EQ(records[1].error, "Traceback (most recent call last):\n  File \"a.py\", line 1\nValueError: x");
  EXPECT_EQ(records[2].message, "plain");
}

TEST(Shapes, DockerSplitLinesAndTracebacks) {
  const auto line = [](const std::string& log, const std::string& stream) {
    return R"({"log":")" + log + R"(","stream":")" + stream + R"(","time":"2026-08-01T10:00:00.1Z"})" + "\n";
  };
  std::vector<Read> records = ReadText(
      line(R"({\"level\":\"error\",)", "stdout") + line(R"(10:00:00 x\n)", "stderr") +
      line(R"(\"msg\":\"cannot write\"}\n)", "stdout") +
      line(R"(2026-08-01 10:00:00,123 ERROR a.b: boom\n)", "stderr") +
      line(R"(java.sql.SQLException: no space\n)", "stderr") + line(R"(\tat a.B.c(B.java:3)\n)", "stderr") +
      line(R"(Caused by: x.Y: z\n)", "stderr") + line(R"(\n)", "stderr") + line(R"(next\n)", "stderr"));
  ASSERT_EQ(records.size(), 4u);
  EXPECT_EQ(records[0].message, "cannot write");
  EXPECT_EQ(records[0].severity, 17);
  EXPECT_EQ(records[2].message, "boom");
  EXPECT_EQ(records[2].error, "java.sql.SQLException: no space\n\tat a.B.c(B.java:3)\nCaused by: x.Y: z");
  EXPECT_EQ(records[3].message, "next");
}

TEST(Shapes, PrefixesOfContainersPodsAndPrograms) {
  for (const auto& [one, other] : std::vector<std::pair<std::string, std::string>>{
           {"web-1     | ", "worker-1  | "},
           {"[pod/shop-7c/app] ", "[pod/shop-8d/app] "},
           {"[pod/shop-7c/app] 2026-08-01T10:00:00.1Z ", "[pod/shop-8d/app] 2026-08-01T10:00:00.2Z "},
           {"Aug  1 10:00:00 web1 load[4711]: ", "Aug  1 10:00:00 web1 load[4712]: "},
           {"2026-08-01T10:00:00.123456+0000 web1 load[4711]: ",
            "2026-08-01T10:00:00.123456+0000 web1 cron[9]: "},
       }) {
    const std::vector<Read> records =
        ReadText(one + "ERROR:root:boom\n" + other + "INFO:root:fine\n" + one +
                 "Traceback (most recent call last):\n" + other + "INFO:root:fine again\n" + one +
                 "  File \"a.py\", line 1\n" + one + "ValueError: x\n" + one + "INFO:root:next\n");
    ASSERT_EQ(records.size(), 4u) << one;
    EXPECT_EQ(records[0].message, "boom") << one;
    EXPECT_EQ(records[0].error, "Traceback (most recent call last):\n  File \"a.py\", line 1\nValueError: x");
    EXPECT_EQ(records[3].message, "next");
  }
}

TEST(Shapes, StampsOfCiLogs) {
  for (const std::string stamp :
       {"2026-08-01T10:00:00.1234567Z ", "[2026-08-01T10:00:00.123Z] ", "2026-08-01T10:00:00.123456Z 00O "}) {
    const std::vector<Read> records =
        ReadText(stamp + "ERROR:root:boom\n" + stamp + "Traceback (most recent call last):\n" + stamp +
                 "  File\n" + stamp + "ValueError: x\n" + stamp + "done\n");
    ASSERT_EQ(records.size(), 2u) << stamp;
    EXPECT_EQ(records[0].lines, 4u);
    EXPECT_EQ(records[1].message, "done");
  }
  // Rust's tracing pads its levels: what looks indented is none.
  EXPECT_EQ(ReadText("2026-08-01T10:00:00.123456Z  INFO shop::store: a\n"
                     "2026-08-01T10:00:00.123457Z  INFO shop::store: b\n"
                     "web-1  | 2026-08-01T10:00:00.123456Z  INFO shop::store: a\n"
                     "web-1  | 2026-08-01T10:00:00.123457Z  INFO shop::store: b\n")
                .size(),
            4u);
}

TEST(Shapes, ObjectsOverSeveralLines) {
  const Reading reading = ReadAll(
      "{\n\t\"MESSAGE\" : \"one\",\n\t\"a\" : {\n\t\t\"b\" : "
      "[\n\t\t\t{\n\t\t\t}\n\t\t]\n\t},\n\t\"PRIORITY\" : "
      "\"3\"\n}\n{\n  \"msg\": \"two\"\n},\r\n{\n  \"cut\": 1\n",
      1);
  ASSERT_GE(reading.records.size(), 2u);
  EXPECT_EQ(reading.records[0].message, "one");
  EXPECT_EQ(reading.records[0].severity, 17);
  EXPECT_EQ(reading.records[0].lines, 10u);
  EXPECT_EQ(reading.records[1].message, "two");
  EXPECT_EQ(reading.records[1].line, 11u);
  EXPECT_EQ(reading.counters.malformed, 1u);
  EXPECT_EQ(reading.counters.first_malformed_line, 14u);
}

TEST(Shapes, MessagesBelowTheirHead) {
  std::vector<Read> records = ReadText(
      "fail: Shop.Store[0]\n      primary write failed\n      System.IO.IOException: no space\n         at "
      "X()\n"
      "info: Shop.Store[14]\n      fine\n");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].message, "primary write failed");
  EXPECT_EQ(records[0].severity, 17);
  EXPECT_EQ(records[1].message, "fine");
  records = ReadText(
      "Aug 01, 2026 3:04:05 PM org.shop.Store save\nSEVERE: cannot write\njava.io.IOException: no space\n"
      "\tat x\nAug 01, 2026 3:04:06 PM org.shop.Store save\nINFO: fine\n");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].message, "cannot write");
  EXPECT_EQ(records[0].severity, 17);
  EXPECT_EQ(records[0].logger, "org.shop.Store");
  EXPECT_EQ(records[1].message, "fine");
  EXPECT_EQ(records[1].severity, 9);
  EXPECT_EQ(FormatTime(ParseTime("Aug 01, 2026 3:04:05 PM", absl::UTCTimeZone())->ns),
            "2026-08-01T15:04:05Z");
  EXPECT_EQ(FormatTime(ParseTime("Aug 1, 2026 12:04:05\xE2\x80\xAF"
                                 "AM",
                                 absl::UTCTimeZone())
                           ->ns),
            "2026-08-01T00:04:05Z");
  EXPECT_FALSE(ParseTime("Aug 1, 2026 13:04:05 PM", absl::UTCTimeZone()));
}

TEST(Shapes, ColorsAreNoText) {
  const std::vector<Read> records = ReadText(
      "\x1b[1;31m[2026-08-01 10:00:00,123: ERROR/Fork-1] boom\x1b[0m\n"
      "\x1b[31mTraceback (most recent call last):\x1b[0m\n"
      "\x1b[2m2026-08-01T10:00:00.123456Z\x1b[0m \x1b[31mERROR\x1b[0m "
      "\x1b[2mshop::store\x1b[0m\x1b[2m:\x1b[0m x\n"
      "{\"MESSAGE\":\"\\u001b[31m10:00AM\\u001b[0m \\u001b[31mERR\\u001b[0m cannot\",\"PRIORITY\":\"6\"}\n");
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].message, "boom");
  EXPECT_EQ(records[0].lines, 2u);
  EXPECT_EQ(records[1].message, "x");
  EXPECT_EQ(records[1].logger, "shop::store");
  EXPECT_EQ(records[2].message, "cannot");
  EXPECT_EQ(records[2].severity, 17);
}

constexpr char kBatch[] =
    R"({"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},)"
    R"({"key":"host.name","value":{"stringValue":"web1"}},{"key":"process.pid","value":{"intValue":"4711"}}]},)"
    R"("scopeLogs":[{"scope":{"name":"shop.jobs"},"logRecords":[{"timeUnixNano":"1785578400123456789",)"
    R"("severityNumber":17,"severityText":"ERROR","body":{"stringValue":"primary write failed"},)"
    R"("attributes":[{"key":"celery.task_id","value":{"stringValue":"7c3d"}},)"
    R"({"key":"exception.message","value":{"stringValue":"no \"space\""}}],"traceId":"ab","spanId":"cd"},)"
    R"({"observedTimeUnixNano":"1785578400123456790","body":{"kvlistValue":{"values":[{"key":"msg","value":)"
    R"({"stringValue":"inner"}},{"key":"level","value":{"stringValue":"warn"}},{"key":"rows","value":)"
    R"({"arrayValue":{"values":[{"intValue":1},{"doubleValue":1.5},{"boolValue":true},{}]}}}]}}}]},)"
    R"({"scope":{},"logRecords":[{"body":{"stringValue":"{\"level\":\"error\",\"msg\":\"json\",\"job_id\":9}"}}]}]},)"
    R"({"scopeLogs":[{"logRecords":[{"body":{"stringValue":"ERROR:root:text"}}]}]}]})";

TEST(Shapes, RecordBatches) {
  const Reading reading =
      ReadAll(std::string(kBatch) + "\n{\"msg\":\"after\"}\n{\"resourceLogs\":[]}\n", 100);
  ASSERT_EQ(reading.records.size(), 6u);
  EXPECT_EQ(reading.counters.lines, 3u);
  EXPECT_EQ(reading.counters.records, 3u);
  EXPECT_EQ(reading.counters.packed, 3u);
  const std::vector<Read>& r = reading.records;
  EXPECT_EQ(r[0],
            (Read{1, 1, 17, "primary write failed", "no \"space\"", "7c3d", "web1", "4711", "shop.jobs"}));
  EXPECT_EQ(r[1].message, "inner");
  EXPECT_EQ(r[1].severity, 13);
  EXPECT_EQ(r[1].host, "web1");
  EXPECT_EQ(r[2].message, "json");
  EXPECT_EQ(r[2].task, "9");
  EXPECT_EQ(r[3].message, "text");
  EXPECT_EQ(r[3].host, "");
  EXPECT_EQ(r[4].message, "after");
  EXPECT_EQ(r[4].line, 2u);
  EXPECT_EQ(ReadAll(std::string(kBatch).substr(0, 300), 100).counters.malformed, 1u);
  EXPECT_EQ(ReadAll(std::string(kBatch) + "\n  indented\n", 100).records.size(), 5u);
}

// Any mutation of any mixture reads without harm, and the same in chunks of any size.
TEST(Shapes, NothingBreaksThem) {
  const std::string t = "2026-08-01T10:00:00.123456789Z ";
  const std::vector<std::string> lines = {
      Entry(7, "[2026-08-01 10:00:00,123: ERROR/Fork-1] failed"),
      Entry(7, "Traceback (most recent call last):"),
      Entry(7, "  File"),
      Entry(8, "ValueError: x"),
      Entry(8, "plain"),
      t + "stdout P {\"msg\":\n",
      t + "stdout F \"x\"}\n",
      t + "stderr F   indented\n",
      t + "stderr F org.a.BException: x\n",
      "web-1  | ERROR:root:boom\n",
      "web-1  | Traceback (most recent call last):\n",
      "web-1  |   File\n",
      "web-1  | E: x\n",
      "[pod/a/b] " + t + "\tat x\n",
      R"({"log":"part","stream":"stdout","time":"2026-08-01T10:00:00Z"})"
      "\n",
      R"({"log":"  rest\n","stream":"stdout","time":"2026-08-01T10:00:00Z"})"
      "\n",
      "Aug  1 10:00:00 web1 load[4711]: goroutine 1 [running]:\n",
      "Aug  1 10:00:00 web1 load[4711]: main.main()\n",
      "{\n\t\"MESSAGE\" : \"x\"\n}\n",
      std::string(kBatch) + "\n",
      "plain\n",
      "  indented\n",
      "\n",
  };
  std::mt19937 random(5);
  for (int i = 0; i < 400; ++i) {
    std::string text;
    for (auto k = random() % 60; k > 0; --k) text += lines[random() % lines.size()];
    const bool mutate = i % 2 == 1;
    for (auto k = mutate ? random() % 6 : 0; k > 0 && !text.empty(); --k) {
      text[random() % text.size()] = static_cast<char>(random());
    }
    const Reading whole = ReadAll(text, size_t{1} << 20);
    ReadAll(text, 1 + random() % 900, true);
    if (text.find("{\n") == std::string::npos || !mutate) {
      EXPECT_EQ(ReadAll(text, 1 + random() % 900).records, whole.records) << text;
    }
    if (HasFailure()) break;
  }
}

// Every output mode of journalctl tells of the same entries.
TEST(Shapes, JournalctlOutputModes) {
  struct Mode {
    const char* name;
    uint64_t lines, records;
  };
  for (const Mode& mode :
       {Mode{"shapes.json", 27, 26}, Mode{"shapes.json-all", 27, 25}, Mode{"shapes.json-fields", 27, 27},
        Mode{"shapes.json-pretty", 823, 27}, Mode{"shapes.json-seq", 27, 26}, Mode{"shapes.json-sse", 54, 26},
        Mode{"shapes.short-iso-precise", 29, 24}}) {
    ScanInput input;
    const std::string path = std::string(GAINSAY_SOURCE_DIR "/tests/data/journald/") + mode.name + ".gz";
    input.sources = {{mode.name, path}};
    const absl::StatusOr<ScanResult> result = Scan(BuiltinEngine(), input);
    ASSERT_TRUE(result.ok());
    const SourceSummary& total = result->summary.total;
    EXPECT_EQ(total.malformed, 0u) << mode.name;
    EXPECT_EQ(total.lines, mode.lines) << mode.name;
    EXPECT_EQ(total.records, mode.records) << mode.name;
  }
}

}  // namespace
}  // namespace gainsay
