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
#include "record/fresh_times.h"
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
    uint32_t told = 0;     // so many lines tell this time; 0: it is not told by this one (FreshTimes)
    bool in_order = true;  // false: the clock is told of it later, if it matters
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
  // the scanner. With `fresh`, which goes along with the stream, so are those that may tell a new time, and
  // the steps say which ones these are.
  void Scan(const Chunk& chunk, uint32_t source, const PrefilterSearch* search, ChunkEvents* out,
            FreshTimes* fresh = nullptr);

 private:
  // Lines that one filter asks for, and those that are fresh.
  class Wanted : public LineFilter {
   public:
    void Ask(LineFilter* filter, const FreshTimes* fresh) { filter_ = filter, fresh_ = fresh; }
    void Open(std::string_view bytes) override;
    size_t NextLine(size_t from) override;

   private:
    LineFilter* filter_ = nullptr;
    const FreshTimes* fresh_ = nullptr;
    size_t next_ = 0;        // that the filter asked for
    size_t next_fresh_ = 0;  // index
    bool asked_ = false;
  };

  LineFilter* FilterFor(const PrefilterSearch* search);
  uint32_t LinesThatTell(const Record& record);
  void Take(const Record& record, ChunkEvents* out);
  void Defer(std::string_view lines);
  void CatchUp(const Record* next, ChunkEvents* out);
  RecordTime CatchUp(const Record& next, ChunkEvents* out);

  const Engine& engine_;
  const ScanInput& input_;
  RecordReader reader_;
  LookBack look_back_;
  MatchScratch scratch_;
  std::string_view bytes_;     // of the chunk
  std::string_view deferred_;  // lines of the chunk whose times were not told yet: they may not matter
  std::vector<RecordTime> read_times_;  // of those of them that were read
  // The record told last, before these: it stands within the unit of that time. Without a time before the
  // first one.
  RecordTime last_;
  std::vector<RecordTime> times_;
  const PrefilterSearch* search_ = nullptr;
  std::unique_ptr<PrefilterScan> filter_;
  Wanted wanted_;
  uint64_t offset_ = 0;  // of the chunk
  const FreshTimes* fresh_ = nullptr;
  size_t next_fresh_ = 0;  // index
};

}  // namespace gainsay

#endif  // GAINSAY_PIPELINE_CHUNK_H_
