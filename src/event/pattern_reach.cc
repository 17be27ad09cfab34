#include "event/pattern_reach.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "event/regex_set.h"

namespace gainsay {
namespace {

constexpr size_t kMaxPattern = 300;  // longer beginnings are not tried
constexpr size_t kMaxText = 4096;
constexpr size_t kMaxOpen = 4;     // groups that a beginning may leave open
constexpr size_t kMinLetters = 3;  // less says nothing

enum class Reach { kNoRegex, kNone, kSome };

Reach Try(const std::string& regex, std::string_view text) {
  const RE2 re(regex, RegexOptions());
  if (!re.ok()) return Reach::kNoRegex;
  re2::StringPiece match;
  const bool matches = re.Match(text, 0, text.size(), RE2::UNANCHORED, &match, 1);
  return matches && !match.empty() ? Reach::kSome : Reach::kNone;
}

// Letters and digits that stand for themselves; of alternatives, all.
size_t CountLetters(std::string_view regex) {
  size_t letters = 0;
  char closes = '\0';  // what we are in: a class, or the head of a group
  for (size_t i = 0; i < regex.size(); ++i) {
    if (regex[i] == '\\') {
      ++i;
    } else if (closes != '\0') {
      if (regex[i] == closes) closes = '\0';
    } else if (regex[i] == '[') {
      closes = ']';
    } else if (regex.substr(i, 3) == "(?P") {
      closes = '>';
    } else if (regex.substr(i, 2) == "(?") {
      i += 2;
    } else if (absl::ascii_isalnum(static_cast<unsigned char>(regex[i]))) {
      ++letters;
    }
  }
  return letters;
}

}  // namespace

std::string PatternReach(const std::string& pattern, std::string_view text) {
  text = text.substr(0, kMaxText);
  for (size_t size = std::min(pattern.size() - std::min<size_t>(pattern.size(), 1), kMaxPattern); size > 0;
       --size) {
    const std::string beginning = pattern.substr(0, size);
    if (CountLetters(beginning) < kMinLetters) break;
    for (size_t open = 0; open <= kMaxOpen; ++open) {
      const Reach reach = Try(beginning + std::string(open, ')'), text);
      if (reach == Reach::kSome) return beginning;
      if (reach == Reach::kNone) break;
    }
  }
  return "";
}

}  // namespace gainsay
