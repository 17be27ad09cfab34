// What was found out about the built-in packs' regexes when the program was built (rules/embed.cc), since it
// takes longer than a small log's scan. Thread rules: immutable.
#ifndef GAINSAY_RULE_KNOWN_REGEX_H_
#define GAINSAY_RULE_KNOWN_REGEX_H_

#include <span>
#include <string_view>

namespace gainsay {

inline constexpr char kLiteralEnd = '\n', kLiteralSetEnd = '\f';

struct KnownRegex {
  std::string_view pattern;
  std::string_view literals;  // event/literals.h: each ended by kLiteralEnd, each set by kLiteralSetEnd
  bool level_takes_words = false;  // of text formats only: record/text.h
};

// Sorted by pattern. Generated.
std::span<const KnownRegex> KnownRegexes();

// Null if nothing is known.
const KnownRegex* FindKnownRegex(std::string_view pattern);

}  // namespace gainsay

#endif  // GAINSAY_RULE_KNOWN_REGEX_H_
