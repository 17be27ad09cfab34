// Which of hundreds of texts stand in a message, whatever their case? For short texts and a quick start: it
// is built in no time, where literal_search.h is faster on whole chunks and literal_automaton.h on lines with
// thousands of hits.
//
// Immutable after construction: share it.
#ifndef GAINSAY_EVENT_LITERAL_GRAMS_H_
#define GAINSAY_EVENT_LITERAL_GRAMS_H_

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gainsay {

class LiteralGrams {
 public:
  // Lower case; letters match in either case.
  explicit LiteralGrams(std::vector<std::string> literals);

  // Calls `visit(literal)` for each place in `text` where a literal stands; for those of fewer than three
  // bytes once.
  template <typename Visit>
  void Find(std::string_view text, Visit visit) const {
    for (const uint32_t literal : short_) {
      if (text.find(literals_[literal]) != std::string_view::npos) visit(literal);
    }
    for (size_t i = 0; i + kGram <= text.size(); ++i) {
      const uint32_t gram = GramAt(text, i), hash = HashOf(gram);
      if (!present_[hash]) continue;
      for (uint32_t at = heads_[hash % kHeads]; at != kNone; at = entries_[at].next) {
        const Entry& entry = entries_[at];
        if (entry.gram == gram && Stands(text, i, entry)) visit(entry.literal);
      }
    }
  }

 private:
  static constexpr size_t kGram = 3;
  static constexpr uint32_t kHashBits = 16, kHeads = 4096, kNone = UINT32_MAX;
  // A literal is looked for where the rarest of its grams stands.
  struct Entry {
    uint32_t gram = 0;
    uint32_t literal = 0;
    uint32_t offset = 0;  // of the gram in the literal
    uint32_t next = kNone;
  };

  // Three bytes, in one case.
  static uint32_t GramAt(std::string_view text, size_t i) {
    const auto byte = [&](size_t k) { return uint32_t{static_cast<unsigned char>(text[i + k])}; };
    return byte(0) | byte(1) << 8 | byte(2) << 16 | 0x202020;
  }
  static uint32_t HashOf(uint32_t gram) { return gram * 0x9E3779B1u >> (32 - kHashBits); }
  bool Stands(std::string_view text, size_t at, const Entry& entry) const;

  std::vector<std::string> literals_;
  std::vector<uint32_t> short_;
  std::vector<Entry> entries_;
  std::array<uint32_t, kHeads> heads_;
  std::bitset<size_t{1} << kHashBits> present_;
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_LITERAL_GRAMS_H_
