// The stateless half of the pipeline: a chunk in, its events out. Any thread may do it for any chunk; what
// depends on the chunks before it, the order in time, is left to the ordered half as a list of steps.
#ifndef GAINSAY_PIPELINE_CHUNK_H_
#define GAINSAY_PIPELINE_CHUNK_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "event/event.h"
#include "event/matcher.h"
#include "event/prefilter_scan.h"
#include "input/chunk.h"
#include "record/clock.h"
#include "record/look_back.h"
#include "record/reader.h"

namespace gainsay {

class Engine;
struct ScanInput;

// What a chunk holds. Owns everything.
struct ChunkEvents {
  // The clock is told of these times in order; the events that follow a step take its place in time.
  struct Step {
    RecordTime time;
    uint32_t events = 0;
  };
  std::vector<Step> steps;
  std::vector<KeptEvent> events;
  ReadCounters counters;
  uint64_t write_errors = 0, terminals = 0;

  void Clear();
};

// One scanner, one thread.
class ChunkScanner {
 public:
  // `engine` and `input` must outlive the scanner.
  ChunkScanner(const Engine& engine, const ScanInput& input);

  // Appends to `out`, which was cleared. With `search`, only lines that may matter are read; it must outlive
  // the call.
  void Scan(const Chunk& chunk, uint32_t source, const PrefilterSearch* search, ChunkEvents* out);

 private:
  void Take(const Record& record, ChunkEvents* out);
  void Defer(std::string_view lines);
  void CatchUp(const Record* next, ChunkEvents* out);

  const Engine& engine_;
  const ScanInput& input_;
  RecordReader reader_;
  LookBack look_back_;
  MatchScratch scratch_;
  std::string_view bytes_;     // of the chunk
  std::string_view deferred_;  // lines of the chunk whose times were not told yet: they may not matter
  std::vector<RecordTime> times_;
  const PrefilterSearch* search_ = nullptr;
  std::unique_ptr<PrefilterScan> filter_;
};

}  // namespace gainsay

#endif  // GAINSAY_PIPELINE_CHUNK_H_
