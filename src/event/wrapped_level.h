// The level of a text that a log line wraps: Docker's `log`, journald's MESSAGE. It counts more than what
// the wrapper says, and where the wrapper says nothing, as Docker, it is the only one.
//
//   WrappedLevel level(prefilter, texts);
//   if (level.IsLow(LookAtWrapped(line).text)) … the record's level is known, and below warn, unless a layer
//   further in has another
//
// One object, one thread.
#ifndef GAINSAY_EVENT_WRAPPED_LEVEL_H_
#define GAINSAY_EVENT_WRAPPED_LEVEL_H_

#include <string>
#include <string_view>

#include "event/prefilter.h"
#include "record/text.h"
#include "record/text_memo.h"

namespace gainsay {

class WrappedLevel {
 public:
  // Both must outlive the object.
  WrappedLevel(const Prefilter& prefilter, const TextFormats& texts)
      : prefilter_(&prefilter), texts_(&texts) {}
  // `text`: of a WrappedLine. False also where it is too difficult to tell. It holds nothing of
  // Prefilter::Guards(), and no `\u00…` that spells something that Prefilter::Hides.
  bool IsLow(std::string_view text);

 private:
  bool IsLowText(std::string_view text);
  bool IsLowLevelOf(const TextParts& parts, std::string_view text);

  const Prefilter* prefilter_;
  const TextFormats* texts_;
  TextMemo memo_;
  std::string unescaped_, repaired_, last_level_;
  bool last_is_low_ = false;
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_WRAPPED_LEVEL_H_
