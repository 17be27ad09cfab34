// Many regexes, most of them anchored at the text's begin: which of them may match it, told from its first
// bytes?
//
//   PatternHeads heads;
//   for (…) heads.Add(HeadOf(pattern, PatternHeads::kPlaces));
//   PatternHeads::Numbers may = heads.Find(text);
//
// Immutable after the last Add; may be shared by threads.
#ifndef GAINSAY_RECORD_PATTERN_HEADS_H_
#define GAINSAY_RECORD_PATTERN_HEADS_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gainsay {

// What may stand at each of a text's first `places` if a regex matches it: kHeadBytes bytes a place, a bit
// for each ASCII byte, then a byte that is 1 if others may. Fewer places if it may end before; "" if it may
// match behind the text's begin, or is too difficult to tell. Lets through too much rather than too little.
inline constexpr size_t kHeadBytes = 17;
std::string HeadOf(std::string_view pattern, size_t places);

class PatternHeads {
 public:
  static constexpr size_t kPlaces = 32;  // of a text that are looked at
  static constexpr size_t kMaxPatterns = 256;

  // The head of a pattern, whose number is how many were added before; those behind kMaxPatterns may always
  // match.
  void Add(std::string_view head);

  // Those that may match, at most kMaxPatterns of them, as bits.
  using Numbers = std::array<uint64_t, kMaxPatterns / 64>;
  Numbers Find(std::string_view text) const {
    Numbers may = all_;
    for (size_t place = 0; place < kPlaces; ++place) {
      const Numbers& not_here = excluded_[place * kSymbols + SymbolAt(text, place)];
      uint64_t any = 0;
      for (size_t word = 0; word < may.size(); ++word) any |= may[word] &= ~not_here[word];
      if (any == 0 || place == text.size()) break;
    }
    return may;
  }

 private:
  // An ASCII byte, another byte, or the text's end.
  static constexpr size_t kOther = 128, kEnd = 129, kSymbols = 130;
  static size_t SymbolAt(std::string_view text, size_t place) {
    return place == text.size() ? kEnd : std::min<size_t>(static_cast<unsigned char>(text[place]), kOther);
  }

  Numbers all_ = {};
  std::vector<Numbers> excluded_ = std::vector<Numbers>(kPlaces * kSymbols);  // by place and symbol
  size_t size_ = 0;
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_PATTERN_HEADS_H_
