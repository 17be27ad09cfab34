// Judgements of messages, values left out, against judging each message as it stands.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "event/judged_message.h"
#include "event/phrases.h"
#include "event/words.h"
#include "rule/loader.h"

namespace gainsay {
namespace {

std::string Without(const std::string& message) {
  std::string out(message.size(), ' ');
  WithoutValues(message, out.data());
  return out;
}

TEST(WithoutValues, LeavesOutNumbersAndIds) {
  EXPECT_EQ(Without("failed to insert document 64249: x"), "failed to insert document 11111: x");
  EXPECT_EQ(Without("order 7c3d2f00-0441-4f8f-face-00000000beef lost"),
            "order a0000000-1111-a000-face-a00000000000 lost");
  EXPECT_EQ(Without("0 of 5 failed, 00 more, 10 lost"), "0 of 5 failed, 00 more, 11 lost");
  EXPECT_EQ(Without("3 / 10 rows failed, v1.25, doc_17, 24h, 12's"),
            "3 / 10 rows failed, v1.25, doc_17, 24h, 12's");
  EXPECT_EQ(Without(""), "");
}

// What a message is judged, and where its operation stands.
void ExpectSame(const std::string& one, const JudgedMessage& judged, const std::string& other,
                const JudgedMessage& expected) {
  ASSERT_EQ(judged.judgement, expected.judgement) << one << " | " << other;
  ASSERT_EQ(judged.operation.size(), expected.operation.size()) << one << " | " << other;
  if (judged.operation.empty()) return;
  ASSERT_EQ(judged.operation.data() - one.data(), expected.operation.data() - other.data())
      << one << " | " << other;
}

class RandomMessages {
 public:
  RandomMessages() {
    for (size_t list = 0; list < kPhraseListCount; ++list) {
      for (const std::string_view phrase : PhrasesOf(static_cast<PhraseList>(list)))
        pieces_.emplace_back(phrase);
    }
    for (size_t list = 0; list <= static_cast<size_t>(WordList::kBurden); ++list) {
      for (const std::string_view word : WordsIn(static_cast<WordList>(list))) pieces_.emplace_back(word);
    }
  }
  // '~' stands for a value.
  std::string Template() {
    static constexpr std::string_view kBetween[] = {
        " ", " ",  " ",  " ", ": ", ", ",  "; ", " - ",  "=",         " (",   ") ",           ".", "_", "-",
        "[", "] ", "\"", "'", "/",  " / ", "\n", "err=", " because ", " of ", "\xE2\x80\x99", ". "};
    std::string text;
    for (size_t i = random_() % 12; i-- > 0;) {
      const std::string& piece = pieces_[random_() % pieces_.size()];
      text += random_() % 3 == 0 ? "~" : piece.substr(0, piece.find_first_of("|?"));
      text += kBetween[random_() % (random_() % 3 == 0 ? std::size(kBetween) : 8)];
    }
    return text;
  }
  std::string Fill(const std::string& with_values) {
    std::string text;
    for (const char c : with_values) c == '~' ? text += Value() : text += c;
    return text;
  }
  size_t Below(size_t end) { return random_() % end; }

 private:
  std::string Value() {
    std::string value;
    const size_t size = 1 + random_() % (random_() % 8 == 0 ? 20 : 6), kind = random_() % 4;
    for (size_t i = 0; i < size; ++i) {
      value += kind == 0   ? "0123456789abcdef"[random_() % 16]
               : kind == 1 ? "001"[random_() % 3]
                           : "0123456789"[random_() % 10];
    }
    return value;
  }

  std::mt19937 random_{31};
  std::vector<std::string> pieces_;
};

TEST(WithoutValues, ChangesNoJudgement) {
  RandomMessages messages;
  size_t changed = 0, judged = 0;
  for (int round = 0; round < 60000; ++round) {
    const std::string message = messages.Fill(messages.Template()), without = Without(message);
    changed += message != without ? 1 : 0;
    // A cause begins where a word does.
    size_t cause = messages.Below(message.size() + 2);
    while (cause > 0 && cause < message.size() && message[cause - 1] != ' ') --cause;
    if (messages.Below(3) == 0) cause = std::string_view::npos;
    const JudgedMessage told = JudgeMessage(without, cause);
    judged += told.judgement != Judgement() ? 1 : 0;
    ExpectSame(without, told, message, JudgeMessage(message, cause));
  }
  EXPECT_GT(changed, 15000u);
  EXPECT_GT(judged, 20000u);
}

// Of a log's few messages, again and again, with causes anywhere.
TEST(JudgedMessages, AreJudgedAsEach) {
  RandomMessages messages;
  JudgedMessages judged;
  for (int log = 0; log < 60; ++log) {
    std::vector<std::string> templates;
    for (int i = 0; i < 12; ++i) templates.push_back(messages.Template());
    for (int round = 0; round < 400; ++round) {
      const std::string message = messages.Fill(templates[messages.Below(templates.size())]);
      const size_t cause =
          messages.Below(2) == 0 ? std::string_view::npos : messages.Below(message.size() + 2);
      ExpectSame(message, judged.Of(message, cause), message, JudgeMessage(message, cause));
    }
  }
  const std::string longer(5000, 'x');
  ExpectSame(longer, judged.Of(longer, 7), longer, JudgeMessage(longer, 7));
}

// The packs' examples, each number and id of them changed.
TEST(JudgedMessages, OfThePacks) {
  std::mt19937 random(8);
  JudgedMessages judged;
  const RuleSet rules = LoadRuleSet({}).rules;
  for (const Pack& pack : rules.packs) {
    for (const Rule& rule : pack.rules) {
      for (const Example& example : rule.examples) {
        for (int round = 0; round < 4; ++round) {
          std::string message = example.log;
          for (char& c : message) {
            if (c >= '0' && c <= '9') c = static_cast<char>('0' + random() % 10);
          }
          for (size_t cause = 0; cause <= message.size(); cause += 1 + random() % 40) {
            ExpectSame(message, judged.Of(message, cause), message, JudgeMessage(message, cause));
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace gainsay
