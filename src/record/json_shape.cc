// All shapes together are a tree: a node is the text between two values (keys, quotes, commas, also true,
// false and null) and the kind of the value behind it, its children are what may stand behind that value. An
// object is matched along one way from the root: at most one child can stand at a place. Strings are searched
// for their end eight bytes at a time; characters outside ASCII are looked at once, for all strings, at the
// end. What is odd in any way (raw control characters, arrays of objects, a new key) is left to the reader
// that knows all.
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

uint64_t Load8(const char* at) {
  uint64_t bytes = 0;
  std::memcpy(&bytes, at, sizeof bytes);
  return bytes;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsPartOfNumber(char c) { return IsDigit(c) || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E'; }
bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The length of the true, false or null at `at`; 0 if none of them stands there.
size_t WordAt(const char* at, const char* end) {
  const std::string_view text(at, static_cast<size_t>(end - at));
  return text.starts_with("true") || text.starts_with("null") ? 4 : text.starts_with("false") ? 5 : 0;
}

// The first place from `at` on, before `end`, of a quote, a backslash or a control character; `end` if there
// is none.
inline const char* EndOfPlain(const char* at, const char* end, bool* beyond_ascii) {
  for (; at < end; at += JsonBlock::kBytes) {
    const JsonBlock block(at);
    if (block.stops == 0) {
      *beyond_ascii = *beyond_ascii || block.beyond_ascii != 0;
      continue;
    }
    const auto before = (block.stops & (~block.stops + 1)) - 1;
    *beyond_ascii = *beyond_ascii || (block.beyond_ascii & before) != 0;
    at += static_cast<size_t>(std::countr_zero(block.stops)) / JsonBlock::kBitsPerByte;
    break;
  }
  return at < end ? at : end;
}

// The quote that ends the string whose content begins at `at`; null if there is something odd in it.
inline const char* EndOfString(const char* at, const char* end, bool* escaped, bool* beyond_ascii) {
  for (;;) {
    at = EndOfPlain(at, end, beyond_ascii);
    if (at == end) return nullptr;
    if (*at == '"') return at;
    if (*at != '\\' || end - at < 2 || static_cast<unsigned char>(at[1]) < 0x20) return nullptr;
    *escaped = true;
    *beyond_ascii = *beyond_ascii || static_cast<unsigned char>(at[1]) >= 0x80;
    at += 2;
  }
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

inline bool StandsAt(const char* literal, size_t size, const char* at) {
  for (; size >= 8; size -= 8, literal += 8, at += 8) {
    if (Load8(literal) != Load8(at)) return false;
  }
  return size == 0 || (Load8(literal) ^ Load8(at)) << (64 - 8 * size) == 0;
}

}  // namespace

// Reads an object that is known to be one, and makes the nodes that it needs.
class JsonShapes::Learner {
 public:
  Learner(JsonShapes* shapes, std::string_view text) : shapes_(*shapes), text_(text) {}
  bool Learn() {
    return Object(0, 0) && at_ == text_.size() && Emit(Node::Behind::kEnd, FieldPlan::kNone, 0);
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
  uint32_t node_ = 0;
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
  size_t children = 0;
  for (uint32_t i = nodes[node_].child; i != kNone; i = nodes[i].next, ++children) {
    const Node& known = nodes[i];
    if (known.behind != behind || std::string_view(known.literal.data(), known.size) != literal_) continue;
    node_ = i;
    literal_.clear();
    fixed_.clear();
    return true;
  }
  if (nodes.size() >= kMaxNodes || children >= kMaxChildren || literal_.size() > kMaxLiteral) return false;
  Node node;
  node.behind = behind;
  node.depth = static_cast<uint8_t>(depth);
  node.slot = slot == FieldPlan::kNone ? kNone : static_cast<uint32_t>(slot);
  node.size = literal_.size();
  node.literal = std::exchange(literal_, {}) + std::string(8, '\0');
  node.fixed = std::exchange(fixed_, {});
  node.next = nodes[node_].child;
  const auto index = static_cast<uint32_t>(nodes.size());
  nodes[node_].child = index;
  nodes.push_back(std::move(node));
  node_ = index;
  return true;
}

JsonShapes::JsonShapes(const FieldPlan& plan) : plan_(plan) { Forget(); }

void JsonShapes::Forget() {
  nodes_.assign(1, Node{});
  credit_ = kMostCredit;
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

inline uint32_t JsonShapes::ChildThatStands(uint32_t node, const char* at, const char* end) const {
  for (uint32_t i = nodes_[node].child; i != kNone; i = nodes_[i].next) {
    const Node& child = nodes_[i];
    if (static_cast<size_t>(end - at) < child.size || !StandsAt(child.literal.data(), child.size, at))
      continue;
    if (Fits(child.behind, at + child.size, end)) return i;
  }
  return kNone;
}

void JsonShapes::GiveFixed(const Node& node, const char* at, std::vector<ShapedValue>* values) {
  for (const Fixed& one : node.fixed) {
    const char* const begin = at + one.begin;
    switch (one.what) {
      case Fixed::What::kBool:
        values->push_back({one.slot, JsonKind::kBool, one.depth, false, {begin, one.end - one.begin}});
        break;
      case Fixed::What::kNull:
        values->push_back({one.slot, JsonKind::kNull, one.depth, false, {}});
        break;
      case Fixed::What::kOpen:
        begins_[one.depth] = begin;
        break;
      case Fixed::What::kClose: {
        const char* const open = begins_[one.depth];
        values->push_back(
            {one.slot, JsonKind::kObject, one.depth, false, {open, static_cast<size_t>(begin - open)}});
        break;
      }
    }
  }
}

bool JsonShapes::Walk(std::string_view text, std::vector<ShapedValue>* values, bool* beyond_ascii) {
  const char *at = text.data(), *const end = at + text.size();
  for (uint32_t node = 0;;) {
    node = ChildThatStands(node, at, end);
    if (node == kNone) return false;
    const Node& here = nodes_[node];
    if (!here.fixed.empty()) GiveFixed(here, at, values);
    at += here.size;
    if (here.behind == Node::Behind::kEnd) return true;
    const char* const begin = at;
    bool escaped = false;
    JsonKind kind = JsonKind::kString;
    if (here.behind == Node::Behind::kString) {
      at = EndOfString(begin, end, &escaped, beyond_ascii);
    } else {
      kind = here.behind == Node::Behind::kArray ? JsonKind::kArray : JsonKind::kNumber;
      at = kind == JsonKind::kArray ? EndOfArray(begin, end, beyond_ascii) : EndOfNumber(begin, end);
    }
    if (at == nullptr) return false;
    if (here.slot == kNone) continue;
    values->push_back({here.slot, kind, here.depth, escaped, {begin, static_cast<size_t>(at - begin)}});
  }
}

bool JsonShapes::Match(std::string_view text, std::vector<ShapedValue>* values) {
  values->clear();
  // Bytes are counted from the lowest bit up.
  if (std::endian::native != std::endian::little) return false;
  if (pause_ > 0) {
    --pause_;
    return false;
  }
  bool beyond_ascii = false;
  if (Walk(text, values, &beyond_ascii) && (!beyond_ascii || IsUtf8(text))) {
    if (credit_ < kMostCredit) ++credit_;
    return true;
  }
  credit_ -= kCostOfAMiss;
  if (credit_ <= 0) {
    Forget();
    pause_ = kPause;
  }
  return false;
}

void JsonShapes::Learn(std::string_view text) {
  if (pause_ == 0) Learner(this, text).Learn();
}

}  // namespace gainsay
