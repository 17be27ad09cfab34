// The level of a text that Docker or journald wraps: whatever the prefilter says of it, the reader says too.
#include "event/wrapped_level.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "builtin_engine.h"
#include "event/wrapped_line.h"
#include "real_logs.h"
#include "record/reader.h"
#include "record/severity.h"
#include "report/escape.h"

namespace gainsay {
namespace {

std::string InDocker(const std::string& text) {
  const std::string json = JsonString(text);
  return R"({"log":)" + json.substr(0, json.size() - 1) +
         R"(\n","stream":"stdout","time":"2026-05-31T04:00:00.004950482Z"})";
}

std::string InJournal(const std::string& text) {
  return R"({"_TRANSPORT":"stdout","PRIORITY":"6","_PID":"4034","MESSAGE":)" + JsonString(text) +
         R"(,"_HOSTNAME":"worker-1"})";
}

// None: the line is malformed.
std::optional<Severity> SeverityOf(const std::string& line) {
  RecordReader reader(BuiltinEngine().plan(), BuiltinEngine().texts(), absl::UTCTimeZone());
  std::string padded = line;
  padded.append(kChunkPadding, '\0');
  Chunk chunk;
  chunk.bytes = std::string_view(padded).substr(0, line.size());
  chunk.first_line = 1;
  reader.Open(chunk, 0);
  const Record* record = reader.Next();
  if (record == nullptr) return std::nullopt;
  return record->severity;
}

TEST(WrappedLevel, WhatIsSaidOfALine) {
  struct Case {
    std::string_view line;
    bool is_low;
  };
  const std::vector<Case> cases = {
      {R"({"log":"[2026-05-31 04:00:00,000: INFO/MainProcess] x\n","stream":"stderr","time":"2026-05-31T04:00:00Z"})",
       true},
      {R"({"log":"[2026-05-31 04:00:00,000: ERROR/MainProcess] x\n","stream":"stderr","time":"2026-05-31T04:00:00Z"})",
       false},
      {R"({"log":"no level here\n","stream":"stderr","time":"2026-05-31T04:00:00Z"})", false},
      {R"({"log":"2026-05-31 04:00:00,000 INFO \"quoted\" x\n","stream":"stderr","time":"2026-05-31T04:00:00Z"})",
       true},
      // Something beside the text might be the message.
      {R"({"log":"2026-05-31 04:00:00,000 INFO x\n","stream":"stderr","message":"y","time":"2026-05-31T04:00:00Z"})",
       false},
      {R"({"_TRANSPORT":"stdout","MESSAGE":"2026-05-31 04:00:00,000 INFO x"})", true},
      {R"({"_TRANSPORT":"stdout","MESSAGE":"2026-05-31 04:00:00,000 INFO x","message":"y"})", false},
      {R"({"_TRANSPORT":"stdout","MESSAGE":null})", false},
      // An object needs a message, and a level where loggers put it.
      {R"({"_TRANSPORT":"stdout","MESSAGE":"{\"level\":\"info\",\"msg\":\"x\"}"})", true},
      {R"({"_TRANSPORT":"stdout","MESSAGE":"{\"level\":30, \"msg\":\"say \\\"x\\\"\"}"})", true},
      {R"({"_TRANSPORT":"stdout","MESSAGE":"{\"log\":{\"level\":\"info\"},\"message\":\"x\"}"})", true},
      {R"({"_TRANSPORT":"stdout","MESSAGE":"{\"level\":\"info\",\"msg\":\"a\u0026b \\u00fc\\n\"}"})", true},
      {R"({"_TRANSPORT":"stdout","MESSAGE":"{\"level\":\"info\",\"msg\":\"\\u00f\"}"})", false},
      {R"({"_TRANSPORT":"stdout","MESSAGE":"{\"level\":\"info\"}"})", false},
      {R"({"_TRANSPORT":"stdout","MESSAGE":"{\"a\":{\"level\":\"info\"},\"msg\":\"x\"}"})", false},
      {R"({"_TRANSPORT":"stdout","MESSAGE":"{\"level\":\"error\",\"msg\":\"x\"}"})", false},
      {R"({"_TRANSPORT":"stdout","MESSAGE":"{\"level\":\"info\",\"msg\":\"x\""})", false},
      {R"({"_TRANSPORT":"stdout","MESSAGE":"{\"level\":\"info\",\"msg\":01}"})", false},
  };
  WrappedLevel level(BuiltinEngine().prefilter(), BuiltinEngine().texts());
  for (const Case& c : cases) EXPECT_EQ(level.IsLow(LookAtWrapped(c.line).text), c.is_low) << c.line;
}

// What a line's end, a quote and an escape meet somewhere.
void Mutate(std::string* text, std::mt19937* random) {
  static const std::vector<std::string> kPieces = {
      "\"", "\\", "{",          "}",        "[",    ",",    ":",     "\n",   "\r\n", " ",
      "\t", "7",  "\"level\":", "\"msg\":", "null", "INFO", "error", "\xC3", "{}"};
  for (int i = 1 + static_cast<int>((*random)() % 3); i > 0; --i) {
    const size_t at = (*random)() % (text->size() + 1);
    if ((*random)() % 3 == 0)
      text->erase(at, 1 + (*random)() % 8);
    else
      text->insert(std::min(at, text->size()), kPieces[(*random)() % kPieces.size()]);
  }
}

TEST(WrappedLevel, TheReaderFindsALevelToo) {
  std::mt19937 random(5);
  WrappedLevel level(BuiltinEngine().prefilter(), BuiltinEngine().texts());
  size_t low = 0;
  for (const std::filesystem::path& path : RealLogs()) {
    const std::string log = Unpacked(path);
    size_t lines = 0;
    for (size_t begin = 0; begin < log.size() && lines < 150; ++lines) {
      const size_t end = std::min(log.find('\n', begin), log.size());
      std::string text = log.substr(begin, end - begin);
      begin = end + 1;
      for (int round = 0; round < 4; ++round) {
        if (round > 1) Mutate(&text, &random);
        std::string line = round % 2 == 0 ? InDocker(text) : InJournal(text);
        if (random() % 4 == 0) Mutate(&line, &random);
        if (line.find('\n') != std::string::npos || !level.IsLow(LookAtWrapped(line).text)) continue;
        ++low;
        EXPECT_NE(SeverityOf(line), std::optional<Severity>(kNoSeverity)) << line;
      }
    }
  }
  EXPECT_GT(low, 1000u);
}

}  // namespace
}  // namespace gainsay
