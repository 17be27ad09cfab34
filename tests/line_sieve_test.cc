// What passes over lines that need not be read: the sieve and each line looked at by itself, the ends of
// lines and a search for each newline.
#include "event/line_sieve.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "builtin_engine.h"
#include "event/line_ends.h"
#include "event/line_keys.h"

namespace gainsay {
namespace {

TEST(LineSieve, HoldsBackTheLinesInWhichATextCounts) {
  const Prefilter::Condition words{{"lost", "not", "out"}, false, true};
  const Prefilter& prefilter = BuiltinEngine().prefilter();
  const LineSieve sieve({{"failed", false, nullptr},
                         {"failed to", true, nullptr},
                         {"state", true, nullptr},
                         {"not", true, &words},
                         {"out", true, &words},
                         {"\":[", false, nullptr},
                         {"\\u00", false, nullptr, &prefilter},
                         {"tate of", true, nullptr}},
                        {});
  const std::vector<std::pair<std::string, bool>> lines = {{R"({"a":"it FAILED"})", true},
                                                           {R"({"failed":1})", true},
                                                           {R"({"state":"ok"})", false},
                                                           {R"({"a":"state"})", true},
                                                           {R"({"a":{"state":"ok"}})", true},
                                                           {R"({"state":"ok","b":"a state of it"})", true},
                                                           {R"({"a":"stdout"})", false},
                                                           {R"({"a":"timed out"})", true},
                                                           {R"({"a":"timedOut"})", true},
                                                           {R"({"out":"x"})", false},
                                                           {R"({"a":"nothing"})", false},
                                                           {R"({"a":["x"]})", true},
                                                           {R"({"a":"note","b":"not"})", true},
                                                           {R"({"a":"M\u00fcller"})", false},
                                                           {R"({"a":"f\u0061iled"})", true},
                                                           {R"({"a":"\u00e4\u00DF \u0020"})", true},
                                                           {R"({"a":"\u00)", false},
                                                           {R"({"a":"\u006)", false},
                                                           {R"({"a":"\u00g1"})", false},
                                                           {"", false}};
  std::string log;
  for (const auto& [line, unused] : lines) log += line + '\n';
  const size_t size = log.size();
  log += std::string(kKernelOverread, 'x');
  // Each line, and only some of them.
  for (const size_t step : {1u, 2u, 3u, 5u}) {
    LineSieve::Cursor cursor(sieve, std::string_view(log).substr(0, size));
    size_t begin = 0;
    for (size_t i = 0; i < lines.size(); begin += lines[i++].first.size() + 1) {
      if (i % step != 0) continue;
      EXPECT_EQ(cursor.HoldsAny(begin, begin + lines[i].first.size()), lines[i].second) << lines[i].first;
    }
  }
}

// Whether one of the texts counts in the line, looked at by itself.
bool HoldsAnyPlain(const std::vector<LineSieve::Text>& texts, const std::string& line) {
  const std::string lower = absl::AsciiStrToLower(line);
  return std::any_of(texts.begin(), texts.end(), [&](const LineSieve::Text& text) {
    for (size_t at = lower.find(text.text); at != std::string::npos; at = lower.find(text.text, at + 1)) {
      const size_t end = at + text.text.size();
      if (text.escapes != nullptr && !text.escapes->Hides(std::string_view(line).substr(end))) continue;
      if (text.words != nullptr && !Prefilter::IsWord(*text.words, line, at, text.text.size())) continue;
      if (!text.in_values || !IsOutermostKey(line, at, end)) return true;
    }
    return false;
  });
}

TEST(LineSieve, TellsOfEachLineWhatALookAtItTells) {
  std::mt19937 random(17);
  const Prefilter& prefilter = BuiltinEngine().prefilter();
  const Prefilter::Condition words{{"ab", "abc", "ca"}, false, true};
  constexpr std::string_view kLetters = "abcABC \"{\\:,u0";
  const auto text = [&](size_t size) {
    std::string made;
    for (size_t i = 0; i < size; ++i) made += kLetters[random() % kLetters.size()];
    return made;
  };
  size_t held = 0, asked = 0;
  for (int round = 0; round < 200; ++round) {
    std::vector<LineSieve::Text> texts = {{"ab", true, &words}, {"ca", false, &words}};
    if (round % 3 == 0) texts.push_back({"\\u00", false, nullptr, &prefilter});
    for (size_t i = 0, n = 1 + random() % 12; i < n; ++i) {
      texts.push_back({absl::AsciiStrToLower(text(4 + random() % 8)), random() % 2 == 0});
    }
    std::vector<std::string> lines;
    std::string log;
    for (size_t i = 0, n = random() % 300; i < n; ++i) {
      std::string& line = lines.emplace_back(random() % 9 == 0 ? text(random() % 400) : text(random() % 30));
      if (random() % 20 == 0) line.insert(random() % (line.size() + 1), texts[random() % texts.size()].text);
      if (random() % 20 == 0) line.insert(random() % (line.size() + 1), "\\u0061");
      log += line + '\n';
    }
    const size_t size = log.size(), step = 1 + random() % 4;
    log += std::string(kKernelOverread, 'x');
    const LineSieve sieve(texts, round % 2 == 0 ? log.substr(0, 300) : "");
    LineSieve::Cursor cursor(sieve, std::string_view(log).substr(0, size));
    size_t begin = 0;
    for (const std::string& line : lines) {
      const size_t end = begin + line.size();
      if (random() % step == 0) {
        const bool holds = cursor.HoldsAny(begin, end);
        ASSERT_EQ(holds, HoldsAnyPlain(texts, line)) << line << " in round " << round;
        held += holds ? 1 : 0;
        ++asked;
      }
      begin = end + 1;
    }
  }
  EXPECT_GT(held, asked / 20);
  EXPECT_LT(held, asked / 2);
}

TEST(LineEnds, AreThoseThatASearchFinds) {
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    // From nothing but newlines to very few.
    const size_t rare = size_t{1} << (random() % 12);
    std::string text;
    for (size_t i = 0, n = random() % 12000; i < n; ++i) text += random() % rare == 0 ? '\n' : 'x';
    const size_t size = text.size(), leap = round % 3 == 0 ? 1 : 1 + random() % 5000;
    text += std::string(LineEnds::kBlock, '\n');  // not the text's
    LineEnds ends;
    ends.Open(std::string_view(text).substr(0, size));
    for (size_t at = 0; at < size; at += random() % leap) {
      const size_t end = ends.Next(at);
      ASSERT_EQ(end, std::min(text.find('\n', at), size)) << at << " of " << size << " in round " << round;
      ASSERT_EQ(ends.Next(at), end);
      at = end + 1;
    }
  }
}

}  // namespace
}  // namespace gainsay
