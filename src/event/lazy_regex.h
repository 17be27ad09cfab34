// A regex that is compiled when it is first needed: of hundreds of rules, a log needs a few. It matches as
// RE2 does, but most often without it: as steps of our own (record/pattern_program.h) at the few places where
// a match may begin.
//
//   LazyRegex regex(R"(role[=:] ?(primary|secondary))");
//   std::array<re2::StringPiece, 2> groups;
//   if (regex.Matches(text, groups)) … groups[1] …
//
// May be shared by threads.
#ifndef GAINSAY_EVENT_LAZY_REGEX_H_
#define GAINSAY_EVENT_LAZY_REGEX_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "event/made_once.h"
#include "event/match_begins.h"
#include "re2/re2.h"
#include "record/pattern_program.h"

namespace gainsay {

// A regex that is not worth more than this much memory is refused by RE2.
inline constexpr int64_t kRegexMemory = int64_t{64} << 20;

RE2::Options RegexOptions();

class LazyRegex {
 public:
  static constexpr size_t kMaxGroups = 33;  // with the whole match; the loader refuses more

  // The pattern must be one that RE2 takes; the loader sees to that.
  explicit LazyRegex(std::string pattern) : pattern_(std::move(pattern)) {}
  const std::string& pattern() const { return pattern_; }

  const RE2& get() const;
  // The names of the groups by number, "" if one has none; [0] is the whole match.
  const std::vector<std::string>& group_names() const { return shape().group_names; }
  // False only if it matches nowhere in the text, told without compiling it.
  bool MayMatch(std::string_view text) const;
  // Whether it matches somewhere in the text, as RE2 tells it. `groups` gets the first match and what its
  // groups hold, by number, as many as it has room for; empty where there is none.
  bool Matches(std::string_view text, std::span<re2::StringPiece> groups = {}) const;

 private:
  // What is known of it before anything is compiled.
  struct Shape {
    PatternTree tree;                   // its groups are named by number; no root: it is RE2's matter
    std::optional<MatchBegins> begins;  // of its matches; none if these begin where the text does
    bool begins_at_border = false;      // of a word
    std::vector<std::string> group_names;
  };
  const Shape& shape() const;
  std::unique_ptr<Shape> FindShape() const;
  // By our own steps; kUnsure if these can't tell.
  PatternProgram::Answer Search(std::string_view text, std::span<re2::StringPiece> groups) const;

  std::string pattern_;
  MadeOnce<RE2> regex_;
  MadeOnce<MatchBegins> core_begins_;
  MadeOnce<Shape> shape_;
  MadeOnce<std::optional<PatternProgram>> program_;
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_LAZY_REGEX_H_
