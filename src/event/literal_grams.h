// Which of thousands of texts stand in a line or a message, whatever their case? A step a byte, without
// waiting for the one before, however many they are. Built in no time, where literal_search.h is faster on
// whole chunks and hundreds of texts.
//
// Immutable after construction: share it.
#ifndef GAINSAY_EVENT_LITERAL_GRAMS_H_
#define GAINSAY_EVENT_LITERAL_GRAMS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace gainsay {

class LiteralGrams {
 public:
  // Lower case; letters match in either case, but for texts of fewer than three bytes, of which there should
  // be few. `sample` is a piece of what will be searched (or empty): what is frequent there is avoided. It
  // changes the speed, never a result.
  explicit LiteralGrams(std::vector<std::string> literals, std::string_view sample = {});

  const std::vector<std::string>& literals() const { return literals_; }

  // Calls `visit(literal, begin)` for each place in `text` where a literal stands, until it says true;
  // whether it did.
  template <typename Visit>
  bool Find(std::string_view text, Visit visit) const {
    for (const uint32_t literal : tiny_) {
      for (size_t at = text.find(literals_[literal]); at != std::string_view::npos;
           at = text.find(literals_[literal], at + 1)) {
        if (visit(literal, at)) return true;
      }
    }
    const size_t whole = text.size() < kGram ? 0 : text.size() - kGram + 1;
    for (size_t i = 0; i < whole; ++i) {
      uint32_t gram = 0;
      std::memcpy(&gram, text.data() + i, kGram);
      if (IsPresent(HashOf(gram)) && Visit4(text, i, gram, visit)) return true;
    }
    for (size_t i = whole; i + kShort <= text.size(); ++i) {
      uint32_t gram = 0;
      std::memcpy(&gram, text.data() + i, kShort);
      if (IsPresent(HashOf(gram)) && Visit4(text, i, gram, visit)) return true;
    }
    return false;
  }

 private:
  static constexpr size_t kGram = 4, kShort = 3;
  static constexpr uint32_t kHashBits = 16, kHeads = 4096, kNone = UINT32_MAX;
  // A literal is looked for where the rarest of its grams stands; one of three bytes where these
  // do, whatever follows.
  struct Entry {
    uint32_t literal = 0;
    uint32_t offset = 0;  // of the gram in the literal
    uint32_t next = kNone;
  };

  // Of four bytes, those of a letter's cases being one.
  static uint32_t HashOf(uint32_t gram) { return (gram | 0x20202020u) * 0x9E3779B1u >> (32 - kHashBits); }
  static uint32_t ShortHashOf(uint32_t gram) { return HashOf(gram & 0xFFFFFFu) % kHeads; }
  bool IsPresent(uint32_t hash) const { return (present_[hash / 64] >> (hash % 64) & 1) != 0; }
  void AddWhole(uint32_t literal, const std::vector<uint32_t>& seen);
  void AddShort(uint32_t literal);
  bool Stands(std::string_view text, size_t at, const Entry& entry) const;

  template <typename Visit>
  bool Visit4(std::string_view text, size_t at, uint32_t gram, Visit& visit) const {
    for (const uint32_t head : {heads_[HashOf(gram) % kHeads], short_heads_[ShortHashOf(gram)]}) {
      for (uint32_t i = head; i != kNone; i = entries_[i].next) {
        const Entry& entry = entries_[i];
        if (Stands(text, at, entry) && visit(entry.literal, at - entry.offset)) return true;
      }
    }
    return false;
  }

  std::vector<std::string> literals_;
  std::vector<uint32_t> tiny_;
  std::vector<Entry> entries_;
  std::array<uint32_t, kHeads> heads_, short_heads_;
  std::array<uint64_t, (size_t{1} << kHashBits) / 64> present_ = {};
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_LITERAL_GRAMS_H_
