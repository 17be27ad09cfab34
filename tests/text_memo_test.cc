// A remembered match against the match itself: for the lines of real logs, bare and as they stand in Docker's
// and journald's, as they are and with bytes changed, cut and put in, in small memories that are soon full.
#include "record/text_memo.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "builtin_engine.h"
#include "event/wrapped_line.h"
#include "real_logs.h"
#include "record/text.h"

namespace gainsay {
namespace {

void Mutate(std::string* text, std::mt19937* random) {
  static constexpr std::string_view kBytes = "0179aZ _-.,:/[](){}<>\"'|=\xC3\xA9\t";
  for (size_t i = 1 + (*random)() % 3; i > 0 && !text->empty(); --i) {
    const size_t at = (*random)() % std::min<size_t>(text->size(), 60);
    const char byte = kBytes[(*random)() % kBytes.size()];
    switch ((*random)() % 4) {
      case 0:
        text->erase(at, 1);
        break;
      case 1:
        text->insert(at, 1, byte);
        break;
      case 2:
        text->resize(at);
        break;
      default:
        (*text)[at] = byte;
    }
  }
}

std::vector<std::string> Texts() {
  std::vector<std::string> texts;
  for (const std::filesystem::path& path : RealLogs()) {
    const std::string log = Unpacked(path);
    size_t lines = 0;
    for (size_t begin = 0; begin < log.size() && lines < 200; ++lines) {
      const size_t end = std::min(log.find('\n', begin), log.size());
      const std::string line = log.substr(begin, end - begin);
      begin = end + 1;
      const WrappedLine wrapped = LookAtWrapped(line);
      texts.emplace_back(wrapped.text.empty() ? std::string_view(line) : wrapped.text);
    }
  }
  return texts;
}

void ExpectTheSame(const TextParts& parts, const TextParts& expected, const std::string& text) {
  EXPECT_EQ(parts.format, expected.format) << text;
  for (size_t i = 0; i < kFieldCount; ++i) EXPECT_EQ(parts.fields[i], expected.fields[i]) << text;
}

TEST(TextMemo, SaysWhatTheMatchSays) {
  const TextFormats& formats = BuiltinEngine().texts();
  std::mt19937 random(7);
  size_t recalled = 0, recalled_changed = 0, matches = 0;
  auto memo = std::make_unique<TextMemo>();
  for (const std::string& text : Texts()) {
    if (random() % 2000 == 0) memo = std::make_unique<TextMemo>();
    for (int round = 0; round < 6; ++round) {
      std::string changed = text;
      if (round > 0) Mutate(&changed, &random);
      TextParts parts, expected, again;
      const bool matched = formats.Match(changed, &expected);
      const std::optional<bool> known = formats.Recall(changed, changed, memo.get(), &parts);
      if (known) {
        ++(round == 0 ? recalled : recalled_changed);
        EXPECT_EQ(*known, matched) << changed;
        ExpectTheSame(parts, expected, changed);
      }
      EXPECT_EQ(formats.Match(changed, memo.get(), &again), matched) << changed;
      ExpectTheSame(again, expected, changed);
      matches += matched;
    }
  }
  EXPECT_GT(recalled, 1000u);
  EXPECT_GT(recalled_changed, 3000u);
  EXPECT_GT(matches, 2000u);
}

// What lies behind the look is not known when a text is recalled by its beginning.
TEST(TextMemo, AnswersForABeginning) {
  const TextFormats& formats = BuiltinEngine().texts();
  const std::string text =
      "[2026-05-31 04:00:00,000: INFO/ForkPoolWorker-34] heartbeat 93798 from worker pool";
  const std::string other = "[2027-06-01 05:11:22,333: WARN/ForkPoolWorker-56] ";
  TextMemo memo;
  TextParts parts;
  // It is not remembered at once.
  int unknown = 0;
  while (unknown < 300 && !formats.Recall(text, text, &memo, &parts)) {
    ++unknown;
    ASSERT_TRUE(formats.Match(text, &memo, &parts));
  }
  EXPECT_GT(unknown, 10);
  ASSERT_LT(unknown, 300);
  EXPECT_EQ(formats.Recall(other, other + "pool", &memo, &parts), std::optional<bool>(true));
  EXPECT_EQ(parts.fields[static_cast<size_t>(Field::kLevel)], "WARN");
  EXPECT_EQ(parts.fields[static_cast<size_t>(Field::kLane)], "ForkPoolWorker-56");
  // It might be a task's line, which another format takes.
  EXPECT_EQ(formats.Recall(other, other + "a.b[11111111-1111-1111-1111-111111111111]: x", &memo, &parts),
            std::nullopt);
  EXPECT_EQ(formats.Recall(other.substr(0, 40), other, &memo, &parts), std::nullopt);
}

}  // namespace
}  // namespace gainsay
