// Which of thousands of texts stand in a line or a message, whatever their case? A few steps a byte, however
// many they are. Built in no time, where literal_search.h is faster on whole chunks and hundreds of texts.
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
    // Eight bytes hold the grams of five places.
    size_t at = 0;
    for (; at + 8 <= text.size(); at += 5) {
      uint64_t eight = 0;
      std::memcpy(&eight, text.data() + at, sizeof eight);
#pragma GCC unroll 5
      for (size_t i = 0; i < 5; ++i) {
        const auto gram = static_cast<uint32_t>(eight >> 8 * i);
        if (MayStand(gram) && VisitGram(text, at + i, gram, visit)) return true;
      }
    }
    for (; at + kShort <= text.size(); ++at) {
      uint32_t gram = 0;
      std::memcpy(&gram, text.data() + at, text.size() - at < kGram ? kShort : kGram);
      if (MayStand(gram) && VisitGram(text, at, gram, visit)) return true;
    }
    return false;
  }

 private:
  static constexpr size_t kGram = 4, kShort = 3;
  static constexpr uint32_t kHashBits = 12, kNone = UINT32_MAX;
  // Of a literal, the four bytes by which it is looked for, or three: `text` has those of `kept`, but for the
  // bits that tell the cases of a letter.
  struct Gram {
    uint32_t text = 0, cases = 0, kept = 0;
    uint32_t literal = 0, offset = 0;
    uint32_t next = kNone;
  };

  // Of the first three of four bytes, and which bit stands for the last: the same of both cases of a letter.
  static uint32_t HashOf(uint32_t gram) {
    return ((gram | 0x20202020u) << 8) * 0x9E3779B1u >> (32 - kHashBits);
  }
  static uint32_t BitOf(uint32_t gram) { return (gram >> 24 | 0x20u) % 64; }
  bool MayStand(uint32_t gram) const { return (behind_[HashOf(gram)] >> BitOf(gram) & 1) != 0; }
  void Add(uint32_t literal, const std::vector<uint32_t>& seen);
  bool Stands(std::string_view text, size_t at, const Gram& gram) const;

  template <typename Visit>
  bool VisitGram(std::string_view text, size_t at, uint32_t gram, Visit& visit) const {
    for (uint32_t i = heads_[HashOf(gram)]; i != kNone; i = grams_[i].next) {
      const Gram& one = grams_[i];
      const bool same = ((gram | one.cases) & one.kept) == one.text;
      if (same && Stands(text, at, one) && visit(one.literal, at - one.offset)) return true;
    }
    return false;
  }

  std::vector<std::string> literals_;
  std::vector<std::string> cases_;  // by literal: of each byte the bit in which the cases of a letter differ
  std::vector<uint32_t> tiny_;
  std::vector<Gram> grams_;
  // By hash: the first of the grams, and what may stand behind its three bytes.
  std::array<uint32_t, size_t{1} << kHashBits> heads_;
  std::array<uint64_t, size_t{1} << kHashBits> behind_ = {};
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_LITERAL_GRAMS_H_
