#include "pipeline_records.h"

#include <utility>

#include "record/weave.h"

namespace gainsay {

ExampleReader::ExampleReader(const Engine& engine)
    : reader_(engine.plan(), engine.texts(), absl::UTCTimeZone()) {}

const Record* ExampleReader::Read(const std::string& log) {
  padded_ = log + '\n';
  const size_t size = padded_.size();
  padded_.resize(size + kChunkPadding);
  reader_.Open({std::string_view(padded_).substr(0, size), 1, 0, 0}, 0);
  return reader_.Next();
}

ChunkReader RecordChunks(const Engine& engine, ChunkOptions options) {
  return RecordChunks(engine, nullptr, options);
}

ChunkReader RecordChunks(const Engine& engine, std::unique_ptr<ByteStream> stream, ChunkOptions options) {
  const TextFormats* texts = &engine.texts();
  options.border_lines = kBorderLines;
  return ChunkReader(
      std::move(stream), options, [texts](std::string_view line) { return StartsRecord(line, *texts); },
      [texts](std::string_view before, std::string_view from, bool enough, size_t* unknown_from) {
        return MayGoOn(before, from, enough, unknown_from, *texts);
      });
}

absl::Status ForEachRecord(const Engine& engine, std::unique_ptr<ByteStream> stream, RecordReader* reader,
                           const std::function<void(const Record&)>& visit) {
  ChunkReader chunks = RecordChunks(engine, std::move(stream));
  absl::StatusOr<std::optional<Chunk>> chunk = chunks.Next();
  for (; chunk.ok() && *chunk; chunk = chunks.Next()) {
    reader->Open(**chunk, 0);
    while (const Record* record = reader->Next()) visit(*record);
  }
  return chunk.status();
}

absl::Status ForEachRecord(const Engine& engine, std::unique_ptr<ByteStream> stream,
                           const std::function<void(const Record&)>& visit, ReadCounters* counters) {
  RecordReader reader(engine.plan(), engine.texts(), absl::UTCTimeZone());
  const absl::Status ended = ForEachRecord(engine, std::move(stream), &reader, visit);
  if (counters != nullptr) counters->Add(reader.counters());
  return ended;
}

}  // namespace gainsay
