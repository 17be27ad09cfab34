#include "task/packed_events.h"

#include <algorithm>
#include <tuple>

#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"
#include "event/event_codec.h"

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

constexpr bool IsOfPlace(size_t slot) {
  return slot == kOuterTask || slot == kOuterRun || (slot >= kHost && slot <= kQueue);
}

bool IsCaptureName(size_t slot) { return slot >= kCaptures && (slot - kCaptures) % 2 == 0; }

// Texts that differ from one event to the next, as a whole.
bool IsOwn(size_t slot) { return slot == kRun || slot == kAttempt || slot == kTrace; }

// Texts that are the same in many events.
bool IsCommon(size_t slot) {
  return slot == kName || slot == kRole || slot == kCollection || slot == kTarget || IsCaptureName(slot);
}

// By slot: the texts that a shape has.
constexpr uint64_t kTextsWithPlace = ~(uint64_t{1} << kTask);
constexpr uint64_t kTextsWithoutPlace = [] {
  uint64_t texts = kTextsWithPlace;
  for (size_t slot = 0; slot < kCaptures; ++slot) texts &= ~(uint64_t{IsOfPlace(slot) ? 1U : 0U} << slot);
  return texts;
}();

constexpr uint64_t kSign = uint64_t{1} << 63;  // turned, signed numbers are in order as unsigned ones

// The event's texts apart: patterns into `key`, each behind its size, and what is its own into `own`.
// `bare`: every text is its own. `scratch` is for the patterns.
void PutTexts(const Event& event, bool with_place, bool bare, std::string* key, std::string* own,
              std::string* scratch) {
  size_t slot = 0;
  std::string& pattern = *scratch;
  event.ForEachText([&](std::string_view text) {
    const size_t at = slot++;
    if (at == kTask || (IsOfPlace(at) && !with_place)) return;
    if (text.empty()) {
      WireWriter(key).Number(0);  // most are
      return;
    }
    pattern.clear();
    if (IsOwn(at) || bare) {
      TakeWhole(text, &pattern, own);
    } else if (IsCommon(at) && IsPlain(text)) {
      pattern = text;
    } else {
      TakeApart(text, event.task, &pattern, own);
    }
    WireWriter(key).Text(pattern);
  });
}

// How a text ends, as far as it is not its own there.
std::string_view EndOf(std::string_view text) {
  constexpr size_t kEnd = 4;
  const std::string_view end = text.substr(text.size() - std::min(text.size(), kEnd));
  const auto digit = std::find_if(end.rbegin(), end.rend(), [](char c) { return c >= '0' && c <= '9'; });
  return end.substr(end.size() - static_cast<size_t>(digit - end.rbegin()));
}

}  // namespace

uint32_t PackedEvents::PlaceOf(const Event& event) {
  const Place texts = {event.outer_task, event.outer_run, event.host, event.pid,
                       event.thread,     event.lane,      event.queue};
  uint64_t hash = 0;
  for (const std::string_view text : texts) hash = LatelyMet::Mix(hash, text);
  uint32_t place = places_met_.Find(hash, [&](uint32_t number) { return places_[number] == texts; });
  if (place != LatelyMet::kNone) return place;
  place = LookUpPlace(texts);
  if (place != kNoPlace) places_met_.Put(hash, place);
  return place;
}

uint32_t PackedEvents::LookUpPlace(const Place& texts) {
  key_.clear();
  for (const std::string_view text : texts) WireWriter(&key_).Text(text);
  if (const auto found = place_index_.find(key_); found != place_index_.end()) return found->second;
  if (IsFull(places_.size())) return kNoPlace;
  const auto number = static_cast<uint32_t>(places_.size());
  WireReader reader(kept_.emplace_back(key_));
  Place& place = places_.emplace_back();
  for (std::string_view& text : place) text = reader.Text();
  place_index_.emplace(key_, number);
  return number;
}

// An event that a shape fits comes back from it as it was, whichever shape that is, so the first one of those
// met lately will do.
uint32_t PackedEvents::ShapeOf(const Event& event, bool with_place) {
  size_t texts = 0;
  uint64_t filled = 0;
  event.ForEachText([&](std::string_view text) {
    const size_t slot = texts++;
    if (slot >= kMostTexts) return;
    texts_[slot] = text;
    filled |= uint64_t{text.empty() ? 0U : 1U} << slot;
  });
  if (texts > kMostTexts) return LookUpShape(event, with_place);
  filled &= with_place ? kTextsWithPlace : kTextsWithoutPlace;
  uint64_t hash = LatelyMet::Mix(filled, uint64_t{event.rule} << 8 | static_cast<uint64_t>(event.severity));
  hash = LatelyMet::Mix(LatelyMet::Mix(hash, event.name), EndOf(event.message));
  const auto fits = [&](uint32_t number) {
    const Shape& shape = shapes_[number];
    return shape.filled == filled && shape.with_place == with_place && IsOfShape(shape, event);
  };
  uint32_t shape = shapes_met_.Find(hash, fits);
  if (shape != LatelyMet::kNone) return shape;
  shape = LookUpShape(event, with_place);
  shapes_met_.Put(hash, shape);
  return shape;
}

