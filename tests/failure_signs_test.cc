// What the prefilter looks for in place of the judgement of words: no failure without one of the signs.
#include "event/failure_signs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "event/operation.h"
#include "event/prefilter.h"
#include "event/words.h"

namespace gainsay {
namespace {

bool Shows(const FailureSign& sign, const std::string& text) {
  const std::string lower = absl::AsciiStrToLower(text);
  return std::all_of(sign.begin(), sign.end(), [&](const SignPart& part) {
    return Prefilter::Meets({part.any, false, part.words}, text, lower, [](size_t, size_t) { return true; });
  });
}

TEST(FailureSigns, AreInWhateverIsJudgedAFailure) {
  std::vector<std::string> words = {"the",    "row",    "is",       "was",     "not",
                                    "ran",    "out",    "of",       "timed",   "up",
                                    "no",     "ack",    "outbox",   "in",      "3",
                                    "10",     "will",   "retry",    "can't",   "couldn\xE2\x80\x99t",
                                    "giving", "more",   "attempts", "left",    "locally",
                                    "queued", "rolled", "back",     "written", "never",
                                    "dead",   "letter", "save"};
  for (const WordList list : {WordList::kFailure, WordList::kGaveUp, WordList::kUnit, WordList::kRole}) {
    for (const std::string_view word : WordsIn(list)) words.emplace_back(word);
  }
  static constexpr const char* kBetween[] = {" ",  " ", "_", "-",  ": ", "",  ".",
                                             "\"", "'", "=", " (", "\n", ", "};
  const std::vector<FailureSign> signs = FailureSigns();
  std::mt19937 random(3);
  size_t failures = 0, silent = 0;
  for (int round = 0; round < 60000; ++round) {
    std::string text;
    for (size_t i = 0, n = 1 + random() % 5; i < n; ++i) {
      std::string word = words[random() % words.size()];
      if (random() % 4 == 0) word[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(word[0])));
      if (random() % 9 == 0) {
        for (char& c : word) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      }
      if (random() % 30 == 0) word.insert(random() % word.size(), random() % 2 == 0 ? "'" : "x");
      text += word + kBetween[random() % std::size(kBetween)];
    }
    const Judgement judged = Judge(text);
    const bool told = judged.failed || judged.gave_up || judged.partial;
    const bool shown =
        std::any_of(signs.begin(), signs.end(), [&](const auto& sign) { return Shows(sign, text); });
    ASSERT_TRUE(shown || !told) << text;
    failures += told ? 1 : 0;
    silent += shown ? 0 : 1;
  }
  EXPECT_GT(failures, 1000u);
  EXPECT_GT(silent, 1000u);
}

}  // namespace
}  // namespace gainsay
