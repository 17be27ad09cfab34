// All shapes together are a tree: a node is the text between two values (keys, quotes, commas, also true,
// false and null) and the kind of the value behind it, its children are what may stand behind that value. An
// object is matched along one way from the root: at most one child can stand at a place. Where a way ends,
// the shape is known, and with it which slots the texts on the way are for. Literals are compared and strings
// searched for their end a block at a time; characters outside ASCII are looked at once, for all strings, at
// the end. What is odd in any way (raw control characters, arrays of objects, a new key) is left to the
// reader that knows all.
#include "record/json_shape.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "record/decode.h"
#include "record/json_block.h"

namespace gainsay {
namespace {

constexpr int kMostCredit = 64, kCostOfAMiss = 2;
constexpr uint32_t kPause = 1024;  // objects

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsPartOfNumber(char c) { return IsDigit(c) || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E'; }
bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The length of the true, false or null at `at`; 0 if none of them stands there.
size_t WordAt(const char* at, const char* end) {
  const std::string_view text(at, static_cast<size_t>(end - at));
  return text.starts_with("true") || text.starts_with("null") ? 4 : text.starts_with("false") ? 5 : 0;
}

// The quote that ends the string whose content begins at `at`; null if there is something odd in it.
// `beyond_ascii` is set if such a character may be in it.
inline const char* EndOfString(const char* at, const char* end, bool* escaped, bool* beyond_ascii) {
  const char* behind_escape = at;
  while (at < end) {
    const JsonBlock block(at);
    if (block.beyond_ascii != 0) *beyond_ascii = true;
    for (auto stops = block.stops; stops != 0; stops &= stops - 1) {
      const char* const here = at + static_cast<size_t>(std::countr_zero(stops)) / JsonBlock::kBitsPerByte;
      if (here < behind_escape) continue;
      if (here >= end) return nullptr;
      if (*here == '"') return here;
      if (*here != '\\' || static_cast<signed char>(here[1]) < 0x20) return nullptr;
      *escaped = true;
      behind_escape = here + 2;
    }
    at = std::max(at + JsonBlock::kBytes, behind_escape);
  }
  return nullptr;
}

// The place behind the number that begins at `at`; null if it is none.
const char* EndOfNumber(const char* at, const char* end) {
  const char* const begin = at;
  while (at < end && IsDigit(*at)) ++at;
  if (at < end && !IsPartOfNumber(*at) && at != begin && *begin != '0') return at;
  while (at < end && IsPartOfNumber(*at)) ++at;
  return IsJsonNumber({begin, static_cast<size_t>(at - begin)}) ? at : nullptr;
}

// The place behind the array of scalars that begins at `at`; null if it is none.
const char* EndOfArray(const char* at, const char* end, bool* beyond_ascii) {
  const auto skip_blanks = [&at, end] {
    while (at < end && IsBlank(*at)) ++at;
    return at < end;
  };
  ++at;
  if (skip_blanks() && *at == ']') return at + 1;
  for (bool escaped = false; skip_blanks(); ++at) {
    if (*at == '"') {
      at = EndOfString(at + 1, end, &escaped, beyond_ascii);
      if (at != nullptr) ++at;
    } else if (const size_t word = WordAt(at, end); word > 0) {
      at += word;
    } else {
      at = EndOfNumber(at, end);
    }
    if (at == nullptr || !skip_blanks()) return nullptr;
    if (*at == ']') return at + 1;
    if (*at != ',') return nullptr;
  }
  return nullptr;
}

}  // namespace

// Reads an object that is known to be one, and makes the nodes that it needs.
class JsonShapes::Learner {
 public:
  Learner(JsonShapes* shapes, std::string_view text) : shapes_(*shapes), text_(text) {}
  void Learn() {
    if (!Object(0, 0) || at_ != text_.size() || !Emit(Node::Behind::kEnd, FieldPlan::kNone, 0)) return;
    Node& last = shapes_.nodes_[way_.back()];
    if (last.shape != kNone) return;
    last.shape = static_cast<uint32_t>(shapes_.shapes_.size());
    shapes_.shapes_.push_back(shapes_.ShapeOf(way_));
  }

 private:
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void TakeBytes(size_t bytes) {
    bytes = std::min(bytes, text_.size() - at_);
    literal_.append(text_.substr(at_, bytes));
    at_ += bytes;
  }
  bool Take(char c) {
    while (IsBlank(Peek())) TakeBytes(1);
    if (Peek() != c) return false;
    TakeBytes(1);
    return true;
  }
  // Behind the end of the string that begins at `at_`.
  size_t EndOfStringHere() const {
    size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
    return end + 1;
  }
  bool Object(uint32_t node, int depth);
  bool Value(uint32_t node, int depth);
  void Fix(Fixed::What what, size_t slot, int depth, size_t bytes) {
    if (slot == FieldPlan::kNone) return;
    const auto begin = static_cast<uint32_t>(literal_.size());
    fixed_.push_back({what, static_cast<uint8_t>(depth), static_cast<uint32_t>(slot), begin,
                      begin + static_cast<uint32_t>(bytes)});
  }
  bool Emit(Node::Behind behind, size_t slot, int depth);

