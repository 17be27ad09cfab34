// Which lines may tell a new time: of a dense log few, whatever the time is written like, and wherever a
// stream is cut.
#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "input/chunk.h"
#include "real_logs.h"
#include "record/fresh_times.h"

namespace gainsay {
namespace {

struct Fresh {
  uint64_t begin, agreeing;
  bool operator==(const Fresh&) const = default;
};
void PrintTo(const Fresh& fresh, std::ostream* out) { *out << fresh.begin << '/' << fresh.agreeing; }

// Whole lines in pieces of about so many bytes; each in memory of its own, so that nothing else is read. Goes
// on with another object after each.
std::vector<Fresh> FreshIn(std::string_view log, size_t about, bool resume = false) {
  std::vector<Fresh> all;
  FreshTimes fresh;
  for (size_t begin = 0; begin < log.size();) {
    const size_t newline = log.find('\n', std::min(begin + about, log.size()) - 1);
    const size_t end = newline == std::string_view::npos ? log.size() : newline + 1;
    const auto bytes = std::make_unique<char[]>(end - begin + kChunkPadding);
    log.copy(bytes.get(), end - begin, begin);
    fresh.Open({bytes.get(), end - begin}, begin);
    for (const FreshTimes::Line& line : fresh.lines()) all.push_back({begin + line.begin, line.agreeing});
    if (resume) {
      FreshTimes next;
      next.Resume(fresh.memory());
      fresh = next;
    }
    begin = end;
  }
  return all;
}

// By line, of lines that begin alike.
std::string Marks(const std::vector<std::string>& lines) {
  std::string log, marks;
  std::vector<size_t> begins;
  for (const std::string& line : lines) {
    begins.push_back(log.size());
    log += line + '\n';
  }
  const std::vector<Fresh> fresh = FreshIn(log, SIZE_MAX / 2);
  for (const size_t begin : begins) {
    const bool is = std::any_of(fresh.begin(), fresh.end(), [&](const Fresh& f) { return f.begin == begin; });
    marks += is ? '+' : '.';
  }
  return marks;
}

TEST(FreshTimes, AreThoseOfAnotherTwentiethOfASecond) {
  EXPECT_EQ(
      Marks({R"({"a":1,"time":"2026-05-31T04:12:09.113Z"})", R"({"b":22,"time":"2026-05-31T04:12:09.148Z"})",
             R"({"c":1,"time":"2026-05-31T04:12:09.150Z"})", R"({"time":"2026-06-01T04:12:09.251Z"})",
             R"({"time":"2026-06-01T04:12:09.299Z"})"}),
      "+.++.");
  EXPECT_EQ(Marks({R"({"ts":1780200729.11})", R"({"ts":1780200729.14})", R"({"ts":1780200729.15})"}), "+.+");
  EXPECT_EQ(
      Marks({R"({"t":"1780200729113000"})", R"({"t":"1780200729149999"})", R"({"t":"1780200729150000"})"}),
      "+.+");
  EXPECT_EQ(Marks({R"({"t":1780200729113})", R"({"t":1780200729149})", R"({"t":1780200729150})"}), "+.+");
  EXPECT_EQ(Marks({R"({"t":"31/May/2026:04:12:09 +0000"})", R"({"t":"31/May/2026:04:12:09 +0000"})",
                   R"({"t":"31/May/2026:04:12:10 +0000"})", R"({"t":"May 31, 2026 4:12:10 AM"})",
                   R"({"t":"May 31, 2026 4:12:11 AM"})"}),
            "+.+++");
}

TEST(FreshTimes, ATimeThatStaysHidesNone) {
  EXPECT_EQ(Marks({R"({"since":"03:00:00","t":"04:12:09"})", R"({"since":"03:00:00","t":"04:12:09"})",
                   R"({"since":"03:00:00","t":"04:12:10"})", R"({"since":"03:00:00","t":"04:12:10"})",
                   R"({"t":"04:12:11","since":"03:00:00"})"}),
            "+.+.+");
}

TEST(FreshTimes, WithoutATimeEachLineMayHoldOne) {
  EXPECT_EQ(Marks({R"({"t":"noon"})", R"({"t":"noon"})", R"({"id":17802007291,"t":"noon"})"}), "+++");
}

TEST(FreshTimes, LinesThatAgreeAreCounted) {
  const std::string line = R"({"time":"2026-05-31T04:12:09.1Z"})"
                           "\n",
                    later = R"({"time":"2026-05-31T04:12:09.2Z"})"
                            "\n";
  const std::vector<Fresh> expected = {{0, 0}, {3 * line.size(), 2}, {6 * line.size() + 5, 0}};
  // The old time once more is not fresh, but no witness of the new one; what is no object ends the count.
  EXPECT_EQ(FreshIn(line + line + line + later + line + later + "text\n" +
                        R"({"time":"2026-05-31T04:12:09.3Z"})"
                        "\n",
                    SIZE_MAX / 2),
            expected);
}

TEST(FreshTimes, OfEachPartOfAStreamTheFirstIsFresh) {
  const std::string line =
      R"({"time":"2026-05-31T04:12:09.1Z","message":")" + std::string(960, 'x') + "\"}\n";
  std::string log;
  while (log.size() < (size_t{256} << 10)) log += line;
  EXPECT_EQ(FreshIn(log, SIZE_MAX / 2).size(), 4u);
}

TEST(FreshTimes, ItDoesNotMatterWhereAStreamIsCut) {
  size_t fresh = 0;
  for (const std::filesystem::path& path : RealLogs()) {
    SCOPED_TRACE(path);
    std::string log = Unpacked(path.string()).substr(0, 200'000);
    const std::vector<Fresh> whole = FreshIn(log, SIZE_MAX / 2);
    fresh += whole.size();
    EXPECT_EQ(FreshIn(log, 1), whole);
    EXPECT_EQ(FreshIn(log, 5'000, true), whole);
  }
  EXPECT_GT(fresh, 1000u);
}

// Bytes that are no log.
TEST(FreshTimes, NothingIsReadOutOfBounds) {
  std::mt19937 random(7);
  const std::string_view letters = "{0123456789::::..,,\n\n1122{{";
  for (int i = 0; i < 2000; ++i) {
    std::string log;
    for (size_t size = random() % 200; size > 0; --size) log += letters[random() % letters.size()];
    EXPECT_EQ(FreshIn(log, 1), FreshIn(log, SIZE_MAX / 2));
  }
}

}  // namespace
}  // namespace gainsay
