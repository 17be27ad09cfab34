// A set of small numbers, as bits.
#ifndef GAINSAY_EVENT_BIT_SET_H_
#define GAINSAY_EVENT_BIT_SET_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace gainsay {

class BitSet {
 public:
  // Empty, with room for numbers below `size`.
  void Reset(size_t size) { words_.assign((size + 63) / 64, 0); }
  void Set(size_t i) { words_[i / 64] |= uint64_t{1} << i % 64; }
  bool Has(size_t i) const { return (words_[i / 64] >> i % 64 & 1) != 0; }
  // Adds all of `more`, which has no more room.
  void Add(const BitSet& more) {
    for (size_t i = 0; i < more.words_.size(); ++i) words_[i] |= more.words_[i];
  }
  // The first number from `from` on, below `end`, that is in this set; `end` if there is none.
  size_t Next(size_t from, size_t end) const { return NextInBoth(*this, from, end); }
  // The first number from `from` on, below `end`, that is in this set and in `other`; `end` if there is none.
  size_t NextInBoth(const BitSet& other, size_t from, size_t end) const {
    for (size_t word = from / 64; from < end; from = ++word * 64) {
      const uint64_t both = (words_[word] & other.words_[word]) >> (from % 64);
      if (both != 0) return std::min(from + static_cast<size_t>(std::countr_zero(both)), end);
    }
    return end;
  }

 private:
  std::vector<uint64_t> words_;
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_BIT_SET_H_
