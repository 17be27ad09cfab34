// For the author of a rule: how far a pattern gets on a text that it does not match.
#ifndef GAINSAY_EVENT_PATTERN_REACH_H_
#define GAINSAY_EVENT_PATTERN_REACH_H_

#include <string>
#include <string_view>

namespace gainsay {

// The longest beginning of the regex that matches some of the text and has three letters or digits of its
// own;
// "" if there is none. Slow: it compiles a regex for each beginning.
std::string PatternReach(const std::string& pattern, std::string_view text);

}  // namespace gainsay

#endif  // GAINSAY_EVENT_PATTERN_REACH_H_
