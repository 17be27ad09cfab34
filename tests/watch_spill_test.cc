// The program behind a pipe, while its own output stands still: whoever writes is not held up, what finds no
// room is told, and what waited is judged after a restart.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "temporary_directory.h"
#include "watch_process.h"

namespace gainsay {
namespace {

// A program that says so much for each task that nobody need read it for long to stop it, and a fifo from
// which we read when we like.
class Stuck : public testing::Test {
 protected:
  void SetUp() override {
    if (access("/dev/shm", W_OK) == 0) setenv("TMPDIR", "/dev/shm", 0);
    ASSERT_EQ(mkfifo(temp_.At("in").c_str(), 0600), 0);
    ASSERT_EQ(mkfifo(temp_.At("out").c_str(), 0600), 0);
    signal(SIGPIPE, SIG_IGN);
  }
  ~Stuck() override {
    if (in_ >= 0) close(in_);
    if (out_ >= 0) close(out_);
  }

  // The program opens both fifos; so do we, at once for reading and writing, so that nobody waits.
  void StartIt(const Words& more, const std::string& state = "") {
    if (out_ < 0) out_ = open(temp_.At("out").c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    in_ = open(temp_.At("in").c_str(), O_RDWR | O_CLOEXEC);
    Words words = {GAINSAY_BINARY, "watch",       "-r",          "celery",   "-r",      "writes",   "-o",
                   "jsonl",        "--all-tasks", "-q",          "--retain", "1s",      "--settle", "1s",
                   "--lateness",   "0s",          "--max-block", "50ms",     "--queue", "256KiB"};
    words.insert(words.end(), {"--state-dir", state.empty() ? temp_.At("state") : state});
    words.insert(words.end(), {"-o", "prometheus=" + temp_.At("metrics")});
    words.insert(words.end(), more.begin(), more.end());
    child_ = Start(words, temp_.At("out"), temp_.At("err"), temp_.At("in"));
  }

  // So many tasks, each with its line of an id; every tenth loses a write. Gives how long the writing took.
  absl::Duration Write(uint64_t tasks) {
    const absl::Time begun = absl::Now();
    std::string lines;
    for (uint64_t i = 0; i < tasks; ++i) {
      ++task_;
      const std::string id = absl::StrFormat("%08x-0000-4000-8000-%012x", task_, task_);
      Line("INFO", "Task media.reindex[" + id + "] received " + std::string(200, 'x'), "", &lines);
      if (task_ % 10 == 0) Line("ERROR", "primary write failed: no such field 'a'", id, &lines);
      Line("INFO", "Task media.reindex[" + id + "] succeeded in 0.2s: None", "", &lines);
      if (i + 1 == tasks || lines.size() > 60'000) {
        const std::string block = std::exchange(lines, "");
        for (size_t at = 0; at < block.size();) {
          const ssize_t n = write(in_, block.data() + at, block.size() - at);
          if (n <= 0) return absl::InfiniteDuration();
          at += static_cast<size_t>(n);
        }
        written_ += block.size();
      }
    }
    return absl::Now() - begun;
  }
  void Line(const char* level, const std::string& message, const std::string& task, std::string* lines) {
    const absl::Time time = absl::FromUnixMillis(1'780'000'000'000) + ++clock_ * absl::Milliseconds(100);
    absl::StrAppend(lines, "{\"asctime\":\"",
                    absl::FormatTime("%Y-%m-%d %H:%M:%E3S", time, absl::UTCTimeZone()), "\",\"levelname\":\"",
                    level, "\",\"message\":\"", message, "\"");
    if (!task.empty()) absl::StrAppend(lines, ",\"task_id\":\"", task, "\"");
    absl::StrAppend(lines, "}\n");
  }

  // Reads what it says until `done`, or a minute has passed.
  bool ReadUntil(const std::function<bool()>& done) {
    const absl::Time deadline = absl::Now() + absl::Seconds(60);
    std::string block(size_t{1} << 16, '\0');
    while (!done() && absl::Now() < deadline) {
      if (read(out_, block.data(), block.size()) <= 0) absl::SleepFor(absl::Milliseconds(5));
    }
    return done();
  }
  void CloseInput() { close(std::exchange(in_, -1)); }
  int EndIt(int signal = 0) {
    if (signal != 0) kill(child_, signal);
    int status = 0;
    EXPECT_TRUE(ReadUntil([&] { return waitpid(child_, &status, WNOHANG) != 0; }));
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  double Metric(const std::string& name) const {
    const std::string text = "\n" + Contents(temp_.At("metrics"));
    const size_t at = text.find("\n" + name + " ");
    return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
  }
  std::string Findings() const { return Contents(temp_.At("state/findings.jsonl")); }
  Answer Told() const { return gainsay::Read(temp_.At("state/findings.jsonl")); }
  std::string Err() const { return Contents(temp_.At("err")); }

  const TemporaryDirectory temp_;
  int in_ = -1, out_ = -1;
  pid_t child_ = 0;
  uint64_t task_ = 0, clock_ = 0, written_ = 0;
};

constexpr uint64_t kTasks = 4'000;  // two megabytes: more than memory takes

TEST_F(Stuck, WhatFitsIntoTheSpillFileIsJudged) {
  StartIt({});
  EXPECT_LT(Write(kTasks), absl::Seconds(30));  // though nobody reads what it says
  CloseInput();
  EXPECT_EQ(EndIt(), 1) << Err();
  EXPECT_EQ(Told().Contradictions().size(), kTasks / 10);
  EXPECT_EQ(Told().gaps, 0u);
  EXPECT_GT(Metric("gainsay_spilled_bytes_total"), 1e5);
  EXPECT_EQ(Metric("gainsay_lost_bytes_total"), 0);
  EXPECT_FALSE(std::filesystem::exists(temp_.At("state/spill")));
}

TEST_F(Stuck, WhatFindsNoRoomIsAGap) {
  StartIt({"--spill", "512KiB"});
  EXPECT_LT(Write(kTasks), absl::Seconds(30));
  CloseInput();
  EXPECT_EQ(EndIt(), 1) << Err();
  EXPECT_EQ(Told().gaps, 1u);
  EXPECT_LT(Told().Contradictions().size(), kTasks / 10);
  EXPECT_NE(Err().find("of the input are lost"), std::string::npos) << Err();
  EXPECT_GT(Metric("gainsay_lost_bytes_total"), 1e5);
  EXPECT_GT(Metric("gainsay_lost_lines_total"), 500);
  // All that was written was judged, or is counted as lost.
  const std::string all = Findings();
  const size_t at = all.find("\"lost_bytes\":");
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(std::stoull(all.substr(at + 13)), static_cast<uint64_t>(Metric("gainsay_lost_bytes_total")));
  EXPECT_EQ(static_cast<uint64_t>(Metric("gainsay_lost_bytes_total") + Metric("gainsay_read_bytes_total")),
            written_);
}

// Killed while most of it waits in the file: the next one judges that, and tells that there may be more.
TEST_F(Stuck, KilledItGoesOnWithTheSpillFile) {
  StartIt({"--checkpoint", "10ms"});
  EXPECT_LT(Write(kTasks), absl::Seconds(30));
  // Until memory was used up, and what comes is from the file.
  EXPECT_TRUE(ReadUntil([&] { return Told().Contradictions().size() > kTasks / 10 * 6 / 10; }));
  absl::SleepFor(absl::Milliseconds(100));  // a state is written
  EXPECT_EQ(EndIt(SIGKILL), -SIGKILL);
  CloseInput();
  StartIt({});
  CloseInput();
  EXPECT_EQ(EndIt(), 1) << Err();
  EXPECT_EQ(Told().twice, "");
  EXPECT_EQ(Told().gaps, 1u);
  // The last ones stood in the pipe, or were open when it died.
  EXPECT_GE(Told().Contradictions().size(), kTasks / 10 - 200);
}

TEST_F(Stuck, StoppedItLeavesWhatWaitsToTheNextOne) {
  StartIt({});
  EXPECT_LT(Write(kTasks), absl::Seconds(30));
  EXPECT_EQ(EndIt(SIGTERM), 0) << Err();
  CloseInput();
  EXPECT_TRUE(std::filesystem::exists(temp_.At("state/spill")));
  StartIt({});
  CloseInput();
  EXPECT_EQ(EndIt(), 1) << Err();
  EXPECT_EQ(Told().twice, "");
  EXPECT_GE(Told().Contradictions().size(), kTasks / 10 - 200);
}

TEST_F(Stuck, AFullDiskTakesNothingAndBreaksNothing) {
  const std::string disk = temp_.At("disk");
  std::filesystem::create_directory(disk);
  if (mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=1m,mode=0700") != 0)
    GTEST_SKIP() << "mount is not allowed here";
  StartIt({}, disk);
  EXPECT_LT(Write(kTasks), absl::Seconds(30));
  CloseInput();
  EXPECT_EQ(EndIt(), 1) << Err();
  EXPECT_GT(Metric("gainsay_lost_bytes_total"), 1e5) << Err();
  EXPECT_GT(Metric("gainsay_contradictions_total"), -2);
  umount(disk.c_str());
}

}  // namespace
}  // namespace gainsay
