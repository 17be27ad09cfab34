// The settler's state as bytes, and back.
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "event/event_codec.h"
#include "watch/counts_wire.h"
#include "watch/settler.h"

namespace gainsay {
namespace {

void WriteKey(const EventKey& key, WireWriter* writer) {
  writer->Signed(key.time_ns).Number(key.source).Number(key.sequence);
}

EventKey ReadKey(WireReader* reader) {
  EventKey key;
  key.time_ns = reader->Signed();
  key.source = static_cast<uint32_t>(reader->Number());
  key.sequence = reader->Number();
  return key;
}

void WriteCounts(const std::map<std::string, uint64_t>& counts, WireWriter* writer) {
  writer->Number(counts.size());
  for (const auto& [name, count] : counts) writer->Text(name).Number(count);
}

void ReadCounts(WireReader* reader, std::map<std::string, uint64_t>* counts) {
  for (uint64_t left = reader->Count(); left > 0; --left) {
    const std::string_view name = reader->Text();
    (*counts)[std::string(name)] = reader->Number();
  }
}

void WriteTally(const Tally& tally, WireWriter* writer) {
  writer->Number(tally.terminals).Number(tally.errors).Number(tally.unattributed).Number(tally.tasks);
  for (const uint64_t runs : tally.runs) writer->Number(runs);
  WriteCounts(tally.errors_by_reason, writer);
  WriteCounts(tally.inconclusive, writer);
  WriteCounts(tally.errors_by_target, writer);
}

Tally ReadTally(WireReader* reader) {
  Tally tally;
  for (uint64_t* count : {&tally.terminals, &tally.errors, &tally.unattributed, &tally.tasks}) {
    *count = reader->Number();
  }
  for (uint64_t& runs : tally.runs) runs = reader->Number();
  ReadCounts(reader, &tally.errors_by_reason);
  ReadCounts(reader, &tally.inconclusive);
  ReadCounts(reader, &tally.errors_by_target);
  return tally;
}

Verdict ReadVerdict(WireReader* reader) {
  const uint64_t verdict = reader->Number();
  if (verdict >= kVerdictCount) reader->Fail();
  return reader->ok() ? static_cast<Verdict>(verdict) : Verdict::kUnfinished;
}

}  // namespace

void Settler::Save(WireWriter* writer) const {
  writer->Number(store_.next_sequence()).Number(store_.events().size());
  for (const auto& [key, kept] : store_.events()) {
    writer->Number(key.sequence);
    WriteEvent(kept.event(), writer);
  }
  std::map<std::string_view, uint32_t> numbered;  // in order: equal states are equal bytes
  for (const auto& [task, kept] : store_.tasks()) {
    if (kept.runs_forgotten > 0) numbered[task] = kept.runs_forgotten;
  }
  writer->Number(numbered.size());
  for (const auto& [task, runs] : numbered) writer->Text(task).Number(runs);
  writer->Number(due_.size());
  for (const auto& [due_ns, key] : due_) {
    writer->Signed(due_ns);
    WriteKey(key, writer);
  }
  writer->Signed(decided_ns_).Signed(next_sweep_ns_).Signed(watermark_ns_);
  writer->Number(known_.size());
  for (const auto& [key, known] : known_) {
    writer->Signed(key.first).Text(key.second).Text(known.task).Number(static_cast<uint64_t>(known.verdict));
    writer->Number(known.again ? 1 : 0);
  }
  const std::map<uint64_t, Loss> lost(lost_.begin(), lost_.end());
  writer->Number(lost.size());
  for (const auto& [task, loss] : lost) {
    writer->Number(task).Signed(loss.time_ns).Number(static_cast<uint64_t>(loss.why));
  }
  WriteTally(forgotten_, writer);
  writer->Number(forgotten_early_).Number(evicted_);
}

void Settler::LoadEvents(WireReader* reader, const EventTranslation& translate) {
  const uint64_t next_sequence = reader->Number();
  for (uint64_t left = reader->Count(); left > 0; --left) {
    const uint64_t sequence = reader->Number();
    std::optional<KeptEvent> event = ReadEvent(reader, translate);
    if (!event) return;
    const EventKey key{event->event().time_ns, event->event().position.source, sequence};
    store_.Add(key, std::move(*event));
  }
  store_.set_next_sequence(next_sequence);
  for (uint64_t left = reader->Count(); left > 0; --left) {
    const std::string_view task = reader->Text();
    store_.SetRunsForgotten(task, static_cast<uint32_t>(reader->Number()));
  }
}

bool Settler::Load(WireReader* reader, const EventTranslation& translate) {
  LoadEvents(reader, translate);
  for (uint64_t left = reader->Count(); left > 0; --left) {
    const int64_t due_ns = reader->Signed();
    due_.emplace(due_ns, ReadKey(reader));
  }
  decided_ns_ = reader->Signed();
  next_sweep_ns_ = reader->Signed();
  watermark_ns_ = reader->Signed();
  for (uint64_t left = reader->Count(); left > 0; --left) {
    const int64_t time_ns = reader->Signed();
    const std::string_view id = reader->Text(), task = reader->Text();
    const Verdict verdict = ReadVerdict(reader);
    known_[{time_ns, std::string(id)}] = {std::string(task), verdict, reader->Number() == 1};
    found_in_[std::string(task)].insert({time_ns, std::string(id)});
  }
  for (uint64_t left = reader->Count(); left > 0; --left) {
    const uint64_t task = reader->Number();
    const int64_t time_ns = reader->Signed();
    const uint64_t why = reader->Number();
    if (why > static_cast<uint64_t>(LossKind::kEvicted)) reader->Fail();
    if (reader->ok()) lost_[task] = {time_ns, static_cast<LossKind>(why)};
  }
  forgotten_ = ReadTally(reader);
  forgotten_early_ = reader->Number();
  evicted_ = reader->Number();
  return reader->ok();
}

void Settler::Expect(int64_t time_ns, const std::string& id, const std::string& task) {
  if (known_.try_emplace({time_ns, id}, Known{task, Verdict::kContradiction, true}).second)
    found_in_[task].insert({time_ns, id});
}

void Settler::ExpectChange(const std::string& id, Verdict verdict) {
  for (auto& [key, known] : known_) {
    if (key.second == id) known.verdict = verdict;
  }
}

}  // namespace gainsay
