// A hand-written reader for the forms that loggers use: one cursor over the text, one function
// per form, chosen by the first characters. Dates become days by arithmetic (the civil
// calendar, proleptic Gregorian); only named zones ask Abseil. A form either takes the whole
// text or none of it: trailing text means that it was no time. Not read: week dates, ordinal
// dates, 12-hour clocks, dates alone.

#include "record/time.h"

#include <array>
#include <cstdio>
#include <cstring>

#include "absl/time/civil_time.h"
#include "record/zone.h"

namespace gainsay {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

struct Cursor {
  std::string_view text;

  bool done() const { return text.empty(); }
  char peek() const { return text.empty() ? '\0' : text[0]; }
  bool Take(char c) {
    if (text.empty() || text[0] != c) return false;
    text.remove_prefix(1);
    return true;
  }
  bool TakeBlanks() {
    const size_t before = text.size();
    while (Take(' ')) {
    }
    return text.size() != before;
  }
  // Exactly `count` digits.
  bool Number(size_t count, int* value) {
    if (text.size() < count) return false;
    int n = 0;
    for (size_t i = 0; i < count; ++i) {
      if (!IsDigit(text[i])) return false;
      n = n * 10 + (text[i] - '0');
    }
    *value = n;
    text.remove_prefix(count);
    return true;
  }
  // One or two digits.
  bool ShortNumber(int* value) {
    return (text.size() > 1 && IsDigit(text[1])) ? Number(2, value) : Number(1, value);
  }
};

struct Moment {
  int year = 1970, month = 1, day = 1;
  int hour = 0, minute = 0, second = 0;
  int64_t fraction_ns = 0;
  int64_t unit_ns = kSecond;
  std::optional<int> offset_seconds;  // none: no zone was written
  bool has_date = true, has_year = true;
};

bool TakeMonthName(Cursor* c, int* month) {
  static constexpr std::string_view kMonths = "janfebmaraprmayjunjulaugsepoctnovdec";
  if (c->text.size() < 3) return false;
  char name[3];
  for (size_t i = 0; i < 3; ++i) name[i] = static_cast<char>(c->text[i] | 0x20);
  for (size_t m = 0; m < 12; ++m) {
    if (kMonths.substr(m * 3, 3) != std::string_view(name, 3)) continue;
    *month = static_cast<int>(m) + 1;
    c->text.remove_prefix(3);
    return true;
  }
  return false;
}

// "Sat", "Sat,", "Saturday,".
bool TakeWeekday(Cursor* c) {
  static constexpr std::string_view kDays = "sunmontuewedthufrisat";
  size_t letters = 0;
  while (letters < c->text.size() && IsLetter(c->text[letters])) ++letters;
  if (letters < 3 || letters > 9) return false;
  char name[3];
  for (size_t i = 0; i < 3; ++i) name[i] = static_cast<char>(c->text[i] | 0x20);
  for (size_t d = 0; d < 7; ++d) {
    if (kDays.substr(d * 3, 3) != std::string_view(name, 3)) continue;
    c->text.remove_prefix(letters);
    c->Take(',');
    return c->TakeBlanks();
  }
  return false;
}

// Behind a '.' or ','; digits past the ninth are dropped.
bool TakeFraction(Cursor* c, Moment* m) {
  int digits = 0;
  int64_t value = 0;
  for (; IsDigit(c->peek()); ++digits, c->text.remove_prefix(1)) {
    if (digits < 9) value = value * 10 + (c->text[0] - '0');
  }
  if (digits == 0) return false;
  for (int i = digits; i < 9; ++i) value *= 10;
  m->fraction_ns = value;
  m->unit_ns = digits <= 3 ? 1'000'000 : digits <= 6 ? 1'000 : 1;
  return true;
}

bool TakeClock(Cursor* c, Moment* m) {
  if (!c->Number(2, &m->hour) || !c->Take(':') || !c->Number(2, &m->minute)) return false;
  if (c->Take(':')) {
    if (!c->Number(2, &m->second)) return false;
    if (c->Take('.') || c->Take(',')) return TakeFraction(c, m);
  } else {
    m->unit_ns = 60 * kSecond;
  }
  return true;
}

bool TakeOffset(Cursor* c, Moment* m) {
  const char sign = c->peek();
  if (sign != '+' && sign != '-') return false;
  c->text.remove_prefix(1);
  int hours = 0, minutes = 0;
  if (!c->Number(2, &hours)) return false;
  const bool colon = c->Take(':');
  if ((colon || IsDigit(c->peek())) && !c->Number(2, &minutes)) return false;
  if (hours > 18 || minutes > 59) return false;
  const int seconds = hours * 3600 + minutes * 60;
  m->offset_seconds = sign == '-' ? -seconds : seconds;
  return true;
}

// "CEST" and the like; the name is only read, never guessed.
bool TakeZoneName(Cursor* c, Moment* m) {
  size_t letters = 0;
  while (letters < c->text.size() && IsLetter(c->text[letters])) ++letters;
  const std::optional<int> offset = OffsetOfAbbreviation(c->text.substr(0, letters));
  if (!offset) return false;
  m->offset_seconds = *offset;
  c->text.remove_prefix(letters);
  return true;
}

// What may stand behind a clock: nothing, "Z", "+02:00", " +0200", " UTC", "+02:00[Europe/Berlin]".
bool TakeZoneToEnd(Cursor* c, Moment* m) {
  if (c->done()) return true;
  c->TakeBlanks();
  if (c->peek() == '+' || c->peek() == '-') {
    if (!TakeOffset(c, m)) return false;
    if (c->peek() == '[' && c->text.back() == ']') return true;
    if (c->done()) return true;
    Moment ignored;
    return c->TakeBlanks() && TakeZoneName(c, &ignored) && c->done();
  }
  if (!TakeZoneName(c, m)) return false;
  return c->done() || (c->peek() == '[' && c->text.back() == ']');
}

// "2026-08-01T10:00:00,123+02:00", "2026/08/01 10:00:00", "26/08/01 10:00:00".
bool ReadIso(Cursor c, Moment* m) {
  const bool short_year = c.text.size() > 2 && c.text[2] == '/';
  if (!c.Number(short_year ? 2 : 4, &m->year)) return false;
  if (short_year) m->year += m->year < 70 ? 2000 : 1900;
  const char separator = c.peek();
  if (separator != '-' && separator != '/') return false;
  if (!c.Take(separator) || !c.Number(2, &m->month) || !c.Take(separator) || !c.Number(2, &m->day))
    return false;
  if (!c.Take('T') && !c.Take('t') && !c.Take('_') && !c.TakeBlanks()) return false;
  return TakeClock(&c, m) && TakeZoneToEnd(&c, m);
}

// "01/Aug/2026:10:00:00 +0000" and "01 Aug 2026 10:00:00.123".
bool ReadDayFirst(Cursor c, Moment* m) {
  if (!c.ShortNumber(&m->day)) return false;
  const char separator = c.peek();
  if (separator != '/' && separator != ' ' && separator != '-') return false;
  if (!c.Take(separator) || !TakeMonthName(&c, &m->month) || !c.Take(separator) || !c.Number(4, &m->year))
    return false;
  if (!c.Take(':') && !c.TakeBlanks()) return false;
  return TakeClock(&c, m) && TakeZoneToEnd(&c, m);
}

// "Aug  1 10:00:05.123", "Aug 1 2026 10:00:05", "Aug  1 10:00:00 UTC 2026".
bool ReadMonthFirst(Cursor c, Moment* m) {
  if (!TakeMonthName(&c, &m->month) || !c.TakeBlanks() || !c.ShortNumber(&m->day)) return false;
  c.Take(',');
  if (!c.TakeBlanks()) return false;
  m->has_year = c.text.size() > 4 && c.text[4] == ' ';
  if (m->has_year && (!c.Number(4, &m->year) || !c.TakeBlanks())) return false;
  if (!TakeClock(&c, m)) return false;
  if (m->has_year) return TakeZoneToEnd(&c, m);
  if (c.done()) return true;
  c.TakeBlanks();
  if (IsDigit(c.peek())) return (m->has_year = c.Number(4, &m->year)) && c.done();
  if (!TakeZoneName(&c, m) && !TakeOffset(&c, m)) return false;
  if (c.done()) return true;
  return c.TakeBlanks() && (m->has_year = c.Number(4, &m->year)) && c.done();
}

// glog and klog: "0801 10:00:00.123456", "20260801 10:00:00.123456".
bool ReadCompact(Cursor c, Moment* m) {
  m->has_year = c.text.size() > 8 && c.text[8] == ' ';
  if (m->has_year && !c.Number(4, &m->year)) return false;
  if (!c.Number(2, &m->month) || !c.Number(2, &m->day) || !c.TakeBlanks()) return false;
  return TakeClock(&c, m) && TakeZoneToEnd(&c, m);
}

bool ReadTimeOfDay(Cursor c, Moment* m) {
  m->has_date = false;
  return TakeClock(&c, m) && TakeZoneToEnd(&c, m);
}

// A '.' or ',' and up to nine digits, if one stands here.
bool ReadUsualFraction(Cursor* c, Moment* m) {
  if (c->peek() != '.' && c->peek() != ',') return true;
  static constexpr int64_t kScale[] = {1'000'000'000, 100'000'000, 10'000'000, 1'000'000, 100'000,
                                       10'000,        1'000,       100,        10,        1};
  size_t digits = 0;
  int64_t value = 0;
  for (size_t at = 1; at < c->text.size() && IsDigit(c->text[at]); ++at, ++digits) {
    if (digits == std::size(kScale) - 1) return false;
    value = value * 10 + (c->text[at] - '0');
  }
  c->text.remove_prefix(digits + 1);
  m->fraction_ns = value * kScale[digits];
  m->unit_ns = digits <= 3 ? 1'000'000 : digits <= 6 ? 1'000 : 1;
  return digits > 0;
}

// What most logs write, by its places: "2026-08-01T10:00:00" or with a blank, a fraction of up to nine
// digits, and nothing, "Z" or "+02:00" behind it. False: it is something else, and `*m` is of no use;
// ReadForms takes these, too.
bool ReadUsual(std::string_view text, Moment* m) {
  constexpr size_t kSeconds = 19;
  if (text.size() < kSeconds) return false;
  bool odd = false;
  const auto two = [&](size_t at) {
    const auto first = static_cast<unsigned>(text[at] - '0'),
               second = static_cast<unsigned>(text[at + 1] - '0');
    odd = odd | (first > 9) | (second > 9);
    return static_cast<int>(first % 16 * 10 + second % 16);
  };
  Moment& read = *m;
  read.year = two(0) * 100 + two(2);
  read.month = two(5), read.day = two(8);
  read.hour = two(11), read.minute = two(14), read.second = two(17);
  odd = odd | (text[4] != '-') | (text[7] != '-') | (text[13] != ':') | (text[16] != ':');
  if (odd || (text[10] != 'T' && text[10] != ' ')) return false;
  Cursor c{text.substr(kSeconds)};
  if (!ReadUsualFraction(&c, &read)) return false;
  if (c.text.size() == 1 && c.text[0] == 'Z') {
    read.offset_seconds = 0;
  } else if (!c.done() && (c.text.size() != 6 || c.text[3] != ':' || !TakeOffset(&c, &read))) {
    return false;
  }
  return true;
}

bool ReadForms(std::string_view text, Moment* m) {
  Cursor c{text};
  if (IsLetter(text[0])) {
    if (TakeWeekday(&c)) return IsDigit(c.peek()) ? ReadDayFirst(c, m) : ReadMonthFirst(c, m);
    return ReadMonthFirst(c, m);
  }
  if (text.size() < 5 || !IsDigit(text[0])) return false;
  if (text[2] == ':') return ReadTimeOfDay(c, m);
  if (text[4] == '-' || text[4] == '/' || (text[2] == '/' && IsDigit(text[3]))) return ReadIso(c, m);
  if (text[4] == ' ' || (text.size() > 8 && text[8] == ' ' && IsDigit(text[4]))) {
    if (IsDigit(text[3])) return ReadCompact(c, m);
  }
  return ReadDayFirst(c, m);
}

int64_t DaysFromCivil(int year, int month, int day) {
  const int64_t y = year - (month <= 2 ? 1 : 0);
  const int64_t era = (y >= 0 ? y : y - 399) / 400;
  const int64_t year_of_era = y - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

bool Exists(const Moment& m) {
  static constexpr std::array<int, 12> kDays = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (m.hour > 23 || m.minute > 59 || m.second > 60) return false;  // 60: a leap second
  if (m.month < 1 || m.month > 12 || m.day < 1 || m.day > kDays[static_cast<size_t>(m.month - 1)])
    return false;
  const auto is_leap = [](int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; };
  if (m.month == 2 && m.day == 29 && m.has_year && !is_leap(m.year)) return false;
  return m.year >= 1678 && m.year <= 2261;  // what 64 bits of nanoseconds hold
}

int64_t OffsetIn(const Zone& zone, const Moment& m, int64_t local_seconds) {
  if (const std::optional<int> fixed = FixedOffset(zone)) return *fixed;
  const absl::CivilSecond civil(m.year, m.month, m.day, m.hour, m.minute, m.second);
  return local_seconds - absl::ToUnixSeconds(absl::FromCivil(civil, zone));
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

// "Aug 1, 2026 3:04:05 PM", with a blank or the narrow one of newer Javas: read without its end, and
// moved by half a day if need be.
bool ReadTwelveHours(std::string_view text, Moment* m) {
  const bool afternoon = text.ends_with("PM");
  if (!afternoon && !text.ends_with("AM")) return false;
  text.remove_suffix(2);
  constexpr std::string_view kNarrowBlank = "\xE2\x80\xAF";
  if (text.ends_with(kNarrowBlank)) text.remove_suffix(kNarrowBlank.size());
  text = Trim(text);
  const size_t blank = text.rfind(' ');
  if (blank == std::string_view::npos || blank + 2 >= text.size()) return false;
  std::string padded(text);
  if (padded[blank + 2] == ':') padded.insert(blank + 1, "0");
  if (!ReadForms(padded, m) || m->hour < 1 || m->hour > 12) return false;
  m->hour = m->hour % 12 + (afternoon ? 12 : 0);
  return true;
}

}  // namespace

std::optional<ParsedTime> ParseTime(std::string_view text, const Zone& zone) {
  text = Trim(text);
  if (text.empty() || text.size() > 80) return std::nullopt;
  Moment m;
  bool read = ReadUsual(text, &m);
  if (!read) {
    m = Moment{};
    read = text.back() == 'M' ? ReadTwelveHours(text, &m) : ReadForms(text, &m);
  }
  if (!read) return IsDigit(text[0]) ? ParseEpoch(text) : std::nullopt;
  if (!Exists(m)) return std::nullopt;
  const int64_t clock = int64_t{m.hour} * 3600 + m.minute * 60 + m.second;
  ParsedTime time;
  time.unit_ns = m.unit_ns;
  time.has_date = m.has_date;
  time.has_year = m.has_date && m.has_year;
  if (!m.has_date) {
    // A written zone moves the time of day into `zone`'s, if that has one offset.
    const int64_t shift =
        m.offset_seconds ? FixedOffset(zone).value_or(*m.offset_seconds) - *m.offset_seconds : 0;
    time.ns = ((clock + shift) % 86400 + 86400) % 86400 * kSecond + m.fraction_ns;
    return time;
  }
  const int64_t local = DaysFromCivil(m.year, m.month, m.day) * 86400 + clock;
  const int64_t offset = m.offset_seconds ? *m.offset_seconds : OffsetIn(zone, m, local);
  time.ns = (local - offset) * kSecond + m.fraction_ns;
  return time;
}

std::string FormatTime(int64_t ns) {
  if (ns == kNoTime) return "";
  int64_t seconds = ns / kSecond;
  int64_t fraction = ns % kSecond;
  if (fraction < 0) {
    fraction += kSecond;
    --seconds;
  }
  const absl::CivilSecond civil = absl::ToCivilSecond(absl::FromUnixSeconds(seconds), absl::UTCTimeZone());
  char text[64];
  int length =
      std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d", static_cast<int>(civil.year()),
                    civil.month(), civil.day(), civil.hour(), civil.minute(), civil.second());
  const size_t room = sizeof text - static_cast<size_t>(length);
  char* end = text + length;
  if (fraction == 0) {
    std::snprintf(end, room, "Z");
  } else if (fraction % 1'000'000 == 0) {
    std::snprintf(end, room, ".%03dZ", static_cast<int>(fraction / 1'000'000));
  } else if (fraction % 1'000 == 0) {
    std::snprintf(end, room, ".%06dZ", static_cast<int>(fraction / 1'000));
  } else {
    std::snprintf(end, room, ".%09dZ", static_cast<int>(fraction));
  }
  return text;
}

}  // namespace gainsay
