// The program behind a pipe, killed at random while most of what it took waits in the spill file, and made to
// fail at each call on that file. What stands there when it dies is judged by the next one, and nothing is
// told twice; what was in memory alone is gone, and a gap says so.
// GAINSAY_KILLS=1000, GAINSAY_CALLS=1000, GAINSAY_SEED=… and GAINSAY_PROGRAM=… as in watch_kill_test.cc.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <random>
#include <set>
#include <sstream>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "watch/disk.h"
#include "watch/spill_file.h"
#include "watch_stuck.h"

namespace gainsay {
namespace {

namespace fs = std::filesystem;

std::string BootId() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

// What a process would find there.
std::string TextOf(const std::string& spill_file) {
  const TemporaryDirectory temp;
  const std::unique_ptr<Disk> disk = *OpenDirectory(temp.At("state"));
  fs::copy_file(spill_file, temp.At("state/spill"));
  const std::unique_ptr<SpillFile> spill = *SpillFile::Open(disk.get(), {1, 0, BootId()});
  std::string text(spill->size(), '\0');
  for (size_t at = 0; at < text.size();) {
    const int64_t n = spill->Read(text.data() + at, text.size() - at);
    if (n <= 0) return "";
    at += static_cast<size_t>(n);
  }
  return text;
}

class SpillLives : public StuckWatch {
 protected:
  // The tasks that lose a write and of which all lines stand in the file, but for a first one that may be the
  // rest of a line.
  void Promise() {
    if (!fs::exists(temp_.At("state/spill"))) return;
    std::istringstream text(TextOf(temp_.At("state/spill")));
    std::string line, begun;
    bool lost_write = false;
    for (std::getline(text, line); std::getline(text, line) && !text.eof();) {
      const size_t id = line.find("reindex[");
      if (id == std::string::npos) {
        lost_write = true;
      } else if (line.find("] received") != std::string::npos) {
        begun = line.substr(id + 8, 36);
        lost_write = false;
      } else if (lost_write && line.substr(id + 8, 36) == begun) {
        promised_.insert(begun);
      }
    }
  }

  // The tasks that were told of.
  std::set<std::string> Tasks() const {
    std::set<std::string> tasks;
    std::istringstream findings(Findings());
    for (std::string line; std::getline(findings, line);) {
      if (Value(line, "type") == "finding") tasks.insert(Value(line, "task"));
    }
    return tasks;
  }

  uint64_t Broken() const {
    const std::set<std::string> told = Tasks();
    return static_cast<uint64_t>(std::count_if(promised_.begin(), promised_.end(),
                                               [&](const auto& task) { return !told.contains(task); }));
  }

  void ReadSome(uint64_t blocks) {
    std::string block(size_t{1} << 14, '\0');
    for (; blocks > 0; --blocks) {
      if (read(out_, block.data(), block.size()) <= 0) return;
    }
  }

  // One in five first gets to the end of what it found. Writes more than is read, until it is time to die.
  void Live(std::mt19937_64* random) {
    if ((*random)() % 5 == 0) {
      const absl::Time patience = absl::Now() + absl::Seconds(10);
      ReadUntil([&] { return BytesOf(temp_.At("state/spill")) == 0 || absl::Now() > patience; });
    }
    const uint64_t before = BytesOf(temp_.At("state/findings.jsonl"));
    const bool any_time = (*random)() % 4 == 0;
    bool written = any_time;
    absl::Time death = absl::Now() + absl::Milliseconds(any_time ? (*random)() % 200 : 20'000);
    while (absl::Now() < death) {
      if (!written && BytesOf(temp_.At("state/findings.jsonl")) > before) {
        written = true;
        death = absl::Now() + absl::Milliseconds((*random)() % 150);
      }
      if ((*random)() % 3 == 0) Write((*random)() % 300);
      ReadSome((*random)() % 8);
      absl::SleepFor(absl::Milliseconds((*random)() % 8));
    }
  }

  std::set<std::string> promised_;
};

class SpillKill : public testing::Test, protected SpillLives {};

TEST_F(SpillKill, WhatIsInTheFileIsNeitherLostNorToldTwice) {
  std::mt19937_64 random(Wanted("GAINSAY_SEED", 11));
  const uint64_t kills = Wanted("GAINSAY_KILLS", 5);
  uint64_t spilled = 0;
  for (uint64_t life = 0; life < kills; ++life) {
    const std::string checkpoint = std::to_string(1 + random() % 150) + "ms";
    StartIt({"--checkpoint", checkpoint, "--spill", random() % 2 == 0 ? "64MiB" : "200MiB"});
    Live(&random);
    const int signal = random() % 5 == 0 ? SIGTERM : SIGKILL;
    const int end = EndIt(signal);
    ASSERT_TRUE(end == -signal || (end == 0 && signal == SIGTERM)) << end << Err();
    ASSERT_EQ(Told().twice, "") << "after life " << life;
    const size_t before = promised_.size();
    Promise();
    spilled += promised_.size() > before;
  }
  StartIt({"--spill", "200MiB"});
  CloseInput();
  EXPECT_EQ(EndIt(), 1) << Err();
  EXPECT_EQ(Told().twice, "");
  EXPECT_EQ(Broken(), 0u);
  for (const std::string& task : Tasks()) EXPECT_EQ(std::stoul(task, nullptr, 16) % 10, 0u) << task;
  EXPECT_TRUE(Tasks().size() == task_ / 10 || Told().gaps > 0);
  EXPECT_TRUE(kills < 50 || promised_.size() > kills);  // a few may all have died too early
  std::cout << kills << " kills, " << spilled << " with lies in the file, " << promised_.size() << " of "
            << task_ / 10 << " in all; " << Tasks().size() << " told, " << Told().gaps << " gaps\n";
}

// ---- Calls on the file that fail ------------------------------------------------------

constexpr uint64_t kTasks = 1'500;  // more than memory takes

class SpillFault : public SpillLives {
 public:
  // How often a run that is left alone makes this call.
  uint64_t CallsOfARun(const std::string& call) {
    Trace({"-o", temp_.At("trace"), "-e", "trace=" + call, "-e", "signal=none"});
    EXPECT_TRUE(Run());
    EXPECT_EQ(EndIt(), 1) << Err();
    const std::string trace = Contents(temp_.At("trace"));
    return static_cast<uint64_t>(std::count(trace.begin(), trace.end(), '\n'));
  }

