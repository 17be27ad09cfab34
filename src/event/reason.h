// The ordered list of reasons, compiled: which class of write error a text is, and where in
// the text that stands.
//
// Immutable after Compile; may be shared by threads.
#ifndef GAINSAY_EVENT_REASON_H_
#define GAINSAY_EVENT_REASON_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
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

class Reasons {
 public:
  // Adds the regexes to `set`, which must outlive the reasons and be compiled then.
  absl::Status Compile(const RuleSet& rules, RegexSet* set);

  // `may`: what the set finds in the text; null: all are tried.
  CauseMatch Classify(std::string_view text, const BitSet* may) const;

  // All reasons of a text, each once, in order of precedence.
  std::vector<uint16_t> AllIn(std::string_view text) const;

  // The statement that failed, as stores and drivers show it, where it is a query.
  const LazyRegex& query_shown() const { return query_shown_; }

  uint16_t other() const { return static_cast<uint16_t>(names_.size() - 1); }
  const std::string& name(uint16_t reason) const { return names_[reason]; }
  size_t count() const { return names_.size(); }
  // The index of a reason by name; kNoReason if there is none.
  uint16_t IndexOf(std::string_view name) const;

 private:
  // A reason's regex is a long list of alternatives: of hundreds, a log needs a few, and is spared the
  // compiling of all others.
  class Alternatives;
  struct Entry {
    size_t number = 0;  // in the set
    uint16_t reason = 0;
    bool store = false;
    std::shared_ptr<const Alternatives> regex;
  };
  LazyRegex query_shown_{
      R"((?i)(?:\bLINE [0-9]+: |\[SQL: |\b(?:statement|query|sql)[:=] ?["']?)\s*SELECT\b)"};
  const RegexSet* set_ = nullptr;
  std::vector<Entry> entries_;      // in order of precedence
  std::vector<std::string> names_;  // distinct, first seen first; "other" is the last
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_REASON_H_
