// simdjson's first stage finds where the values and the signs between them stand, and checks that all is
// UTF-8 and each string ends; the object is then walked once from one such place to the next. (simdjson's own
// readers do the same, but hide the places, of which a value's end is told by the next one.) A value that no
// slot wants is walked over too, so that a broken object is told from a whole one, but nothing of it is
// decoded. Strings without escapes stay where they are; others are unescaped into one buffer as large as the
// text, which therefore never moves while views into it live. All that is spared an object that looks like
// one before it (json_shape.h).
//
// Not checked: escapes in strings that nobody wants.

#include "record/json.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "input/chunk.h"
#include "record/json_shape.h"

namespace gainsay {
namespace {

static_assert(kChunkPadding >= simdjson::SIMDJSON_PADDING);

constexpr int kMaxDepth = 256;

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string_view TrimEnd(std::string_view text) {
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

// journald's field names, whose arrays of numbers are bytes.
bool IsJournalName(std::string_view key) {
  bool letter = false;
  for (const char c : key) {
    if (c >= 'A' && c <= 'Z')
      letter = true;
    else if (c != '_' && !(c >= '0' && c <= '9'))
      return false;
  }
  return letter;
}

struct SlotUse {
  ArrayUse array = ArrayUse::kRaw;
  bool bytes = false;
};

std::vector<SlotUse> UsesOf(const FieldPlan& plan) {
  std::vector<SlotUse> uses(plan.slot_count());
  for (size_t field = 0; field < kFieldCount; ++field) {
    const auto which = static_cast<Field>(field);
    const bool join = which == Field::kMessage || which == Field::kError;
    for (const size_t slot : plan.candidates(which)) {
      if (uses[slot].array != ArrayUse::kJoin) uses[slot].array = join ? ArrayUse::kJoin : ArrayUse::kFirst;
    }
  }
  for (size_t slot = 0; slot < uses.size(); ++slot) {
    if (!IsJournalName(plan.path(slot))) continue;
    uses[slot].bytes = true;
    if (uses[slot].array == ArrayUse::kRaw) uses[slot].array = ArrayUse::kFirst;
  }
  return uses;
}

}  // namespace

// What one pass over an object needs.
struct JsonObject::Parser {
  explicit Parser(const FieldPlan& the_plan) : plan(the_plan), uses(UsesOf(the_plan)), shapes(the_plan) {}

  bool Walk(std::string_view text, JsonObject* into);
  bool TakeShaped(std::string_view text, JsonObject* into);
  bool TakePlain(const JsonShape& shape);
  bool Index(std::string_view text);
  bool WalkObject(uint32_t node, int depth);
  bool WalkArray(int depth);
  bool WalkValue(uint32_t node, int depth);
  bool ReadString(std::string_view token, uint32_t node, int depth);
  bool Unescape(std::string_view* text);
  bool StoreString(size_t slot, std::string_view text, bool escaped, int depth);
  bool ReadScalar(std::string_view token, JsonKind kind, uint32_t node, int depth);
  uint32_t ChildOf(uint32_t node, std::string_view key);
  void ReadArray(std::string_view raw, size_t slot, int depth);
  void Store(size_t slot, std::string_view text, JsonKind kind, int depth);
  size_t SlotOf(uint32_t node) const {
    return node == FieldPlan::kNoNode ? FieldPlan::kNone : plan.node(node).slot;
  }
  bool MayHoldEscape(std::string_view part) const { return part.data() + part.size() > first_escape; }
  // The character at the next place; none: '\0'.
  char Peek() const { return next == places_end ? '\0' : text_begin[*next]; }
  bool Take(char c) {
    if (Peek() != c) return false;
    ++next;
    return true;
  }
  // What begins at the next place, up to the one behind it.
  std::string_view TakeToken() {
    const char* begin = text_begin + *next++;
    const char* end = next == places_end ? text_end : text_begin + *next;
    return TrimEnd({begin, static_cast<size_t>(end - begin)});
  }
  // The raw text of the object or array that was just walked and began at `begin`.
  std::string_view Walked(const char* begin) const {
    return {begin, static_cast<size_t>(text_begin + next[-1] + 1 - begin)};
  }

