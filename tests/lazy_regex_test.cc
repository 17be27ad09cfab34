// The regexes that are matched by our own steps, against RE2: whether they match, where, and what their
// groups hold.
#include "event/lazy_regex.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "event/alternatives.h"
#include "rule/loader.h"

namespace gainsay {
namespace {

// "no", or where the match and its groups stand.
std::string Told(bool matches, const std::vector<re2::StringPiece>& groups, const std::string& text) {
  if (!matches) return "no";
  std::string told;
  for (const re2::StringPiece& group : groups) {
    told += group.data() == nullptr ? "none "
                                    : std::to_string(group.data() - text.data()) + "-" +
                                          std::to_string(group.data() + group.size() - text.data()) + " ";
  }
  return told;
}

// Whether it matches.
bool Check(const LazyRegex& regex, const RE2& re2, const std::string& text) {
  std::vector<re2::StringPiece> expected(1 + static_cast<size_t>(re2.NumberOfCapturingGroups()));
  std::vector<re2::StringPiece> groups(regex.group_names().size());
  EXPECT_EQ(groups.size(), expected.size()) << regex.pattern();
  const bool matches =
      re2.Match(text, 0, text.size(), RE2::UNANCHORED, expected.data(), static_cast<int>(expected.size()));
  EXPECT_EQ(Told(regex.Matches(text, groups), groups, text), Told(matches, expected, text))
      << regex.pattern() << " on '" << text << "'";
  EXPECT_EQ(regex.Matches(text), matches) << regex.pattern() << " on '" << text << "'";
  return matches;
}

std::string RandomPattern(int depth, std::mt19937* random) {
  static constexpr const char* kAtoms[] = {
      "a",   "b", "c", "fa", "ab", "[ab]", "[^a]", "[^ab:]", "\\d",    "\\w",      "(?i:k)", "\\b",
      "\\b", ":", " ", "^",  "$",  "x",    "\\S",  "\\B",    "(?i:s)", "\xC3\xA9", ".",      "1"};
  static constexpr const char* kRepeats[] = {"*", "+", "?", "?", "*?", "+?", "{2}", "{1,2}", "{0,3}"};
  static constexpr const char* kOpens[] = {"(", "(?:", "(?P<", "(?i:"};
  const auto pick = [random](size_t n) { return (*random)() % n; };
  std::string pattern;
  for (size_t n = 1 + pick(4); n > 0; --n) {
    std::string atom;
    if (depth > 0 && pick(3) == 0) {
      atom = kOpens[pick(std::size(kOpens))];
      if (atom == "(?P<") atom += "g" + std::to_string((*random)()) + ">";
      atom += RandomPattern(depth - 1, random);
      for (size_t more = pick(6); more > 0; --more) atom += "|" + RandomPattern(depth - 1, random);
      atom += ")";
    } else {
      atom = kAtoms[pick(std::size(kAtoms))];
    }
    if (pick(4) == 0) atom += kRepeats[pick(std::size(kRepeats))];
    pattern += atom;
  }
  return pattern;
}

std::string RandomText(std::mt19937* random) {
  static constexpr const char* kPieces[] = {"a", "b", "c", "fa", "ab", "k", "S", "1",        ":",
                                            " ", " ", "x", "\n", "A",  "K", "s", "\xC3\xA9", "\xE2\x84\xAA"};
  std::string text;
  // Sometimes only those in ASCII, and enough of them for all that is done at once.
  const size_t pieces = std::size(kPieces) - ((*random)() % 2 == 0 ? 2 : 0);
  for (size_t n = (*random)() % ((*random)() % 2 == 0 ? 12 : 70); n > 0; --n) {
    text += kPieces[(*random)() % pieces];
  }
  return text;
}

TEST(LazyRegex, MatchesAsRe2AtRandom) {
  std::mt19937 random(31);
  size_t checked = 0, matched = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string pattern = RandomPattern(2, &random);
    for (size_t more = random() % 4; more > 0; --more) pattern += "|" + RandomPattern(1, &random);
    const RE2 re2(pattern, RegexOptions());
    if (!re2.ok()) continue;
    const LazyRegex regex(pattern);
    if (regex.group_names().size() > LazyRegex::kMaxGroups) continue;
    for (int round = 0; round < 40; ++round) {
      matched += Check(regex, re2, RandomText(&random)) ? 1 : 0;
      ++checked;
    }
  }
  EXPECT_GT(matched, checked / 4);
  EXPECT_LT(matched, checked * 3 / 4);
}

TEST(LazyRegex, MatchesAsRe2InLongTexts) {
  std::string text(5000, 'a');
  text += "b failed: x";
  for (const char* pattern : {"b (fail)", "^a+b", "\\w+ f", "(a*)b", "(?m)x$"}) {
    EXPECT_TRUE(Check(LazyRegex(pattern), RE2(pattern, RegexOptions()), text)) << pattern;
  }
}

// Those of the packs, on the packs' examples and on these changed a little.
TEST(LazyRegex, MatchesAsRe2OfThePacks) {
  std::vector<std::string> patterns, texts;
  const LoadResult loaded = LoadRuleSet({});
  for (const Pack& pack : loaded.rules.packs) {
    for (const Rule& rule : pack.rules) {
      patterns.insert(patterns.end(), {rule.pattern, rule.unless});
      for (const FieldTest& test : rule.match) patterns.push_back(test.text);
      for (const FieldTest& test : rule.extract) patterns.push_back(test.text);
      for (const Example& example : rule.examples) texts.push_back(example.log);
    }
    for (const Reason& reason : pack.reasons) {
      for (const std::string* regex : {&reason.pattern, &reason.store}) {
        for (const Alternative& one : SplitAlternatives(*regex)) patterns.push_back(one.flags + one.regex);
      }
      for (const Example& example : reason.examples) texts.push_back(example.log);
    }
  }
  std::sort(patterns.begin(), patterns.end());
  patterns.erase(std::unique(patterns.begin(), patterns.end()), patterns.end());
  std::mt19937 random(32);
  for (size_t i = 0, n = texts.size(); i < n; ++i) {
    std::string text = texts[i];
    const std::string& other = texts[random() % n];
    const size_t at = random() % (text.size() + 1);
    random() % 2 == 0 ? text.insert(at, other.substr(random() % (other.size() + 1), random() % 60))
                      : text.erase(at, 1 + random() % 3);
    texts.push_back(text);
  }
  size_t matched = 0;
  for (const std::string& pattern : patterns) {
    const LazyRegex regex(pattern);
    const RE2 re2(pattern, RegexOptions());
    for (const std::string& text : texts) {
      if (random() % 4 == 0 || regex.Matches(text)) matched += Check(regex, re2, text) ? 1 : 0;
    }
  }
  EXPECT_GT(patterns.size(), 1000u);
  EXPECT_GT(matched, 5000u);
}

}  // namespace
}  // namespace gainsay
