#include "pipeline_chunk.h"

#include <algorithm>
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

void ChunkScanner::Wanted::Open(std::string_view bytes) {
  filter_->Open(bytes);
  next_ = next_fresh_ = 0;
  asked_ = false;
}

size_t ChunkScanner::Wanted::NextLine(size_t from) {
  if (!asked_ || next_ < from) next_ = filter_->NextLine(from);
  asked_ = true;
  const std::vector<FreshTimes::Line>& fresh = fresh_->lines();
  while (next_fresh_ < fresh.size() && fresh[next_fresh_].begin < from) ++next_fresh_;
  return next_fresh_ < fresh.size() ? std::min(next_, fresh[next_fresh_].begin) : next_;
}

LineFilter* ChunkScanner::FilterFor(const PrefilterSearch* search) {
  if (search == nullptr) return nullptr;
  if (search != search_) filter_ = std::make_unique<PrefilterScan>(*search);
  search_ = search;
  if (fresh_ == nullptr) return filter_.get();
  wanted_.Ask(filter_.get(), fresh_);
  return &wanted_;
}

void ChunkScanner::Scan(const Chunk& chunk, uint32_t source, const PrefilterSearch* search, ChunkEvents* out,
                        FreshTimes* fresh) {
  if (fresh != nullptr) fresh->Open(chunk.bytes, chunk.offset);
  fresh_ = fresh;
  next_fresh_ = 0;
  reader_.Filter(FilterFor(search));
  bytes_ = chunk.bytes;
  offset_ = chunk.offset;
  last_ = {};
  read_times_.clear();
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
  for (const RecordTime& time : times_) out->steps.push_back({time});
}

// Gives what the clock is to be told of the record: of one whose place is its time, that it has no coarser
// unit, so that the lines before it don't matter.
RecordTime ChunkScanner::CatchUp(const Record& next, ChunkEvents* out) {
  RecordTime time = TimeOf(next);
  if (LookBack::IsSettled(time, last_, deferred_, read_times_)) {
    time.unit_ns = 1;
    deferred_ = {};
  } else {
    CatchUp(&next, out);
  }
  read_times_.clear();
  return last_ = time;
}

// Of whom a record's time is news: so many lines have told it or the one before it; 0: it is none.
uint32_t ChunkScanner::LinesThatTell(const Record& record) {
  if (fresh_ == nullptr) return 0;
  const uint64_t begin = record.position.offset - offset_;
  if (bytes_[begin] != '{') return 1;
  const std::vector<FreshTimes::Line>& fresh = fresh_->lines();
  while (next_fresh_ < fresh.size() && fresh[next_fresh_].begin < begin) ++next_fresh_;
  if (next_fresh_ == fresh.size() || fresh[next_fresh_].begin != begin) return 0;
  return static_cast<uint32_t>(std::min<uint64_t>(fresh[next_fresh_].agreeing, UINT32_MAX - 1)) + 1;
}

void ChunkScanner::Take(const Record& record, ChunkEvents* out) {
  Defer(reader_.skipped());
  engine_.matcher().Match(record, &scratch_);
  if (input_.watch) input_.watch(record, &scratch_);
  // A record without events may be read again, should its time matter.
  const RecordTime time = TimeOf(record);
  const uint32_t told = LinesThatTell(record);
  const bool can_wait = scratch_.events.empty() && reader_.stands_alone() && (told == 0 || time.IsWhole());
  if (can_wait && !deferred_.empty()) {
    if (told > 0) out->steps.push_back({time, 0, told, false});
    read_times_.push_back(time);
    return Defer(record.raw);
  }
  const RecordTime place = CatchUp(record, out);
  out->steps.push_back({place, static_cast<uint32_t>(scratch_.events.size()), told});
  for (const Event& event : scratch_.events) {
    if (event.kind == RuleKind::kError) ++out->write_errors;
    if (event.kind == RuleKind::kTerminal && !event.task.empty()) ++out->terminals;
    out->events.emplace_back(event);
  }
}

}  // namespace gainsay
