// What a record says, gathered from its layers, outermost first: each layer's values
// replace those of the layers around it, field by field.
//
//   Layers layers(plan, zone);
//   layers.Begin(&record);
//   layers.AddJson(object); layers.AddText(parts); layers.Finish();
//
// Views of all layers must stay valid until the record is done with.
// Thread rules: one object, one thread. For reader.cc.
#ifndef GAINSAY_RECORD_LAYERS_H_
#define GAINSAY_RECORD_LAYERS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "record/error_text.h"
#include "record/fields.h"
#include "record/json.h"
#include "record/record.h"
#include "record/text.h"
#include "record/time_memo.h"

namespace gainsay {

class Layers {
 public:
  // `plan` must outlive the object. With `only_time`, of a record only its time and its message are gathered.
  Layers(const FieldPlan& plan, Zone zone, bool only_time = false);

  // Clears the record and makes it the one that the layers go to.
  void Begin(Record* record);
  void AddJson(const JsonObject& json);
  // Sets the message to the format's message group, whatever it holds.
  void AddText(const TextParts& parts);
  // What stands beside the message of a line that a format took apart (record/pairs.h): attributes, and
  // fields that the format left open; where the record was logged only if the line is made of nothing else.
  void AddBeside(const JsonObject& json, const TextParts& parts, bool whole_line);
  void AddError(std::string_view text) { error_.Add(text); }
  void Finish() { record_->error = error_.Join(); }

  // Whether the object says something itself, instead of being mere data.
  bool HasMessage(const JsonObject& json);
  // Whether something is still of use that stands beside the message of such a line.
  bool WantsBeside(const TextParts& parts) const;

 private:
  static constexpr size_t kUses = 256, kMostKnown = 128;

  // A slot that has a value, and its place among the candidates of a field.
  struct Hit {
    uint32_t order = 0;  // field * 65536 + rank
    uint32_t slot = 0;
  };
  using Hits = std::pair<const Hit*, const Hit*>;

  // What the slots that an object has are for.
  struct Use {
    struct Group {
      Field field = {};
      uint32_t begin = 0, end = 0;  // of its hits
    };
    bool known = false;
    JsonSlots present;
    std::vector<uint32_t> asked;  // for themselves
    std::vector<Hit> hits;        // in order
    std::vector<Group> groups;

    Hits HitsOf(const Group& group) const { return {hits.data() + group.begin, hits.data() + group.end}; }
  };
  // Valid until the next call.
  const Use& UseOf(const JsonObject& json);
  Use FindUse(const JsonSlots& present) const;
  void SetAttributes(const Use& use, const JsonObject& json);
  void Pick(Field field, Hits hits, const JsonObject& json);
  std::optional<std::string_view> Message(Hits hits, const JsonObject& json) const;
  bool IsDefaultPriority(std::string_view priority, const JsonObject& json) const;
  void PickLevel(Hits hits, const JsonObject& json);
  void PickTime(Hits hits, const JsonObject& json);
  void PickError(Hits hits, const JsonObject& json);
  void PickText(Field field, Hits hits, const JsonObject& json);
  bool SetTime(std::string_view text);
  void AddNanos(uint32_t seconds_slot, const JsonObject& json);
  bool HasChildHit(size_t slot, Hits hits, const JsonObject& json) const;

  const FieldPlan& plan_;
  TimeMemo times_;
  const bool only_time_;
  std::vector<std::vector<uint32_t>> orders_;  // by slot: field * 65536 + rank
  std::vector<LevelScale> scales_;             // by slot
  std::vector<bool> strings_only_;             // by slot: candidates that are often objects
  std::vector<uint32_t> nanos_;                // by slot: the slot of the nanoseconds beside it
  std::vector<bool> is_nanos_;
  size_t message_slot_ = FieldPlan::kNone;    // journald's MESSAGE
  size_t task_name_slot_ = FieldPlan::kNone;  // Python's asyncio tasks
  size_t priority_slot_ = FieldPlan::kNone;   // journald's
  size_t transport_slot_ = FieldPlan::kNone;  // journald's

  Record* record_ = nullptr;
  std::vector<uint32_t> set_slots_;  // attributes to clear
  // By the hash of the slots, or behind it: a log has few sets of them, and many records of each. Those that
  // are known are forgotten when too many are.
  std::vector<Use> uses_;
  size_t known_uses_ = 0;
  ErrorText error_;
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_LAYERS_H_
