// One JSON object, read in one pass into the slots of a FieldPlan.
//
//   JsonObject object(plan);
//   if (object.Read(line)) for (uint32_t slot : object.filled()) Use(object.value(slot));
//
// The text must be followed by kChunkPadding readable bytes. Views are into the text or into
// this object's own buffer: valid until the next Read and while the text is.
// Thread rules: one object, one thread.
#ifndef GAINSAY_RECORD_JSON_H_
#define GAINSAY_RECORD_JSON_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "record/attribute_paths.h"
#include "record/decode.h"
#include "record/fields.h"

namespace gainsay {

enum class JsonKind : uint8_t { kMissing, kNull, kBool, kNumber, kString, kTexts, kArray, kObject };

struct JsonValue {
  // Strings unescaped, numbers as written, true and false; kTexts: an array of texts or
  // bytes, decoded; kArray, kObject: raw JSON. Empty for kNull.
  std::string_view text;
  JsonKind kind = JsonKind::kMissing;
  uint8_t depth = 0;  // of the key that it was found under: the literal key is nearest
};

// Slots in an order, and a hash of them.
struct JsonSlots {
  std::vector<uint32_t> slots;
  uint64_t hash = 0;

  void Add(uint32_t slot) {
    slots.push_back(slot);
    hash = (hash ^ slot) * 0x9E3779B97F4A7C15u;
  }
  void Clear() {
    slots.clear();
    hash = 0;
  }
};

struct JsonShape;

class JsonObject {
 public:
  // `plan` must outlive the object.
  explicit JsonObject(const FieldPlan& plan);
  ~JsonObject();
  JsonObject(const JsonObject&) = delete;
  JsonObject& operator=(const JsonObject&) = delete;

  // False if the text is no single, whole JSON object; what was read is then to be ignored.
  // Bytes that are no UTF-8 and raw control characters do not make it fail.
  bool Read(std::string_view text);

  // After Read: the slots that have a value, null included, in the order first met.
  const std::vector<uint32_t>& filled() const { return *filled_; }
  // Those of them whose value is not null.
  const JsonSlots& present() const { return *present_; }
  const JsonValue& value(size_t slot) const { return values_[slot]; }
  bool repaired_utf8() const { return repaired_utf8_; }

  // From now on, every Read also adds the paths of all attributes to `paths`. Null: no more.
  void Observe(AttributePaths* paths);

 private:
  struct Parser;

  void Reset(size_t text_bytes);
  void FindPresent();
  void Repair(std::string_view text);

  std::unique_ptr<Parser> parser_;
  std::vector<JsonValue> values_;  // by slot
  // The shape's, or our own where there is none.
  const std::vector<uint32_t>* filled_ = &own_filled_;
  const JsonSlots* present_ = &own_present_;
  std::vector<uint32_t> own_filled_;
  JsonSlots own_present_;
  std::string repaired_;  // the text, where it had to be changed to be read
  bool repaired_utf8_ = false;
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_JSON_H_
