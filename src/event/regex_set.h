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

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "event/bit_set.h"
#include "event/literal_grams.h"
#include "event/match_begins.h"
#include "event/pattern_core.h"
#include "re2/re2.h"

namespace gainsay {

// A regex that is not worth more than this much memory is refused by RE2.
inline constexpr int64_t kRegexMemory = int64_t{64} << 20;

RE2::Options RegexOptions();

// A regex that is compiled when it is first used: of hundreds of rules, a log needs a few. The pattern
// must be one that RE2 takes; the loader sees to that. May be shared by threads.
class LazyRegex {
 public:
  explicit LazyRegex(std::string pattern) : pattern_(std::move(pattern)) {}
  const std::string& pattern() const { return pattern_; }
  const RE2& get() const {
    if (const RE2* regex = ready_.load(std::memory_order_acquire)) return *regex;
    std::call_once(once_, [this] {
      regex_ = std::make_unique<RE2>(pattern_, RegexOptions());
      ready_.store(regex_.get(), std::memory_order_release);
    });
    return *regex_;
  }
  // False only if it matches nowhere in the text, told without compiling it.
  bool MayMatch(std::string_view text) const {
    std::call_once(begins_once_, [this] { begins_ = std::make_unique<const MatchBegins>(CoreOf(pattern_)); });
    return begins_->Next(text, 0) != MatchBegins::kNowhere;
  }

 private:
  std::string pattern_;
  mutable std::once_flag once_, begins_once_;
  mutable std::unique_ptr<const MatchBegins> begins_;
  mutable std::unique_ptr<RE2> regex_;
  mutable std::atomic<const RE2*> ready_{nullptr};
};

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
