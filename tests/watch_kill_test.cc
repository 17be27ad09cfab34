// The program itself, killed with -9 at random moments while a log is written and rotated, and made to fail
// at each of its calls by strace: no finding may be lost, and none may stand in findings.jsonl twice.
// GAINSAY_KILLS=1000 and GAINSAY_CALLS=1000 run it for long (the latter up to the last call of a run),
// GAINSAY_SEED=… anew, GAINSAY_PROGRAM=… with another build.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "temporary_directory.h"
#include "watch_process.h"

namespace gainsay {
namespace {

namespace fs = std::filesystem;

// A log of tasks of which one in three loses a write; of these some make it good after their end. Each line
// takes a tenth of a second.
class Log {
 public:
  // Several logs go by one clock, and have tasks of their own.
  Log(std::string path, uint64_t* clock, uint64_t number = 0)
      : path_(std::move(path)), clock_(clock), tasks_(number << 20) {
    std::ofstream create(path_);
  }

  const std::string& path() const { return path_; }

  void Task(std::mt19937_64* random) {
    ++tasks_;
    const std::string id = absl::StrFormat("%08x-0000-4000-8000-%012x", tasks_, tasks_);
    const bool loses = (*random)() % 3 == 0;
    Line("INFO", "celery.worker.strategy", "Task media.reindex[" + id + "] received", "");
    if (loses) {
      Line("ERROR", "media.index", "primary write failed: no such field 'tenant'\\nDETAIL: collection docs",
           id);
    }
    Line("INFO", "celery.app.trace", "Task media.reindex[" + id + "] succeeded in 0.2s: None", "");
    if (loses && (*random)() % 4 == 0) later_[tasks_ + 12] = id;  // long after it was told
    if (const auto late = later_.find(tasks_); late != later_.end())
      Line("INFO", "media.index", "primary write ok after retry 2", late->second);
  }

  void LetTimePass() {
    *clock_ += 1000;
    Line("INFO", "celery.beat", "beat: waking up", "");
  }

  // Cut anywhere: a reader meets lines of which half is there.
  void Flush(size_t most) {
    std::ofstream out(path_, std::ios::app | std::ios::binary);
    const size_t size = std::min(most, unwritten_.size());
    out.write(unwritten_.data(), static_cast<std::streamsize>(size));
    unwritten_.erase(0, size);
  }
  void Rotate() {
    Flush(unwritten_.find('\n') + 1);  // no writer leaves half a line behind
    fs::rename(path_, path_ + ".next");
    std::ofstream create(path_);
    fs::rename(path_ + ".next", path_ + absl::StrFormat("-%08d", 20000000 + ++rotations_));
  }

  // All that was ever written.
  void Copy(const std::string& to) const { std::ofstream(to, std::ios::binary) << whole_; }

 private:
  void Line(const char* level, const char* logger, const std::string& message, const std::string& task) {
    const absl::Time time = absl::FromUnixMillis(1'780'000'000'000) + ++*clock_ * absl::Milliseconds(100);
    std::string line = "{\"asctime\": \"" +
                       absl::FormatTime("%Y-%m-%d %H:%M:%E3S", time, absl::UTCTimeZone()) +
                       "\", \"levelname\": \"" + level + "\", \"name\": \"" + logger + "\", \"message\": \"" +
                       message + "\"";
    if (!task.empty()) line += ", \"task_id\": \"" + task + "\"";
    whole_ += line + "}\n";
    unwritten_ += line + "}\n";
  }

