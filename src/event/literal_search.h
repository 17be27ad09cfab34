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
#include <string>
#include <string_view>
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
    bool Verify(size_t position, LiteralHit* hit);

    const LiteralSearch* search_;
    std::string_view text_;
    size_t strip_ = 0;  // where the strip begins whose masks these are; bits that were looked at are gone
    size_t blocks_ = 0, block_ = 0;
    std::array<uint64_t, kStripBlocks> masks_;
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

  void AddEntry(uint32_t literal, size_t offset);
  static uint32_t HashOf(const char* bytes, size_t known);
  bool Matches(std::string_view text, size_t at, const Entry& entry) const;

  std::vector<std::string> literals_;
  std::vector<Entry> entries_;
  std::vector<CaselessBytes> bytes_;
  std::vector<uint32_t> heads_;        // by hash of the first four tested bytes
  std::vector<uint32_t> short_heads_;  // of literals with fewer than four bytes, by hash of the first two
  WindowTables tables_;
  Kernel kernel_;
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_LITERAL_SEARCH_H_
