// The ordered list of reasons: which class of write error a text is, and where in the text that stands.
//
// Immutable; may be shared by threads.
#ifndef GAINSAY_EVENT_REASON_H_
#define GAINSAY_EVENT_REASON_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "event/event.h"
#include "event/lazy_regex.h"
#include "event/regex_set.h"
#include "rule/rule.h"

namespace gainsay {

// What the reasons say of a text.
struct CauseMatch {
  uint16_t reason = kNoReason;            // kNoReason: no reason matches
  bool store = false;                     // some reason's `store` text is there
  size_t begin = std::string_view::npos;  // of the earliest match of any reason in the text
};

// The reasons and their regexes, not yet compiled.
class Reasons {
 public:
  struct Entry {
    uint16_t reason = 0;
    bool store = false;
    std::string regex;
  };
  explicit Reasons(const RuleSet& rules);

  const std::vector<Entry>& entries() const { return entries_; }  // in order of precedence
  uint16_t other() const { return static_cast<uint16_t>(names_.size() - 1); }
  const std::string& name(uint16_t reason) const { return names_[reason]; }
  size_t count() const { return names_.size(); }
  // The index of a reason by name; kNoReason if there is none.
  uint16_t IndexOf(std::string_view name) const;

 private:
  std::vector<Entry> entries_;
  std::vector<std::string> names_;  // distinct, first seen first; "other" is the last
};

// Their regexes over a text. A reason's regex is a long list of alternatives: of hundreds, a log needs a few,
// and is spared the compiling of all others.
class CauseFinder {
 public:
  // Adds the alternatives to `set`; `reasons` must outlive the finder.
  CauseFinder(const Reasons& reasons, RegexSet* set);

  // `may`: what the set finds in the text.
  CauseMatch Classify(std::string_view text, const BitSet& may) const;
  // All reasons of a text, each once, in order of precedence.
  std::vector<uint16_t> AllIn(std::string_view text, const BitSet& may) const;

 private:
  struct Alternative {
    Alternative(const Reasons::Entry* of, std::string pattern) : entry(of), regex(std::move(pattern)) {}
    const Reasons::Entry* entry;
    LazyRegex regex;
  };
  // Calls `take(entry, begin)` for each alternative that matches, with where it first does.
  template <typename Take>
  void Match(std::string_view text, const BitSet& may, Take take) const;

  size_t first_ = 0;                      // the number of the first one in the set
  std::deque<Alternative> alternatives_;  // in order of precedence
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_REASON_H_
