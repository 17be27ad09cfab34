// The texts that any match of a regex contains, told from the regex.
//
//   RequiredLiterals(R"(^Task (\S+) (?:succeeded|failed))") -> {{"succeeded", "failed"}, {"task "}}
//
// Thread rules: a free function without state.
#ifndef GAINSAY_EVENT_LITERALS_H_
#define GAINSAY_EVENT_LITERALS_H_

#include <string>
#include <string_view>
#include <vector>

namespace gainsay {

// Literals shorter than this say too little to look for.
inline constexpr size_t kMinLiteral = 3;

// Sets of texts: each text that `regex` matches contains, in whatever case, at least one of each set. None if
// there is no such set; at most kMaxSets, the first being the rarest by its letters. They are lower case, and
// read the same in a log's raw bytes as in a decoded value: printable ASCII without what JSON must or may
// write as a backslash and a letter (`"`, `\`, `/`). Not seen to: `\uXXXX` escapes, and the two letters
// outside ASCII that match k and s without regard to case.
inline constexpr size_t kMaxSets = 4;
// More texts in a set than RE2 gives are taken where they are rarer.
inline constexpr size_t kMostTexts = 80;
std::vector<std::vector<std::string>> RequiredLiterals(const std::string& regex);
// The same, worked out even if it is known from the build.
std::vector<std::vector<std::string>> FindRequiredLiterals(const std::string& regex);

// The alternatives of a regex, those within groups too: what it matches holds what one of them matches. Each
// has rarer texts than all together.
std::vector<std::string> Alternatives(const std::string& regex);
// False only if what the regex matches can't go over a line's end.
bool MayMatchNewline(std::string_view regex);

// What can be looked for in raw bytes instead of a fixed text (lower case): its rarest searchable part or, if
// these are too short, a symbol outside ASCII as it stands and as JSON escapes it. One of them is there where
// the text is; empty if there is nothing.
std::vector<std::string> SearchableParts(std::string_view text);

// How often a literal is to be expected in a log, by its letters alone: to choose between sets.
double LiteralCost(std::string_view literal);

}  // namespace gainsay

#endif  // GAINSAY_EVENT_LITERALS_H_
