// A watch behind a pipe whose own output stands still: what is written waits in memory, then in the spill
// file. For tests of both.
#ifndef GAINSAY_TESTS_WATCH_STUCK_H_
#define GAINSAY_TESTS_WATCH_STUCK_H_

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "temporary_directory.h"
#include "watch_process.h"

namespace gainsay {

// A program that says so much for each task that nobody need read it for long to stop it, and a fifo from
// which we read when we like.
class StuckWatch {
 protected:
  StuckWatch() {
    EXPECT_EQ(mkfifo(temp_.At("in").c_str(), 0600), 0);
    EXPECT_EQ(mkfifo(temp_.At("out").c_str(), 0600), 0);
    signal(SIGPIPE, SIG_IGN);
  }
  ~StuckWatch() {
    if (in_ >= 0) close(in_);
    if (out_ >= 0) close(out_);
  }

  // The program opens both fifos; so do we, at once for reading and writing, so that nobody waits.
  void StartIt(const Words& more, const std::string& state = "") {
    if (out_ < 0) out_ = open(temp_.At("out").c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (in_ < 0) in_ = open(temp_.At("in").c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    Words words = runner_;
    const Words watch = {Program(),    "watch",       "-r",          "celery",   "-r",      "writes",   "-o",
                         "jsonl",      "--all-tasks", "-q",          "--retain", "1s",      "--settle", "1s",
                         "--lateness", "0s",          "--max-block", "50ms",     "--queue", "256KiB"};
    words.insert(words.end(), watch.begin(), watch.end());
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
        if (!WriteBlock(std::exchange(lines, ""), begun + absl::Minutes(1))) return absl::InfiniteDuration();
      }
    }
    return absl::Now() - begun;
  }
  // False: nobody takes it any more.
  bool WriteBlock(const std::string& block, absl::Time deadline) {
    for (size_t at = 0; at < block.size();) {
      const ssize_t n = write(in_, block.data() + at, block.size() - at);
      if (n < 0 && (errno != EAGAIN || Ended() || absl::Now() > deadline)) return false;
      if (n < 0) absl::SleepFor(absl::Microseconds(200));
      at += n < 0 ? 0 : static_cast<size_t>(n);
    }
    written_ += block.size();
    return true;
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
  bool Ended() const {
    siginfo_t info{};
    return waitid(P_PID, static_cast<id_t>(child_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
           info.si_pid != 0;
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

  const TemporaryDirectory temp_ = TemporaryDirectory::InMemory();
  Words runner_;  // what runs the program
  int in_ = -1, out_ = -1;
  pid_t child_ = 0;
  uint64_t task_ = 0, clock_ = 0, written_ = 0;
};

}  // namespace gainsay

#endif  // GAINSAY_TESTS_WATCH_STUCK_H_
