// Many regexes over one text: which of them match? Few do, and each needs certain literals (literals.h): one
// search for the literals of all tells which are worth a try.
//
// Immutable after Compile; may be shared by threads.
#ifndef GAINSAY_EVENT_REGEX_SET_H_
#define GAINSAY_EVENT_REGEX_SET_H_

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "event/literal_search.h"
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
    std::call_once(once_, [this] { regex_ = std::make_unique<RE2>(pattern_, RegexOptions()); });
    return *regex_;
  }

 private:
  std::string pattern_;
  mutable std::once_flag once_;
  mutable std::unique_ptr<RE2> regex_;
};

class RegexSet {
 public:
  // Adds a pattern that RE2 takes; its index is the number of those added before.
  void Add(const std::string& pattern);
  void Compile();

  // The indices of all patterns that match somewhere in `text`, ascending, in `hits`.
  void Match(std::string_view text, std::vector<int>* hits) const;

  const RE2& regex(size_t index) const { return regexes_[index]->get(); }
  size_t size() const { return regexes_.size(); }

 private:
  // A regex needs one of a set of literals.
  struct Need {
    uint32_t regex = 0;
    uint32_t partner = 0;  // the regex's other condition; itself, if there is none
  };

  void Condition(uint32_t regex, const std::vector<std::string>& literals, uint32_t index, uint32_t partner);

  std::vector<std::unique_ptr<LazyRegex>> regexes_;
  std::vector<std::string> literals_;
  std::vector<std::vector<uint32_t>> conditions_of_;  // by literal
  std::vector<Need> conditions_;
  std::vector<int> always_;  // need no literal
  std::unique_ptr<LiteralSearch> search_;
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_REGEX_SET_H_
