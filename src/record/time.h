// Times as logs write them. All times are nanoseconds since 1970-01-01 UTC.
//
//   std::optional<ParsedTime> t = ParseTime("2026-08-01 10:00:00,123", zone);
//
// Thread rules: free functions without state; a Zone may be shared.
#ifndef GAINSAY_RECORD_TIME_H_
#define GAINSAY_RECORD_TIME_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace gainsay {

inline constexpr int64_t kNoTime = std::numeric_limits<int64_t>::min();
inline constexpr int64_t kSecond = 1'000'000'000;
inline constexpr int64_t kDay = 86'400 * kSecond;

using Zone = absl::TimeZone;

struct ParsedTime {
  int64_t ns = 0;         // since the epoch; since midnight (of `zone`) if !has_date
  int64_t unit_ns = 1;    // the resolution as written: kSecond, 1'000'000, 1'000, 1
  bool has_date = true;   // false: a time of day only ("10:00:00,123")
  bool has_year = true;   // false: syslog's "Aug  1 10:00:05"; ns is then in year 1970
};

// ISO 8601 / RFC 3339 with 'T' or blank, '.' or ',' fractions of any length, 'Z', "+02",
// "+0200", "+02:00", " UTC" or " +0200" zones; "2026/08/01 10:00:00"; "26/08/01 10:00:00" (Spark);
// "01/Aug/2026:10:00:00 +0000"; "Aug  1 10:00:05[.123]"; "01 Aug 2026 10:00:00.123" (redis);
// RFC 1123 and ctime forms; a bare time of day; and a string of digits (see ParseEpoch).
// A time without a zone is in `zone`. None if it is no time, has trailing text, or names a
// moment that does not exist (month 13).
std::optional<ParsedTime> ParseTime(std::string_view text, const Zone& zone);

// A number, as written in the log ("1795216989941", "1722506400.123", "1.7225064e9"): seconds,
// milliseconds, microseconds or nanoseconds by magnitude (1e11, 1e14, 1e17 are the borders).
// None below 1e8 (1973): that is a counter, no time.
std::optional<ParsedTime> ParseEpoch(std::string_view digits);

// RFC 3339 in UTC with as many digits as `ns` needs: none, 3, 6 or 9. "" for kNoTime.
std::string FormatTime(int64_t ns);

// "UTC", "+02:00", "-0530" or an IANA name ("Europe/Berlin", needs the system's tzdata).
std::optional<Zone> ParseZone(std::string_view text);

// "500ms", "10s", "5m", "2h", "1d", "1h30m" in nanoseconds. None if malformed or negative.
std::optional<int64_t> ParseDuration(std::string_view text);

}  // namespace gainsay

#endif  // GAINSAY_RECORD_TIME_H_
