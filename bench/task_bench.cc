// Events into runs with verdicts: time by the event, memory by the task.
#include <malloc.h>

#include "benchmark/benchmark.h"
#include "sample_log.h"

namespace gainsay {
namespace {

// Bytes that are allocated and not freed.
uint64_t AllocatedBytes() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

// Events of a log, in order, with times as the pipeline would give them.
std::vector<KeptEvent> EventsOf(const SampleLog& log) {
  const Engine& engine = BuiltinEngine();
  RecordReader reader(engine.plan(), engine.texts(), absl::UTCTimeZone());
  reader.Open(log.AsChunk(), 0);
  MatchScratch scratch;
  std::vector<KeptEvent> events;
  while (const Record* record = reader.Next()) {
    engine.matcher().Match(*record, &scratch);
    for (Event& event : scratch.events) {
      event.time_ns = record->time_ns;
      events.emplace_back(event);
    }
  }
  return events;
}

SampleLog LifecycleLog(int64_t megabytes) {
  return MakeLog({.bytes = static_cast<uint64_t>(megabytes) << 20, .candidates_per_mille = 1000});
}

bool Right(const Correlation& correlation, const LogTruth& truth) {
  for (size_t i = 0; i < kVerdictCount; ++i) {
    if (correlation.verdicts[i] != truth.Runs(VerdictName(static_cast<Verdict>(i)))) return false;
  }
  const bool every_run = correlation.counted || correlation.runs.size() == truth.runs.size();
  return correlation.unattributed.empty() && every_run;
}

void BM_Correlate(benchmark::State& state) {
  const SampleLog log = LifecycleLog(state.range(0));
  const std::vector<KeptEvent> events = EventsOf(log);
  const Matcher& matcher = BuiltinEngine().matcher();
  for (auto _ : state) {
    Correlator correlator(matcher);
    for (const KeptEvent& event : events) correlator.Add(event.event());
    const Correlation correlation = correlator.Finish();
    if (!Right(correlation, log.truth)) {
      state.SkipWithError("the verdicts differ from the truth");
      return;
    }
  }
  const auto rounds = static_cast<uint64_t>(state.iterations());
  state.SetBytesProcessed(static_cast<int64_t>(log.truth.bytes * rounds));
  state.SetItemsProcessed(static_cast<int64_t>(events.size() * rounds));
  state.SetLabel(std::to_string(log.truth.tasks) +
                 " tasks of all shapes, nothing but candidates; items are events");
}

// What a task costs while it is open: its start only.
void BM_OpenTasks(benchmark::State& state) {
  const SampleLog log = LifecycleLog(16);
  const std::vector<KeptEvent> events = EventsOf(log);
  const Matcher& matcher = BuiltinEngine().matcher();
  uint64_t bytes = 0, tasks = 0;
  for (auto _ : state) {
    const uint64_t before = AllocatedBytes();
    tasks = 0;
    Correlator correlator(matcher);
    for (const KeptEvent& event : events) {
      if (event.event().kind != RuleKind::kStart) continue;
      correlator.Add(event.event());
      ++tasks;
    }
    bytes = AllocatedBytes() - before;
  }
  if (tasks != log.truth.LinesOf(LineKind::kStart)) {
    state.SkipWithError("not every start line gave an event");
    return;
  }
  state.counters["bytes_per_open_task"] = static_cast<double>(bytes) / static_cast<double>(tasks);
  state.SetItemsProcessed(static_cast<int64_t>(tasks) * static_cast<int64_t>(state.iterations()));
  state.SetLabel(std::to_string(tasks) + " start events; items are events");
}

// What a task costs once it has ended, all its events included; and what is left of it when it is judged,
// where runs are only counted.
void BM_ClosedTasks(benchmark::State& state) {
  const SampleLog log = LifecycleLog(16);
  const std::vector<KeptEvent> events = EventsOf(log);
  const Matcher& matcher = BuiltinEngine().matcher();
  uint64_t fed = 0, judged = 0;
  for (auto _ : state) {
    const uint64_t before = AllocatedBytes();
    Correlator correlator(matcher);
    for (const KeptEvent& event : events) correlator.Add(event.event());
    fed = AllocatedBytes() - before;
    correlator.CountOnly({});
    const Correlation correlation = correlator.Finish();
    judged = AllocatedBytes() - before;
    if (!Right(correlation, log.truth)) {
      state.SkipWithError("the verdicts differ from the truth");
      return;
    }
  }
  const auto tasks = static_cast<double>(log.truth.tasks);
  state.counters["bytes_per_fed_task"] = static_cast<double>(fed) / tasks;
  state.counters["bytes_per_judged_task"] = static_cast<double>(judged) / tasks;
  state.counters["events_per_task"] = static_cast<double>(events.size()) / tasks;
  state.SetItemsProcessed(static_cast<int64_t>(log.truth.tasks) * static_cast<int64_t>(state.iterations()));
  state.SetLabel(std::to_string(log.truth.tasks) + " tasks of all shapes; items are tasks");
}

BENCHMARK(BM_Correlate)->Name("Correlate/MiB")->Arg(4)->Arg(16)->Arg(64)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_OpenTasks)->Name("OpenTasks")->Unit(benchmark::kMillisecond);
BENCHMARK(BM_ClosedTasks)->Name("ClosedTasks")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace gainsay

int main(int argc, char** argv) { return gainsay::RunBenchmarks(argc, argv); }