bool PackedEvents::IsOfShape(const Shape& shape, const Event& event) {
  if (shape.captures != event.captures.size() || !SameNumbers(shape.common, event)) return false;
  for (const Plain& plain : shape.plain) {
    if (texts_[plain.slot] != plain.text) return false;
  }
  own_.clear();
  for (const Coded& coded : shape.coded) {
    const std::string_view text = texts_[coded.slot];
    if (!coded.whole) {
      if (!TakeLike(coded.pattern, text, event.task, &own_)) return false;
      continue;
    }
    pattern_.clear();
    TakeWhole(text, &pattern_, &own_);
    if (pattern_ != coded.text) return false;
  }
  return true;
}

uint32_t PackedEvents::LookUpShape(const Event& event, bool with_place) {
  for (const bool bare : {false, true}) {
    key_.clear();
    own_.clear();
    WireWriter writer(&key_);
    WriteNumbers(event, &writer);
    writer.Number(with_place ? 1 : 0).Number(event.run.empty() ? 0 : 1).Number(event.captures.size());
    PutTexts(event, with_place, bare, &key_, &own_, &pattern_);
    if (const auto found = shape_index_.find(key_); found != shape_index_.end()) return found->second;
    if (bare || !IsFull(shapes_.size())) return MakeShape(bare);
  }
  return 0;  // not reached
}

uint32_t PackedEvents::MakeShape(bool bare) {
  const auto number = static_cast<uint32_t>(shapes_.size());
  WireReader reader(kept_.emplace_back(key_));
  Shape& shape = shapes_.emplace_back();
  ReadNumbers(&reader, &shape.common);
  shape.with_place = reader.Number() != 0;
  shape.names_run = reader.Number() != 0;
  shape.captures = reader.Number();
  size_t slot = 0;
  const auto see = [&](std::string_view pattern, std::string_view* text) {
    const size_t at = slot++;
    if (!pattern.empty() && at < kMostTexts) shape.filled |= uint64_t{1} << at;
    if (!IsPlain(pattern)) {
      shape.coded.push_back({at, bare || IsOwn(at), pattern, PiecesOf(pattern)});
    } else if (text != nullptr) {
      *text = pattern;
      if (!pattern.empty()) shape.plain.push_back({at, pattern});
    } else {
      shape.coded.push_back({at, false, pattern, PiecesOf(pattern)});
    }
  };
  shape.common.ForEachText([&](std::string_view& text) {
    if (slot == kTask || (IsOfPlace(slot) && !shape.with_place)) {
      ++slot;
    } else {
      see(reader.Text(), &text);
    }
  });
  while (slot < kCaptures + 2 * shape.captures) see(reader.Text(), nullptr);
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
  own_texts_.push_back(open_text_);  // a copy takes no more than it needs
  open_text_.clear();
}

int64_t PackedEvents::time_ns(size_t i) const { return static_cast<int64_t>(rows_.At(i, kTime) ^ kSign); }

Position PackedEvents::position(size_t i) const {
  return {static_cast<uint32_t>(rows_.At(i, kSource)), rows_.At(i, kLine), rows_.At(i, kOffset)};
}

WireReader PackedEvents::OwnOf(size_t i) const {
  const size_t block = i / PackedColumns::kBlockRows;
  const std::string_view text = block == own_texts_.size() ? open_text_ : own_texts_[block];
  return WireReader(text.substr(rows_.At(i, kText)));
}

Event PackedEvents::Get(size_t i, std::string_view id, Detail detail, std::string* scratch) const {
  const Shape& shape = shapes_[rows_.At(i, kShape)];
  Event event = shape.common;
  event.time_ns = time_ns(i);
  event.position = position(i);
  if (const uint32_t number = place(i); number != kNoPlace) {
    const Place& place = places_[number];
    std::tie(event.outer_task, event.outer_run, event.host, event.pid, event.thread, event.lane,
             event.queue) = std::tuple_cat(place);
  }
  event.task = id;
  const bool all = detail == Detail::kAll;
  if (all) event.captures.resize(shape.captures);
  PutOwnTexts(shape, OwnOf(i), id, all, &event, scratch);
  return event;
}

void PackedEvents::PutOwnTexts(const Shape& shape, WireReader own, std::string_view id, bool all,
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
