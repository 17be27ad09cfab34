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

  size_t size() const { return needs_.size(); }

 private:
  // A literal is one of those of which `of` needs one; `bit` stands for this need.
  struct Use {
    uint32_t of = 0;
    uint8_t bit = 0;
  };

  std::vector<std::string> literals_;                   // until Compile
  absl::flat_hash_map<std::string, uint32_t> numbers_;  // of the literals; until Compile
  std::vector<std::vector<Use>> uses_;                  // by literal; until Compile
  // The same in one row, those of a literal from where `use_begins_` says.
  std::vector<Use> use_row_;
  std::vector<uint32_t> use_begins_;
  std::vector<uint8_t> needs_;    // by number: a bit for each of its needs
  std::vector<uint32_t> always_;  // need no literal
  std::unique_ptr<const LiteralGrams> grams_;
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_REGEX_SET_H_
