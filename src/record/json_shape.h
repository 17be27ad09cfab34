// The shapes of JSON objects that a log has had before: a logger writes the same keys in the same order, line
// by line, and only the values differ. An object of a known shape is compared with it, which takes a fraction
// of the time of reading it.
//
//   JsonShapes shapes(plan);
//   if (shapes.Match(text, &values)) … else if (read(text)) shapes.Learn(text);
//
// Match says yes only to what is a whole JSON object, and gives what a walk over it would. What it does not
// know may be anything. Thread rules: one object, one thread. For json.cc.
#ifndef GAINSAY_RECORD_JSON_SHAPE_H_
#define GAINSAY_RECORD_JSON_SHAPE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "record/fields.h"
#include "record/json.h"

namespace gainsay {

// A value that a slot wants, as it stands in the text; of a string what is between its quotes. kArray: of
// scalars.
struct ShapedValue {
  uint32_t slot = 0;
  JsonKind kind = JsonKind::kMissing;
  uint8_t depth = 0;
  bool escaped = false;
  std::string_view text;  // "" for kNull
};

class JsonShapes {
 public:
  // `plan` must outlive the object.
  explicit JsonShapes(const FieldPlan& plan);

  // The values of the text in their order, if it is an object of a known shape; the text must be followed by
  // kChunkPadding readable bytes. False: nothing is said of it, and `values` is to be ignored.
  bool Match(std::string_view text, std::vector<ShapedValue>* values);

  // Of a text that is a JSON object and did not match. Objects with arrays of
  // arrays or objects in them are not learned.
  void Learn(std::string_view text);

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  static constexpr size_t kMaxDepth = 16, kMaxNodes = 2048, kMaxChildren = 16, kMaxLiteral = 1024;

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
    uint32_t slot = kNone;                 // that wants the value behind
    std::string literal;                   // followed by eight bytes more
    size_t size = 0;                       // of the literal
    std::vector<Fixed> fixed;              // in it
    uint32_t child = kNone, next = kNone;  // next: another one behind the same value
  };
  class Learner;

  static bool Fits(Node::Behind behind, const char* at, const char* end);
  uint32_t ChildThatStands(uint32_t node, const char* at, const char* end) const;
  void GiveFixed(const Node& node, const char* at, std::vector<ShapedValue>* values);
  bool Walk(std::string_view text, std::vector<ShapedValue>* values, bool* beyond_ascii);
  void Forget();

  const FieldPlan& plan_;
  std::vector<Node> nodes_;
  std::array<const char*, kMaxDepth> begins_ = {};  // of objects, by depth
  // How well it went lately: where it is no help, it is not tried for a while.
  int credit_ = 0;
  uint32_t pause_ = 0;
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_JSON_SHAPE_H_
