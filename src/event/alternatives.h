// A regex that is a long list of alternatives, taken apart: each is a regex by itself, which a text may need
// alone of hundreds.
//
// Thread rules: a free function without state.
#ifndef GAINSAY_EVENT_ALTERNATIVES_H_
#define GAINSAY_EVENT_ALTERNATIVES_H_

#include <string>
#include <string_view>
#include <vector>

namespace gainsay {

struct Alternative {
  std::string flags;  // "(?i)", or ""
  std::string regex;  // to be read behind them
};

// A text matches the regex if it matches one of them, and its first match begins where the first of theirs
// does. What they capture is not seen to.
std::vector<Alternative> SplitAlternatives(std::string_view regex);

}  // namespace gainsay

#endif  // GAINSAY_EVENT_ALTERNATIVES_H_
