// Bytes of a chunk into records, by the shape of the log.
#include "benchmark/benchmark.h"
#include "sample_log.h"

namespace gainsay {
namespace {

constexpr uint64_t kBytes = uint64_t{8} << 20;

void BM_ReadRecords(benchmark::State& state, LogShape shape) {
  const SampleLog log = MakeLog({.bytes = kBytes, .shape = shape});
  const Engine& engine = BuiltinEngine();
  RecordReader reader(engine.plan(), engine.texts(), absl::UTCTimeZone());
  uint64_t records = 0, messages = 0;
  for (auto _ : state) {
    reader.Open(log.AsChunk(), 0);
    while (const Record* record = reader.Next()) {
      ++records;
      messages += record->message.empty() ? 0 : 1;
    }
  }
  const auto rounds = static_cast<uint64_t>(state.iterations());
  const uint64_t expected = log.truth.AllLines() * rounds;
  if (records != expected || messages != expected || reader.counters().malformed != 0) {
    state.SkipWithError("not every line became a record with a message");
    return;
  }
  state.SetBytesProcessed(static_cast<int64_t>(log.truth.bytes * rounds));
  state.SetItemsProcessed(static_cast<int64_t>(records));
  state.SetLabel("log of 8 MiB, 5 % candidates; items are records");
}

void Register() {
  for (const LogShape shape :
       {LogShape::kFlat, LogShape::kJournald, LogShape::kEcs, LogShape::kDocker, LogShape::kMixed}) {
    const std::string name = std::string("ReadRecords/") + ShapeName(shape);
    benchmark::RegisterBenchmark(name.c_str(), BM_ReadRecords, shape)->Unit(benchmark::kMillisecond);
  }
}

}  // namespace
}  // namespace gainsay

int main(int argc, char** argv) {
  gainsay::Register();
  return gainsay::RunBenchmarks(argc, argv);
}
