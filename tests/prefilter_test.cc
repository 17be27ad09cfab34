// The prefilter and its slow twin: a scan gives the same with and without it, whatever the log.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "builtin_engine.h"
#include "event/prefilter_scan.h"
#include "input/chunk.h"
#include "pipeline.h"
#include "re2/re2.h"
#include "real_logs.h"
#include "untimed_log.h"

namespace gainsay {
namespace {

namespace fs = std::filesystem;

struct Outcome {
  std::string report;  // without the line counters
  uint64_t skipped = 0;
};

struct How {
  bool prefilter = true;
  size_t chunk_bytes = size_t{64} << 10, jobs = 1;
};

Outcome ScanTexts(const Engine& engine, const std::vector<std::string>& logs, const How& how) {
  ScanInput input;
  for (size_t i = 0; i < logs.size(); ++i)
    input.sources.push_back({"log" + std::to_string(i), std::to_string(i)});
  input.open = [&](const Source& source, const PathFilter&) {
    return OnlyMember(source.name, MemoryStream(logs[std::stoul(source.path)]));
  };
  input.prefilter = how.prefilter;
  input.prefilter_after = 0;
  input.chunk_bytes = how.chunk_bytes;
  input.jobs = how.jobs;
  const absl::StatusOr<ScanResult> result = Scan(engine, input);
  EXPECT_TRUE(result.ok()) << result.status().message();
  Outcome outcome;
  if (!result.ok()) return outcome;
  std::ostringstream out;
  ReportStyle style;
  style.all_tasks = true;
  Write(Format::kJsonl, MakeDocument(MakeReport(engine, *result), style.all_tasks), style, out);
  outcome.report = out.str();
  for (const SourceSummary& source : result->summary.sources) outcome.skipped += source.skipped;
  for (const char* counter : {"records", "malformed", "blank", "folded", "packed", "skipped", "invalid_utf8",
                              "null_messages", "first_malformed_line"}) {
    RE2::GlobalReplace(&outcome.report, "\"" + std::string(counter) + "\":[0-9]+", "");
  }
  return outcome;
}

// The lines of a log that have to be read, with a sieve from the beginning or without one.
std::vector<size_t> LinesToRead(const PrefilterSearch& search, const std::string& padded, size_t size,
                                size_t sieve_after) {
  PrefilterScan scan(search, sieve_after);
  const std::string_view log = std::string_view(padded).substr(0, size);
  scan.Open(log);
  std::vector<size_t> lines;
  for (size_t at = scan.NextLine(0); at < size;) {
    lines.push_back(at);
    at = log.find('\n', at);
    if (at != std::string_view::npos && ++at < size) at = scan.NextLine(at);
  }
  return lines;
}

// The sieve only makes it quicker.
void ExpectSieveTwins(const std::string& log, const std::string& name) {
  static const PrefilterSearch search(BuiltinEngine().prefilter(), {});
  const std::string padded = log + std::string(kChunkPadding, '\0');
  const std::vector<size_t> sifted = LinesToRead(search, padded, log.size(), 0);
  ASSERT_NE(search.SieveFor({}), nullptr);
  EXPECT_EQ(sifted, LinesToRead(search, padded, log.size(), SIZE_MAX)) << name;
}

// Whether both are the same; the lines skipped.
uint64_t ExpectTwins(const Engine& engine, const std::string& log, const std::string& name) {
  const Outcome fast = ScanTexts(engine, {log}, {}), slow = ScanTexts(engine, {log}, {.prefilter = false});
  EXPECT_EQ(slow.skipped, 0u);
  EXPECT_EQ(fast.report, slow.report) << name;
  ExpectSieveTwins(log, name);
  return fast.skipped;
}

TEST(Prefilter, EveryBuiltinRuleHasSomethingToLookFor) {
  EXPECT_EQ(BuiltinEngine().prefilter().without_literal(), std::vector<std::string>{});
}

TEST(Prefilter, GivesTheSameOnRealLogs) {
  uint64_t skipped = 0;
  for (const fs::path& log : RealLogs()) skipped += ExpectTwins(BuiltinEngine(), Unpacked(log), log);
  EXPECT_GT(skipped, 500u) << "nothing was skipped: the test compares a thing with itself";
}

std::string JsonString(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (c == '\t') {
      json += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned char>(c));
      json += escape;
    } else {
      json += c;
    }
  }
  return json + '"';
}

// Texts that rules and reasons are for.
const std::vector<std::string>& ExampleTexts() {
  static const std::vector<std::string> texts = [] {
    std::vector<std::string> found;
    const auto add = [&found](const std::vector<Example>& examples) {
      for (const Example& example : examples) {
        if (example.log.size() < 300) found.push_back(example.log);
      }
    };
    for (const Pack& pack : BuiltinEngine().rules().packs) {
      for (const Rule& rule : pack.rules) add(rule.examples);
      for (const Reason& reason : pack.reasons) add(reason.examples);
    }
    return found;
  }();
  return texts;
}

