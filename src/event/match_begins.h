// Where in a text may a match of a regex begin? Told by the first bytes of its matches, much faster than the
// regex tells it.
//
//   MatchBegins begins(CoreOf("(?i)writ(?:e|ing) failed"));
//   if (begins.Next(text, 0) == MatchBegins::kNowhere) … no match in the text
//
// Immutable; may be shared by threads.
#ifndef GAINSAY_EVENT_MATCH_BEGINS_H_
#define GAINSAY_EVENT_MATCH_BEGINS_H_

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "record/byte_halves.h"
#include "record/pattern_tree.h"

namespace gainsay {

class MatchBegins {
 public:
  static constexpr size_t kNowhere = std::string_view::npos;
  // So many bytes of a match are looked at.
  static constexpr size_t kMaxDepth = 6;

  // Of a regex's core (pattern_core.h).
  explicit MatchBegins(const PatternTree& core);

  // The first place from `from` on where a match of the core may begin.
  size_t Next(std::string_view text, size_t from) const;
  // The same, without the processor's help.
  size_t NextPlain(std::string_view text, size_t from) const;

  // How many bytes tell; 0: nothing is known.
  size_t depth() const { return depth_; }
  // About which share of all places it gives in a text of lower-case words.
  double ShareOfPlaces() const;

 private:
  using Bytes = std::bitset<256>;
  size_t NextAvx2(std::string_view text, size_t from) const;

  size_t depth_ = 0;
  std::array<uint8_t, 256> may_stand_ = {};  // by byte: a bit for each place in a match
  std::array<ByteHalves, kMaxDepth> halves_;
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_MATCH_BEGINS_H_
