// What a watch's fold holds: internal to pipeline_watch*.cc.
#ifndef GAINSAY_PIPELINE_WATCH_STATE_H_
#define GAINSAY_PIPELINE_WATCH_STATE_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "event/event_codec.h"
#include "finding/suppress.h"
#include "input/chunk.h"
#include "pipeline_chunk.h"
#include "pipeline_source.h"
#include "pipeline_watch.h"
#include "record/clock.h"
#include "record/fresh_times.h"
#include "record/kept_back.h"
#include "watch/event_time.h"
#include "watch/settler.h"

namespace gainsay {

struct WatchFold::State : public SettlerSink {
  // A stream's text: what it was opened with, and how far it was read.
  struct Stream {
    LivePosition position;  // behind the last record that was read
    uint32_t source = 0;    // index into the summary's sources: of the text that it holds now
    std::optional<int64_t> mtime_ns;
    ChunkReader chunks;
    Clock clock;
    EventTime time;
    FreshTimes fresh;
    ReadCounters counters;
    bool placed = false;  // its records have a place in time, or are known to have none
    uint64_t unplaced_records = 0;
    std::vector<KeptEvent> unplaced;
    bool ended = false;
    bool rests = false;  // brings nothing for now, and holds nobody up
  };

  State(const Engine& the_engine, const WatchOptions& the_options, std::unique_ptr<Suppressions> filter)
      : engine(the_engine),
        options(the_options),
        suppressions(std::move(filter)),
        input(MakeInput(the_options)),
        scanner(the_engine, input),
        line_filter(the_engine, input),
        settler(the_engine.matcher(), suppressions.get(), the_options.settling, this) {}

  static ScanInput MakeInput(const WatchOptions& options) {
    ScanInput input;
    input.zone = options.zone;
    input.prefilter = options.prefilter;
    return input;
  }

  // Of a new text, or with the entry of the summary's sources that it has already.
  Stream NewStream(const LivePosition& from, std::optional<int64_t> mtime_ns,
                   std::optional<uint32_t> source = std::nullopt);
  uint32_t NewSource(const std::string& name);
  uint32_t TakeSource(uint32_t place, const std::string& name);
  static void WriteStream(const Stream& stream, WireWriter* writer);
  void ReadStream(WireReader* reader, const EventTranslation& translate);
  absl::Status Load(std::string_view bytes, const EventTranslation& translate);
  void ReadWhatIsThere(Stream* stream);
  void TakeChunk(const Chunk& chunk, Stream* stream);
  void TakePart(const Chunk& chunk, Stream* stream);
  void LoseUnit(const KeptBack& kept, const Stream& stream);
  void TellGap(const Stream& stream, const std::string& why, int64_t time_ns, const LostInput& lost,
               const std::string& unit);
  const PrefilterSearch* FilterFor(const Chunk& chunk, const Stream& stream);
  void TakeEvents(Stream* stream);
  void TakeStep(const ChunkEvents::Step& step, std::vector<KeptEvent>::iterator* event, Stream* stream);
  void TakeEvent(KeptEvent event, int64_t time_ns, Stream* stream);
  void CountEvent(const Event& event);
  void Place(int64_t time_ns, Stream* stream);
  void AdvanceTime();

  void Found(const Correlation& correlation, const Finding& finding) override;
  void Changed(const std::string& id, const std::string& task, Verdict verdict) override;
  void Forgotten(const Run& run) override;
  void AddCauses(const std::vector<Cause>& causes);

  const Engine& engine;
  const WatchOptions options;
  std::unique_ptr<Suppressions> suppressions;
  const ScanInput input;
  ChunkScanner scanner;
  ScanFilter line_filter;
  uint64_t bytes_fed = 0;
  ChunkEvents events;
  Settler settler;
  std::vector<Stream> streams;
  Summary summary;  // its sources
  std::vector<WatchLine> lines;
  std::map<std::string, Cause> causes;
  uint64_t findings = 0, gaps = 0;
  int64_t marked_ns = kNoTime;  // event time as marks have it
  int64_t last_terminal_ns = kNoTime;
  BoundedCounts write_errors;  // by target and reason
};

}  // namespace gainsay

#endif  // GAINSAY_PIPELINE_WATCH_STATE_H_