// GAINSAY_PREFILTER_SEEDS=100: so many logs instead of each one; for a long hunt by hand.
size_t Seeds() {
  const char* seeds = std::getenv("GAINSAY_PREFILTER_SEEDS");
  return seeds == nullptr ? 1 : static_cast<size_t>(std::atoi(seeds));
}

// What nobody would write, and what might slip through.
void Mutate(std::string* line, std::mt19937* random) {
  if (line->empty()) return;
  const auto pick = [&](size_t n) { return (*random)() % n; };
  const size_t at = pick(line->size());
  switch (pick(13)) {
    case 0:
      (*line)[at] = static_cast<char>(pick(256));
      break;
    case 1:
      line->resize(at);
      break;
    case 2: {  // a character as an escape
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned char>((*line)[at]));
      line->replace(at, 1, escape);
      break;
    }
    case 3:
      line->insert(at, line->substr(pick(line->size()), 40));
      break;
    case 4:
      line->insert(at, "\x1b[31m");
      break;
    case 5: {
      static constexpr const char* kPieces[] = {"\"level\":null,",
                                                "\"level\":\"error\",",
                                                "\"severityNumber\":17,",
                                                "ERROR",
                                                "primary write failed: disk full",
                                                "{",
                                                "}",
                                                "\"",
                                                "\\",
                                                "\"ctx\":{\"level\":\"info\"},",
                                                "\"time\":\"2026-05-31T04:00:00Z\",",
                                                "E0102 ",
                                                "<3>",
                                                " level=50 task_id=t7",
                                                " jobId=7 err=\\\"disk full\\\"",
                                                "[2026-05-31 04:12:09,000: INFO/W-1] "};
      line->insert(at, kPieces[pick(std::size(kPieces))]);
      break;
    }
    case 6:  // another level
      RE2::Replace(line, R"re((?i)"(level|levelname|severity)":"?(info|debug|30|20|warn|error|50)"?)re",
                   pick(2) == 0 ? "\"level\":\"error\"" : "\"x\":\"y\"");
      break;
    case 8: {  // what a rule is for, in a string or instead of one
      std::string text = ExampleTexts()[pick(ExampleTexts().size())];
      if (pick(2) == 0) text = JsonString(text).substr(1, JsonString(text).size() - 2);
      const size_t quote = line->find("\":\"", at);
      line->insert(quote == std::string::npos ? at : quote + 3, text);
      break;
    }
    case 9:  // the whole line, one string deeper
      *line = "{\"time\":\"2026-05-31T04:00:00Z\",\"level\":\"info\",\"message\":" + JsonString(*line) + "}";
      break;
    case 10: {  // several texts in a value's place
      static constexpr const char* kKeys[] = {"message", "error", "MESSAGE", "exception"};
      const std::string& one = ExampleTexts()[pick(ExampleTexts().size())];
      const size_t half = pick(one.size() + 1);
      const std::string value = "\"" + std::string(kKeys[pick(4)]) + "\":[" +
                                JsonString(one.substr(0, half)) + ", " + JsonString(one.substr(half)) + "],";
      if (line->starts_with('{')) line->insert(1, value);
      break;
    }
    case 12: {  // a text as journald writes bytes, with white space as nobody does
      static constexpr const char* kColons[] = {
          ":", ": ", " :", " : ", ":\t", "\t:", ":  ", ": \t", "  :", "   : ", " \t :", ":\t  "};
      static constexpr const char* kOpen[] = {"[", "[ ", "[\t", "[  "};
      const std::string& text = ExampleTexts()[pick(ExampleTexts().size())];
      std::string value = std::string("\"MESSAGE\"") + kColons[pick(std::size(kColons))] + kOpen[pick(4)];
      for (const char c : text) value += std::to_string(static_cast<unsigned char>(c)) + ",";
      value.back() = ']';
      if (line->starts_with('{')) line->insert(1, value + ",");
      break;
    }
    case 7:  // no time of its own, or a coarse one
      RE2::Replace(line, R"re(\.\d{3}(?:\d{3})?Z)re", pick(2) == 0 ? "Z" : "x");
      break;
    default:
      RE2::Replace(line, R"re((?i)\b(info|debug)\b)re", "failed to write document 7: duplicate key");
  }
}

// Makes of a real log one that nobody has seen; `round` counts those of one log.
using Maker = std::string(const std::string& log, size_t round, std::mt19937* random);

uint64_t ScanAll(Maker* make, size_t rounds, unsigned seed) {
  std::mt19937 random(seed);
  uint64_t skipped = 0;
  for (const fs::path& path : RealLogs()) {
    const std::string log = Unpacked(path);
    for (size_t round = 0; round < rounds; ++round) {
      const std::string name = path.string() + " round " + std::to_string(round);
      skipped +=
          ExpectTwins(BuiltinEngine(), make(log, round, &random), name + " of " + std::to_string(seed));
      if (testing::Test::HasFailure()) return skipped;
    }
  }
  return skipped;
}

