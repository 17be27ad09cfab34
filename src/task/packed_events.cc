#include "task/packed_events.h"

#include <cstring>
#include <tuple>

#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"
#include "task/packed_text.h"
#include "task/text_pattern.h"

namespace gainsay {
namespace {

// The places of texts in Event::ForEachText. Behind them come the captures, name and value in turn.
enum Slot : size_t {
  kTask,
  kRun,
  kAttempt,
  kOuterTask,
  kOuterRun,
  kName,
  kTrace,
  kSubject,
  kHost,
  kPid,
  kThread,
  kLane,
  kQueue,
  kRole,
  kCollection,
  kTarget,
  kMessage,
  kError,
  kContext,
  kCaptures
};

bool IsOfPlace(size_t slot) {
  return slot == kOuterTask || slot == kOuterRun || (slot >= kHost && slot <= kQueue);
}

bool IsCaptureName(size_t slot) { return slot >= kCaptures && (slot - kCaptures) % 2 == 0; }

// Texts that differ from one event to the next, as a whole.
bool IsOwn(size_t slot) { return slot == kRun || slot == kAttempt || slot == kTrace; }

// Texts that are the same in many events.
bool IsCommon(size_t slot) {
  return slot == kName || slot == kRole || slot == kCollection || slot == kTarget || IsCaptureName(slot);
}

constexpr uint64_t kSign = uint64_t{1} << 63;  // turned, signed numbers are in order as unsigned ones

// What the texts leave of an event.
void PutFixed(const Event& event, std::string* key) {
  const auto flags = static_cast<uint8_t>((event.outer ? 1 : 0) | (event.task_in_text ? 2 : 0) |
                                          (event.lane_allowed ? 4 : 0));
  for (const uint64_t number :
       {uint64_t{static_cast<uint8_t>(event.kind)}, uint64_t{static_cast<uint8_t>(event.state)},
        uint64_t{static_cast<uint8_t>(event.matched_by)}, uint64_t{flags},
        uint64_t{static_cast<uint8_t>(event.severity)}, uint64_t{event.rule}, uint64_t{event.reason},
        uint64_t{event.captures.size()}}) {
    PutVarint(number, key);
  }
}

Event FixedOf(const Event& event) {
  Event fixed;
  fixed.kind = event.kind;
  fixed.state = event.state;
  fixed.matched_by = event.matched_by;
  fixed.outer = event.outer;
  fixed.task_in_text = event.task_in_text;
  fixed.lane_allowed = event.lane_allowed;
  fixed.severity = event.severity;
  fixed.rule = event.rule;
  fixed.reason = event.reason;
  return fixed;
}

// The event's texts apart: patterns into `key`, each behind its size, and what is its own into `own`.
// `bare`: every text is its own.
void PutTexts(const Event& event, bool with_place, bool bare, std::string* key, std::string* own) {
  size_t slot = 0;
  std::string pattern;
  event.ForEachText([&](std::string_view text) {
    const size_t at = slot++;
    if (at == kTask || (IsOfPlace(at) && !with_place)) return;
    pattern.clear();
    if (IsOwn(at) || bare) {
      TakeWhole(text, &pattern, own);
    } else if (IsCommon(at) && IsPlain(text)) {
      pattern = text;
    } else {
      TakeApart(text, event.task, &pattern, own);
    }
    PutText(pattern, key);
  });
}

}  // namespace

uint32_t PackedEvents::PlaceOf(const Event& event) {
  key_.clear();
  for (const std::string_view text :
       {event.outer_task, event.outer_run, event.host, event.pid, event.thread, event.lane, event.queue}) {
    PutText(text, &key_);
  }
  if (const auto found = place_index_.find(key_); found != place_index_.end()) return found->second;
  if (IsFull(places_.size())) return kNoPlace;
  const auto number = static_cast<uint32_t>(places_.size());
  const char* from = kept_.emplace_back(key_).data();
  Place& place = places_.emplace_back();
  for (std::string_view& text : place.texts) text = TakeText(&from);
  place_index_.emplace(key_, number);
  return number;
}

uint32_t PackedEvents::ShapeOf(const Event& event, bool with_place) {
  for (const bool bare : {false, true}) {
    key_.assign(1, with_place ? 'p' : '-');
    own_.clear();
    PutFixed(event, &key_);
    const size_t texts = key_.size();
    PutTexts(event, with_place, bare, &key_, &own_);
    if (const auto found = shape_index_.find(key_); found != shape_index_.end()) return found->second;
    if (bare || !IsFull(shapes_.size())) return MakeShape(event, with_place, texts);
  }
  return 0;  // not reached
}

uint32_t PackedEvents::MakeShape(const Event& event, bool with_place, size_t texts) {
  const auto number = static_cast<uint32_t>(shapes_.size());
  const char* from = kept_.emplace_back(key_).data() + texts;
  Shape& shape = shapes_.emplace_back();
  shape.common = FixedOf(event);
  shape.names_run = !event.run.empty();
  shape.captures = event.captures.size();
  size_t slot = 0;
  shape.common.ForEachText([&](std::string_view& text) {
    const size_t at = slot++;
    if (at == kTask || (IsOfPlace(at) && !with_place)) return;
    const std::string_view pattern = TakeText(&from);
    if (IsPlain(pattern)) {
      text = pattern;
    } else {
      shape.coded.push_back({at, pattern});
    }
  });
  for (; slot < kCaptures + 2 * shape.captures; ++slot) shape.coded.push_back({slot, TakeText(&from)});
  shape_index_.emplace(key_, number);
  return number;
}

void PackedEvents::Add(const Event& event, uint32_t key) {
  const uint32_t place = PlaceOf(event);
  const uint32_t shape = ShapeOf(event, place == kNoPlace);
  const uint64_t time = static_cast<uint64_t>(event.time_ns) ^ kSign;
  rows_.Add({time, event.position.source, event.position.line, event.position.offset, key, shape, place,
             open_text_.size()});
  open_text_ += own_;
  if (size() % PackedColumns::kBlockRows != 0) return;
  texts_.push_back(std::make_unique_for_overwrite<char[]>(open_text_.size()));
  std::memcpy(texts_.back().get(), open_text_.data(), open_text_.size());
  open_text_.clear();
}

int64_t PackedEvents::time_ns(size_t i) const { return static_cast<int64_t>(rows_.At(i, kTime) ^ kSign); }

Position PackedEvents::position(size_t i) const {
  return {static_cast<uint32_t>(rows_.At(i, kSource)), rows_.At(i, kLine), rows_.At(i, kOffset)};
}

const char* PackedEvents::OwnOf(size_t i) const {
  const size_t block = i / PackedColumns::kBlockRows;
  return (block == texts_.size() ? open_text_.data() : texts_[block].get()) + rows_.At(i, kText);
}

Event PackedEvents::Get(size_t i, std::string_view id, Detail detail, std::string* scratch) const {
  const Shape& shape = shapes_[rows_.At(i, kShape)];
  Event event = shape.common;
  event.time_ns = time_ns(i);
  event.position = position(i);
  if (const uint32_t number = place(i); number != kNoPlace) {
    const Place& place = places_[number];
    std::tie(event.outer_task, event.outer_run, event.host, event.pid, event.thread, event.lane,
             event.queue) = std::tuple_cat(place.texts);
  }
  event.task = id;
  const bool all = detail == Detail::kAll;
  if (all) event.captures.resize(shape.captures);
  PutOwnTexts(shape, OwnOf(i), id, all, &event, scratch);
  return event;
}

void PackedEvents::PutOwnTexts(const Shape& shape, const char* own, std::string_view id, bool all,
                               Event* event, std::string* scratch) {
  scratch->clear();
  if (shape.coded.empty()) return;
  absl::InlinedVector<std::string_view*, kCaptures + 4> texts;
  event->ForEachText([&](std::string_view& text) { texts.push_back(&text); });
  absl::InlinedVector<std::pair<std::string_view*, size_t>, kCaptures + 4> ends;  // in the scratch
  for (const Coded& coded : shape.coded) {
    if (!all && coded.slot >= kMessage) break;
    PutTogether(coded.pattern, id, &own, scratch);
    ends.emplace_back(texts[coded.slot], scratch->size());
  }
  size_t begin = 0;
  for (const auto& [text, end] : ends) {
    *text = std::string_view(*scratch).substr(begin, end - begin);
    begin = end;
  }
}

}  // namespace gainsay
