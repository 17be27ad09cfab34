// The times of a log, line by line: most lie in the same second as one before, and differ from it in their
// fraction only.
//
//   TimeMemo memo(zone);
//   memo.Parse("2026-08-01T10:00:00.123Z");   // as ParseTime(text, zone), but sooner
//
// Thread rules: one object, one thread.
#ifndef GAINSAY_RECORD_TIME_MEMO_H_
#define GAINSAY_RECORD_TIME_MEMO_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "record/time.h"

namespace gainsay {

class TimeMemo {
 public:
  explicit TimeMemo(const Zone& zone) : zone_(zone) {}

  std::optional<ParsedTime> Parse(std::string_view text);

 private:
  static constexpr size_t kHead = 19;  // bytes up to the fraction
  using Head = std::array<uint64_t, 3>;

  static Head HeadOf(std::string_view text);

  const Zone zone_;
  // The last second that was met of each way to write it.
  struct Second {
    Head head = {};  // no time's
    int64_t ns = 0;
  };
  std::array<Second, 4> seconds_;
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_TIME_MEMO_H_
