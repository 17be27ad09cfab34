// For the author of a rule: how far a pattern gets on a text that it does not match.
#ifndef GAINSAY_EVENT_PATTERN_REACH_H_
#define GAINSAY_EVENT_PATTERN_REACH_H_

#include <memory>
#include <string>
#include <string_view>

#include "re2/re2.h"

namespace gainsay {

class PatternReach {
 public:
  explicit PatternReach(std::string pattern);

  // The longest beginning of the regex that matches some of the text; "" if not even the least does, the one
  // with three letters or digits of its own. Cheap where that one fails, else slow: it compiles a regex for
  // each beginning.
  std::string On(std::string_view text) const;

 private:
  std::string pattern_;
  size_t least_size_ = 0;
  std::unique_ptr<RE2> least_;  // null: the pattern has not so many letters
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_PATTERN_REACH_H_
