// The error text of a record, put together from what its layers say about the cause.
//
//   ErrorText text;
//   text.Add("null value in column \"a\"");
//   record.error = text.Join();   // a view into a part, or into this object
//
// A text that another one holds is left out. At most kMaxBytes; what exceeds them is cut.
// Thread rules: one object, one thread. For layers.cc.
#ifndef GAINSAY_RECORD_ERROR_TEXT_H_
#define GAINSAY_RECORD_ERROR_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gainsay {

class ErrorText {
 public:
  static constexpr size_t kMaxBytes = size_t{64} << 10;

  void Clear() { parts_.clear(); }
  // `text` must stay valid until Join's result is done with.
  void Add(std::string_view text);
  std::string_view Join();  // one part a line

 private:
  std::vector<std::string_view> parts_;
  std::string joined_;
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_ERROR_TEXT_H_