  JsonShapes& shapes_;
  const std::string_view text_;
  size_t at_ = 0;
  std::vector<uint32_t> way_ = {0};  // of nodes, to here
  size_t places_ = 0;                // on it
  std::string literal_;
  std::vector<Fixed> fixed_;
};

bool JsonShapes::Learner::Object(uint32_t node, int depth) {
  if (!Take('{')) return false;
  if (Take('}')) return true;
  const FieldPlan& plan = shapes_.plan_;
  do {
    while (IsBlank(Peek())) TakeBytes(1);
    if (Peek() != '"') return false;
    const size_t end = EndOfStringHere();
    if (end > text_.size() || literal_.size() + (end - at_) > kMaxLiteral) return false;
    const std::string_view raw = text_.substr(at_ + 1, end - at_ - 2);
    if (raw.find('\\') != std::string_view::npos) return false;
    const uint32_t child = node == FieldPlan::kNoNode ? node : plan.Child(node, raw);
    TakeBytes(end - at_);
    if (!Take(':') || !Value(child, depth)) return false;
  } while (Take(','));
  return Take('}');
}

bool JsonShapes::Learner::Value(uint32_t node, int depth) {
  while (IsBlank(Peek())) TakeBytes(1);
  const size_t slot = node == FieldPlan::kNoNode ? FieldPlan::kNone : shapes_.plan_.node(node).slot;
  switch (Peek()) {
    case '"': {
      const size_t end = EndOfStringHere() - 1;
      TakeBytes(1);
      at_ = end;
      if (!Emit(Node::Behind::kString, slot, depth)) return false;
      TakeBytes(1);
      return true;
    }
    case 't':
    case 'f': {
      const size_t bytes = Peek() == 't' ? 4 : 5;
      Fix(Fixed::What::kBool, slot, depth, bytes);
      TakeBytes(bytes);
      return true;
    }
    case 'n':
      Fix(Fixed::What::kNull, slot, depth, 4);
      TakeBytes(4);
      return true;
    case '{':
      if (depth + 1 >= static_cast<int>(kMaxDepth)) return false;
      Fix(Fixed::What::kOpen, slot, depth, 0);
      if (!Object(node, depth + 1)) return false;
      Fix(Fixed::What::kClose, slot, depth, 0);
      return true;
    default: {
      const char *const begin = text_.data() + at_, *const text_end = text_.data() + text_.size();
      const bool is_array = Peek() == '[';
      bool ignored = false;
      const char* const end = is_array ? EndOfArray(begin, text_end, &ignored) : EndOfNumber(begin, text_end);
      if (end == nullptr || !Emit(is_array ? Node::Behind::kArray : Node::Behind::kNumber, slot, depth))
        return false;
      at_ += static_cast<size_t>(end - begin);
      return true;
    }
  }
}

// Goes on to the node for what stands here, which is made if there is none.
bool JsonShapes::Learner::Emit(Node::Behind behind, size_t slot, int depth) {
  std::vector<Node>& nodes = shapes_.nodes_;
  std::string& literals = shapes_.literals_;
  const auto go_on = [this](uint32_t node) {
    way_.push_back(node);
    literal_.clear();
    fixed_.clear();
  };
  places_ += fixed_.size() + 1;
  size_t children = 0;
  for (uint32_t i = nodes[way_.back()].child; i != kNone; i = nodes[i].next, ++children) {
    const Node& known = nodes[i];
    if (known.behind != behind || literals.compare(known.literal, known.size, literal_) != 0) continue;
    go_on(i);
    return true;
  }
  if (nodes.size() >= kMaxNodes || children >= kMaxChildren || literal_.size() > kMaxLiteral ||
      places_ > kMaxPlaces)
    return false;
  Node node;
  node.behind = behind;
  node.depth = static_cast<uint8_t>(depth);
  node.slot = slot == FieldPlan::kNone ? kNone : static_cast<uint32_t>(slot);
  node.literal = static_cast<uint32_t>(literals.size() - JsonBlock::kBytes);
  node.size = static_cast<uint32_t>(literal_.size());
  literals.insert(node.literal, literal_);
  node.first_fixed = static_cast<uint32_t>(shapes_.fixed_.size());
  node.fixed_count = static_cast<uint32_t>(fixed_.size());
  shapes_.fixed_.insert(shapes_.fixed_.end(), fixed_.begin(), fixed_.end());
  node.next = nodes[way_.back()].child;
  const auto index = static_cast<uint32_t>(nodes.size());
  nodes[way_.back()].child = index;
  nodes.push_back(node);
  go_on(index);
  return true;
}

JsonShapes::JsonShapes(const FieldPlan& plan) : plan_(plan) { Forget(); }

void JsonShapes::Forget() {
  nodes_.assign(1, Node{});
  literals_.assign(JsonBlock::kBytes, '\0');
  fixed_.clear();
  shapes_.clear();
  credit_ = kMostCredit;
}

JsonShape JsonShapes::ShapeOf(const std::vector<uint32_t>& way) const {
  JsonShape shape;
  const auto add = [&shape](uint32_t slot, JsonKind kind, uint8_t depth) {
    shape.places.push_back({slot, kind, depth});
    const bool known = std::find(shape.filled.begin(), shape.filled.end(), slot) != shape.filled.end();
    if (known || kind == JsonKind::kArray) shape.plain = false;
    shape.filled.push_back(slot);
    if (kind != JsonKind::kNull) shape.present.Add(slot);
  };
  for (const uint32_t number : way) {
    const Node& node = nodes_[number];
    for (uint32_t i = 0; i < node.fixed_count; ++i) {
      const Fixed& fixed = fixed_[node.first_fixed + i];
      if (fixed.what == Fixed::What::kOpen) continue;
      add(fixed.slot,
          fixed.what == Fixed::What::kBool   ? JsonKind::kBool
          : fixed.what == Fixed::What::kNull ? JsonKind::kNull
                                             : JsonKind::kObject,
          fixed.depth);
    }
    if (node.slot == kNone) continue;
    add(node.slot,
        node.behind == Node::Behind::kString  ? JsonKind::kString
        : node.behind == Node::Behind::kArray ? JsonKind::kArray
                                              : JsonKind::kNumber,
        node.depth);
  }
  return shape;
}

inline bool JsonShapes::Fits(Node::Behind behind, const char* at, const char* end) {
  switch (behind) {
    case Node::Behind::kString:
      return true;  // the literal ends with its quote
    case Node::Behind::kNumber:
      return at < end && (IsDigit(*at) || *at == '-');
    case Node::Behind::kArray:
      return at < end && *at == '[';
    case Node::Behind::kEnd:
      return at == end;
  }
  return false;
}

inline const JsonShapes::Node* JsonShapes::ChildThatStands(const Node& node, const char* at,
                                                           const char* end) const {
  for (uint32_t i = node.child; i != kNone; i = nodes_[i].next) {
    const Node& child = nodes_[i];
    if (static_cast<size_t>(end - at) < child.size) continue;
    if (!SameBytes(literals_.data() + child.literal, at, child.size)) continue;
    if (Fits(child.behind, at + child.size, end)) return &child;
  }
  return nullptr;
}

ShapedText* JsonShapes::GiveFixed(const Node& node, const char* at, ShapedText* texts) {
  for (uint32_t i = 0; i < node.fixed_count; ++i) {
    const Fixed& one = fixed_[node.first_fixed + i];
    const char *const begin = at + one.begin, *const end = at + one.end;
    switch (one.what) {
      case Fixed::What::kBool:
        *texts++ = {{begin, static_cast<size_t>(end - begin)}, false};
        break;
      case Fixed::What::kNull:
        *texts++ = {};
        break;
      case Fixed::What::kOpen:
        begins_[one.depth] = begin;
        break;
      case Fixed::What::kClose:
        *texts++ = {{begins_[one.depth], static_cast<size_t>(begin - begins_[one.depth])}, false};
        break;
    }
  }
  return texts;
}

const JsonShape* JsonShapes::Walk(std::string_view text, bool* beyond_ascii) {
  const char *at = text.data(), *const end = at + text.size();
  ShapedText* texts = texts_.data();
  for (const Node* node = nodes_.data();;) {
    node = ChildThatStands(*node, at, end);
    if (node == nullptr) return nullptr;
    if (node->fixed_count > 0) texts = GiveFixed(*node, at, texts);
    at += node->size;
    const char* const begin = at;
    bool escaped = false;
    switch (node->behind) {
      case Node::Behind::kString:
        at = EndOfString(begin, end, &escaped, beyond_ascii);
        break;
      case Node::Behind::kNumber:
        at = EndOfNumber(begin, end);
        break;
      case Node::Behind::kArray:
        at = EndOfArray(begin, end, beyond_ascii);
        break;
      case Node::Behind::kEnd:
        return &shapes_[node->shape];
    }
    if (at == nullptr) return nullptr;
    if (node->slot != kNone) *texts++ = {{begin, static_cast<size_t>(at - begin)}, escaped};
  }
}

const JsonShape* JsonShapes::Match(std::string_view text) {
  // Bytes are counted from the lowest bit up.
  if (std::endian::native != std::endian::little) return nullptr;
  if (pause_ > 0) {
    --pause_;
    return nullptr;
  }
  bool beyond_ascii = false;
  const JsonShape* const shape = Walk(text, &beyond_ascii);
  if (shape != nullptr && (!beyond_ascii || IsUtf8(text))) {
    if (credit_ < kMostCredit) ++credit_;
    return shape;
  }
  credit_ -= kCostOfAMiss;
  if (credit_ <= 0) {
    Forget();
    pause_ = kPause;
  }
  return nullptr;
}

void JsonShapes::Learn(std::string_view text) {
  if (pause_ == 0) Learner(this, text).Learn();
}

}  // namespace gainsay
