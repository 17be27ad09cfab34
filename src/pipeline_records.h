// Records out of streams: one by one, for the tools of rule authors, and cut into chunks for a scan.
#ifndef GAINSAY_PIPELINE_RECORDS_H_
#define GAINSAY_PIPELINE_RECORDS_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "input/chunk.h"
#include "pipeline.h"

namespace gainsay {

// Reads the first record of an example's text, as an input line would be.
class ExampleReader {
 public:
  // The engine must outlive the reader.
  explicit ExampleReader(const Engine& engine);

  // Null: the text is no record, blank or malformed. Valid until the next call.
  const Record* Read(const std::string& log);

 private:
  RecordReader reader_;
  std::string padded_;
};

// Cuts a stream where the engine's records begin. The engine must outlive the chunks.
ChunkReader RecordChunks(const Engine& engine, std::unique_ptr<ByteStream> stream, ChunkOptions options = {});

// The same, but fed by hand.
ChunkReader RecordChunks(const Engine& engine, ChunkOptions options);

// Visits each record of a stream, as `reader` reads it. The status is what ended the stream.
absl::Status ForEachRecord(const Engine& engine, std::unique_ptr<ByteStream> stream, RecordReader* reader,
                           const std::function<void(const Record&)>& visit);

// The same, with a reader of its own. The status is what ended the stream; `counters`, if not null, is told
// what became of the lines.
absl::Status ForEachRecord(const Engine& engine, std::unique_ptr<ByteStream> stream,
                           const std::function<void(const Record&)>& visit, ReadCounters* counters = nullptr);

}  // namespace gainsay

#endif  // GAINSAY_PIPELINE_RECORDS_H_
