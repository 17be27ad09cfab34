// What the looks of a JSON line say of what wraps a text in it: Docker's `log`, journald's MESSAGE.
//
// Thread rules: free functions without state.
#ifndef GAINSAY_EVENT_WRAPPED_LINE_H_
#define GAINSAY_EVENT_WRAPPED_LINE_H_

#include <string_view>

namespace gainsay {

struct WrappedLine {
  bool in_strand =
      false;             // it may be one of a strand (record/strand.h): its record may be another line's, too
  bool partial = false;  // it is a part of a line
  bool has_level = true;  // its outermost object may have a level that is the record's
  // The text that is sure to be the message of the outermost object, as it stands in JSON, escapes and all.
  // Empty where that can't be told.
  std::string_view text;
};

WrappedLine LookAtWrapped(std::string_view line);
// Its `partial`.
bool IsPartial(std::string_view line);

}  // namespace gainsay

#endif  // GAINSAY_EVENT_WRAPPED_LINE_H_
