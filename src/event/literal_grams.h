// Which of thousands of texts stand in a line or a message, whatever their case? A few steps a byte, however
// many they are. Built in no time, where literal_search.h is faster on whole chunks and hundreds of texts.
//
// Immutable after construction: share it.
#ifndef GAINSAY_EVENT_LITERAL_GRAMS_H_
#define GAINSAY_EVENT_LITERAL_GRAMS_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "event/caseless_bytes.h"

namespace gainsay {

class LiteralGrams {
 public:
  // Lower case; letters match in either case, but for texts of fewer than three bytes, of which there should
  // be few. `sample` is a piece of what will be searched (or empty): what is frequent there is avoided; else
  // what many of the literals share. It changes the speed, never a result.
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
    for (size_t at = 0; at + kShort <= text.size(); at += kBlock) {
      for (uint64_t places = PlacesIn(text, at); places != 0; places &= places - 1) {
        if (VisitPlace(text, at + static_cast<size_t>(std::countr_zero(places)), visit)) return true;
      }
    }
    return false;
  }

 private:
  static constexpr size_t kGram = 4, kShort = 3, kWindow = CaselessBytes::kMost, kBlock = 64;
  static constexpr uint32_t kHashBits = 12, kFactor = 0x9E3779B1u;
  // A literal, looked for by the gram of it at `offset`: four bytes, or all three.
  struct Gram {
    CaselessBytes bytes;  // of the literal from `window` on, as far as it goes
    uint32_t window = 0, offset = 0;
    uint32_t literal = 0, size = 0;
  };
  // How often grams stand somewhere.
  class Seen;

  // Of the first three of four bytes, and which bit stands for the last: the same of both cases of a letter.
  static uint32_t HashOf(uint32_t gram) { return ((gram | 0x20202020u) << 8) * kFactor >> (32 - kHashBits); }
  static uint32_t BitOf(uint32_t gram) { return (gram >> 24) % 32; }
  uint32_t MayStand(uint32_t gram) const { return behind_[HashOf(gram)] >> BitOf(gram) & 1; }
  static uint32_t GramAt(std::string_view text, size_t at) {
    uint32_t gram = 0;
    if (text.size() - at < kGram) {
      std::memcpy(&gram, text.data() + at, kShort);
    } else {
      std::memcpy(&gram, text.data() + at, kGram);
    }
    return gram;
  }
  // Bit i: a gram may stand at `at` + i.
  uint64_t PlacesIn(std::string_view text, size_t at) const;
  // The same of the first `*told` of the places before `end`, eight at once.
  uint64_t PlacesAvx2(std::string_view text, size_t at, size_t end, size_t* told) const;
  Gram GramOf(uint32_t literal, const Seen& seen) const;
  void Put(const std::vector<Gram>& grams);
  // Whether the literal begins at `begin` (which is none if it is beyond the text's end).
  bool Stands(std::string_view text, size_t begin, const Gram& gram) const;

  template <typename Visit>
  bool VisitPlace(std::string_view text, size_t at, Visit& visit) const {
    const uint32_t hash = HashOf(GramAt(text, at)), end = begins_[hash + 1];
    for (uint32_t i = begins_[hash]; i < end; ++i) {
      const Gram& one = grams_[i];
      const size_t begin = at - one.offset, window = begin + one.window;
      bool known = false;
      if (window < text.size() && text.size() - window >= kWindow) {
        if (!one.bytes.StandAt(text.data() + window)) continue;
        known = one.size <= kWindow;
      }
      if ((known || Stands(text, begin, one)) && visit(one.literal, begin)) return true;
    }
    return false;
  }

  std::vector<std::string> literals_;
  std::vector<uint32_t> tiny_;
  // Those of one hash stand together, from the one that `begins_` says.
  std::vector<Gram> grams_;
  std::array<uint32_t, (size_t{1} << kHashBits) + 1> begins_ = {};
  // By hash: what may stand behind its three bytes.
  std::array<uint32_t, size_t{1} << kHashBits> behind_ = {};
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_LITERAL_GRAMS_H_
