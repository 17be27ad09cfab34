// The literals of a regex against the regex, and what looks for them against a naive search: each kernel of
// the search, and the automaton.
#include "event/literals.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "builtin_engine.h"
#include "event/literal_grams.h"
#include "event/pattern_texts.h"
#include "event/prefilter_scan.h"
#include "re2/re2.h"

namespace gainsay {
namespace {

bool HasOne(std::string text, const std::vector<std::string>& literals) {
  absl::AsciiStrToLower(&text);
  return std::any_of(literals.begin(), literals.end(),
                     [&](const std::string& literal) { return text.find(literal) != std::string::npos; });
}

TEST(Literals, AreInWhatTheRegexMatches) {
  struct Case {
    const char* regex;
    const char* match;
  };
  for (const auto& [regex, match] :
       {Case{R"(^Task (\S+)\[([^\]]+)\] succeeded in)", "Task a.b[7] succeeded in 0.2s"},
        Case{R"((?i)\b(?:retry|retries) exhausted)", "All RETRIES exhausted"},
        Case{R"(job (?:done|ended) (?:ok|well))", "job ended well"}, Case{R"(^s → )", "s → x"},
        Case{R"(a/b"c\\d literal)", R"(a/b"c\d literal)"}}) {
    ASSERT_TRUE(RE2::PartialMatch(match, regex)) << regex;
    const auto sets = RequiredLiterals(regex);
    EXPECT_FALSE(sets.empty()) << regex;
    for (const auto& set : sets) EXPECT_TRUE(HasOne(match, set)) << regex;
  }
  for (const char* regex : {".*", "[a-z]+", "a|b", "(?:x)?", "^[IWEF]\\d{4}"}) {
    EXPECT_TRUE(RequiredLiterals(regex).empty()) << regex;
  }
}

TEST(Literals, AreInTheExamplesOfAllRules) {
  for (const Pack& pack : BuiltinEngine().rules().packs) {
    for (const Rule& rule : pack.rules) {
      if (rule.pattern.empty()) continue;
      const RE2 regex(rule.pattern);
      const auto sets = RequiredLiterals(rule.pattern);
      for (const Example& example : rule.examples) {
        if (!RE2::PartialMatch(example.log, regex)) continue;  // it matches a part of the line only
        for (const auto& set : sets)
          EXPECT_TRUE(HasOne(example.log, set)) << rule.FullId() << ": " << example.log;
      }
    }
  }
}

using Texts = std::vector<std::string>;

TEST(Literals, AreMultipliedOut) {
  EXPECT_EQ(
      PatternTexts(R"(\b(?:code|status)[ =]?[:=]40[13]\b)", 80),
      (Texts{"code :401",   "code :403",   "code =401",   "code =403",   "code:401",    "code:403",
             "code=401",    "code=403",    "code=:401",   "code=:403",   "code==401",   "code==403",
             "status :401", "status :403", "status =401", "status =403", "status:401",  "status:403",
             "status=401",  "status=403",  "status=:401", "status=:403", "status==401", "status==403"}));
  // A piece of what is too much as a whole; of what is repeated the first.
  EXPECT_EQ(PatternTexts("(?:a[0-9]b[0-9]c[0-9]|x)+ (?:ERROR|error) x[0-9]{3}", 10), (Texts{" error x"}));
  EXPECT_EQ(PatternTexts("moved? [78]+/", 10), (Texts{"move 7", "move 8", "moved 7", "moved 8"}));
  // What can't be looked for in raw JSON is left out.
  EXPECT_EQ(PatternTexts(R"(name="(?:one|two)\\)", 10), (Texts{"name="}));
  // Nothing that any match holds, too many, and what is beyond ASCII.
  for (const char* regex :
       {"a*", "(?:abc)?", "abc|.*", "[a-z]{4}", "[0-9][0-9][0-9]", "[a\xC3\xA9]bc", "(?i)ks[k]"})
    EXPECT_EQ(PatternTexts(regex, 40), Texts{}) << regex;
}

// Each text that the regex matches holds one of them: texts are made up, of pieces of the regex.
TEST(Literals, AreInWhateverTheRegexMatches) {
  std::mt19937 random(5);
  constexpr const char* kPieces[] = {"ab",     "c",       "[de]", "f?",  "(?:gh|i)", "(?:j|kl|)", "[0-9]",
                                     "m{1,2}", "(?i:no)", ".",    "\\b", "p+",       "^",         "(?:q|rs)*",
                                     "tuv",    " ",       "=",    "\"",  "/"};
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvNO019 =\"/";
  size_t matches = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string regex;
    for (size_t i = 0, n = 2 + random() % 6; i < n; ++i) {
      const std::string piece = kPieces[random() % std::size(kPieces)];
      regex += random() % 6 == 0 ? "(?:" + piece + "|" + kPieces[random() % std::size(kPieces)] + ")" : piece;
    }
    const RE2 re2(regex, RE2::Quiet);
    const Texts texts = PatternTexts(regex, 80);
    if (!re2.ok() || texts.empty()) continue;
    for (int i = 0; i < 60; ++i) {
      std::string text;
      for (size_t k = 0, n = random() % 24; k < n; ++k) text += kLetters[random() % kLetters.size()];
      // Pieces of the regex itself are likelier to match.
      std::string self = regex;
      std::erase_if(
          self, [](char c) { return std::string_view("?:()|[]{}+*^\\").find(c) != std::string_view::npos; });
      text.insert(random() % (text.size() + 1), self.substr(random() % (self.size() + 1)));
      if (!RE2::PartialMatch(text, re2)) continue;
      ++matches;
      ASSERT_TRUE(HasOne(text, texts)) << regex << " in " << text;
    }
  }
  EXPECT_GT(matches, 3000u);
}

TEST(Literals, AlternativesAreTakenApart) {
  EXPECT_EQ(Alternatives("a|(?:b|(c|d))|e[|)]"), (std::vector<std::string>{"a", "b", "(c|d)", "e[|)]"}));
  EXPECT_EQ(Alternatives("(?i:x|y)"), (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(Alternatives("(?:x|y)z"), (std::vector<std::string>{"(?:x|y)z"}));
  EXPECT_EQ(Alternatives("(?P<n>x|y)"), (std::vector<std::string>{"(?P<n>x|y)"}));
}

TEST(Literals, KnowWhatMayGoOverALine) {
  for (const char* regex :
       {"a[^ ]", R"(a\sb)", R"([^\\n])", R"([\n])", "[^a]b[^\\n]", R"([[:space:]])", R"(\[^\n])"}) {
    EXPECT_TRUE(MayMatchNewline(regex)) << regex;
  }
  for (const char* regex : {R"(a[^ \n]+:)", R"([^]\n]x)", "[^\\]\\n]", "a.*b", R"(\S[ \t])"}) {
    EXPECT_FALSE(MayMatchNewline(regex)) << regex;
  }
}

using Hits = std::vector<std::pair<size_t, uint32_t>>;

Hits NaiveHits(const std::vector<std::string>& literals, std::string text) {
  absl::AsciiStrToLower(&text);
  Hits hits;
  for (uint32_t i = 0; i < literals.size(); ++i) {
    for (size_t at = text.find(literals[i]); at != std::string::npos; at = text.find(literals[i], at + 1)) {
      hits.emplace_back(at, i);
    }
  }
  std::sort(hits.begin(), hits.end());
  return hits;
}

Hits FastHits(const LiteralSearch& search, const std::string& text) {
  const std::string padded = text + std::string(kKernelOverread, 'x');
  LiteralSearch::Cursor cursor(search, std::string_view(padded).substr(0, text.size()));
  Hits hits;
  for (LiteralHit hit = cursor.Next(0, text.size()); hit.literal != kNoLiteral;
       hit = cursor.Next(0, text.size())) {
    hits.emplace_back(hit.at, hit.literal);
  }
  std::sort(hits.begin(), hits.end());
  return hits;
}

TEST(LiteralSearch, FindsWhatANaiveSearchFinds) {
  std::mt19937 random(7);
  constexpr std::string_view kLetters = "abcABC \"\\[]:,01.\n\xC3";
  const auto text = [&](size_t size) {
    std::string made;
    for (size_t i = 0; i < size; ++i) made += kLetters[random() % kLetters.size()];
    return made;
  };
  for (const NamedKernel& kernel : Kernels()) {
    if (kernel.run == nullptr) continue;
    for (int round = 0; round < 60; ++round) {
      std::vector<std::string> literals;
      for (size_t i = 0, n = 1 + random() % 60; i < n; ++i) {
        std::string literal = text(2 + random() % 14);
        absl::AsciiStrToLower(&literal);
        if (std::find(literals.begin(), literals.end(), literal) == literals.end())
          literals.push_back(literal);
      }
      const std::string sample = text(500);
      const LiteralSearch search(literals, round % 2 == 0 ? sample : "", kernel.run);
      std::string log = text(random() % 9000);
      for (size_t i = 0; i < 20 && !log.empty(); ++i) {
        log.insert(random() % log.size(), literals[random() % literals.size()]);
      }
      ASSERT_EQ(FastHits(search, log), NaiveHits(literals, log)) << kernel.name << " round " << round;
    }
  }
}

TEST(LiteralGrams, FindsWhatANaiveSearchFinds) {
  std::mt19937 random(11);
  constexpr std::string_view kLetters = "abcABC[{ 01.\xC3";
  const auto text = [&](size_t size) {
    std::string made;
    for (size_t i = 0; i < size; ++i) made += kLetters[random() % kLetters.size()];
    return made;
  };
  for (int round = 0; round < 60; ++round) {
    std::vector<std::string> literals = {"\xC3\xC3"};
    for (size_t i = 0, n = 1 + random() % 60; i < n; ++i) {
      std::string literal = text(3 + random() % 6);
      absl::AsciiStrToLower(&literal);
      if (std::find(literals.begin(), literals.end(), literal) == literals.end()) literals.push_back(literal);
    }
    const std::string log = text(random() % 900);
    const LiteralGrams grams(literals, round % 2 == 0 ? log.substr(0, 300) : "");
    Hits hits;
    EXPECT_FALSE(grams.Find(log, [&](uint32_t literal, size_t at) {
      hits.emplace_back(at, literal);
      return false;
    }));
    std::sort(hits.begin(), hits.end());
    ASSERT_EQ(hits, NaiveHits(literals, log)) << "round " << round;
  }
}

}  // namespace
}  // namespace gainsay
