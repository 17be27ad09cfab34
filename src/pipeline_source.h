// One source of a scan, read to its end: a file, or an archive with its members. What is found is told in
// order, as news, so that it does not matter on which thread it was found.
//
//   SourceReading reading(engine, input, &filter, &workers, share);
//   absl::Status status = reading.Run(source, [&](SourceNews news) { … return true; });
#ifndef GAINSAY_PIPELINE_SOURCE_H_
#define GAINSAY_PIPELINE_SOURCE_H_

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "event/prefilter_scan.h"
#include "finding/finding.h"
#include "pipeline.h"
#include "pipeline_workers.h"

namespace gainsay {

// Something about the member at hand: some of its events, or what it was like, which is its end. A member has
// news for each of its chunks, be it empty.
struct SourceNews {
  std::vector<KeptEvent> events;  // in order, with their place in time; their position names no source yet
  std::optional<SourceSummary> end;
  bool was_read = false;  // with `end`: it could be opened
  std::optional<std::pair<std::string, std::string>>
      passed_over;       // a member that is not worth reading, and why
  bool all_cut = false;  // members of this archive are missing, which may tell of the runs of the others
};

// The prefilter of a scan, made ready for the first log that is long enough. Any thread may ask.
class ScanFilter {
 public:
  ScanFilter(const Engine& engine, const ScanInput& input)
      : engine_(engine), wanted_(input.prefilter && !input.watch) {}

  // Null: every line is to be read. `sample`: the log's first lines.
  const PrefilterSearch* For(std::string_view sample);

 private:
  const Engine& engine_;
  const bool wanted_;
  std::once_flag once_;
  std::unique_ptr<PrefilterSearch> search_;
};

class SourceReading {
 public:
  // One of `at_once` readings that share the workers.
  SourceReading(const Engine& engine, const ScanInput& input, ScanFilter* filter, ChunkWorkers* workers,
                size_t at_once);

  // Tells what the source holds; an unreadable one is told there. `tell` says whether more is wanted. An
  // error means that the accounting law does not hold.
  using Tell = std::function<bool(SourceNews)>;
  absl::Status Run(const Source& source, const Tell& tell);

 private:
  Source Opened(const Source& source) const;

  const Engine& engine_;
  const ScanInput& input_;
  ScanFilter* const filter_;
  ChunkLine line_;
  const size_t unpackers_;  // threads that may unpack
};

// Reads several sources at once, each on a thread of its own, and tells their news one source after the
// other, on the calling thread. `ended` is called behind each. Errors: as Run.
absl::Status ReadAtOnce(const Engine& engine, const ScanInput& input, size_t at_once,
                        const std::function<void(SourceNews)>& tell, const std::function<void()>& ended);

}  // namespace gainsay

#endif  // GAINSAY_PIPELINE_SOURCE_H_
