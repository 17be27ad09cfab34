// gainsay_watch_delay: how long after a lie its finding comes. Feeds `gainsay watch` through a pipe, so many
// lines a second, each with the time at which it is written; now and then a task loses a write and succeeds.
// Its finding is due once event time has passed the task's end by the settling time and the lateness: what
// comes on top of that is the delay. Not a test: it depends on what else the machine does.
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "record/time.h"

namespace gainsay {
namespace {

struct Options {
  std::string program;
  double rate = 100'000, seconds = 30, lies = 50;  // lines and lies a second
  double lateness = 1, settle = 1;                 // seconds
};

// The program under test, with both ends of it.
struct Child {
  pid_t pid = -1;
  int in = -1, out = -1;
};

Child Start(const Options& options) {
  int in[2], out[2];
  if (pipe(in) != 0 || pipe(out) != 0) return {};
  const std::string lateness = absl::StrFormat("%dms", static_cast<int>(options.lateness * 1000));
  const std::string settle = absl::StrFormat("%dms", static_cast<int>(options.settle * 1000));
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(in[0], STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    for (const int fd : {in[0], in[1], out[0], out[1]}) close(fd);
    execl(options.program.c_str(), options.program.c_str(), "watch", "-q", "-o", "jsonl", "--lateness",
          lateness.c_str(), "--settle", settle.c_str(), nullptr);
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  return {pid, in[1], out[0]};
}

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(fd, bytes.data(), bytes.size());
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

class Feeder {
 public:
  explicit Feeder(const Options& options) : options_(options) {}

  // A block each millisecond, or as many as are due.
  void Run(int fd) {
    const absl::Time begun = absl::Now(), end = begun + absl::Seconds(options_.seconds);
    for (absl::Time now = begun; now < end; now = absl::Now()) {
      const double due = absl::ToDoubleSeconds(now - begun);
      std::string block;
      while (static_cast<double>(lines_) < due * options_.rate) {
        if (static_cast<double>(lies_) < due * options_.lies) Lie(now, &block);
        Say(now, absl::StrFormat("GET /items/%d 200 %dms", lines_ * 7919 % 100'000, lines_ % 97), "", &block);
      }
      if (!WriteAll(fd, block)) return;
      most_behind_ = std::max(most_behind_, absl::Now() - now);
      absl::SleepFor(now + absl::Milliseconds(1) - absl::Now());
    }
  }

  uint64_t lines() const { return lines_; }
  uint64_t lies() const { return lies_; }
  absl::Duration most_behind() const { return most_behind_; }  // the reader kept us waiting so long

 private:
  void Say(absl::Time now, const std::string& message, const std::string& task, std::string* block) {
    ++lines_;
    const bool error = message.starts_with("primary");
    absl::StrAppendFormat(block,
                          R"({"time":"%s","level":"%s","message":"%s","service":"catalog","task_id":"%s"})",
                          absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", now, absl::UTCTimeZone()),
                          error ? "ERROR" : "INFO", message, task);
    *block += '\n';
  }

  void Lie(absl::Time now, std::string* block) {
    const std::string id = absl::StrFormat("7c3d2f8e-0000-4000-a000-%012d", ++lies_);
    Say(now, "Task media.reindex[" + id + "] received", id, block);
    Say(now, "primary write failed: no such field 'tenant_id' on the collection", id, block);
    Say(now, "Task media.reindex[" + id + "] succeeded in 0.2s: None", id, block);
  }

  const Options& options_;
  uint64_t lines_ = 0, lies_ = 0;
  absl::Duration most_behind_;
};

// How long after their task's end the findings came, in milliseconds.
std::vector<double> Delays(int fd) {
  std::vector<double> delays;
  std::FILE* file = fdopen(fd, "r");
  char* line = nullptr;
  size_t room = 0;
  constexpr std::string_view kReported = R"("reported":{"state":"succeeded","time":")";
  for (ssize_t n = getline(&line, &room, file); n > 0; n = getline(&line, &room, file)) {
    const absl::Time now = absl::Now();
    const std::string_view text(line, static_cast<size_t>(n));
    const size_t at = text.find(kReported);
    if (!text.starts_with(R"({"type":"finding")") || at == std::string_view::npos) continue;
    const std::string_view time = text.substr(at + kReported.size());
    const std::optional<ParsedTime> told = ParseTime(time.substr(0, time.find('"')), absl::UTCTimeZone());
    if (told) delays.push_back(absl::ToDoubleMilliseconds(now - absl::FromUnixNanos(told->ns)));
  }
  std::free(line);
  std::fclose(file);
  std::sort(delays.begin(), delays.end());
  return delays;
}

int Run(const Options& options) {
  signal(SIGPIPE, SIG_IGN);
  const Child child = Start(options);
  if (child.pid <= 0) return EXIT_FAILURE;
  Feeder feeder(options);
  std::vector<double> delays;
  std::thread reader([&] { delays = Delays(child.out); });
  feeder.Run(child.in);
  // What is told at the end of the log is told early, and does not count.
  const double due_ms = 1000 * (options.lateness + options.settle);
  close(child.in);
  reader.join();
  int status = 0;
  rusage used = {};
  wait4(child.pid, &status, 0, &used);
  const auto early = std::lower_bound(delays.begin(), delays.end(), due_ms - 1);
  const std::vector<double> counted(early, delays.end());
  if (counted.empty()) return EXIT_FAILURE;
  const auto at = [&](double share) {
    return counted[static_cast<size_t>(share * static_cast<double>(counted.size() - 1))] - due_ms;
  };
  const double cpu = static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                     1e-6 * static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
  std::cout << absl::StrFormat(
      "%.0f lines/s, %d lies, %d findings in time and %d at the end; beyond lateness and settling: median "
      "%.1f ms, 99 %% %.1f ms, most %.1f ms; %.0f %% of a processor, writing waited at most %.1f ms\n",
      static_cast<double>(feeder.lines()) / options.seconds, feeder.lies(), counted.size(),
      delays.size() - counted.size(), at(0.5), at(0.99), at(1), 100 * cpu / options.seconds,
      absl::ToDoubleMilliseconds(feeder.most_behind()));
  return delays.size() == feeder.lies() ? EXIT_SUCCESS : EXIT_FAILURE;
}

int Main(int argc, char** argv) {
  Options options;
  CLI::App app("Measures how long after a lie `gainsay watch` tells of it.", "gainsay_watch_delay");
  app.add_option("--rate", options.rate, "Lines a second")->check(CLI::Range(1.0, 1e7));
  app.add_option("--lies", options.lies, "Lies a second")->check(CLI::Range(0.1, 1e5));
  app.add_option("--seconds", options.seconds, "How long")->check(CLI::Range(1.0, 1e5));
  app.add_option("--lateness", options.lateness, "Of the watch, in seconds");
  app.add_option("--settle", options.settle, "Of the watch, in seconds");
  app.add_option("GAINSAY", options.program, "The program")->required();
  CLI11_PARSE(app, argc, argv);
  return Run(options);
}

}  // namespace
}  // namespace gainsay

int main(int argc, char** argv) { return gainsay::Main(argc, argv); }
