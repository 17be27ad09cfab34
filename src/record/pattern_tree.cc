#include "record/pattern_tree.h"

#include <algorithm>
#include <utility>

namespace gainsay {
namespace {

using Bytes = std::bitset<256>;
using NodePtr = std::unique_ptr<PatternNode>;

constexpr int kMaxDepth = 40;

NodePtr Make(PatternNode::Kind kind) {
  auto node = std::make_unique<PatternNode>();
  node->kind = kind;
  return node;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

Bytes Range(int first, int last) {
  if (last < first) return {};
  return ~Bytes() >> static_cast<size_t>(255 - (last - first)) << static_cast<size_t>(first);
}

// Sets of characters that patterns name.
struct Sets {
  Bytes ascii = Range(0, 127), upper = Range('A', 'Z'), lower = Range('a', 'z'), digits = Range('0', '9'),
        word = digits | upper | lower | Range('_', '_'),
        blanks = Range('\t', '\n') | Range('\f', '\r') | Range(' ', ' ');
};
const Sets& Known() {
  static const Sets kSets;
  return kSets;
}

// Reads a pattern; null if there is something in it that it does not know.
class Parser {
 public:
  explicit Parser(std::string_view pattern) : text_(pattern) {}
  PatternTree Parse() {
    NodePtr node = Either(0);
    if (!node || !text_.empty()) return {};
    return {std::move(node), exact_};
  }

 private:
  // One character, or a class of them.
  struct Chars {
    Bytes bytes;
    BeyondAscii beyond = BeyondAscii::kNone;
    int single = -1;  // ASCII
  };

  bool Take(std::string_view token) {
    if (!text_.starts_with(token)) return false;
    text_.remove_prefix(token.size());
    return true;
  }
  NodePtr Either(int depth);
  NodePtr Alternatives(NodePtr first, int depth);
  NodePtr Concat(int depth);
  NodePtr Atom(int depth);
  NodePtr Group(int depth);
  bool Flags(bool* group);
  bool Repetition(NodePtr* node);
  bool Counts(int* least, int* most);
  bool Number(int* value);
  bool ClassItem(Chars* item);
  bool Class(Chars* chars);
  bool Escape(Chars* chars, bool* assertion);
  bool HexEscape(Chars* chars);
  void Literal(Chars* chars);
  void Negate(Chars* chars);
  NodePtr CharNode(const Chars& chars);

  std::string_view text_;
  bool caseless_ = false, dot_is_all_ = false;
  bool exact_ = true;
};

NodePtr Parser::Either(int depth) {
  if (depth > kMaxDepth) return nullptr;
  const bool caseless = caseless_, dot_is_all = dot_is_all_;
  NodePtr either = Concat(depth);
  if (either && text_.starts_with('|')) either = Alternatives(std::move(either), depth);
  caseless_ = caseless;
  dot_is_all_ = dot_is_all;
  return either;
}

// Behind the first one.
NodePtr Parser::Alternatives(NodePtr first, int depth) {
  NodePtr either = Make(PatternNode::Kind::kEither);
  either->parts.push_back(std::move(first));
  while (Take("|")) {
    NodePtr part = Concat(depth);
    if (!part) return nullptr;
    either->parts.push_back(std::move(part));
  }
  return either;
}

NodePtr Parser::Concat(int depth) {
  NodePtr concat = Make(PatternNode::Kind::kConcat);
  concat->parts.reserve(8);  // as most have
  while (!text_.empty() && text_[0] != '|' && text_[0] != ')') {
    NodePtr part = Atom(depth);
    if (!part || !Repetition(&part)) return nullptr;
    if (part->kind != PatternNode::Kind::kNothing) concat->parts.push_back(std::move(part));
  }
  return concat;
}

NodePtr Parser::Atom(int depth) {
  Chars chars;
  bool assertion = false;
  if (Take("(")) return Group(depth);
  if (Take("^")) return Make(PatternNode::Kind::kBegin);
  if (Take("$")) return Make(PatternNode::Kind::kEnd);
  if (Take(".")) {
    chars.bytes = Known().ascii;
    chars.bytes.set('\n', dot_is_all_);
    chars.beyond = BeyondAscii::kAll;
    return CharNode(chars);
  }
  if (Take("[")) return Class(&chars) ? CharNode(chars) : nullptr;
  if (text_[0] == '*' || text_[0] == '+' || text_[0] == '?') return nullptr;
  if (!Take("\\")) {
    Literal(&chars);
    return CharNode(chars);
  }
  const char escaped = text_.empty() ? '\0' : text_[0];
  if (!Escape(&chars, &assertion)) return nullptr;
  if (!assertion) return CharNode(chars);
  return Make(escaped == 'b'   ? PatternNode::Kind::kWordBorder
              : escaped == 'B' ? PatternNode::Kind::kNoWordBorder
                               : PatternNode::Kind::kEnd);
}

// Behind its '('.
NodePtr Parser::Group(int depth) {
  NodePtr group = Make(PatternNode::Kind::kGroup);
  const bool caseless = caseless_, dot_is_all = dot_is_all_;
  bool captures = true;
  if (Take("?P<")) {
    const size_t end = text_.find('>');
    if (end == std::string_view::npos) return nullptr;
    group->name = text_.substr(0, end);
    text_.remove_prefix(end + 1);
  } else if (Take("?")) {
    captures = false;
    bool has_parts = false;
    if (!Flags(&has_parts)) return nullptr;
    if (!has_parts) return Make(PatternNode::Kind::kNothing);
  }
  NodePtr inner = Either(depth + 1);
  caseless_ = caseless;
  dot_is_all_ = dot_is_all;
  if (!inner || !Take(")")) return nullptr;
  if (!captures) return inner;
  group->parts.push_back(std::move(inner));
  return group;
}

// "s)", "i:", "-i:", ":".
bool Parser::Flags(bool* group) {
  for (bool on = true; !text_.empty(); text_.remove_prefix(1)) {
    if (text_[0] == '-') on = false;
    if (text_[0] == 'i') caseless_ = on;
    if (text_[0] == 's') dot_is_all_ = on;
    if (text_[0] != '-' && text_[0] != 'i' && text_[0] != 's') break;
  }
  *group = Take(":");
  return *group || Take(")");
}

bool Parser::Number(int* value) {
  if (text_.empty() || !IsDigit(text_[0])) return false;
  *value = 0;
  for (; !text_.empty() && IsDigit(text_[0]); text_.remove_prefix(1)) {
    *value = std::min(*value * 10 + (text_[0] - '0'), 1000);
  }
  return true;
}

// "{2}", "{2,}" or "{2,5}"; false if the brace stands for itself.
bool Parser::Counts(int* least, int* most) {
  const std::string_view before = text_;
  if (Take("{") && Number(least)) {
    *most = *least;
    if (Take(",") && !Number(most)) *most = -1;
    if (Take("}")) return true;
  }
  text_ = before;
  return false;
}

bool Parser::Repetition(NodePtr* node) {
  while (true) {
    int least = 0, most = -1;
    if (Take("+")) {
      least = 1;
    } else if (Take("?")) {
      most = 1;
    } else if (!Take("*") && !Counts(&least, &most)) {
      return true;
    }
    const bool lazy = Take("?");
    if (most >= 0 && most < least) return false;
    NodePtr repeat = Make(PatternNode::Kind::kRepeat);
    repeat->least = least;
    repeat->most = most;
    repeat->lazy = lazy;
    repeat->parts.push_back(std::move(*node));
    *node = std::move(repeat);
  }
}

// A character that stands for itself, all its bytes.
void Parser::Literal(Chars* chars) {
  const auto byte = static_cast<unsigned char>(text_[0]);
  text_.remove_prefix(1);
  if (byte < 0x80) {
    chars->bytes.set(byte);
    chars->single = byte;
    return;
  }
  chars->beyond = BeyondAscii::kSome;
  while (!text_.empty() && (static_cast<unsigned char>(text_[0]) & 0xC0) == 0x80) text_.remove_prefix(1);
}

bool Parser::HexEscape(Chars* chars) {
  int value = 0, digits = 0;
  const bool braces = Take("{");
  for (; !text_.empty() && digits < (braces ? 6 : 2); ++digits, text_.remove_prefix(1)) {
    const char c = text_[0], lower = static_cast<char>(c | 0x20);
    const bool letter = lower >= 'a' && lower <= 'f';
    if (!IsDigit(c) && !letter) break;
    value = value * 16 + (letter ? lower - 'a' + 10 : c - '0');
  }
  if (digits == 0 || (braces && !Take("}"))) return false;
  if (value >= 0x80) {
    chars->beyond = BeyondAscii::kSome;
  } else {
    chars->bytes.set(static_cast<size_t>(chars->single = value));
  }
  return true;
}

// Behind its backslash.
bool Parser::Escape(Chars* chars, bool* assertion) {
  if (text_.empty()) return false;
  const char c = text_[0];
  text_.remove_prefix(1);
  if (c == 'x') return HexEscape(chars);
  *assertion = c == 'b' || c == 'B' || c == 'z';
  if (*assertion) return true;
  constexpr std::string_view kNames = "tnrfva", kValues = "\t\n\r\f\v\a";
  const size_t known = kNames.find(c);
  if (known != std::string_view::npos ||
      (!IsLetter(c) && !IsDigit(c) && static_cast<unsigned char>(c) < 0x80)) {
    chars->single = known == std::string_view::npos ? c : kValues[known];
    chars->bytes.set(static_cast<size_t>(chars->single));
    return true;
  }
  const char kind = static_cast<char>(c | 0x20);
  const Sets& known_sets = Known();
  if (kind != 'd' && kind != 'w' && kind != 's') return false;
  const Bytes& bytes = kind == 'd' ? known_sets.digits : kind == 'w' ? known_sets.word : known_sets.blanks;
  if (c != kind) chars->beyond = BeyondAscii::kAll;
  chars->bytes |= c == kind ? bytes : bytes ^ known_sets.ascii;
  return true;
}

bool Parser::ClassItem(Chars* item) {
  if (text_.empty() || text_.starts_with("[:")) return false;
  if (!Take("\\")) {
    Literal(item);
    return true;
  }
  bool assertion = false;
  return Escape(item, &assertion) && !assertion;
}

// Behind its '['.
bool Parser::Class(Chars* chars) {
  const bool negated = Take("^");
  for (bool first = true; first || !Take("]"); first = false) {
    Chars from, to;
    if (!ClassItem(&from)) return false;
    chars->bytes |= from.bytes;
    chars->beyond = std::max(chars->beyond, from.beyond);
    if (text_.size() < 2 || text_[0] != '-' || text_[1] == ']') continue;
    Take("-");
    if (!ClassItem(&to) || from.single < 0) return false;
    chars->bytes |= Range(from.single, to.single < 0 ? 127 : to.single);
    chars->beyond = std::max(chars->beyond, to.beyond);
  }
  if (negated) Negate(chars);
  return true;
}

void Fold(Bytes* bytes) {
  constexpr size_t kApart = 'a' - 'A';
  *bytes |= (*bytes & Known().upper) << kApart | (*bytes & Known().lower) >> kApart;
}

void Parser::Negate(Chars* chars) {
  if (caseless_ && chars->beyond != BeyondAscii::kNone) {
    *chars = {};  // too much rather than too little
    exact_ = false;
  }
  if (caseless_) Fold(&chars->bytes);
  chars->bytes ^= Known().ascii;
  chars->beyond =
      static_cast<BeyondAscii>(static_cast<int>(BeyondAscii::kAll) - static_cast<int>(chars->beyond));
}

NodePtr Parser::CharNode(const Chars& chars) {
  NodePtr node = Make(PatternNode::Kind::kChar);
  node->bytes = chars.bytes;
  node->beyond = chars.beyond;
  if (!caseless_) return node;
  if (chars.beyond == BeyondAscii::kSome) {
    node->bytes |= Range('A', 'z');
    exact_ = false;
  }
  Fold(&node->bytes);
  // Two letters outside ASCII are these in another case.
  const bool odd = node->bytes['k'] || node->bytes['s'], both = node->bytes['k'] && node->bytes['s'];
  if ((odd && node->beyond == BeyondAscii::kNone) || (!both && node->beyond == BeyondAscii::kAll)) {
    node->beyond = BeyondAscii::kSome;
  }
  return node;
}

}  // namespace

PatternTree ReadPattern(std::string_view pattern) { return Parser(pattern).Parse(); }

bool MayBeEmpty(const PatternNode& node) {
  const auto empty = [](const NodePtr& part) { return MayBeEmpty(*part); };
  switch (node.kind) {
    case PatternNode::Kind::kChar:
      return false;
    case PatternNode::Kind::kRepeat:
      return node.least == 0 || MayBeEmpty(*node.parts[0]);
    case PatternNode::Kind::kEither:
      return std::any_of(node.parts.begin(), node.parts.end(), empty);
    default:
      return std::all_of(node.parts.begin(), node.parts.end(), empty);
  }
}

bool IsAnchored(const PatternNode& node) {
  switch (node.kind) {
    case PatternNode::Kind::kBegin:
      return true;
    case PatternNode::Kind::kConcat:
    case PatternNode::Kind::kGroup:
      return !node.parts.empty() && IsAnchored(*node.parts[0]);
    case PatternNode::Kind::kEither:
      return std::all_of(node.parts.begin(), node.parts.end(),
                         [](const NodePtr& part) { return IsAnchored(*part); });
    default:
      return false;
  }
}

}  // namespace gainsay
