// Records into events with all built-in packs, by what the line is.
#include <array>

#include "benchmark/benchmark.h"
#include "sample_log.h"

namespace gainsay {
namespace {

constexpr size_t kMaxRecords = 20'000;

// How many events of each rule kind one line of a log must give.
std::array<uint64_t, kRuleKindCount> EventsOf(LineKind kind) {
  std::array<uint64_t, kRuleKindCount> events{};
  if (kind == LineKind::kStart) events[static_cast<size_t>(RuleKind::kStart)] = 1;
  if (kind == LineKind::kError) events[static_cast<size_t>(RuleKind::kError)] = 1;
  if (kind == LineKind::kResolution) events[static_cast<size_t>(RuleKind::kResolution)] = 1;
  if (kind == LineKind::kTerminal) events[static_cast<size_t>(RuleKind::kTerminal)] = 1;
  return events;
}

void BM_MatchRecords(benchmark::State& state, LineKind kind) {
  // Of rare kinds, only a log of nothing but candidates holds enough.
  const bool common = kind == LineKind::kApplication;
  const SampleLog log = MakeLog({.bytes = uint64_t{8} << 20, .candidates_per_mille = common ? 50U : 1000U},
                                [kind](LineKind line) { return line == kind; });
  std::vector<OwnedRecord> records = RecordsOf(log);
  if (records.size() > kMaxRecords) records.erase(records.begin() + kMaxRecords, records.end());
  uint64_t bytes = 0;
  for (const OwnedRecord& r : records) bytes += r.record().raw.size() + 1;

  const Matcher& matcher = BuiltinEngine().matcher();
  MatchScratch scratch;
  std::array<uint64_t, kRuleKindCount> events{};
  for (auto _ : state) {
    for (const OwnedRecord& r : records) {
      matcher.Match(r.record(), &scratch);
      for (const Event& event : scratch.events) ++events[static_cast<size_t>(event.kind)];
    }
  }
  const auto rounds = static_cast<uint64_t>(state.iterations());
  std::array<uint64_t, kRuleKindCount> expected = EventsOf(kind);
  for (uint64_t& count : expected) count *= records.size() * rounds;
  if (records.empty() || events != expected) {
    state.SkipWithError("the lines gave other events than they must");
    return;
  }
  state.SetBytesProcessed(static_cast<int64_t>(bytes * rounds));
  state.SetItemsProcessed(static_cast<int64_t>(records.size() * rounds));
  state.SetLabel(std::to_string(records.size()) + " records of all shapes; items are records");
}

void Register() {
  for (uint8_t i = 0; i < kLineKinds; ++i) {
    const auto kind = static_cast<LineKind>(i);
    const std::string name = std::string("MatchRecords/") + KindName(kind);
    benchmark::RegisterBenchmark(name.c_str(), BM_MatchRecords, kind)->Unit(benchmark::kMillisecond);
  }
}

}  // namespace
}  // namespace gainsay

int main(int argc, char** argv) {
  gainsay::Register();
  return gainsay::RunBenchmarks(argc, argv);
}
