// The shapes of JSON objects that a log has had before: a logger writes the same keys in the same order, line
// by line, and only the values differ. An object of a known shape is compared with it, which takes a fraction
// of the time of reading it; what follows from the keys alone is known with the shape.
//
//   JsonShapes shapes(plan);
//   if (const JsonShape* shape = shapes.Match(text)) … else if (read(text)) shapes.Learn(text);
//
// Match takes only what is a whole JSON object, and gives what a walk over it would. What it does not
// know may be anything. Thread rules: one object, one thread. For json.cc.
#ifndef GAINSAY_RECORD_JSON_SHAPE_H_
#define GAINSAY_RECORD_JSON_SHAPE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "record/fields.h"
#include "record/json.h"

namespace gainsay {

// What objects with the same keys have in common: of each value that a slot wants, in their order, all but
// its text.
struct JsonShape {
  struct Place {
    uint32_t slot = 0;
    JsonKind kind = JsonKind::kMissing;  // kArray: of scalars
    uint8_t depth = 0;
  };
  std::vector<Place> places;
  // Whether each slot has one value at most, and none is an array, whose meaning depends on what is in it:
  // then these are the slots that have a value.
  bool plain = true;
  std::vector<uint32_t> filled;
  JsonSlots present;
};

// A value as it stands in the text; of a string what is between its quotes. "" for null.
struct ShapedText {
  std::string_view text;
  bool escaped = false;
};

class JsonShapes {
 public:
  // `plan` must outlive the object.
  explicit JsonShapes(const FieldPlan& plan);

  // The shape of the text, if it is an object of a known one; the text must be followed by kChunkPadding
  // readable bytes. Null: nothing is said of it. Valid until the next call.
  const JsonShape* Match(std::string_view text);
  // After Match: the text at a place of the shape.
  const ShapedText& text(size_t place) const { return texts_[place]; }

  // Of a text that is a JSON object and did not match. Objects with arrays of
  // arrays or objects in them are not learned.
  void Learn(std::string_view text);

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  static constexpr size_t kMaxDepth = 16, kMaxNodes = 2048, kMaxChildren = 16, kMaxLiteral = 1024,
                          kMaxPlaces = 128;

  // Something that stands in a literal, from `begin` to `end`: true, false, null, or the border of an object
  // that a slot wants.
  struct Fixed {
    enum class What : uint8_t { kBool, kNull, kOpen, kClose } what = What::kNull;
    uint8_t depth = 0;
    uint32_t slot = 0;
    uint32_t begin = 0, end = 0;
  };
  // What stands between two values, and the value behind it. The ways from the first node are the shapes.
  struct Node {
    enum class Behind : uint8_t { kString, kNumber, kArray, kEnd } behind = Behind::kEnd;
    uint8_t depth = 0;
    uint32_t slot = kNone;                      // that wants the value behind
    uint32_t literal = 0, size = 0;             // in literals_
    uint32_t first_fixed = 0, fixed_count = 0;  // in fixed_
    uint32_t child = kNone, next = kNone;       // next: another one behind the same value
    uint32_t shape = kNone;                     // in shapes_, of kEnd
  };
  class Learner;

  static bool Fits(Node::Behind behind, const char* at, const char* end);
  const Node* ChildThatStands(const Node& node, const char* at, const char* end) const;
  ShapedText* GiveFixed(const Node& node, const char* at, ShapedText* texts);
  const JsonShape* Walk(std::string_view text, bool* beyond_ascii);
  JsonShape ShapeOf(const std::vector<uint32_t>& way) const;
  void Forget();

  const FieldPlan& plan_;
  std::vector<Node> nodes_;
  std::string literals_;  // followed by JsonBlock::kBytes more
  std::vector<Fixed> fixed_;
  std::deque<JsonShape> shapes_;
  std::array<ShapedText, kMaxPlaces> texts_;
  std::array<const char*, kMaxDepth> begins_ = {};  // of objects, by depth
  // How well it went lately: where it is no help, it is not tried for a while.
  int credit_ = 0;
  uint32_t pause_ = 0;
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_JSON_SHAPE_H_