void ExpectTwinsOfAll(Maker* make, size_t rounds, unsigned first_seed) {
  uint64_t skipped = 0;
  for (unsigned seed = 0; seed < Seeds() && !testing::Test::HasFailure(); ++seed)
    skipped += ScanAll(make, rounds, first_seed + seed * 1000);
  EXPECT_GT(skipped, 500u);
}

std::string Broken(const std::string& log, size_t, std::mt19937* random) {
  std::string broken;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line) && broken.size() < 150000;) {
    if ((*random)() % 4 == 0) Mutate(&line, random);
    if ((*random)() % 50 == 0) broken += "    at line.of(traceback:7)\n";
    if ((*random)() % 50 != 0) broken += line + '\n';
  }
  return broken;
}

TEST(Prefilter, GivesTheSameOnBrokenLogs) { ExpectTwinsOfAll(Broken, 6, 20261121); }

// ---- lines wrapped one by one, among those of others

// Some are parts of a line; some have a level.
std::string InDocker(std::string_view line, size_t stream, std::mt19937* random) {
  std::string text = JsonString(line);
  if ((*random)() % 40 != 0) text.insert(text.size() - 1, "\\n");
  return "{\"log\":" + text + ",\"stream\":\"" + (stream == 0 ? "stdout" : "stderr") +
         "\",\"time\":\"2026-05-31T04:00:" + (stream == 0 ? "00" : "01.5") + "Z\"}";
}

std::string InJournal(std::string_view line, size_t stream, std::mt19937* random) {
  static constexpr const char* kExtras[] = {
      "", "", "", "", "", ",\"PRIORITY\":\"5\"", ",\"_LINE_BREAK\":\"line-max\""};
  const std::string id = std::to_string(stream);
  return "{\"_TRANSPORT\":\"stdout\",\"PRIORITY\":\"6\",\"_PID\":\"40" + id + "\",\"_STREAM_ID\":\"f" + id +
         "\",\"__REALTIME_TIMESTAMP\":\"17802000000" + std::to_string(10000 + (*random)() % 90000) + "\"" +
         kExtras[(*random)() % std::size(kExtras)] + ",\"MESSAGE\":" + JsonString(line) + "}";
}

// A line of one stream, in its wrapping. Now and then something else stands there.
std::string WovenLine(std::string line, size_t round, size_t stream, std::mt19937* random) {
  line.resize(std::min<size_t>(line.size(), 1500));
  if ((*random)() % 6 == 0) Mutate(&line, random);
  if ((*random)() % 30 == 0) line = "    at line.of(traceback:7)";
  if ((*random)() % 60 == 0) line = "Traceback (most recent call last):";
  if ((*random)() % 60 == 0) line = "OSError: [Errno 28] No space left on device";
  if ((*random)() % 60 == 0) line.clear();
  return (round % 2 == 0 ? InDocker : InJournal)(line, stream, random);
}

std::string Woven(const std::string& log, size_t round, std::mt19937* random) {
  const size_t streams = 1 + round;
  std::vector<std::istringstream> from(streams);
  for (std::istringstream& stream : from)
    stream.str(log.substr(log.find('\n', (*random)() % (log.size() / 2 + 1)) + 1));
  std::string woven, line;
  for (size_t lines = 0; lines < 300 && woven.size() < 100000; ++lines) {
    const size_t stream = (*random)() % streams;
    // A process prints several lines at once.
    for (size_t burst = 1 + (*random)() % 4; burst > 0 && std::getline(from[stream], line); --burst) {
      woven += WovenLine(line, round, stream, random);
      if ((*random)() % 100 == 0) Mutate(&woven, random);
      woven += '\n';
    }
    if ((*random)() % 80 == 0) woven += "plain text between\n";
  }
  return woven;
}

TEST(Prefilter, GivesTheSameOnWovenLogs) { ExpectTwinsOfAll(Woven, 4, 20261122); }

// Records before the first one with a time take its time, which is seldom one that has to be read.
TEST(Prefilter, GivesTheSameOnLogsWhoseFirstRecordsTellNoTime) {
  uint64_t skipped = 0;
  for (unsigned seed = 1; seed <= 150 * Seeds() && !testing::Test::HasFailure(); ++seed) {
    std::mt19937 random(seed);
    std::vector<std::string> logs;
    for (size_t left = 1 + seed % 3; left > 0; --left) logs.push_back(UntimedLog(&random));
    const Outcome slow = ScanTexts(BuiltinEngine(), logs, {.prefilter = false});
    for (const size_t jobs : {1, 3}) {
      const Outcome fast = ScanTexts(BuiltinEngine(), logs, {true, 300 + random() % 2000, jobs});
      EXPECT_EQ(fast.report, slow.report) << "of " << seed << ", " << jobs << " jobs";
      skipped += fast.skipped;
    }
  }
  EXPECT_GT(skipped, 3000u);
}

}  // namespace
}  // namespace gainsay