  std::string path_, whole_, unwritten_;
  std::map<uint64_t, std::string> later_;
  uint64_t* clock_;
  uint64_t tasks_, rotations_ = 0;
};

Words Watch(const TemporaryDirectory& temp, const std::string& checkpoint, const Words& more = {}) {
  Words words = {Program(),      "watch",
                 "-r",           "celery",
                 "-r",           "writes",
                 "--follow",     temp.At("app.log"),
                 "--state-dir",  temp.At("state"),
                 "-o",           "jsonl",
                 "--settle",     "1s",
                 "--lateness",   "500ms",
                 "--retain",     "30s",
                 "--checkpoint", checkpoint};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// Which files there are is known once a state says so; what was rotated away before was never seen. Gives the
// time from a start to that.
absl::Duration FirstLife(const TemporaryDirectory& temp, const Words& more) {
  const absl::Time begun = absl::Now();
  const pid_t child = Start(Watch(temp, "1s", more), temp.At("out"), temp.At("err"));
  while (!fs::exists(temp.At("state/state.b")) && absl::Now() - begun < absl::Seconds(60))
    absl::SleepFor(absl::Milliseconds(1));
  const absl::Duration took = absl::Now() - begun;
  kill(child, SIGKILL);
  End(child);
  return took;
}

// Until the watch has told everything, and then SIGTERM.
void WatchToTheEnd(const TemporaryDirectory& temp, const std::set<std::string>& expected,
                   const Words& more = {}) {
  const pid_t child = Start(Watch(temp, "200ms", more), temp.At("out"), temp.At("err"));
  const absl::Time deadline = absl::Now() + absl::Seconds(240);
  Told told(temp.At("state/findings.jsonl"));
  while (absl::Now() < deadline && told.Read().Contradictions() != expected)
    absl::SleepFor(absl::Milliseconds(50));
  kill(child, SIGTERM);
  const int end = End(child);
  EXPECT_TRUE(end == 0 || end == -SIGTERM /* it had only begun */) << end << Contents(temp.At("err"));
}

std::set<std::string> Scanned(const TemporaryDirectory& temp, const Log& log) {
  log.Copy(temp.At("whole.log"));
  const int code =
      End(Start({Program(), "scan", "-r", "celery", "-r", "writes", "-o", "jsonl", temp.At("whole.log")},
                temp.At("scan.jsonl"), temp.At("scan.err")));
  EXPECT_EQ(code, 1) << Contents(temp.At("scan.err"));
  return Read(temp.At("scan.jsonl")).Contradictions();
}

std::string Joined(const std::set<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += text + "\n";
  return all;
}

// One file is replayed line by line; of several, lines come in any order and are known by their keys.
void KillAtRandom(size_t files, uint64_t kills) {
  const TemporaryDirectory temp = TemporaryDirectory::InMemory();
  std::mt19937_64 random(Wanted("GAINSAY_SEED", 7));
  uint64_t clock = 0;
  std::vector<Log> logs;
  for (size_t i = 0; i < files; ++i) logs.emplace_back(temp.At(i == 0 ? "app.log" : "more.log"), &clock, i);
  Words more;
  if (files > 1) more = {"--follow", temp.At("more.log")};
  const std::string findings = temp.At("state/findings.jsonl");
  const auto start_ms = static_cast<uint64_t>(absl::ToInt64Milliseconds(FirstLife(temp, more))) + 20;
  Told told(findings);
  uint64_t on_its_way = 0;
  for (uint64_t life = 0; life < kills; ++life) {
    const uint64_t before = BytesOf(findings);
    const std::string checkpoint = std::to_string(1 + random() % 150) + "ms";
    const pid_t child = Start(Watch(temp, checkpoint, more), temp.At("out"), temp.At("err"));
    // One in four may die before it writes; the others, however slow the machine, soon after they did.
    const bool any_time = random() % 4 == 0;
    absl::Time death = absl::Now() + absl::Milliseconds(any_time ? random() % (4 * start_ms) : 20'000);
    bool written = any_time;
    while (absl::Now() < death) {
      if (!written && BytesOf(findings) > before) {
        written = true;
        death = absl::Now() + absl::Milliseconds(random() % (random() % 10 == 0 ? 2500 : 250));
      }
      Log& log = logs[random() % files];
      for (uint64_t tasks = random() % 6; tasks > 0; --tasks) log.Task(&random);
      log.Flush(random() % 3000);
      if (random() % 25 == 0) log.Rotate();
      // Now and then it is quiet for so long that time goes on without lines.
      const absl::Time on = absl::Now() + absl::Milliseconds(random() % 40 == 0 ? 1500 : random() % 20);
      absl::SleepFor(std::min(on, std::max(death, absl::Now())) - absl::Now());
    }
    kill(child, SIGKILL);
    ASSERT_EQ(End(child), -SIGKILL) << "it ended by itself\n" << Contents(temp.At("err"));
    ASSERT_EQ(told.Read().twice, "") << "after life " << life;
    on_its_way += BytesOf(findings) > before;
  }
  for (Log& log : logs) log.Flush(SIZE_MAX);
  std::set<std::string> expected;
  for (const Log& log : logs) expected.merge(Scanned(temp, log));
  WatchToTheEnd(temp, expected, more);
  const Answer answer = Read(findings);
  EXPECT_EQ(answer.twice, "");
  EXPECT_EQ(answer.gaps, 0u);
  EXPECT_EQ(Joined(answer.Contradictions()), Joined(expected));
  EXPECT_GT(expected.size(), 10u);
  // What was printed was printed at least once.
  const Answer printed = Read(temp.At("out"));
  for (const std::string& id : expected) EXPECT_TRUE(printed.verdicts.contains(id)) << id;
  std::cout << kills << " kills, " << on_its_way << " after something was written; " << expected.size()
            << " contradictions, " << answer.updates << " updates, " << answer.marks << " marks\n";
  if (testing::Test::HasFailure() && std::getenv("GAINSAY_KEEP") != nullptr)
    fs::copy(temp.path(), std::getenv("GAINSAY_KEEP"), fs::copy_options::recursive);
}

TEST(WatchKill, NothingIsLostOrToldTwice) { KillAtRandom(1, Wanted("GAINSAY_KILLS", 5)); }

TEST(WatchKill, OfSeveralFilesNothingIsLostOrToldTwice) { KillAtRandom(2, Wanted("GAINSAY_KILLS", 4)); }

// ---- Calls that fail ---------------------------------------------------------------

// Sixty tasks, and then a line so late that all of them are settled.
std::set<std::string> SmallLog(const TemporaryDirectory& temp) {
  std::mt19937_64 random(3);
  uint64_t clock = 0;
  Log log(temp.At("app.log"), &clock);
  for (int i = 0; i < 60; ++i) log.Task(&random);
  log.LetTimePass();
  log.Flush(SIZE_MAX);
  return Scanned(temp, log);
}

// Runs until it has told everything, ends, or its time is over.
int RunOnce(const TemporaryDirectory& temp, const Words& words, size_t expected) {
  const pid_t child = Start(words, temp.At("out"), temp.At("err"));
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  Told told(temp.At("state/findings.jsonl"));
  int status = 0;
  while (waitpid(child, &status, WNOHANG) == 0) {
    const bool done = told.Read().Contradictions().size() >= expected;
    if (done || absl::Now() > deadline) {
      absl::SleepFor(absl::Milliseconds(30));
      // The one that strace has started, and not strace, which would let go of it.
      const std::string pid = std::to_string(child);
      std::ifstream children("/proc/" + pid + "/task/" + pid + "/children");
      for (pid_t traced = 0; children >> traced;) kill(traced, SIGTERM);
    }
    absl::SleepFor(absl::Milliseconds(10));
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

// How often a run that is left alone makes this call.
uint64_t CallsOfARun(const std::string& call) {
  const TemporaryDirectory temp = TemporaryDirectory::InMemory();
  const std::set<std::string> expected = SmallLog(temp);
  Words words = {"strace", "-f", "-qq", "-o", temp.At("trace"), "-e", "trace=" + call, "-e", "signal=none"};
  for (const std::string& word : Watch(temp, "5ms")) words.push_back(word);
  RunOnce(temp, words, expected.size());
  const std::string trace = Contents(temp.At("trace"));
  return static_cast<uint64_t>(std::count(trace.begin(), trace.end(), '\n'));
}

TEST(WatchKill, FailingAtAnyCallItLosesNothingAndTellsNothingTwice) {
  setenv("ASAN_OPTIONS", "detect_leaks=0", 0);  // which can't be traced
  if (std::system("strace -qq -o /dev/null true 2>/dev/null") != 0) GTEST_SKIP() << "strace can't trace here";
  const uint64_t most = Wanted("GAINSAY_CALLS", 0);  // 0: a few of them
  int runs = 0, failed = 0;
  std::map<int, int> ends;
  std::map<std::string, uint64_t> calls;
  for (const std::string call : {"pwrite64", "fdatasync", "fsync", "renameat", "unlinkat", "ftruncate"}) {
    for (const std::string how : {"error=EIO", "error=ENOSPC", "signal=KILL"}) {
      calls[call] = most == 0 ? 1 : std::min(most, CallsOfARun(call));
      for (uint64_t i = 1; i <= calls[call]; ++i) {
        if (most == 0 && (runs + failed + call.size() + how.size()) % 3 != 0 && call != "fdatasync") continue;
        const TemporaryDirectory temp = TemporaryDirectory::InMemory();
        const std::set<std::string> expected = SmallLog(temp);
        const std::string inject = "inject=" + call + ":" + how + ":when=" + std::to_string(i);
        Words words = {"strace", "-f", "-qq", "-o", "/dev/null", "-e", inject};
        for (const std::string& word : Watch(temp, "5ms")) words.push_back(word);
        const int end = RunOnce(temp, words, expected.size());
        EXPECT_TRUE(end == 0 || end == 4 || end == -SIGKILL || end == 128 + SIGKILL || end == -SIGTERM)
            << inject << ": " << end << Contents(temp.At("err"));
        ++runs;
        failed += end != 0;
        ++ends[end];
        WatchToTheEnd(temp, expected);
        const Answer answer = Read(temp.At("state/findings.jsonl"));
        EXPECT_EQ(answer.twice, "") << inject;
        EXPECT_EQ(Joined(answer.Contradictions()), Joined(expected)) << inject;
      }
    }
  }
  std::cout << runs << " runs";
  for (const auto& [call, count] : calls) std::cout << "; " << count << " of " << call;
  for (const auto& [end, times] : ends) std::cout << "; ended with " << end << ": " << times;
  std::cout << "\n";
}

TEST(WatchKill, AFullDiskStopsNoFinding) {
  const TemporaryDirectory temp;
  const std::string disk = temp.At("disk");
  fs::create_directory(disk);
  if (mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=1m,mode=0700") != 0)
    GTEST_SKIP() << "mount is not allowed here";
  const std::set<std::string> expected = SmallLog(temp);
  Words words = Watch(temp, "20ms");
  *std::find(words.begin(), words.end(), temp.At("state")) = disk;
  words.insert(words.end(), {"-o", "prometheus=" + temp.At("metrics")});
  // Nothing but two pages is left.
  Put(disk + "/filler", std::string((size_t{1} << 20) - 3 * 4096, 'x'));
  const pid_t child = Start(words, temp.At("out"), temp.At("err"));
  const absl::Time deadline = absl::Now() + absl::Seconds(60);
  auto wait = [&](const std::function<bool()>& done) {
    while (!done() && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(20));
    return done();
  };
  EXPECT_TRUE(wait([&] { return Read(temp.At("out")).Contradictions() == expected; })) << "told elsewhere";
  EXPECT_TRUE(wait([&] {
    return Contents(temp.At("err")).find("no checkpoint can be written") != std::string::npos;
  })) << Contents(temp.At("err"));
  fs::remove(disk + "/filler");
  EXPECT_TRUE(wait([&] {
    return Contents(temp.At("err")).find("there is space again") != std::string::npos;
  })) << Contents(temp.At("err"));
  kill(child, SIGTERM);
  EXPECT_EQ(End(child), 0);
  EXPECT_EQ(Contents(temp.At("metrics")).find("gainsay_checkpoint_failures_total 0"), std::string::npos);
  EXPECT_EQ(Joined(Read(disk + "/findings.jsonl").Contradictions()), Joined(expected));
  EXPECT_EQ(Read(disk + "/findings.jsonl").twice, "");
  umount(disk.c_str());
}

}  // namespace
}  // namespace gainsay
