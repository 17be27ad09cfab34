// How far a stream has come in event time.
//
// A single record with a wrong clock must not end the settling of everything else: a time that lies more than
// an hour from the greatest one so far counts only once so many records in a row agree with it, in either
// direction. A function of the records alone.
// Thread rules: one value, one thread.
#ifndef GAINSAY_WATCH_EVENT_TIME_H_
#define GAINSAY_WATCH_EVENT_TIME_H_

#include <algorithm>
#include <cstdint>

#include "record/time.h"

namespace gainsay {

class EventTime {
 public:
  static constexpr int64_t kLeap = 3600 * kSecond;
  static constexpr uint32_t kWitnesses = 64;

  // In input order; kNoTime says nothing. `again`: so many records before it told the time that was seen
  // last.
  void See(int64_t time_ns, uint64_t again = 0) {
    if (witnesses > 0) Agree(again);
    if (time_ns == kNoTime) return;
    if (greatest_ns == kNoTime || Near(time_ns, greatest_ns)) {
      greatest_ns = std::max(greatest_ns, time_ns);
      witnesses = 0;
      return;
    }
    if (witnesses > 0 && !Near(time_ns, leap_ns)) witnesses = 0;
    leap_ns = witnesses == 0 ? time_ns : std::max(leap_ns, time_ns);
    Agree(1);
  }

  int64_t greatest_ns = kNoTime;
  int64_t leap_ns = kNoTime;  // the greatest of those that agree on another time
  uint32_t witnesses = 0;     // how many these are

 private:
  void Agree(uint64_t more) {
    witnesses += static_cast<uint32_t>(std::min<uint64_t>(more, kWitnesses));
    if (witnesses < kWitnesses) return;
    greatest_ns = leap_ns;
    witnesses = 0;
  }
  static bool Near(int64_t a, int64_t b) {
    const int64_t low = std::min(a, b), high = std::max(a, b);
    return low > INT64_MAX - kLeap || high <= low + kLeap;
  }
};

}  // namespace gainsay

#endif  // GAINSAY_WATCH_EVENT_TIME_H_
