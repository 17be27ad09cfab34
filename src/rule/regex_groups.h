// The groups and alternatives of a regex, told from its text.
#ifndef GAINSAY_RULE_REGEX_GROUPS_H_
#define GAINSAY_RULE_REGEX_GROUPS_H_

#include <cstddef>
#include <string_view>

namespace gainsay {

// Calls `visit` with the place of each '(', ')' and '|' of a pattern that stands for itself, from `at` on,
// until it says false.
template <typename Visit>
void WalkGroups(std::string_view pattern, size_t at, Visit visit) {
  bool in_class = false;
  for (; at < pattern.size(); ++at) {
    const char c = pattern[at];
    if (c == '\\') {
      ++at;
    } else if (in_class) {
      in_class = c != ']';
    } else if (c == '[') {
      in_class = true;
      if (at + 1 < pattern.size() && pattern[at + 1] == '^') ++at;
      if (at + 1 < pattern.size() && pattern[at + 1] == ']') ++at;  // a literal ]
    } else if ((c == '(' || c == ')' || c == '|') && !visit(at)) {
      return;
    }
  }
}

}  // namespace gainsay

#endif  // GAINSAY_RULE_REGEX_GROUPS_H_
