// What the benchmarks share: generated logs in memory, the built-in packs compiled, records that outlive
// their reader, and a main that warns of figures that mean nothing.
#ifndef GAINSAY_BENCH_SAMPLE_LOG_H_
#define GAINSAY_BENCH_SAMPLE_LOG_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "log_generator.h"
#include "pipeline.h"

namespace gainsay {

// A whole log, padded as chunks must be.
struct SampleLog {
  std::string bytes;
  LogTruth truth;

  Chunk AsChunk() const;
};

SampleLog MakeLog(const LogOptions& options, const std::function<bool(LineKind)>& keep = nullptr);

const char* ShapeName(LogShape shape);
const char* KindName(LineKind kind);

// All built-in packs; ends the program if they don't load.
const Engine& BuiltinEngine();

// A record with its own copy of everything that it views.
class OwnedRecord {
 public:
  explicit OwnedRecord(const Record& record);
  const Record& record() const { return record_; }

 private:
  template <typename Visit>
  void ForEachText(Visit visit);

  Record record_;
  std::unique_ptr<char[]> texts_;  // stays where it is when the object moves
};

std::vector<OwnedRecord> RecordsOf(const SampleLog& log);

// Runs all benchmarks of the program.
int RunBenchmarks(int argc, char** argv);

}  // namespace gainsay

#endif  // GAINSAY_BENCH_SAMPLE_LOG_H_
