// The fixed phrases of log messages about writes. A phrase's words are split by spaces: "a|b" either, "?a"
// may be missing, "*" any one word or none, "#" a number above 0. Thread rules: a free function without
// state, and a book that is immutable.
#ifndef GAINSAY_EVENT_PHRASES_H_
#define GAINSAY_EVENT_PHRASES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace gainsay {

enum class PhraseList : uint8_t {
  kFailedTo,
  kCounterOverAPeriod,
  kNothingLost,
  kWentWellAfterAll,
  kWillRetry,
  kWillNotRetry,
  kGaveUp,
  kFailed,
  kParked,
  kOutOf,      // "3 of the 10"
  kLostCount,  // "dropped 14"
};
inline constexpr size_t kPhraseListCount = 11;

std::span<const std::string_view> PhrasesOf(PhraseList list);

// The phrases taken apart: what may stand at a place of one is a number, and a word knows the numbers that it
// fits (words.h).
class PhraseBook {
 public:
  static constexpr size_t kMaxChoices = 192;
  struct Part {
    uint8_t choice = 0;  // a number below kMaxChoices
    bool optional = false, any = false;
  };
  using Phrase = std::vector<Part>;

  static const PhraseBook& Get();

  // In the order of PhrasesOf.
  std::span<const Phrase> phrases(PhraseList list) const { return phrases_[static_cast<size_t>(list)]; }
  // "a|b" by its number.
  const std::vector<std::string_view>& choices() const { return choices_; }

 private:
  PhraseBook();
  Part PartOf(std::string_view text);

  std::array<std::vector<Phrase>, kPhraseListCount> phrases_;
  std::vector<std::string_view> choices_;
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_PHRASES_H_