  const FieldPlan& plan;
  const std::vector<SlotUse> uses;
  JsonShapes shapes;
  std::unique_ptr<simdjson::internal::dom_parser_implementation> indexer;
  size_t capacity = 0;             // of the indexer, in bytes
  const uint32_t* next = nullptr;  // of the places that are not walked over yet
  const uint32_t* places_end = nullptr;
  JsonObject* out = nullptr;
  const char* text_begin = nullptr;
  const char* text_end = nullptr;
  char* free = nullptr;  // in the buffer
  std::string buffer;
  std::string key;
  AttributePaths* observer = nullptr;
  std::string path;  // of the value that is being walked, for the observer
  bool in_array = false;
  const char* first_escape = nullptr;  // the first backslash, or the text's end
  simdjson::error_code error = simdjson::SUCCESS;
};

void JsonObject::Parser::Store(size_t slot, std::string_view text, JsonKind kind, int depth) {
  JsonValue& value = out->values_[slot];
  if (value.kind == JsonKind::kMissing) {
    out->own_filled_.push_back(static_cast<uint32_t>(slot));
  } else if (value.depth < depth) {
    return;  // the literal key was there, and wins
  }
  value = {text, kind, static_cast<uint8_t>(std::min(depth, 255))};
}

// Puts the text of a string in the place of how it is written.
bool JsonObject::Parser::Unescape(std::string_view* text) {
  char* const end = UnescapeJson(*text, free);
  if (end == nullptr) return false;
  *text = {free, static_cast<size_t>(end - free)};
  free = end;
  return true;
}

bool JsonObject::Parser::StoreString(size_t slot, std::string_view text, bool escaped, int depth) {
  if (escaped && !Unescape(&text)) return false;
  Store(slot, text, JsonKind::kString, depth);
  return true;
}

bool JsonObject::Parser::ReadString(std::string_view token, uint32_t node, int depth) {
  if (token.size() < 2 || token.back() != '"') return false;
  const size_t slot = SlotOf(node);
  if (slot == FieldPlan::kNone) return true;
  const std::string_view text = token.substr(1, token.size() - 2);
  return StoreString(slot, text, MayHoldEscape(text) && text.find('\\') != std::string_view::npos, depth);
}

bool JsonObject::Parser::ReadScalar(std::string_view token, JsonKind kind, uint32_t node, int depth) {
  const bool valid = kind == JsonKind::kNull   ? token == "null"
                     : kind == JsonKind::kBool ? token == "true" || token == "false"
                                               : IsJsonNumber(token);
  if (!valid) return false;
  const size_t slot = SlotOf(node);
  if (slot != FieldPlan::kNone)
    Store(slot, kind == JsonKind::kNull ? std::string_view() : token, kind, depth);
  return true;
}

void JsonObject::Parser::ReadArray(std::string_view raw, size_t slot, int depth) {
  bool all_null = false, repaired = false;
  char* end = DecodeArray(raw, uses[slot].array, uses[slot].bytes, free, &all_null, &repaired);
  if (!end) return Store(slot, raw, JsonKind::kArray, depth);
  if (repaired) out->repaired_utf8_ = true;
  Store(slot, {free, static_cast<size_t>(end - free)}, all_null ? JsonKind::kNull : JsonKind::kTexts, depth);
  free += raw.size();  // the decoder may have written beyond the end of what it kept
}

bool JsonObject::Parser::WalkValue(uint32_t node, int depth) {
  if (depth > kMaxDepth) return false;
  const char first = Peek();
  const bool leaf = first != '{' && first != '[' && first != 'n';
  if (observer != nullptr && leaf && !in_array) observer->Add(path);
  switch (first) {
    case '"':
      return ReadString(TakeToken(), node, depth);
    case 't':
    case 'f':
      return ReadScalar(TakeToken(), JsonKind::kBool, node, depth);
    case 'n':
      return ReadScalar(TakeToken(), JsonKind::kNull, node, depth);
    case '{': {
      const char* begin = text_begin + *next++;
      if (!WalkObject(node, depth + 1)) return false;
      const size_t slot = SlotOf(node);
      if (slot != FieldPlan::kNone) Store(slot, Walked(begin), JsonKind::kObject, depth);
      return true;
    }
    case '[': {
      const char* begin = text_begin + *next++;
      if (!WalkArray(depth + 1)) return false;
      const size_t slot = SlotOf(node);
      if (slot != FieldPlan::kNone) ReadArray(Walked(begin), slot, depth);
      return true;
    }
    default:
      return next != places_end && ReadScalar(TakeToken(), JsonKind::kNumber, node, depth);
  }
}

// Behind its '['.
bool JsonObject::Parser::WalkArray(int depth) {
  if (Take(']')) return true;
  const bool outer_in_array = std::exchange(in_array, true);
  do {
    if (!WalkValue(FieldPlan::kNoNode, depth)) return false;
  } while (Take(','));
  in_array = outer_in_array;
  return Take(']');
}

uint32_t JsonObject::Parser::ChildOf(uint32_t node, std::string_view raw_key) {
  if (!MayHoldEscape(raw_key) || raw_key.find('\\') == std::string_view::npos)
    return plan.Child(node, raw_key);
  key.resize(raw_key.size());
  const char* end = UnescapeJson(raw_key, key.data());
  return end ? plan.Child(node, {key.data(), static_cast<size_t>(end - key.data())}) : FieldPlan::kNoNode;
}

// Behind its '{'.
bool JsonObject::Parser::WalkObject(uint32_t node, int depth) {
  if (Take('}')) return true;
  const bool wanted = node != FieldPlan::kNoNode && !plan.node(node).children.empty();
  do {
    if (Peek() != '"') return false;
    std::string_view raw_key = TakeToken();
    if (raw_key.size() < 2 || !Take(':')) return false;
    raw_key = raw_key.substr(1, raw_key.size() - 2);
    const uint32_t child = wanted ? ChildOf(node, raw_key) : FieldPlan::kNoNode;
    const size_t outer_bytes = path.size();
    if (observer != nullptr && outer_bytes <= AttributePaths::kMaxPathBytes) {
      if (outer_bytes > 0) path += '.';
      path += raw_key.substr(0, AttributePaths::kMaxPathBytes + 1);
    }
    if (!WalkValue(child, depth)) return false;
    if (observer != nullptr) path.resize(outer_bytes);
  } while (Take(','));
  return Take('}');
}

// Finds the places.
bool JsonObject::Parser::Index(std::string_view text) {
  if (capacity < text.size()) {
    size_t enough = size_t{1} << 14;
    while (enough < text.size()) enough *= 2;
    capacity = 0;
    error = simdjson::get_active_implementation()->create_dom_parser_implementation(
        enough, simdjson::DEFAULT_MAX_DEPTH, indexer);
    if (error) return false;
    capacity = enough;
  }
  error = indexer->stage1(reinterpret_cast<const uint8_t*>(text.data()), text.size(),
                          simdjson::stage1_mode::regular);
  if (error) return false;
  next = indexer->structural_indexes.get();
  places_end = next + indexer->n_structural_indexes;
  return true;
}

bool JsonObject::Parser::Walk(std::string_view text, JsonObject* into) {
  out = into;
  path.clear();
  in_array = false;
  text_begin = text.data();
  text_end = text.data() + text.size();
  first_escape = text_begin + std::min(text.find('\\'), text.size());
  // Nothing follows the object.
  return Index(text) && Take('{') && WalkObject(0, 0) && next == places_end;
}

// The values of an object of a plain shape: each has a slot of its own.
bool JsonObject::Parser::TakePlain(const JsonShape& shape) {
  out->filled_ = &shape.filled;
  out->present_ = &shape.present;
  for (size_t i = 0; i < shape.places.size(); ++i) {
    const JsonShape::Place& place = shape.places[i];
    const ShapedText& shaped = shapes.text(i);
    JsonValue& value = out->values_[place.slot];
    value = {shaped.text, place.kind, place.depth};
    if (shaped.escaped && !Unescape(&value.text)) return false;
  }
  return true;
}

// An object of a shape that was there before. False: it is to be walked over.
bool JsonObject::Parser::TakeShaped(std::string_view text, JsonObject* into) {
  if (observer != nullptr) return false;
  const JsonShape* const shape = shapes.Match(text);
  if (shape == nullptr) return false;
  out = into;
  if (shape->plain) return TakePlain(*shape);
  for (size_t i = 0; i < shape->places.size(); ++i) {
    const JsonShape::Place& place = shape->places[i];
    const ShapedText& shaped = shapes.text(i);
    if (place.kind == JsonKind::kArray) {
      ReadArray(shaped.text, place.slot, place.depth);
    } else if (place.kind != JsonKind::kString) {
      Store(place.slot, shaped.text, place.kind, place.depth);
    } else if (!StoreString(place.slot, shaped.text, shaped.escaped, place.depth)) {
      return false;
    }
  }
  into->FindPresent();
  return true;
}

JsonObject::JsonObject(const FieldPlan& plan)
    : parser_(std::make_unique<Parser>(plan)), values_(plan.slot_count()) {}
JsonObject::~JsonObject() = default;

void JsonObject::Observe(AttributePaths* paths) { parser_->observer = paths; }

void JsonObject::Reset(size_t text_bytes) {
  for (const uint32_t slot : *filled_) values_[slot] = JsonValue{};
  own_filled_.clear();
  own_present_.Clear();
  filled_ = &own_filled_;
  present_ = &own_present_;
  // Room for the values, and for simdjson to read over the end of one that is an object itself.
  if (parser_->buffer.size() < text_bytes + kChunkPadding)
    parser_->buffer.resize(2 * text_bytes + kChunkPadding);
  parser_->free = parser_->buffer.data();
}

void JsonObject::FindPresent() {
  for (const uint32_t slot : own_filled_) {
    if (values_[slot].kind != JsonKind::kNull) own_present_.Add(slot);
  }
}

void JsonObject::Repair(std::string_view text) {
  std::string utf8;
  RepairUtf8(text, &utf8);
  repaired_utf8_ = utf8 != text;
  repaired_.clear();
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 || c == '\t') {
      c == '\t' ? repaired_ += "\\t" : repaired_ += c;
      continue;
    }
    constexpr std::string_view kHex = "0123456789abcdef";
    repaired_ += "\\u00";
    repaired_ += kHex[byte >> 4];
    repaired_ += kHex[byte & 15];
  }
}

bool JsonObject::Read(std::string_view text) {
  repaired_utf8_ = false;
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return false;
  Reset(text.size());
  if (parser_->TakeShaped(text, this)) return true;
  Reset(text.size());
  repaired_utf8_ = false;
  if (parser_->Walk(text, this)) {
    if (parser_->observer == nullptr) parser_->shapes.Learn(text);
    FindPresent();
    return true;
  }
  if (parser_->error != simdjson::UTF8_ERROR && parser_->error != simdjson::UNESCAPED_CHARS) return false;
  Repair(text);
  const size_t size = repaired_.size();
  repaired_.append(kChunkPadding, '\0');
  Reset(size);
  if (!parser_->Walk(std::string_view(repaired_.data(), size), this)) return false;
  FindPresent();
  return true;
}

}  // namespace gainsay
