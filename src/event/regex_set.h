// Many regexes over one text in one pass: which of them match? RE2::Set, with RE2 one by one
// where its automaton runs out of memory.
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
#include "re2/re2.h"
#include "re2/set.h"

namespace gainsay {

// A regex that is not worth more than this much memory is refused by RE2.
inline constexpr int64_t kRegexMemory = int64_t{64} << 20;

RE2::Options RegexOptions();

// A regex that is compiled when it is first used: of hundreds of rules, a log needs a few. The pattern
// must be one that RE2 takes; the loader sees to that. May be shared by threads.
class LazyRegex {
 public:
  explicit LazyRegex(std::string pattern) : pattern_(std::move(pattern)) {}
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
  // Adds a pattern; its index is the number of those added before. InvalidArgument if RE2
  // refuses it.
  absl::Status Add(const std::string& pattern);
  absl::Status Compile();

  // The indices of all patterns that match somewhere in `text`, ascending, in `hits`.
  void Match(std::string_view text, std::vector<int>* hits) const;

  const RE2& regex(size_t index) const { return regexes_[index]->get(); }
  size_t size() const { return regexes_.size(); }

 private:
  std::vector<std::unique_ptr<LazyRegex>> regexes_;
  std::unique_ptr<RE2::Set> set_;
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_REGEX_SET_H_
