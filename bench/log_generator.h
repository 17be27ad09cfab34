// Logs of Celery workers with known truth, made up line by line: the same options give the same bytes on
// every machine.
//
//   LogGenerator generator({.seed = 7, .bytes = 1 << 20});
//   std::string log;
//   while (generator.Append(&log)) …
//   generator.truth().runs[0].verdict
//
// Every record stands on one line and every error names its task, so the truth needs nothing but DESIGN.md.
// Thread rules: one generator, one thread.
#ifndef GAINSAY_BENCH_LOG_GENERATOR_H_
#define GAINSAY_BENCH_LOG_GENERATOR_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "dice.h"
#include "log_line.h"

namespace gainsay {

struct LogOptions {
  uint64_t seed = 1;
  uint64_t bytes = uint64_t{1} << 20;  // at least; what is open then ends, without chatter
  LogShape shape = LogShape::kMixed;
  uint32_t candidates_per_mille = 50;  // lines that tell of a task's life or of an error; 1 … 1000
  uint32_t workers = 64;               // tasks that are open at a time
};

struct RunTruth {
  std::string task;
  uint32_t run = 1;
  const char* verdict = "";  // as reports print it
};

struct LogTruth {
  std::vector<RunTruth> runs;                // as they began
  std::array<uint64_t, kLineKinds> lines{};  // by LineKind
  uint64_t bytes = 0;
  uint64_t tasks = 0;

  uint64_t AllLines() const;
  uint64_t LinesOf(LineKind kind) const { return lines[static_cast<size_t>(kind)]; }
  uint64_t Runs(std::string_view verdict) const;
};

class LogGenerator {
 public:
  explicit LogGenerator(const LogOptions& options);

  // Appends the next line; false when the log is complete.
  bool Append(std::string* out);
  const LogTruth& truth() const { return truth_; }
  LineKind last_kind() const { return last_kind_; }

 private:
  struct Step {
    LineKind kind = LineKind::kApplication;
    const char* level = "INFO";
    std::string message, error;
    bool by_celery = false, by_main = false;
    bool foreign = false;  // printed by another worker than the task's
    uint32_t chatter = 0;  // lines to come before it
  };
  // A worker and the task that it runs.
  struct Slot {
    uint32_t worker = 0;
    std::string task, number, role, other_role;
    std::string_view name, collection;
    LogShape shape = LogShape::kFlat;
    bool inner_json = false, ascii = false, ended = false;
    std::vector<Step> steps;
    size_t next = 0;
  };

  void Open(Slot* slot);
  void SpreadChatter(Slot* slot);
  void Judge(Slot* slot, const char* verdict, uint32_t run = 1);

  void Swallowed(Slot* slot);
  void OneTargetOfTwo(Slot* slot);
  void Retried(Slot* slot, bool lost_again);
  void Redelivered(Slot* slot);
  void Dull(Slot* slot);

  void Received(Slot* slot);
  void Succeeded(Slot* slot);
  void Raised(Slot* slot);
  void Celery(Slot* slot, LineKind kind, const char* level, const std::string& what);
  void Error(Slot* slot, const std::string& role);
  void Recovery(Slot* slot, const std::string& role);
  void Say(Slot* slot, LineKind kind, const char* level, const char* wording);

  Escapes AnyEscapes();
  LogLine Chatter(const Slot& slot);
  LogLine Spoken(Slot* slot, const Step& step);
  void Dress(LogLine* line);

  LogOptions options_;
  Dice dice_;
  LogTruth truth_;
  std::vector<Slot> slots_;
  uint32_t live_ = 0;  // slots that are not done; they stand first
  uint64_t chatter_debt_ = 0;
  int64_t time_us_ = 1'780'200'000'000'000;  // 2026-05-31T04:00:00Z
  uint64_t serial_ = 0;
  LineKind last_kind_ = LineKind::kApplication;
};

}  // namespace gainsay

#endif  // GAINSAY_BENCH_LOG_GENERATOR_H_
