#include "sample_log.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "benchmark/benchmark.h"
#include "input/chunk.h"
#include "rule/loader.h"

namespace gainsay {

Chunk SampleLog::AsChunk() const {
  Chunk chunk;
  chunk.bytes = std::string_view(bytes).substr(0, bytes.size() - kChunkPadding);
  return chunk;
}

// With `keep`, the truth still counts the lines left out.
SampleLog MakeLog(const LogOptions& options, const std::function<bool(LineKind)>& keep) {
  SampleLog log;
  LogGenerator generator(options);
  for (size_t end = 0; generator.Append(&log.bytes); end = log.bytes.size()) {
    if (keep && !keep(generator.last_kind())) log.bytes.resize(end);
  }
  log.truth = generator.truth();
  log.bytes.append(kChunkPadding, '\0');
  return log;
}

const char* ShapeName(LogShape shape) {
  constexpr const char* kNames[] = {"flat", "journald", "ecs", "docker", "mixed"};
  return kNames[static_cast<size_t>(shape)];
}

const char* KindName(LineKind kind) {
  constexpr const char* kNames[kLineKinds] = {"application", "quote", "read_error", "postponed",
                                              "start",       "error", "resolution", "terminal"};
  return kNames[static_cast<size_t>(kind)];
}

const Engine& BuiltinEngine() {
  static const Engine* const engine = [] {
    LoadResult rules = LoadRuleSet({"builtin"});
    absl::StatusOr<Engine> compiled = Engine::Compile(std::move(rules.rules));
    if (!rules.ok() || !compiled.ok()) {
      std::cerr << Render(rules.diagnostics) << compiled.status().message() << '\n';
      std::exit(EXIT_FAILURE);
    }
    return new Engine(std::move(*compiled));
  }();
  return *engine;
}

template <typename Visit>
void OwnedRecord::ForEachText(Visit visit) {
  for (std::string_view* text : {&record_.raw, &record_.message, &record_.error}) visit(*text);
  for (std::string_view& text : record_.fields) visit(text);
  for (std::string_view& text : record_.attributes) visit(text);
}

OwnedRecord::OwnedRecord(const Record& record) : record_(record) {
  size_t bytes = 0;
  ForEachText([&bytes](std::string_view text) { bytes += text.size(); });
  texts_ = std::make_unique<char[]>(bytes);
  char* end = texts_.get();
  ForEachText([&end](std::string_view& text) {
    if (text.data() == nullptr) return;  // the attribute is missing
    char* begin = end;
    end = std::copy(text.begin(), text.end(), begin);
    text = {begin, text.size()};
  });
}

std::vector<OwnedRecord> RecordsOf(const SampleLog& log) {
  const Engine& engine = BuiltinEngine();
  RecordReader reader(engine.plan(), engine.texts(), absl::UTCTimeZone());
  reader.Open(log.AsChunk(), 0);
  std::vector<OwnedRecord> records;
  while (const Record* record = reader.Next()) records.emplace_back(*record);
  return records;
}

int RunBenchmarks(int argc, char** argv) {
#if !defined(NDEBUG) || !defined(__OPTIMIZE__)
  std::cerr << "warning: built without optimization; these figures mean nothing "
               "(cmake -DCMAKE_BUILD_TYPE=Release)\n";
#endif
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return EXIT_FAILURE;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return EXIT_SUCCESS;
}

}  // namespace gainsay
