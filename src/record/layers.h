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
  // A slot that has a value, and its place among the candidates of a field.
  struct Hit {
    uint32_t order = 0;  // field * 65536 + rank
    uint32_t slot = 0;
  };
  using Hits = std::pair<const Hit*, const Hit*>;

  // What the object has for which fields, in order; valid until the next call.
  const std::vector<Hit>& Collect(const JsonObject& json);
  // Those that Collect() gathered.
  void SetAttributes(const JsonObject& json);
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
  const Zone zone_;
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
  // The last sets of attributes: a log has few, and many records of each.
  struct Known {
    uint64_t hash = 0;  // of the slots
    std::vector<uint32_t> slots;
    std::vector<Hit> hits;
  };
  std::array<Known, 32> known_;
  size_t next_known_ = 0;
  std::vector<uint32_t> slots_;
  ErrorText error_;
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_LAYERS_H_