  // The call fails: what was read was judged, or is counted as lost.
  void Fail(const std::string& inject) {
    SCOPED_TRACE(inject);
    Trace({"-o", "/dev/null", "-e", "inject=" + inject});
    EXPECT_TRUE(Run());
    EXPECT_EQ(EndIt(), 1) << Err();
    EXPECT_EQ(Told().twice, "");
    const double lost = Metric("gainsay_lost_bytes_total");
    EXPECT_EQ(static_cast<uint64_t>(lost + Metric("gainsay_read_bytes_total")), written_);
    EXPECT_EQ(Told().gaps > 0, lost > 0);
    EXPECT_TRUE(lost > 0 || Tasks().size() == kTasks / 10) << Tasks().size();
  }

  // It dies there, unless it does not get so far. The next one goes on.
  void Die(const std::string& inject) {
    SCOPED_TRACE(inject);
    Trace({"-o", "/dev/null", "-e", "inject=" + inject});
    Run();
    const int end = EndIt();
    EXPECT_TRUE(end == 1 || end == -SIGKILL || end == 128 + SIGKILL) << end << Err();
    Promise();
    runner_.clear();
    StartIt({});
    CloseInput();
    const int rest = EndIt();
    EXPECT_EQ(rest, Tasks().empty() ? 3 : 1) << Err();
    EXPECT_EQ(Told().twice, "");
    EXPECT_EQ(Broken(), 0u);
  }

 private:
  void Trace(const Words& how) {
    runner_ = {"strace", "-f", "-qq", "-P", temp_.At("state/spill"), "-P", "spill"};
    runner_.insert(runner_.end(), how.begin(), how.end());
  }
  // False: it did not take everything.
  bool Run() {
    StartIt({"--checkpoint", "5ms"});
    const bool taken = Write(kTasks) != absl::InfiniteDuration();
    CloseInput();
    return taken;
  }
};

TEST(SpillFault, FailingAtAnyCallNothingIsLostUnsaid) {
  setenv("ASAN_OPTIONS", "detect_leaks=0", 0);  // which can't be traced
  if (std::system("strace -qq -o /dev/null true 2>/dev/null") != 0) GTEST_SKIP() << "strace can't trace here";
  const uint64_t most = Wanted("GAINSAY_CALLS", 1);
  uint64_t runs = 0;
  const Words few = {"pwrite64", "pread64"}, all = {"pwrite64", "pread64", "ftruncate", "openat", "unlinkat"};
  for (const std::string& call : most == 1 ? few : all) {
    const uint64_t calls = SpillFault().CallsOfARun(call);
    EXPECT_GT(calls, 0u) << call;
    std::cout << calls << " of " << call << "; ";
    const uint64_t first = most == 1 ? (calls + 1) / 2 : 1;
    for (uint64_t i = first; i < first + std::min(most, calls); ++i) {
      const std::string when = ":when=" + std::to_string(i);
      SpillFault().Fail(call + ":error=EIO" + when);
      SpillFault().Die(call + ":signal=KILL" + when);
      if (call != "pread64") SpillFault().Fail(call + ":error=ENOSPC" + when);
      runs += call == "pread64" ? 2 : 3;
    }
  }
  std::cout << runs << " runs\n";
}

}  // namespace
}  // namespace gainsay
