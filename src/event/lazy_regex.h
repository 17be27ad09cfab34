// A regex that is compiled when it is first needed: of hundreds of rules, a log needs a few.
//
// May be shared by threads.
#ifndef GAINSAY_EVENT_LAZY_REGEX_H_
#define GAINSAY_EVENT_LAZY_REGEX_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "event/match_begins.h"
#include "re2/re2.h"

namespace gainsay {

// A regex that is not worth more than this much memory is refused by RE2.
inline constexpr int64_t kRegexMemory = int64_t{64} << 20;

RE2::Options RegexOptions();

class LazyRegex {
 public:
  // The pattern must be one that RE2 takes; the loader sees to that.
  explicit LazyRegex(std::string pattern) : pattern_(std::move(pattern)) {}
  const std::string& pattern() const { return pattern_; }

  const RE2& get() const {
    if (const RE2* regex = ready_.load(std::memory_order_acquire)) return *regex;
    return Compile();
  }
  // False only if it matches nowhere in the text, told without compiling it.
  bool MayMatch(std::string_view text) const;
  // Whether it matches somewhere in the text, as RE2 tells it. `groups` gets the first match and what its
  // groups hold, in their order, as many as it has room for; empty where there is none.
  bool Matches(std::string_view text, std::span<re2::StringPiece> groups = {}) const;

 private:
  const RE2& Compile() const;

  std::string pattern_;
  mutable std::once_flag once_, begins_once_;
  mutable std::unique_ptr<const MatchBegins> begins_;
  mutable std::unique_ptr<RE2> regex_;
  mutable std::atomic<const RE2*> ready_{nullptr};
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_LAZY_REGEX_H_
