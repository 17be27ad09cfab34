// The order in time behind lines that were not read: what LookBack finds puts the record behind them where it
// would stand if all of them had been read, and so does what it tells by their digits. And its reader of
// times against the reader of whole records.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "builtin_engine.h"
#include "real_logs.h"
#include "record/clock.h"
#include "record/look_back.h"

namespace gainsay {
namespace {

const Zone kUtc = absl::UTCTimeZone();

bool operator==(const RecordTime& a, const RecordTime& b) {
  return a.ns == b.ns && a.unit_ns == b.unit_ns && a.has_date == b.has_date && a.has_year == b.has_year;
}

// Text with the padding that a chunk has.
struct Padded {
  explicit Padded(std::string_view text) : bytes(text.begin(), text.end()), size(text.size()) {
    bytes.insert(bytes.end(), kChunkPadding, '}');
  }
  std::string_view text() const { return {bytes.data(), size}; }
  std::vector<char> bytes;
  size_t size;
};

// The times of all records, by the offset of their lines.
std::vector<std::pair<uint64_t, RecordTime>> TimesOf(std::string_view text, RecordReader* reader) {
  std::vector<std::pair<uint64_t, RecordTime>> times;
  reader->Open({text, 1, 0, 0}, 0);
  while (const Record* record = reader->Next()) times.emplace_back(record->position.offset, TimeOf(*record));
  return times;
}

RecordReader Reader(RecordReader::What what) {
  return {BuiltinEngine().plan(), BuiltinEngine().texts(), kUtc, what};
}

// Pieces of logs: lines that stood together, some of them broken, some woven in from another log.
std::vector<std::string> Pieces(size_t lines_each) {
  std::mt19937 random(3);
  std::vector<std::string> pieces;
  for (const std::filesystem::path& path : RealLogs()) {
    const std::string text = Unpacked(path.string());
    for (size_t at = 0, lines = 0, begin = 0; at < text.size(); ++lines) {
      at = std::min(text.find('\n', at), text.size() - 1) + 1;
      if (lines % lines_each != lines_each - 1 && at < text.size()) continue;
      pieces.push_back(text.substr(begin, at - begin));
      at = begin = std::min(text.size(), at + random() % (1 + text.size() / 40));
      at = begin = std::min(text.find('\n', at), text.size() - 1) + 1;
    }
  }
  for (const size_t whole = pieces.size(); pieces.size() < 5 * whole;) {
    std::string piece = pieces[random() % whole];
    for (int i = 0; i < 6 && !piece.empty(); ++i) {
      const size_t at = random() % piece.size();
      const std::string& other = pieces[random() % whole];
      const size_t line = other.rfind('\n', random() % other.size()) + 1;
      switch (random() % 3) {
        case 0:
          piece[at] = "\"\\}{0: \n"[random() % 8];
          break;
        case 1:
          piece.erase(at, 1 + random() % 9);
          break;
        default:
          piece.insert(piece.rfind('\n', at) + 1, other.substr(line, other.find('\n', line) + 1 - line));
      }
    }
    pieces.push_back(piece);
  }
  return pieces;
}

TEST(LookBack, ReadsOfALineTheTimeThatTheWholeRecordHas) {
  RecordReader whole = Reader(RecordReader::What::kAll), times = Reader(RecordReader::What::kTime);
  size_t timed = 0;
  for (const std::string& piece : Pieces(30)) {
    for (size_t begin = 0, end = 0; begin < piece.size(); begin = end + 1) {
      end = std::min(piece.find('\n', begin), piece.size());
      const Padded line(std::string_view(piece).substr(begin, end - begin));
      const auto all = TimesOf(line.text(), &whole), quick = TimesOf(line.text(), &times);
      ASSERT_EQ(all.size(), quick.size()) << line.text();
      for (size_t i = 0; i < all.size(); ++i) {
        ASSERT_TRUE(all[i].second == quick[i].second) << line.text();
        timed += all[i].second.ns != kNoTime ? 1 : 0;
      }
    }
  }
  EXPECT_GT(timed, 10'000u);
}

TEST(LookBack, PutsARecordWhereAllLinesBeforeItPutIt) {
  RecordReader reader = Reader(RecordReader::What::kAll);
  LookBack look_back(BuiltinEngine().plan(), BuiltinEngine().texts(), kUtc);
  std::mt19937 random(9);
  std::vector<RecordTime> found;
  size_t moved = 0;
  for (const std::string& piece : Pieces(40)) {
    const Padded chunk(piece);
    const auto all = TimesOf(chunk.text(), &reader);
    if (all.empty()) continue;
    const uint64_t next = all[all.size() / 2 + random() % ((all.size() + 1) / 2)].first;
    Clock clock(kUtc, 1'780'000'000 * kSecond), short_clock = clock;
    Record record;
    for (const auto& [offset, time] : all) {
      record.time_ns = time.ns, record.time_unit_ns = time.unit_ns;
      record.time_has_date = time.has_date, record.time_has_year = time.has_year;
      if (offset == next) break;
      clock.Order(time);
    }
    look_back.Find(chunk.text(), chunk.text().substr(0, next), &record, &found);
    for (const RecordTime& time : found) short_clock.Order(time);
    const int64_t place = clock.Order(record);
    ASSERT_EQ(short_clock.Order(record), place) << piece << "\n" << piece.substr(next, 200);
    moved += place != record.time_ns ? 1 : 0;
  }
  EXPECT_GT(moved, 100u);
}

// The last of them counts, not the first.
TEST(LookBack, TellsTheTimesOfAllRecordsOfALine) {
  const std::string batch =
      R"([{"time":"2026-08-01T10:00:00.1Z","msg":"a"},{"time":"2026-08-01T10:00:05.123456Z","msg":"b"}])"
      "\n";
  const Padded chunk(batch);
  Record record;
  record.time_ns = ParseTime("2026-08-01T10:00:05.123Z", kUtc)->ns;
  record.time_unit_ns = 1'000'000;
  LookBack look_back(BuiltinEngine().plan(), BuiltinEngine().texts(), kUtc);
  std::vector<RecordTime> found;
  look_back.Find(chunk.text(), chunk.text(), &record, &found);
  Clock clock(kUtc, std::nullopt);
  for (const RecordTime& time : found) clock.Order(time);
  EXPECT_EQ(FormatTime(clock.Order(record)), "2026-08-01T10:00:05.123456Z");
}

// With some of its points, commas and colons as escapes.
std::string Escaped(const std::string& text, std::mt19937* random) {
  if ((*random)() % 6 != 0) return text;
  std::string escaped;
  for (const char c : text) {
    const bool escapes = (c == '.' || c == ',' || c == ':') && (*random)() % 2 == 0;
    const char* const spelled = c == '.' ? "\\u002e" : c == ',' ? "\\u002C" : "\\u003a";
    escaped += escapes ? spelled : std::string(1, c);
  }
  return escaped;
}

// A line that tells this time, as some logger writes it: finer or coarser, or nearly so.
std::string LineOf(int64_t ns, std::mt19937* random) {
  const auto below = [random](size_t n) { return static_cast<size_t>((*random)() % n); };
  const std::string seconds = std::to_string(ns / kSecond), all = std::to_string(ns);
  const size_t digits = below(10);
  const std::string clock = FormatTime(ns / kSecond * kSecond).substr(0, 19);
  const std::string fraction = digits == 0 ? "" : (below(2) == 0 ? "." : ",") + all.substr(10, digits);
  const std::string iso = clock + fraction + (below(2) == 0 ? "Z" : "+00:00");
  const std::string point = all.substr(0, 10) + "." + all.substr(10, digits + 1);
  const size_t places = 1 + below(18);
  const std::string nanos = std::to_string(ns % kSecond / (digits > 5 ? 1 : 1000) * (digits > 5 ? 1 : 1000));
  switch (below(15)) {
    case 0:
    case 1:
      return R"({"time":")" + Escaped(iso, random) + R"(","msg":"a"})";
    case 2:
      return R"({"time":)" + all.substr(0, 10 + 3 * below(4)) + R"(,"msg":"a"})";
    case 3:
      return R"({"msg":"a","ts":)" + point + "}";
    case 4:
      return R"({"ts":)" + all.substr(0, places) + "." + all.substr(places) + "e" +
             std::to_string(10 - static_cast<int>(places)) + R"(,"msg":"a"})";
    case 5:
      return R"({"ts":)" + all.substr(0, 13) + "." + all.substr(13) + R"(,"msg":"a"})";
    case 6:
      return R"({"timestampSeconds":)" + seconds + R"(,"timestampNanos":)" + nanos + R"(,"msg":"a"})";
    case 7:
      return R"({"instant":{"epochSecond":)" + seconds + R"(,"nanoOfSecond":)" + nanos + R"(},"msg":"a"})";
    case 8:
      return R"({"log":"[)" + clock.substr(0, 10) + " " + clock.substr(11) + fraction +
             R"(: INFO/MainProcess] a\n","stream":"stderr","time":")" + iso + R"("})";
    case 9:
      return R"({"log":"{\"time\":\")" + iso + R"(\",\"msg\":\"a\"}\n","stream":"stderr","time":")" + iso +
             R"("})";
    case 10:
      return R"({"__REALTIME_TIMESTAMP":")" + all.substr(0, 16) + R"(","MESSAGE":"a )" + all + R"("})";
    case 11:
      return R"({"time":")" + Escaped(clock.substr(11) + fraction, random) + R"(","msg":"a"})";
    case 12:
      return R"({"time":"May 31 )" + Escaped(clock.substr(11) + fraction, random) + R"(","msg":"a"})";
    case 13:
      return R"({"ts":")" +
             Escaped(below(2) == 0 ? point : all.substr(0, 13) + "." + all.substr(13), random) +
             R"(","id":"x)" + all.substr(8, 6) + R"("})";
    default:
      return R"({"msg":"no time"})";
  }
}

