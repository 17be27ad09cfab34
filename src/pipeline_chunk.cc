#include "pipeline_chunk.h"

#include <utility>

#include "pipeline.h"

namespace gainsay {

void ChunkEvents::Clear() {
  steps.clear();
  events.clear();
  counters = {};
  write_errors = terminals = 0;
}

ChunkScanner::ChunkScanner(const Engine& engine, const ScanInput& input)
    : engine_(engine),
      input_(input),
      reader_(engine.plan(), engine.texts(), input.zone),
      look_back_(engine.plan(), engine.texts(), input.zone) {}

void ChunkScanner::Scan(const Chunk& chunk, uint32_t source, const PrefilterSearch* search,
                        ChunkEvents* out) {
  if (search != search_) {
    search_ = search;
    filter_ = search == nullptr ? nullptr : std::make_unique<PrefilterScan>(*search);
    reader_.Filter(filter_.get());
  }
  bytes_ = chunk.bytes;
  reader_.Open(chunk, source);
  while (const Record* record = reader_.Next()) Take(*record, out);
  Defer(reader_.skipped());
  CatchUp(nullptr, out);
  out->counters = reader_.TakeCounters();
}

// Lines, next to those deferred before, whose times are told if it matters.
void ChunkScanner::Defer(std::string_view lines) {
  if (lines.empty()) return;
  const char* begin = deferred_.empty() ? lines.data() : deferred_.data();
  deferred_ = {begin, static_cast<size_t>(lines.data() + lines.size() - begin)};
}

void ChunkScanner::CatchUp(const Record* next, ChunkEvents* out) {
  if (deferred_.empty()) return;
  look_back_.Find(bytes_, std::exchange(deferred_, {}), next, &times_);
  for (const RecordTime& time : times_) out->steps.push_back({time, 0});
}

void ChunkScanner::Take(const Record& record, ChunkEvents* out) {
  Defer(reader_.skipped());
  engine_.matcher().Match(record, &scratch_);
  if (input_.watch) input_.watch(record, &scratch_);
  // A record without events may be read again, should its time matter.
  const bool can_wait = scratch_.events.empty() && reader_.stands_alone();
  if (can_wait && !deferred_.empty()) return Defer(record.raw);
  CatchUp(&record, out);
  out->steps.push_back({TimeOf(record), static_cast<uint32_t>(scratch_.events.size())});
  for (const Event& event : scratch_.events) {
    if (event.kind == RuleKind::kError) ++out->write_errors;
    if (event.kind == RuleKind::kTerminal && !event.task.empty()) ++out->terminals;
    out->events.emplace_back(event);
  }
}

}  // namespace gainsay
