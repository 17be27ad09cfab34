#include <gtest/gtest.h>

#include <initializer_list>
#include <optional>
#include <random>
#include <string>

#include "absl/time/civil_time.h"
#include "record/time.h"
#include "record/time_memo.h"

namespace gainsay {
namespace {

const Zone kUtc = absl::UTCTimeZone();

struct Case {
  const char* text;
  const char* time;  // FormatTime; "" = no time
  int64_t unit_ns;
};

// Times that follow on each other, as they are and with bytes changed, in zones of all kinds.
TEST(TimeMemo, SaysWhatParseTimeSays) {
  std::mt19937 random(9);
  const auto one_of = [&random](std::initializer_list<const char*> texts) {
    return std::string(texts.begin()[random() % texts.size()]);
  };
  size_t times = 0;
  for (const char* zone_name : {"UTC", "+02:00", "Europe/Berlin"}) {
    const std::optional<Zone> zone = ParseZone(zone_name);
    if (!zone) continue;
    TimeMemo memo(*zone);
    for (int i = 0; i < 30'000; ++i) {
      std::string text = one_of({"2026-10-25", "2026-02-29", "1677-12-31", "26/08/01"}) +
                         one_of({"T", " ", "_", "  "}) + one_of({"02:30:0", "23:59:6", "24:00:0"}) +
                         one_of({"0", "1", ""}) + one_of({"", ".", ",", "."});
      for (size_t digits = random() % 11; digits > 0; --digits)
        text += static_cast<char>('0' + random() % 10);
      text += one_of({"", "Z", "", "Z", "z", "+02:00", " UTC", " PM", "\r"});
      if (random() % 4 == 0) text[random() % text.size()] = "0129-:.,/TZ +\r"[random() % 14];
      const std::optional<ParsedTime> expected = ParseTime(text, *zone), time = memo.Parse(text);
      ASSERT_EQ(time.has_value(), expected.has_value()) << text;
      if (!time) continue;
      ++times;
      ASSERT_EQ(time->ns, expected->ns) << text;
      ASSERT_EQ(time->unit_ns, expected->unit_ns) << text;
      ASSERT_EQ(time->has_date, expected->has_date) << text;
      ASSERT_EQ(time->has_year, expected->has_year) << text;
    }
  }
  EXPECT_GT(times, 2'000u);
}

TEST(ParseTime, ReadsWhatLoggersWrite) {
  const int64_t ms = 1'000'000, us = 1'000;
  const Case cases[] = {
      {"2026-08-01T10:00:00Z", "2026-08-01T10:00:00Z", kSecond},
      {"2026-08-01T10:00:00.123Z", "2026-08-01T10:00:00.123Z", ms},
      {"2026-08-01 10:00:00,123", "2026-08-01T10:00:00.123Z", ms},
      {"2026-08-01T10:00:00.123456+02:00", "2026-08-01T08:00:00.123456Z", us},
      {"2026-08-01T10:00:00.1234567Z", "2026-08-01T10:00:00.123456700Z", 1},
      {"2026-08-01T10:00:00.123456789123Z", "2026-08-01T10:00:00.123456789Z", 1},
      {"2026-08-01T10:00:00.5Z", "2026-08-01T10:00:00.500Z", ms},
      {"2026-08-01T10:00:00+0200", "2026-08-01T08:00:00Z", kSecond},
      {"2026-08-01T10:00:00-05", "2026-08-01T15:00:00Z", kSecond},
      {"2026-11-20T23:37:01.339978+0000", "2026-11-20T23:37:01.339978Z", us},
      {"2026-08-01 10:00:00 UTC", "2026-08-01T10:00:00Z", kSecond},
      {"2026-08-01 10:00:00.123 CEST", "2026-08-01T08:00:00.123Z", ms},
      {"2026-08-01 10:00:00 +0200", "2026-08-01T08:00:00Z", kSecond},
      {"2026-08-01 10:00:00 +0200 CEST", "2026-08-01T08:00:00Z", kSecond},
      {"2026-08-01T10:00:00+02:00[Europe/Berlin]", "2026-08-01T08:00:00Z", kSecond},
      {" 2026-08-01 10:00:00\r", "2026-08-01T10:00:00Z", kSecond},
      {"2026-08-01T10:00Z", "2026-08-01T10:00:00Z", 60 * kSecond},
      {"2026/08/01 10:00:00", "2026-08-01T10:00:00Z", kSecond},
      {"26/08/01 10:00:00", "2026-08-01T10:00:00Z", kSecond},
      {"01/Aug/2026:10:00:00 +0000", "2026-08-01T10:00:00Z", kSecond},
      {"01 Aug 2026 10:00:00.123", "2026-08-01T10:00:00.123Z", ms},
      {"Sat, 01 Aug 2026 10:00:00 GMT", "2026-08-01T10:00:00Z", kSecond},
      {"Sat Aug  1 10:00:00 2026", "2026-08-01T10:00:00Z", kSecond},
      {"Sat Aug  1 10:00:00 UTC 2026", "2026-08-01T10:00:00Z", kSecond},
      {"Aug 01 2026 10:00:05", "2026-08-01T10:00:05Z", kSecond},
      {"20260801 10:00:00.123456", "2026-08-01T10:00:00.123456Z", us},
      {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z", kSecond},
      {"1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500Z", ms},
      {"2026-12-31T23:59:60Z", "2027-01-01T00:00:00Z", kSecond},
      {"1795216989941", "2026-11-20T23:23:09.941Z", ms},
      {"1722506400", "2024-08-01T10:00:00Z", kSecond},
      {"1722506400.123", "2024-08-01T10:00:00.123Z", ms},
      {"1722506400.123456", "2024-08-01T10:00:00.123456Z", us},
      {"1.7225064e9", "2024-08-01T10:00:00Z", kSecond},
      {"1.722506400123E+09", "2024-08-01T10:00:00.123Z", ms},
      {"1795217821372246", "2026-11-20T23:37:01.372246Z", us},
      {"1722506400123456789", "2024-08-01T10:00:00.123456789Z", 1},
  };
  for (const Case& c : cases) {
    const std::optional<ParsedTime> time = ParseTime(c.text, kUtc);
    ASSERT_TRUE(time) << c.text;
    EXPECT_EQ(FormatTime(time->ns), c.time) << c.text;
    EXPECT_EQ(time->unit_ns, c.unit_ns) << c.text;
    EXPECT_TRUE(time->has_date && time->has_year) << c.text;
  }
}

TEST(ParseTime, RefusesWhatIsNone) {
  for (const char* text : {"",
                           " ",
                           "now",
                           "2026-13-01T10:00:00Z",
                           "2026-00-01T10:00:00Z",
                           "2026-02-30T10:00:00Z",
                           "2026-02-29T10:00:00Z",
                           "2026-08-01T24:00:00Z",
                           "2026-08-01T10:60:00Z",
                           "2026-08-01T10:00:61Z",
                           "2026-08-01T10:00:00Zx",
                           "2026-08-01T10:00:00.Z",
                           "2026-08-01T10:00:00 foo",
                           "2026-08-01",
                           "2026-08",
                           "10",
                           "12345678",
                           "99999999",
                           "1e400",
                           "1722506400x",
                           "-1722506400",
                           "1.2.3",
                           "9300000000000000000",
                           "99999999999999999999",
                           "Aug",
                           "Aug  1",
                           "Auk  1 10:00:00",
                           "10:00:0",
                           "1000-01-01T00:00:00Z",
                           "9999-01-01T00:00:00Z",
                           "2026-08-01T10:00:00+25:00",
                           "10:00:00 later",
                           "::",
                           "....."}) {
    EXPECT_FALSE(ParseTime(text, kUtc)) << text;
  }
  EXPECT_FALSE(ParseTime(std::string(1 << 20, '1'), kUtc));
}

TEST(ParseTime, KnowsWhatIsMissing) {
  std::optional<ParsedTime> time = ParseTime("10:00:00,123", kUtc);
  ASSERT_TRUE(time);
  EXPECT_FALSE(time->has_date);
  EXPECT_EQ(time->ns, 36'000 * kSecond + 123'000'000);
  time = ParseTime("Aug  1 10:00:05.123", kUtc);
  ASSERT_TRUE(time);
  EXPECT_TRUE(time->has_date);
  EXPECT_FALSE(time->has_year);
  EXPECT_EQ(FormatTime(time->ns), "1970-08-01T10:00:05.123Z");
  time = ParseTime("0801 10:00:00.123456", kUtc);
  ASSERT_TRUE(time);
  EXPECT_FALSE(time->has_year);
}

TEST(ParseTime, PutsTimesWithoutZoneIntoTheGivenOne) {
  const std::optional<Zone> fixed = ParseZone("-0530");
  ASSERT_TRUE(fixed);
  EXPECT_EQ(FormatTime(ParseTime("2026-08-01 10:00:00", *fixed)->ns), "2026-08-01T15:30:00Z");
  EXPECT_EQ(FormatTime(ParseTime("2026-08-01 10:00:00Z", *fixed)->ns), "2026-08-01T10:00:00Z");
  const std::optional<Zone> berlin = ParseZone("Europe/Berlin");
  if (!berlin) GTEST_SKIP() << "no tzdata";
  EXPECT_EQ(FormatTime(ParseTime("2026-08-01 10:00:00", *berlin)->ns), "2026-08-01T08:00:00Z");
  EXPECT_EQ(FormatTime(ParseTime("2026-12-01 10:00:00", *berlin)->ns), "2026-12-01T09:00:00Z");
}

TEST(ParseZone, RefusesPathsAndNonsense) {
  EXPECT_TRUE(ParseZone("UTC") && ParseZone("+02:00") && ParseZone("+02"));
  for (const char* text : {"", "/etc/passwd", "../x", "+2", "+99:00", "+02:0", "Nowhere/City", "+02:00:00"}) {
    EXPECT_FALSE(ParseZone(text)) << text;
  }
}

TEST(ParseTime, AgreesWithTheSlowCalendar) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const auto seconds = static_cast<int64_t>(random() % 17'000'000'000) - 8'000'000'000;
    const int64_t ns = seconds * kSecond + static_cast<int64_t>(random() % 1'000'000'000);
    const std::string text = FormatTime(ns);
    const std::optional<ParsedTime> time = ParseTime(text, kUtc);
    ASSERT_TRUE(time) << text;
    ASSERT_EQ(time->ns, ns) << text;
  }
}

// What most logs write is read by its places. Another letter before the clock, or a zero before the digits,
// means the same and is read as any other form.
TEST(ParseTime, ReadsTheUsualAsTheUnusual) {
  std::mt19937 random(11);
  const std::string seeds[] = {"2026-08-01T10:00:00.123456+02:00", "2026-08-01 10:00:00,123",
                               "2026-12-31T23:59:60Z", "2024-02-29T00:00:00.123456789-05:30",
                               "1969-12-31 23:59:59"};
  size_t times = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string text = seeds[random() % std::size(seeds)];
    for (auto k = random() % 4; k > 0; --k) {
      text[random() % text.size()] = "0123456789:-+.,TZ /x"[random() % 20];
    }
    if (random() % 4 == 0) text.resize(15 + random() % (text.size() - 14));
    if (random() % 4 == 0) text.insert(text.begin() + static_cast<int>(random() % text.size()), '7');
    const std::vector<char> exact(text.begin(), text.end());
    if (text[10] != 'T' && (text[10] != ' ' || text[11] == ' ')) continue;
    const std::optional<ParsedTime> usual = ParseTime({exact.data(), exact.size()}, kUtc);
    text[10] = 't';
    const std::optional<ParsedTime> other = ParseTime(text, kUtc);
    ASSERT_EQ(usual.has_value(), other.has_value()) << text;
    if (!usual) continue;
    ++times;
    ASSERT_EQ(usual->ns, other->ns) << text;
    ASSERT_EQ(usual->unit_ns, other->unit_ns) << text;
  }
  EXPECT_GT(times, 40'000u);
}

TEST(ParseEpoch, ReadsTheUsualAsTheUnusual) {
  std::mt19937_64 random(12);
  for (int i = 0; i < 50'000; ++i) {
    std::string text = std::to_string(random());
    text.resize(std::min<size_t>(text.size(), 12 + random() % 6));
    if (random() % 8 == 0) text[random() % text.size()] = 'x';
    const std::optional<ParsedTime> usual = ParseEpoch(text), other = ParseEpoch("0" + text);
    ASSERT_EQ(usual.has_value(), other.has_value()) << text;
    if (!usual) continue;
    ASSERT_EQ(usual->ns, other->ns) << text;
    ASSERT_EQ(usual->unit_ns, other->unit_ns) << text;
  }
}

TEST(ParseTime, SurvivesEveryMutation) {
  std::mt19937 random(3);
  const std::string seeds[] = {"2026-08-01T10:00:00.123+02:00", "Sat, 01 Aug 2026 10:00:00 GMT",
                               "1.7225064e9", "01/Aug/2026:10:00:00 +0000"};
  for (int i = 0; i < 50'000; ++i) {
    std::string text = seeds[random() % 4];
    for (int k = 0; k < 3; ++k) text[random() % text.size()] = static_cast<char>(random());
    text.resize(random() % (text.size() + 1));
    // A copy on the heap, so that a read past the end is seen.
    const std::vector<char> exact(text.begin(), text.end());
    ParseTime({exact.data(), exact.size()}, kUtc);
  }
}

TEST(ParseDuration, ReadsUnits) {
  EXPECT_EQ(ParseDuration("500ms"), 500'000'000);
  EXPECT_EQ(ParseDuration("10s"), 10 * kSecond);
  EXPECT_EQ(ParseDuration("1h30m"), 5400 * kSecond);
  EXPECT_EQ(ParseDuration("1d"), kDay);
  EXPECT_EQ(ParseDuration("0s"), 0);
  for (const char* text :
       {"", "10", "s", "-1s", "1x", "1s2", "99999999999d", "1 s", "999999999999999999999s"}) {
    EXPECT_FALSE(ParseDuration(text)) << text;
  }
}

TEST(FormatTime, WritesAsManyDigitsAsNeeded) {
  EXPECT_EQ(FormatTime(kNoTime), "");
  EXPECT_EQ(FormatTime(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(FormatTime(-1), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(FormatTime(1'000), "1970-01-01T00:00:00.000001Z");
  EXPECT_EQ(FormatTime(std::numeric_limits<int64_t>::max()).substr(0, 4), "2262");
}

}  // namespace
}  // namespace gainsay
