// gainsay_short_lines: very many short lines of a Celery service, for what takes long; a thousand in a second
// of event time. Now and then a task, and of so many of them one loses a write and succeeds. Prints to
// standard error how many lied.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "CLI/CLI.hpp"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"

namespace gainsay {
namespace {

struct Options {
  uint64_t lines = 86'400'000;
  uint64_t task_every = 500, lie_every = 20;  // lines, tasks
};

class ShortLines {
 public:
  explicit ShortLines(const Options& options) : options_(options) {}

  void Write(std::FILE* out) {
    for (uint64_t line = 0; line < options_.lines; ++line) {
      const uint64_t task = line / options_.task_every, step = line % options_.task_every;
      const bool lies = task % options_.lie_every == 0;
      const bool whole = (task + 1) * options_.task_every <= options_.lines;
      if (step == 0) {
        Say(line, "INFO", "Task media.reindex[" + Id(task) + "] received", task);
      } else if (lies && step == options_.task_every / 4) {
        Say(line, "ERROR", "primary write failed: no such field 'tenant_id'", task);
      } else if (step == options_.task_every / 2) {
        Say(line, "INFO", "Task media.reindex[" + Id(task) + "] succeeded in 0.2s: None", task);
        lies_ += lies && whole;
      } else {
        Chat(line);
      }
      if (block_.size() < kBlock && line + 1 < options_.lines) continue;
      std::fwrite(block_.data(), 1, block_.size(), out);
      block_.clear();
    }
  }

  uint64_t lies() const { return lies_; }

 private:
  static constexpr size_t kBlock = size_t{1} << 20;

  static std::string Id(uint64_t task) { return absl::StrFormat("7c3d2f8e-0000-4000-a000-%012d", task); }

  // As far as the time's end.
  void Begin(uint64_t line) {
    if (line / 1000 != second_) {
      second_ = line / 1000;
      const absl::Time time = absl::FromUnixSeconds(1'780'200'000 + static_cast<int64_t>(second_));
      begin_ = absl::FormatTime(R"({"time":"%Y-%m-%dT%H:%M:%S.)", time, absl::UTCTimeZone());
    }
    block_ += begin_;
    Digits(line % 1000, 3);
  }

  void Digits(uint64_t number, size_t count) {
    block_.resize(block_.size() + count);
    for (size_t i = 1; i <= count; ++i, number /= 10) {
      block_[block_.size() - i] = static_cast<char>('0' + number % 10);
    }
  }

  void Chat(uint64_t line) {
    Begin(line);
    block_ += R"(Z","level":"INFO","message":"GET /items/)";
    Digits(line * 7919 % 100'000, 5);
    block_ += " 200 12ms\"}\n";
  }

  void Say(uint64_t line, std::string_view level, const std::string& message, uint64_t task) {
    Begin(line);
    absl::StrAppendFormat(&block_, R"(Z","level":"%s","message":"%s","task_id":"%s"})", std::string(level),
                          message, Id(task));
    block_ += '\n';
  }

  const Options& options_;
  std::string block_, begin_;
  uint64_t second_ = UINT64_MAX, lies_ = 0;
};

int Main(int argc, char** argv) {
  Options options;
  CLI::App app("Writes very many short lines to standard output.", "gainsay_short_lines");
  app.add_option("--lines", options.lines, "How many: a day of 1,000 a second");
  app.add_option("--task-every", options.task_every, "Lines from one task to the next")
      ->check(CLI::Range(8, 1'000'000));
  app.add_option("--lie-every", options.lie_every, "Tasks from one that lies to the next")
      ->check(CLI::Range(1, 1'000'000));
  CLI11_PARSE(app, argc, argv);
  ShortLines lines(options);
  lines.Write(stdout);
  std::cerr << lines.lies() << '\n';
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace gainsay

int main(int argc, char** argv) { return gainsay::Main(argc, argv); }