TEST(LookBack, KnowsByTheirDigitsThatLinesMoveNothing) {
  RecordReader reader = Reader(RecordReader::What::kAll);
  std::mt19937 random(5);
  size_t settled = 0, moved = 0;
  for (int round = 0; round < 60'000; ++round) {
    // Times within some milli- or microseconds, of which some have zeros at either end.
    const int64_t step = random() % 2 == 0 ? 1'000'000 : 1'000;
    int64_t ns = 1'780'200'000 * kSecond + static_cast<int64_t>(random() % 1000) * 1'000'000;
    if (random() % 3 > 0) ns += static_cast<int64_t>(random() % 1000) * 1'000;
    std::vector<std::string> lines;
    for (size_t count = 2 + random() % 4; lines.size() < count;) {
      const auto jitter = static_cast<int64_t>(random() % 4'000) - 1'500;
      lines.push_back(LineOf(ns + jitter * step / 1'000 / (random() % 4 == 0 ? 1'000 : 1), &random));
    }
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    const Padded chunk(text);
    const auto all = TimesOf(chunk.text(), &reader);
    ASSERT_EQ(all.size(), lines.size()) << text;
    const RecordTime &first = all.front().second, &last = all.back().second;
    const std::string_view between = chunk.text().substr(all[1].first, all.back().first - all[1].first);
    Clock clock(kUtc, std::nullopt);
    if (first.ns != kNoTime)
      clock.Resume(first.ns + static_cast<int64_t>(random() % 1'000'000'000) % first.unit_ns);
    for (size_t i = 1; i + 1 < all.size(); ++i) clock.Order(all[i].second);
    const int64_t place = clock.Order(last);
    const bool is_moved = place != last.ns && last.IsWhole();
    moved += is_moved ? 1 : 0;
    if (!LookBack::IsSettled(last, first, between, {})) continue;
    ASSERT_FALSE(is_moved) << text;
    settled += between.empty() ? 0 : 1;
  }
  EXPECT_GT(settled, 10'000u);
  EXPECT_GT(moved, 1'000u);
}

TEST(LookBack, TellsFractionsFromOtherDigits) {
  const RecordTime time{1'780'200'000'123'000'000, 1'000'000};
  const auto settled = [&](const std::string& line) {
    const RecordTime before{time.ns - kSecond, 1'000'000};
    return LookBack::IsSettled(time, before, Padded(line + "\n").text(), {});
  };
  EXPECT_TRUE(settled(R"({"id":"1234","port":12345,"took":"1.1234s","at":"10:00:05.124","hex":"ab1234"})"));
  EXPECT_TRUE(settled(R"({"at":"10:00:05.123","n":1234})"));
  EXPECT_TRUE(settled(R"({"n":12345678.1234})"));
  EXPECT_FALSE(settled(R"({"at":"10:00:05.1230"})"));
  EXPECT_FALSE(settled(R"({"at":"10:00:05,1234"})"));
  EXPECT_FALSE(settled(R"({"n":123456789.1234})"));
  EXPECT_FALSE(settled(R"({"n":1780200000123.4})"));
  EXPECT_FALSE(settled(R"({"n":17802.000001234e5})"));
  EXPECT_FALSE(settled(R"({"n":1780200000123400})"));
  EXPECT_FALSE(settled(R"({"at":{"seconds":1780200000,"nanos":123400000}})"));
}

TEST(LookBack, KnowsByTheTimesOfThoseThatWereReadThatTheyMoveNothing) {
  const RecordTime time{1'780'200'000'005'000'000, 1'000'000}, before{time.ns - kSecond, 1'000'000};
  const auto settled = [&](const std::vector<RecordTime>& read) {
    return LookBack::IsSettled(time, before, Padded("{}\n").text(), read);
  };
  EXPECT_TRUE(settled({}));
  EXPECT_TRUE(settled({{time.ns, 1'000'000}, {time.ns + 1'000'000, 1}, {time.ns - 1, 1}, RecordTime{}}));
  EXPECT_FALSE(settled({{time.ns + 1, 1}}));
  EXPECT_FALSE(settled({{time.ns + 999'000, 1'000}, {time.ns + kSecond, 1}}));
  EXPECT_FALSE(settled({{5'000'000, 1'000'000, false, false}}));
  EXPECT_FALSE(LookBack::IsSettled(time, {time.ns, 1'000'000}, "", {}));
  EXPECT_FALSE(LookBack::IsSettled(time, {time.ns / kSecond * kSecond, kSecond}, "", {}));
  EXPECT_TRUE(LookBack::IsSettled(time, {time.ns, 1}, "", {}));
  EXPECT_FALSE(LookBack::IsSettled(time, RecordTime{}, "", {}));
}

}  // namespace
}  // namespace gainsay
