// Where a match may begin, against RE2's word for where one does.
#include "event/match_begins.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <random>
#include <string>
#include <vector>

#include "event/lazy_regex.h"
#include "event/pattern_core.h"
#include "event/raw_match.h"
#include "rule/loader.h"

namespace gainsay {
namespace {

bool Matches(const RE2& regex, std::string_view text, size_t from, RE2::Anchor anchor) {
  return regex.Match({text.data(), text.size()}, from, text.size(), anchor, nullptr, 0);
}

// All that is promised; `is_bound`: the regex asks for anchors.
void Check(const std::string& pattern, bool is_bound, const std::string& text) {
  const MatchBegins begins(CoreOf(pattern));
  const RE2 regex(pattern, RegexOptions());
  if (!regex.ok()) return;  // it repeats too much
  for (size_t from = 0; from <= text.size(); ++from) {
    ASSERT_EQ(begins.Next(text, from), begins.NextPlain(text, from)) << pattern << " " << from << " " << text;
  }
  bool matches = false;
  if (begins.depth() == 0) return;
  for (size_t at = begins.Next(text, 0); at != MatchBegins::kNowhere; at = begins.Next(text, at + 1)) {
    ASSERT_LT(at, text.size());
    matches = matches || is_bound || Matches(regex, text, at, RE2::ANCHOR_START);
  }
  const bool found = Matches(regex, text, 0, RE2::UNANCHORED);
  if (is_bound) {
    EXPECT_TRUE(matches || !found) << pattern << " " << text;
  } else {
    EXPECT_EQ(matches, found) << pattern << " " << text;
  }
}

// The regex as lines are asked for it, without its anchors.
void CheckUnbound(const std::string& pattern, const std::string& text) {
  RE2::Options options = RegexOptions();
  options.set_case_sensitive(false);
  options.set_dot_nl(true);
  std::string plain = pattern;
  for (const std::string bound : {"^", "$", "\\b", "\\B"}) {
    for (size_t at = plain.find(bound); at != std::string::npos; at = plain.find(bound, at)) {
      if (bound == "^" && at > 0 && plain[at - 1] == '[') {
        ++at;
      } else {
        plain.replace(at, bound.size(), "(?:)");
      }
    }
  }
  const RE2 regex(plain, options);
  if (!regex.ok()) return;
  EXPECT_EQ(UnboundRegex(pattern).MayMatch(text), Matches(regex, text, 0, RE2::UNANCHORED))
      << pattern << " " << text;
}

class RandomRegex {
 public:
  explicit RandomRegex(std::mt19937* random) : random_(*random) {}
  std::string Make(int depth) {
    std::string made;
    for (size_t parts = 1 + random_() % 4; parts > 0; --parts) made += Part(depth);
    return made;
  }
  bool is_bound = false;

 private:
  std::string Part(int depth) {
    static const std::vector<std::string> kAtoms = {"a",     "b",    "[ab]",   "[^a]", "k",        "s",
                                                    "\\w",   "\\d",  ".",      "é",    "[^\\x00]", "\\s",
                                                    "[é-ü]", "(?:)", "[b-x0]", "\\W"};
    static const std::vector<std::string> kBounds = {"^", "$", "\\b", "\\B"};
    static const std::vector<std::string> kTimes = {"",  "",   "",    "",     "*",     "+",
                                                    "?", "*?", "{2}", "{2,}", "{0,2}", "{3,9}?"};
    if (random_() % 12 == 0) {
      is_bound = true;
      return kBounds[random_() % kBounds.size()];
    }
    std::string part = kAtoms[random_() % kAtoms.size()];
    if (depth > 0 && random_() % 3 == 0) {
      part = (random_() % 4 == 0 ? "(?i:" : "(") + Make(depth - 1);
      if (random_() % 2 == 0) part += "|" + Make(depth - 1);
      part += ")";
    }
    return part + kTimes[random_() % kTimes.size()];
  }

  std::mt19937& random_;
};

TEST(MatchBegins, AreWhereMatchesBegin) {
  std::mt19937 random(5);
  const std::vector<std::string> letters = {"a",  "b", "A",        "k", "s",    "0",           " ",
                                            "\n", "é", "\xC5\xBF", "x", "\xFF", "\xE2\x84\xAA"};
  for (int round = 0; round < 400; ++round) {
    RandomRegex maker(&random);
    const std::string pattern = (random() % 3 == 0 ? "(?is)" : "") + maker.Make(3);
    for (const size_t size : {random() % 8, random() % 60, random() % 200}) {
      std::string text;
      // Few letters, so that some texts lack what others have.
      const size_t some = 1 + random() % letters.size();
      for (size_t i = 0; i < size; ++i) text += letters[random() % some];
      Check(pattern, maker.is_bound, text);
      if (text.find('\xFF') == std::string::npos) CheckUnbound(pattern, text);
      if (HasFatalFailure()) return;
    }
  }
}

MatchBegins BeginsOf(std::string_view regex) { return MatchBegins(CoreOf(regex)); }

TEST(MatchBegins, LeaveOutWhatMayBeMissing) {
  const MatchBegins begins = BeginsOf("(?i)^(?:the |this )?(?:[a-z]+ ){0,2}(?:job|task)+ ended");
  EXPECT_EQ(begins.depth(), 6u) << "\"job en\", \"jobjob\"";
  EXPECT_EQ(begins.Next("this big jab job ENDED", 0), 13u);
  EXPECT_EQ(begins.Next("this big jab jobs ended", 0), MatchBegins::kNowhere);
  EXPECT_EQ(BeginsOf("[A-Z]{2,}ing x").Next("EMBEDDing x", 0), 4u);
  EXPECT_EQ(BeginsOf("[A-Z]{2,}ing x+y*").depth(), 6u);
  EXPECT_EQ(BeginsOf("ab+c*").depth(), 2u);
  EXPECT_EQ(BeginsOf("a?").depth(), 0u);
  EXPECT_EQ(BeginsOf("a?").Next("b", 1), 1u);
  EXPECT_EQ(BeginsOf("\\pLab").depth(), 0u) << "not known here";
}

// Each pattern of the packs on the logs of its examples.
TEST(MatchBegins, HoldOfThePacks) {
  const LoadResult loaded = LoadRuleSet({"builtin"});
  size_t matched = 0;
  for (const Pack& pack : loaded.rules.packs) {
    for (const Rule& rule : pack.rules) {
      if (rule.pattern.empty()) continue;
      const LazyRegex regex(rule.pattern);
      for (const Example& example : rule.examples) {
        if (!Matches(regex.get(), example.log, 0, RE2::UNANCHORED)) continue;
        ++matched;
        EXPECT_TRUE(regex.MayMatch(example.log)) << rule.FullId() << ": " << example.log;
      }
    }
  }
  EXPECT_GT(matched, 150u);
}

}  // namespace
}  // namespace gainsay
