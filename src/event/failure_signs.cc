// Read off the vocabulary: a failure is told by one of the words for it, by "not" or "never" before what was
// not done, or by a fixed phrase, each of whose words is there (operation.cc, FailureAt and GaveUp).
#include "event/failure_signs.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "event/phrases.h"
#include "event/tokens.h"
#include "event/words.h"

namespace gainsay {
namespace {

constexpr size_t kShortest = 3;  // bytes of a word that is worth looking for

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    parts.push_back(text.substr(0, text.find(separator)));
    text.remove_prefix(std::min(parts.back().size() + 1, text.size()));
  }
  return parts;
}

// "couldnt" may be written with an apostrophe, and the apostrophe in several ways.
bool IsContraction(std::string_view word) {
  return word.ends_with('t') &&
         std::find(kNegated.begin(), kNegated.end(), word.substr(0, word.size() - 1)) != kNegated.end();
}

SignPart Contraction(std::string_view word) {
  const std::string stem(word.substr(0, word.size() - 1));
  return {{stem + "'t", stem + "\\u2019t", stem + "\xE2\x80\x99t", stem + 't'}, false};
}

// Empty if it has no part that is worth looking for.
FailureSign SignOf(std::string_view phrase) {
  FailureSign sign;
  for (const std::string_view part : Split(phrase, ' ')) {
    if (part.front() == '?' || part.front() == '*') continue;
    SignPart words;
    for (const std::string_view word : Split(part, '|')) words.any.emplace_back(word);
    const bool useful = std::all_of(words.any.begin(), words.any.end(), [](const std::string& word) {
      return word.size() >= kShortest && !IsContraction(word);
    });
    std::sort(words.any.begin(), words.any.end());
    if (useful) sign.push_back(std::move(words));
  }
  return sign;
}

}  // namespace

std::vector<FailureSign> FailureSigns() {
  std::vector<FailureSign> signs;
  SignPart words;
  for (const WordList list : {WordList::kFailure, WordList::kGaveUp}) {
    for (const std::string_view word : WordsIn(list)) {
      if (IsContraction(word)) {
        signs.push_back({Contraction(word)});
      } else {
        words.any.emplace_back(word);
      }
    }
  }
  words.any.insert(words.any.end(), {"never", "not"});
  std::sort(words.any.begin(), words.any.end());
  words.any.erase(std::unique(words.any.begin(), words.any.end()), words.any.end());
  for (const PhraseList list : {PhraseList::kFailed, PhraseList::kParked, PhraseList::kGaveUp}) {
    for (const std::string_view phrase : PhrasesOf(list)) {
      FailureSign sign = SignOf(phrase);
      const bool known = std::any_of(sign.begin(), sign.end(), [&](const SignPart& part) {
        return std::includes(words.any.begin(), words.any.end(), part.any.begin(), part.any.end());
      });
      if (!known) signs.push_back(std::move(sign));
    }
  }
  signs.push_back({std::move(words)});
  return signs;
}

}  // namespace gainsay
