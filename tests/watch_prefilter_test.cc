// The prefilter in a watch, and its slow twin: fed the same bytes, both tell the same after the same piece,
// and have come equally far in time, however the bytes are cut and however often one of them is saved and
// loaded.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_format.h"
#include "builtin_engine.h"
#include "pipeline_watch.h"
#include "real_logs.h"
#include "untimed_log.h"
#include "watch/event_time.h"

namespace gainsay {
namespace {

using Maker = std::string(const std::string& log, std::mt19937_64* random);

std::unique_ptr<WatchFold> NewFold(bool prefilter, size_t least) {
  WatchOptions options;
  options.lateness_ns = kSecond / 2;
  options.settling.settle_ns = kSecond / 2;
  options.settling.retain_ns = 5 * kSecond;
  options.prefilter = prefilter;
  options.prefilter_after = 0;
  options.prefilter_least = least;
  options.all_tasks = true;
  return std::move(*WatchFold::Make(BuiltinEngine(), options));
}

std::string Told(WatchFold* fold) {
  std::string told;
  for (const WatchLine& line : fold->Take()) told += line.json + '\n';
  const WatchFigures figures = fold->Figures();
  for (const uint64_t figure : {figures.lines, figures.terminals, figures.write_errors, figures.kept_events,
                                figures.evicted, figures.findings}) {
    told += std::to_string(figure) + ' ';
  }
  return told + std::to_string(figures.watermark_ns) + ' ' + std::to_string(figures.last_terminal_ns);
}

// What was not counted by lines.
std::string RestOf(WatchFold* fold) {
  const absl::StatusOr<Document> rest = fold->Finish();
  EXPECT_TRUE(rest.ok()) << rest.status();
  if (!rest.ok()) return "";
  std::string told = Told(fold);
  for (const uint64_t runs : rest->summary.runs) told += ' ' + std::to_string(runs);
  for (const Cause& cause : rest->causes) told += ' ' + cause.id + ' ' + std::to_string(cause.tasks);
  return told;
}

struct Cut {
  size_t most, least;    // bytes of a piece, and of one that the prefilter is used on
  int saves_in_100 = 0;  // pieces
};

// How many lines were skipped.
uint64_t ExpectTwins(const std::string& log, const Cut& cut, std::mt19937_64* random) {
  std::unique_ptr<WatchFold> fast = NewFold(true, cut.least), slow = NewFold(false, 0);
  LivePosition from;
  from.source = "log";
  for (WatchFold* fold : {fast.get(), slow.get()}) fold->AddStream(from, std::nullopt);
  for (size_t at = 0; at < log.size();) {
    const size_t size = std::min<size_t>(1 + (*random)() % cut.most, log.size() - at);
    for (WatchFold* fold : {fast.get(), slow.get()}) fold->Feed(0, std::string_view(log).substr(at, size));
    const std::string told = Told(fast.get());
    EXPECT_EQ(told, Told(slow.get())) << "before byte " << at + size;
    if (testing::Test::HasFailure()) return 0;
    at += size;
    if (static_cast<int>((*random)() % 100) >= cut.saves_in_100) continue;
    const uint64_t read = fast->PositionOf(0).offset;
    const std::string state = fast->Save();
    fast = NewFold(true, cut.least);
    EXPECT_TRUE(fast->Load(state).ok());
    fast->Feed(0, std::string_view(log).substr(read, at - read));
    Told(fast.get());
  }
  const WatchFigures figures = fast->Figures();
  EXPECT_EQ(RestOf(fast.get()), RestOf(slow.get()));
  return figures.lines - figures.records - figures.malformed;
}

uint64_t ExpectTwinsOfAll(Maker* make, uint64_t seed, size_t most_bytes) {
  std::mt19937_64 random(seed);
  const Cut cuts[] = {{SIZE_MAX / 2, 0}, {60'000, 0, 20}, {3'000, 1'000, 5}, {300, 0}};
  uint64_t skipped = 0;
  size_t number = 0;
  for (const std::filesystem::path& path : RealLogs()) {
    SCOPED_TRACE(path);
    std::string log = make(Unpacked(path.string()), &random);
    if (log.size() > most_bytes) log.resize(log.find('\n', most_bytes) + 1);
    skipped += ExpectTwins(log, cuts[++number % std::size(cuts)], &random);
    if (testing::Test::HasFailure()) break;
  }
  return skipped;
}

TEST(WatchPrefilter, TellsTheSameOfRealLogs) {
  const auto as_it_is = [](const std::string& log, std::mt19937_64*) { return log; };
  EXPECT_GT(ExpectTwinsOfAll(as_it_is, 1, 100'000), 3'000u);
}

std::vector<std::string_view> LinesOf(std::string_view log) {
  std::vector<std::string_view> lines;
  while (!log.empty()) {
    const size_t size = std::min(log.find('\n'), log.size() - 1) + 1;
    lines.push_back(log.substr(0, size));
    log.remove_prefix(size);
  }
  return lines;
}

// Chatter between the lines: much of it in one second, some from another day, with a second time, in seconds,
// without any, out of order.
std::string Chatter(std::mt19937_64* random, int64_t* time_ms) {
  const auto one_in = [random](uint64_t n) { return (*random)() % n == 0; };
  if (one_in(3)) *time_ms += static_cast<int64_t>((*random)() % 700);
  int64_t ms = *time_ms - (one_in(8) ? static_cast<int64_t>((*random)() % 3'000) : 0);
  if (one_in(60)) ms += 5 * 3'600'000;
  if (one_in(40))
    return R"({"level":"info","msg":"no time"})"
           "\n";
  const std::string time = FormatTime(ms * 1'000'000), start = FormatTime((*time_ms - 40'000) * 1'000'000);
  if (one_in(5))
    return absl::StrFormat(R"({"level":"info","ts":%d.%03d,"msg":"tick"})"
                           "\n",
                           ms / 1000, ms % 1000);
  if (one_in(7))
    return absl::StrFormat(R"({"level":"info","time":"%s","msg":"up since 03:00:00"})"
                           "\n",
                           time);
  if (one_in(7))
    return absl::StrFormat(R"({"level":"info","time":"%sZ","msg":"x"})"
                           "\n",
                           time.substr(0, 19));
  if (one_in(9))
    return absl::StrFormat(R"({"level":"info","time":"%s","msg":"x"})"
                           "\n",
                           time.substr(11, 8));
  return absl::StrFormat(R"({"began":"%s","level":"info","time":"%s","msg":"GET / 200"})"
                         "\n",
                         start, time);
}

std::string WithChatter(const std::string& log, std::mt19937_64* random) {
  std::string all;
  int64_t time_ms = 1'780'200'000'000;
  for (const std::string_view line : LinesOf(log)) {
    all += line;
    if (line.starts_with('{') && (*random)() % 4 == 0) {
      for (uint64_t left = (*random)() % 30; left > 0; --left) all += Chatter(random, &time_ms);
    }
    if ((*random)() % 50 == 0) all += line;
  }
  return all;
}

TEST(WatchPrefilter, TellsTheSameOfLogsFullOfChatter) {
  EXPECT_GT(ExpectTwinsOfAll(WithChatter, 2, 50'000), 3'000u);
}

// Celery's workers, densely: 20 tasks at a time, of which some lose a write.
std::string DenseLog(uint64_t seed, size_t lines) {
  std::mt19937_64 random(seed);
  std::string log;
  int64_t time_ms = 1'780'200'000'000;
  for (size_t i = 0; i < lines; ++i) {
    if (random() % 4 == 0) ++time_ms;
    if (random() % 2000 == 0) time_ms += static_cast<int64_t>(random() % 20'000);
    const int64_t ms = time_ms - (random() % 20 == 0 ? static_cast<int64_t>(random() % 900) : 0);
    const uint64_t task = i / 200 * 20 + random() % 20;
    const auto line = [&](const char* level, const std::string& message) {
      log += absl::StrFormat(
          R"({"time":"%s","level":"%s","message":"%s","task_id":"7c3d2f8e-0000-4000-a000-%012d"})"
          "\n",
          FormatTime(ms * 1'000'000), level, message, task);
    };
    const std::string id = absl::StrFormat("7c3d2f8e-0000-4000-a000-%012d", task);
    switch (random() % 80) {
      case 0:
        line("INFO", "Task media.reindex[" + id + "] received");
        break;
      case 1:
        line("INFO", "Task media.reindex[" + id + "] succeeded in 0.2s: None");
        break;
      case 2:
        line("ERROR", "primary write failed: no such field 'x'");
        break;
      case 3:
        line("INFO", "primary write ok after retry");
        break;
      default:
        line("INFO", "GET /healthz 200");
        break;
    }
  }
  return log;
}

TEST(WatchPrefilter, TellsTheSameOfDenseLogs) {
  uint64_t skipped = 0;
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    std::mt19937_64 random(seed);
    const std::string log = DenseLog(seed, 10'000);
    skipped += ExpectTwins(log, {seed % 2 == 0 ? 200'000u : 5'000u, 0, 3}, &random);
  }
  EXPECT_GT(skipped, 15'000u);
}

// Records before the first one with a time take its time, which need not be one that has to be read. Of two
// streams, so that it tells how the events of both are ordered.
TEST(WatchPrefilter, TellsTheSameOfLogsWhoseFirstRecordsTellNoTime) {
  uint64_t skipped = 0;
  for (unsigned seed = 1; seed <= 100 && !testing::Test::HasFailure(); ++seed) {
    std::mt19937 random(seed);
    std::string logs[] = {UntimedLog(&random), UntimedLog(&random)};
    std::unique_ptr<WatchFold> fast = NewFold(true, 0), slow = NewFold(false, 0);
    for (WatchFold* fold : {fast.get(), slow.get()}) {
      for (const char* name : {"a", "b"}) {
        LivePosition from;
        from.source = name;
        fold->AddStream(from, std::nullopt);
      }
    }
    while (!logs[0].empty() || !logs[1].empty()) {
      const uint32_t stream = random() % 2;
      const size_t size = std::min<size_t>(random() % 2000, logs[stream].size());
      for (WatchFold* fold : {fast.get(), slow.get()}) fold->Feed(stream, logs[stream].substr(0, size));
      logs[stream].erase(0, size);
      EXPECT_EQ(Told(fast.get()), Told(slow.get())) << "of " << seed;
    }
    const WatchFigures figures = fast->Figures();
    skipped += figures.lines - figures.records - figures.malformed;
    EXPECT_EQ(RestOf(fast.get()), RestOf(slow.get())) << "of " << seed;
  }
  EXPECT_GT(skipped, 1000u);
}

TEST(EventTime, OneWrongClockDoesNotCount) {
  EventTime time;
  time.See(kDay);
  time.See(9 * kDay);
  time.See(kDay + kSecond, 0);
  EXPECT_EQ(time.greatest_ns, kDay + kSecond);
  for (uint32_t i = 1; i < EventTime::kWitnesses; ++i) time.See(5 * kDay + i);
  EXPECT_EQ(time.greatest_ns, kDay + kSecond);
  time.See(5 * kDay + kSecond);
  EXPECT_EQ(time.greatest_ns, 5 * kDay + kSecond);
}

// A job that says much within a few seconds, and then nothing for a day.
TEST(EventTime, LinesThatTellTheSameTimeAreWitnesses) {
  EventTime time;
  time.See(kDay);
  time.See(2 * kDay);
  time.See(2 * kDay + 1, 40);
  EXPECT_EQ(time.greatest_ns, kDay);
  time.See(2 * kDay + 2, 40);
  EXPECT_EQ(time.greatest_ns, 2 * kDay + 2);
}

}  // namespace
}  // namespace gainsay
