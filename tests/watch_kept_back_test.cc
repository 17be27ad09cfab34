// journald keeps messages of a unit back when it writes too many at once, and says so: what that unit did
// then is never called clean.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "builtin_engine.h"
#include "pipeline_watch.h"
#include "record/kept_back.h"

namespace gainsay {
namespace {

constexpr uint64_t kBegin = 1'780'000'000'000'000;  // µs

class Journal {
 public:
  void Entry(const std::string& unit, const std::string& message) {
    absl::StrAppend(&text_, Head(), "\"_SYSTEMD_UNIT\":\"", unit, "\",\"_PID\":\"7\",\"_HOSTNAME\":\"h\",",
                    "\"MESSAGE\":\"", message, "\"}\n");
  }
  void KeptBack(const std::string& unit, uint64_t messages, const std::string& transport = "driver") {
    absl::StrAppend(
        &text_, Head(), "\"_SYSTEMD_UNIT\":\"systemd-journald.service\",\"_TRANSPORT\":\"", transport,
        "\",\"MESSAGE_ID\":\"a596d6fe7bfa4994828e72309e95d61e\",\"PRIORITY\":\"6\",\"N_DROPPED\":\"",
        messages, "\",\"OBJECT_SYSTEMD_UNIT\":\"", unit, "\",\"MESSAGE\":\"Suppressed ", messages,
        " messages from ", unit, "\"}\n");
  }
  void Celery(const std::string& unit, int task, const std::string& what) {
    Entry(unit, absl::StrCat("[2026-05-28 00:00:00,000: INFO/MainProcess] Task a.b[0000000", task,
                             "-0000-4000-8000-000000000000] ", what));
  }
  const std::string& text() const { return text_; }

 private:
  std::string Head() {
    const uint64_t us = kBegin + ++entries_ * 1'000'000;
    return absl::StrCat("{\"__CURSOR\":\"s=a;i=", absl::Hex(entries_), ";t=", absl::Hex(us),
                        "\",\"__REALTIME_TIMESTAMP\":\"", us, "\",");
  }
  std::string text_;
  uint64_t entries_ = 0;
};

// Two units at work; one is kept quiet while its tasks 2 and 3 run, and before its task 4.
Journal Work() {
  Journal log;
  for (const int task : {1, 2}) log.Celery("worker.service", task, "received");
  log.Celery("other.service", 5, "received");
  log.Celery("worker.service", 1, "succeeded in 0.2s: None");
  log.Celery("worker.service", 3, "received");
  log.KeptBack("worker.service", 123);
  log.Celery("worker.service", 4, "received");
  for (const int task : {2, 4}) log.Celery("worker.service", task, "succeeded in 0.2s: None");
  log.Celery("other.service", 5, "succeeded in 0.2s: None");
  return log;
}

std::vector<std::string> Watch(const std::string& text, size_t most, uint64_t seed) {
  WatchOptions options;
  options.all_tasks = true;
  auto fold = WatchFold::Make(BuiltinEngine(), options);
  EXPECT_TRUE(fold.ok());
  LivePosition from;
  from.source = "-";
  const uint32_t stream = (*fold)->AddStream(from, std::nullopt);
  std::mt19937_64 random(seed);
  for (size_t at = 0, size = 0; at < text.size(); at += size) {
    size = std::min<size_t>(1 + random() % most, text.size() - at);
    (*fold)->Feed(stream, std::string_view(text).substr(at, size));
  }
  const absl::StatusOr<Document> rest = (*fold)->Finish();
  EXPECT_TRUE(rest.ok());
  std::vector<std::string> told;
  for (const WatchLine& line : (*fold)->Take()) told.push_back(line.json);
  told.push_back(absl::StrCat("exit ", rest->summary.exit_code));
  return told;
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) all += line + "\n";
  return all;
}

std::string VerdictOf(const std::vector<std::string>& told, int task) {
  for (const std::string& line : told) {
    if (line.find(absl::StrCat("\"task\":\"0000000", task)) == std::string::npos) continue;
    const size_t at = line.find("\"verdict\":\"") + 11;
    return line.substr(at, line.find('"', at) - at);
  }
  return "";
}

TEST(KeptBack, TasksOfThatUnitThatWereOpenAreInconclusive) {
  const std::vector<std::string> told = Watch(Work().text(), SIZE_MAX, 1);
  EXPECT_EQ(VerdictOf(told, 1), "clean") << Joined(told);
  EXPECT_EQ(VerdictOf(told, 2), "inconclusive") << Joined(told);
  EXPECT_EQ(VerdictOf(told, 3), "inconclusive") << Joined(told);
  EXPECT_EQ(VerdictOf(told, 4), "clean") << Joined(told);
  EXPECT_EQ(VerdictOf(told, 5), "clean") << Joined(told);
  EXPECT_EQ(told.front(),
            "{\"type\":\"gap\",\"source\":\"-\",\"offset\":1279,\"time\":\"2026-05-28T00:00:00Z\",\"why\":"
            "\"journald kept back messages of worker.service, which wrote too many at once\","
            "\"unit\":\"worker.service\",\"lost_lines\":123}");
  EXPECT_EQ(told.back(), "exit 3");
}

TEST(KeptBack, ItDoesNotMatterHowBytesArrive) {
  const std::string whole = Joined(Watch(Work().text(), SIZE_MAX, 1));
  for (uint64_t seed = 2; seed < 20; ++seed) EXPECT_EQ(Joined(Watch(Work().text(), 700, seed)), whole);
  EXPECT_EQ(Joined(Watch(Work().text(), 1, 1)), whole);
}

TEST(KeptBack, OnlyJournaldIsBelieved) {
  Journal log;
  log.KeptBack("a.service", 3, "stdout");
  log.Entry("b.service", "Suppressed 12 messages from c.service");
  log.Entry("b.service", "a596d6fe7bfa4994828e72309e95d61e");
  EXPECT_TRUE(KeptBackIn(log.text()).empty());
  EXPECT_TRUE(KeptBackIn("a596d6fe7bfa4994828e72309e95d61e").empty());
  EXPECT_TRUE(KeptBackIn("").empty());
}

TEST(KeptBack, IsFoundInItsPlace) {
  Journal log;
  log.Entry("b.service", "x");
  const size_t begin = log.text().size();
  log.KeptBack("/system.slice/a\\\\x2db.service", 3);
  log.Entry("b.service", "y");
  log.KeptBack("c.service", 4);
  const std::vector<KeptBack> found = KeptBackIn(log.text());
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].begin, begin);
  EXPECT_EQ(found[0].unit, "a\\x2db.service");
  EXPECT_EQ(found[0].messages, 3u);
  EXPECT_EQ(found[0].time_ns, static_cast<int64_t>(kBegin + 2'000'000) * 1000);
  EXPECT_EQ(found[1].unit, "c.service");
}

}  // namespace
}  // namespace gainsay
