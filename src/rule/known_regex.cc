#include "rule/known_regex.h"

#include <algorithm>

namespace gainsay {

const KnownRegex* FindKnownRegex(std::string_view pattern) {
  const std::span<const KnownRegex> all = KnownRegexes();
  const auto found =
      std::lower_bound(all.begin(), all.end(), pattern,
                       [](const KnownRegex& regex, std::string_view p) { return regex.pattern < p; });
  return found != all.end() && found->pattern == pattern ? &*found : nullptr;
}

}  // namespace gainsay
