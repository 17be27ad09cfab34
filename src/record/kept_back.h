// What journald says when it kept messages of a unit back, for there were too many of them in too short a
// time: "Suppressed 1234 messages from worker.service".
#ifndef GAINSAY_RECORD_KEPT_BACK_H_
#define GAINSAY_RECORD_KEPT_BACK_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "record/time.h"

namespace gainsay {

struct KeptBack {
  size_t begin = 0;  // of the line, in the bytes that were asked
  std::string unit;
  uint64_t messages = 0;
  int64_t time_ns = kNoTime;
};

// Of whole lines of `journalctl -o json`, in order. Only journald itself is believed (_TRANSPORT, which no
// client can set).
std::vector<KeptBack> KeptBackIn(std::string_view lines);

}  // namespace gainsay

#endif  // GAINSAY_RECORD_KEPT_BACK_H_
