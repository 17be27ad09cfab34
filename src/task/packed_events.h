// Lifecycle events, kept small: a log tells millions of them, and they are alike. What many have in common
// is kept once: the shape (kind, rule, name, the message but for its numbers and ids) and the place (host,
// process, lane). An event is a row of numbers (task/packed_columns.h) and the few bytes that are its own.
//
// Nothing is lost: an event comes back as it was added.
// Thread rules: one writer; then any readers, each with its own scratch.
#ifndef GAINSAY_TASK_PACKED_EVENTS_H_
#define GAINSAY_TASK_PACKED_EVENTS_H_

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "event/event.h"
#include "rule/wire.h"
#include "task/lately_met.h"
#include "task/packed_columns.h"
#include "task/text_pattern.h"

namespace gainsay {

class PackedEvents {
 public:
  // How much of an event is asked for: kLife leaves its message, error, context and captures out.
  enum class Detail : uint8_t { kLife, kAll };

  // `key` stands for the event's id.
  void Add(const Event& event, uint32_t key);

  size_t size() const { return rows_.size(); }
  int64_t time_ns(size_t i) const;
  Position position(size_t i) const;
  uint32_t key(size_t i) const { return static_cast<uint32_t>(rows_.At(i, kKey)); }
  // What all events of its shape have: kind, state, rule, name … (no id, place or time).
  const Event& shape(size_t i) const { return shapes_[rows_.At(i, kShape)].common; }
  // Whether it bears a run's name.
  bool names_run(size_t i) const { return shapes_[rows_.At(i, kShape)].names_run; }
  // Where events stand: those of equal number in the same host, unit, process and lane. kNoPlace: ask the
  // event.
  static constexpr uint32_t kNoPlace = 0;
  uint32_t place(size_t i) const { return static_cast<uint32_t>(rows_.At(i, kPlace)); }

  // The event; `id` is the text that its key stands for. Its texts are valid as long as these events, `id`
  // and `scratch` (which is not to be changed).
  Event Get(size_t i, std::string_view id, Detail detail, std::string* scratch) const;

 private:
  enum ColumnName : size_t { kTime, kSource, kLine, kOffset, kKey, kShape, kPlace, kText };
  static constexpr size_t kMostTexts = 64;                 // of an event that is compared with shapes
  using Texts = std::array<std::string_view, kMostTexts>;  // by slot: the place in Event::ForEachText

  struct Plain {
    size_t slot;
    std::string_view text;
  };
  // A text of the shape that has parts of an event's own.
  struct Coded {
    size_t slot;
    bool whole;  // it is such a part as a whole
    std::string_view text;
    std::vector<PatternPiece> pattern;  // into `text`
  };
  struct Shape {
    Event common;
    bool with_place = false, names_run = false;
    uint64_t filled = 0;       // by slot: the texts that are not empty
    std::vector<Plain> plain;  // those that all events of the shape have
    std::vector<Coded> coded;  // in order of slots
    size_t captures = 0;
  };
  using Place = std::array<std::string_view, 7>;

  // More shapes or places than that are no pattern, but the logs' own texts.
  bool IsFull(size_t known) const { return known > kFew + size() / kShare; }
  static constexpr size_t kFew = 4096, kShare = 64;

  uint32_t PlaceOf(const Event& event);
  uint32_t LookUpPlace(const Place& texts);
  // Leave in `own_` what the event's texts have beside their patterns.
  uint32_t ShapeOf(const Event& event, bool with_place);
  bool IsOfShape(const Shape& shape, const Event& event);
  uint32_t LookUpShape(const Event& event, bool with_place);
  uint32_t MakeShape(bool bare);  // of `key_`
  static void PutOwnTexts(const Shape& shape, WireReader own, std::string_view id, bool all, Event* event,
                          std::string* scratch);
  WireReader OwnOf(size_t i) const;

  PackedColumns rows_;
  std::deque<std::string> own_texts_;  // of full blocks of rows
  std::string open_text_;              // of the block that is not full
  std::deque<Shape> shapes_;
  std::deque<Place> places_{1};  // the first is of those without
  absl::flat_hash_map<std::string, uint32_t> shape_index_, place_index_;
  LatelyMet shapes_met_, places_met_;
  Texts texts_;                      // of the event that is being added
  std::deque<std::string> kept_;     // what shapes and places point to
  std::string key_, own_, pattern_;  // of the event that is being added
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_PACKED_EVENTS_H_
