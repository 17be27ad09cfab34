// Many regexes over one text: which of them may match? Few do, and each needs certain literals (literals.h):
// one search for the literals of all tells which are worth a try.
//
//   RegexSet set;
//   for (…) set.Add(pattern);
//   set.Compile();
//   set.Find(text, &may);  // bit i of `may`: the i-th of them may match
//
// Immutable after Compile; may be shared by threads.
#ifndef GAINSAY_EVENT_REGEX_SET_H_
#define GAINSAY_EVENT_REGEX_SET_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "event/bit_set.h"
#include "event/literal_grams.h"

namespace gainsay {

class RegexSet {
 public:
  // Sets of literals, as of RequiredLiterals(): what it stands for needs one of each; none: it may always
  // match. Each call gives the next number.
  using Needs = std::vector<std::vector<std::string>>;
  size_t Add(const std::string& pattern);
  size_t AddNeeds(const Needs& needs);
  // A number that Find never gives by itself.
  size_t AddNone();
  void Compile();

  // All that may match somewhere in `text`.
  void Find(std::string_view text, BitSet* may) const;

  size_t size() const { return size_; }

 private:
  // Lists in one row, one behind the other.
  struct Lists {
    std::vector<uint32_t> row, begins;  // `begins` has one more than there are lists: the row's end
    explicit Lists(const std::vector<std::vector<uint32_t>>& lists = {});
  };

  uint32_t NeedOf(const std::vector<std::string>& texts);

  // Until Compile.
  std::vector<std::string> literals_;
  absl::flat_hash_map<std::string, uint32_t> literal_numbers_, need_numbers_;
  std::vector<std::vector<uint32_t>> of_literals_;  // by literal: the needs that it meets
  std::vector<std::vector<uint32_t>> needs_;        // by number

  size_t size_ = 0, need_count_ = 0;
  std::vector<uint32_t> always_;  // the numbers without a need
  Lists met_by_;                  // by literal: the needs that it meets
  BitSet keys_;                   // needs that are some number's key
  Lists keyed_;                   // by need: the numbers whose key it is
  Lists others_;                  // by place in the row of these: the number's other needs
  std::unique_ptr<const LiteralGrams> grams_;
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_REGEX_SET_H_
