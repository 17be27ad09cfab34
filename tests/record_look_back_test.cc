// The order in time behind lines that were not read: what LookBack finds puts the record behind them where it
// would stand if all of them had been read. And its reader of times against the reader of whole records.
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

}  // namespace
}  // namespace gainsay
