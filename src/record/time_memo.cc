// Only the one form that most loggers use is known again: a date and a clock of nineteen bytes with their
// signs in fixed places, a fraction of one to nine digits or none, and "Z" or nothing behind it. ParseTime
// has one way to read that: the second by the nineteen bytes (and the zone, by "Z" or without), and the
// fraction added. So a time of the same nineteen bytes and the same end has the same second, and exists if
// that one does.
#include "record/time_memo.h"

#include <cstring>

namespace gainsay {
namespace {

// How a time goes on behind its second.
struct Tail {
  int64_t fraction_ns = 0, unit_ns = kSecond;
  bool is_utc = false;
};

// False: in another way than those above.
bool ReadTail(std::string_view text, Tail* tail) {
  static constexpr std::array<int64_t, 10> kScale = {
      1'000'000'000, 100'000'000, 10'000'000, 1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};
  tail->is_utc = !text.empty() && text.back() == 'Z';
  if (tail->is_utc) text.remove_suffix(1);
  if (text.empty()) return true;
  const size_t digits = text.size() - 1;
  if ((text[0] != '.' && text[0] != ',') || digits == 0 || digits >= kScale.size()) return false;
  int64_t value = 0;
  for (const char c : text.substr(1)) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + (c - '0');
  }
  tail->fraction_ns = value * kScale[digits];
  tail->unit_ns = digits <= 3 ? 1'000'000 : digits <= 6 ? 1'000 : 1;
  return true;
}

}  // namespace

TimeMemo::Head TimeMemo::HeadOf(std::string_view text) {
  Head head;
  std::memcpy(&head[0], text.data(), 8);
  std::memcpy(&head[1], text.data() + 8, 8);
  std::memcpy(&head[2], text.data() + kHead - 8, 8);
  return head;
}

std::optional<ParsedTime> TimeMemo::Parse(std::string_view text) {
  Tail tail;
  if (text.size() < kHead || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':' ||
      !ReadTail(text.substr(kHead), &tail)) {
    return ParseTime(text, zone_);
  }
  Second& second = seconds_[(text[10] == 'T' ? 2 : 0) + (tail.is_utc ? 1 : 0)];
  const Head head = HeadOf(text);
  if (head != second.head) {
    const std::optional<ParsedTime> time = ParseTime(text, zone_);
    if (time) second = {head, time->ns - tail.fraction_ns};
    return time;
  }
  ParsedTime time;
  time.ns = second.ns + tail.fraction_ns;
  time.unit_ns = tail.unit_ns;
  return time;
}

}  // namespace gainsay
