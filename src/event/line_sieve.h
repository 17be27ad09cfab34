// Which lines hold none of the texts that rules need, whatever their level? Of most logs nearly all: then
// nothing else of them is looked at.
//
//   LineSieve sieve(texts, sample);
//   LineSieve::Cursor cursor(sieve, bytes);
//   if (!cursor.HoldsAny(begin, end)) …  // of one line after the other
//
// A sieve is immutable and shared; a cursor belongs to one thread.
#ifndef GAINSAY_EVENT_LINE_SIEVE_H_
#define GAINSAY_EVENT_LINE_SIEVE_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "event/literal_search.h"
#include "event/prefilter.h"

namespace gainsay {

class LineSieve {
 public:
  struct Text {
    std::string text;        // lower case
    bool in_values = false;  // it does not count in a key of the outermost object
    // If not null: it counts only within a word of this condition, which must outlive the sieve.
    const Prefilter::Condition* words = nullptr;
    // If not null: it counts only where what stands behind it is the rest of an escape that hides something.
    const Prefilter* escapes = nullptr;

    bool operator==(const Text&) const = default;
  };

  // `sample`: of the log that will be sifted, or empty. It changes the speed, never a result.
  LineSieve(std::vector<Text> texts, std::string_view sample);

  class Cursor {
   public:
    // As LiteralSearch::Cursor.
    Cursor(const LineSieve& sieve, std::string_view bytes) : sieve_(&sieve), cursor_(*sieve.search_, bytes) {}
    // Whether one of the texts counts in the line [begin, end). A line may be left out; none comes back.
    bool HoldsAny(size_t begin, size_t end) { return next_.at < end && LooksInto(begin, end); }

   private:
    bool LooksInto(size_t begin, size_t end);

    const LineSieve* sieve_;
    LiteralSearch::Cursor cursor_;
    LiteralHit next_;  // in the line that was asked for last or behind it
  };

 private:
  bool Counts(uint32_t literal, std::string_view line, size_t at) const;

  std::vector<std::vector<Text>> texts_;  // by literal
  std::unique_ptr<const LiteralSearch> search_;
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_LINE_SIEVE_H_
