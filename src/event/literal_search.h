// Finds hundreds of literals in a log's raw bytes in one pass, whatever their case.
//
//   LiteralSearch search(literals, sample);
//   LiteralSearch::Cursor cursor(search, text);
//   for (LiteralHit hit = cursor.Next(0, end); hit.literal != kNoLiteral; hit = cursor.Next(0, end)) …
//
// Immutable after construction: share it; a cursor belongs to one thread.
#ifndef GAINSAY_EVENT_LITERAL_SEARCH_H_
#define GAINSAY_EVENT_LITERAL_SEARCH_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "event/caseless_bytes.h"
#include "event/literal_kernel.h"

namespace gainsay {

inline constexpr uint32_t kNoLiteral = UINT32_MAX;

struct LiteralHit {
  size_t at = 0;  // where the literal begins
  uint32_t literal = kNoLiteral;
};

class LiteralSearch {
 public:
  // Literals of at least two bytes; letters in them match in either case. `sample` is a piece of the text
  // that will be searched (or empty): what is frequent there is avoided. It changes the speed, never a
  // result.
  LiteralSearch(std::vector<std::string> literals, std::string_view sample, Kernel kernel = BestKernel().run);

  const std::vector<std::string>& literals() const { return literals_; }

  // Walks over one text, which must be followed by kKernelOverread readable bytes.
  class Cursor {
   public:
    Cursor(const LiteralSearch& search, std::string_view text) : search_(&search), text_(text) {}
    // The first literal whose tested bytes begin at or behind `from` and before `until`, in the order of
    // these bytes, not of the literals' beginnings; of several there, all are told one after the other. If
    // there is none, kNoLiteral at the end. `from` never goes back.
    LiteralHit Next(size_t from, size_t until);
    std::string_view text() const { return text_; }

   private:
    uint32_t FirstEntry(size_t position) const;
    bool Verify(size_t position, LiteralHit* hit);

    const LiteralSearch* search_;
    std::string_view text_;
    size_t strip_ = 0, blocks_ = 0;  // where the strip begins whose masks these are
    std::array<uint64_t, kStripBlocks> masks_;
    uint32_t full_ = 0;    // which of them hold positions that were not looked at
    size_t position_ = 0;  // being verified, from candidate `next_` on
    uint32_t next_ = kNoLiteral;
  };

 private:
  struct Entry {
    CaselessBytes tested;  // from the tested bytes on
    uint32_t literal = 0;
    uint32_t size = 0;
    uint32_t offset = 0;         // of the tested bytes in the literal
    uint32_t bytes = 0;          // all of it, in `bytes_` from there on
    uint32_t next = kNoLiteral;  // with the same hash
  };
  friend class Cursor;

  // Entries by a hash of their first tested bytes, so many.
  template <size_t kBytes>
  class Heads {
   public:
    // Puts the entry before those with its hash; the first of these.
    uint32_t Add(const char* tested, uint32_t entry) {
      const uint32_t hash = HashOf(tested);
      known_[hash / 64] |= uint64_t{1} << (hash % 64);
      return std::exchange(first_[hash >> kSetBits], entry);
    }
    uint32_t Find(const char* at) const {
      const uint32_t hash = HashOf(at);
      return (known_[hash / 64] >> (hash % 64) & 1) == 0 ? kNoLiteral : first_[hash >> kSetBits];
    }

   private:
    static constexpr size_t kBits = 12, kSetBits = 2;
    // Without regard to case (and to some differences that don't matter here).
    static uint32_t HashOf(const char* at) {
      uint32_t word = 0;
      std::memcpy(&word, at, kBytes);
      return ((word | 0x20202020u) * 0x9E3779B1u) >> (32 - kBits - kSetBits);
    }

    // Most of what is asked for is not there: so few bits stay in the nearest cache.
    std::array<uint64_t, (size_t{1} << (kBits + kSetBits)) / 64> known_ = {};
    std::vector<uint32_t> first_ = std::vector<uint32_t>(size_t{1} << kBits, kNoLiteral);
  };

  void AddEntry(uint32_t literal, size_t offset);
  bool Matches(std::string_view text, size_t at, const Entry& entry) const;

  std::vector<std::string> literals_;
  std::vector<Entry> entries_;
  std::vector<CaselessBytes> bytes_;
  Heads<4> heads_;
  Heads<2> short_heads_;  // of literals with fewer than four bytes
  WindowTables tables_;
  Kernel kernel_;
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_LITERAL_SEARCH_H_
