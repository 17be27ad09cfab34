// Whether a regex may match a text that a log line holds, told without reading the line.
//
//   UnboundRegex regex(rule.pattern);
//   RawTexts texts;
//   texts.Open(line);
//   if (!texts.MayMatch(regex)) … it matches no value of the line
//
// A value stands in the raw line as it is, or with JSON's escapes, once for each string that it is wrapped
// in. So does each of its parts: what a text format takes out of it, what JSON inside it holds.
#ifndef GAINSAY_EVENT_RAW_MATCH_H_
#define GAINSAY_EVENT_RAW_MATCH_H_

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "event/match_begins.h"
#include "re2/re2.h"
#include "record/pattern_program.h"

namespace gainsay {

// A regex without what asks for a text's begin or end, for a word's, or for a case: it matches within any
// text that holds a match of the original. Compiled when it is first used; may be shared by threads.
class UnboundRegex {
 public:
  // One that RE2 takes, or an alternative of it (literals.h).
  explicit UnboundRegex(const std::string& regex);
  // Whether it matches somewhere in `text`; also true if it can't be told.
  bool MayMatch(std::string_view text) const;
  // False only if no match of it goes over a line's end.
  bool MayCrossLines() const;

 private:
  const RE2& Compiled() const;
  PatternTree Core() const;
  // Whether it matches at `begin`, one of its places.
  bool MatchesAt(std::string_view text, size_t begin) const;

  std::string original_, regex_;  // `regex_` empty: it can't be told
  mutable std::once_flag once_, begins_once_, program_once_, lines_once_;
  mutable bool may_cross_lines_ = true;
  mutable std::unique_ptr<const MatchBegins> begins_;
  mutable std::optional<PatternProgram> program_;  // of the core
  mutable std::unique_ptr<RE2> compiled_;
};

// One object, one thread.
class RawTexts {
 public:
  // `line` must stay valid until the next call. Cheap: the work is done when something is asked.
  void Open(std::string_view line);
  // Whether the regex may match a value of the line, or a part of one.
  bool MayMatch(const UnboundRegex& regex);

 private:
  void Unescape();

  static constexpr size_t kMaxDepth = 3;
  std::string_view line_;
  bool ready_ = false, is_known_ = false;
  bool holds_array_ = false;                      // maybe: of texts, which are put together, one a line
  std::array<std::string, kMaxDepth> unescaped_;  // once, twice and so on, as long as escapes are left
  size_t depth_ = 0;
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_RAW_MATCH_H_
