#include "record/decode.h"

#include <simdjson.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "input/chunk.h"

namespace gainsay {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The four hex digits at `at`, or -1.
int32_t Hex4(std::string_view text, size_t at) {
  if (at + 4 > text.size()) return -1;
  int32_t value = 0;
  for (size_t i = at; i < at + 4; ++i) {
    const int digit = HexDigit(text[i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

char* WriteUtf8(uint32_t point, char* out) {
  const auto put = [&out](uint32_t byte) { *out++ = static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | (point >> 6));
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | (point >> 12));
    put(0x80 | ((point >> 6) & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | (point >> 18));
    put(0x80 | ((point >> 12) & 0x3F));
    put(0x80 | ((point >> 6) & 0x3F));
    put(0x80 | (point & 0x3F));
  }
  return out;
}

// `*at` stands behind "\u"; moved behind what was read.
char* UnescapeUnicode(std::string_view text, size_t* at, char* out) {
  const int32_t unit = Hex4(text, *at);
  if (unit < 0) return nullptr;
  *at += 4;
  auto point = static_cast<uint32_t>(unit);
  if (point >= 0xD800 && point < 0xE000) {
    const bool pair = point < 0xDC00 && text.substr(*at).starts_with("\\u");
    const int32_t low = pair ? Hex4(text, *at + 2) : -1;
    if (low >= 0xDC00 && low < 0xE000) {
      *at += 6;
      point = 0x10000 + ((point - 0xD800) << 10) + (static_cast<uint32_t>(low) - 0xDC00);
    } else {
      point = 0xFFFD;
    }
  }
  return WriteUtf8(point, out);
}

// What a letter behind a backslash stands for; '\0': nothing.
constexpr std::array<char, 256> kUnescaped = [] {
  std::array<char, 256> unescaped{};
  for (const auto& [letter, plain] :
       {std::pair{'n', '\n'}, std::pair{'t', '\t'}, std::pair{'r', '\r'}, std::pair{'b', '\b'},
        std::pair{'f', '\f'}, std::pair{'"', '"'}, std::pair{'\\', '\\'}, std::pair{'/', '/'}}) {
    unescaped[static_cast<unsigned char>(letter)] = plain;
  }
  return unescaped;
}();

// Copies what stands before the next backslash, from `*at` on, which is moved there. As many bytes are
// written as there are in the text behind `*at`, at most.
char* CopyPlain(std::string_view text, size_t* at, char* out) {
#ifdef __SSE2__
  constexpr size_t kBlock = 16;
  for (; *at + kBlock <= text.size(); *at += kBlock, out += kBlock) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + *at));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out), block);
    const auto slashes = static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_set1_epi8('\\'))));
    if (slashes == 0) continue;
    const auto plain = static_cast<size_t>(std::countr_zero(slashes));
    *at += plain;
    return out + plain;
  }
#endif
  while (*at < text.size() && text[*at] != '\\') *out++ = text[(*at)++];
  return out;
}

char* Append(std::string_view text, char* out) {
  if (!text.empty()) std::memmove(out, text.data(), text.size());
  return out + text.size();
}

// The length of the UTF-8 character at the start of `text`, 0 if there is none.
size_t CharacterLength(std::string_view text) {
  const auto byte = [text](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const size_t length = lead >= 0xC2 && lead < 0xE0   ? 2
                        : lead >= 0xE0 && lead < 0xF0 ? 3
                        : lead >= 0xF0 && lead < 0xF5 ? 4
                                                      : 0;
  if (length == 0 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  if ((lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xED && byte(1) > 0x9F)) return 0;
  if ((lead == 0xF0 && byte(1) < 0x90) || (lead == 0xF4 && byte(1) > 0x8F)) return 0;
  return length;
}

// Reads over a valid JSON array.
struct ArrayCursor {
  std::string_view text;  // from behind '['

  char Next() {  // the next character that matters, not taken
    while (!text.empty() && (text[0] == ' ' || text[0] == '\t' || text[0] == ',' || text[0] == '\r')) {
      text.remove_prefix(1);
    }
    return text.empty() ? ']' : text[0];
  }
  std::string_view String() {  // without quotes; at '"'
    size_t i = 1;
    while (i < text.size() && text[i] != '"') i += text[i] == '\\' ? 2 : 1;
    i = std::min(i, text.size());
    const std::string_view inner = text.substr(1, i - 1);
    text.remove_prefix(std::min(i + 1, text.size()));
    return inner;
  }
  int Byte() {  // 0-255 or -1
    int value = 0;
    size_t i = 0;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9' && i < 4)
      value = value * 10 + (text[i++] - '0');
    if (i == 0 || i > 3 || value > 255) return -1;
    text.remove_prefix(i);
    const char next = text.empty() ? ']' : text[0];
    return next == '.' || next == 'e' || next == 'E' ? -1 : value;
  }
};

// The bytes at the cursor up to the array's ']', which is taken; null if one is no byte.
char* DecodeBytes(ArrayCursor* cursor, char* out, bool* repaired) {
  char* end = out;
  while (cursor->Next() != ']') {
    const int byte = cursor->Byte();
    if (byte < 0) return nullptr;
    *end++ = static_cast<char>(byte);
  }
  if (!cursor->text.empty()) cursor->text.remove_prefix(1);
  const std::string_view decoded(out, static_cast<size_t>(end - out));
  if (IsUtf8(decoded)) return end;
  // A byte above 127 took four characters of the input: there is room for three bytes.
  *repaired = true;
  std::string fixed;
  RepairUtf8(decoded, &fixed);
  return Append(fixed, out);
}

// One member of an array of texts; null if it is something else. `*is_null` says so.
char* DecodeMember(ArrayCursor* cursor, bool bytes, char* out, bool* is_null, bool* repaired) {
  switch (cursor->Next()) {
    case '"':
      return UnescapeJson(cursor->String(), out);
    case '[':
      if (!bytes) return nullptr;
      cursor->text.remove_prefix(1);
      return DecodeBytes(cursor, out, repaired);
    case 'n':
      if (cursor->text.size() < 4) return nullptr;
      cursor->text.remove_prefix(4);
      *is_null = true;
      return out;
    default:
      return nullptr;
  }
}

}  // namespace

char* UnescapeJson(std::string_view escaped, char* out) {
  for (size_t at = 0;;) {
    out = CopyPlain(escaped, &at, out);
    if (at == escaped.size()) return out;
    if (at + 1 == escaped.size()) return nullptr;
    const char letter = escaped[at + 1];
    at += 2;
    if (letter == 'u') {
      out = UnescapeUnicode(escaped, &at, out);
      if (!out) return nullptr;
    } else {
      const char plain = kUnescaped[static_cast<unsigned char>(letter)];
      if (plain == '\0') return nullptr;
      *out++ = plain;
    }
  }
}

bool IsJsonNumber(std::string_view text) {
  size_t at = 0;
  const auto digits = [&text, &at] {
    const size_t from = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at - from;
  };
  const auto take = [&text, &at](char c) { return at < text.size() && text[at] == c && ++at; };
  take('-');
  const bool zero = at < text.size() && text[at] == '0';
  const size_t whole = digits();
  if (whole == 0 || (zero && whole > 1)) return false;
  if (take('.') && digits() == 0) return false;
  if (take('e') || take('E')) {
    if (!take('+')) take('-');
    if (digits() == 0) return false;
  }
  return at == text.size();
}

char* DecodeArray(std::string_view array, ArrayUse use, bool bytes, char* out, bool* all_null,
                  bool* repaired) {
  ArrayCursor cursor{array.substr(1)};
  *all_null = false;
  const char first = cursor.Next();
  if (bytes && first >= '0' && first <= '9') return DecodeBytes(&cursor, out, repaired);
  if (use == ArrayUse::kRaw || first == ']') return nullptr;
  char* end = out;
  bool any = false;
  while (cursor.Next() != ']') {
    bool is_null = false;
    // Between two texts stood at least a comma: the newline has room.
    char* start = any && use == ArrayUse::kJoin ? end + 1 : end;
    char* stop = DecodeMember(&cursor, bytes, start, &is_null, repaired);
    if (!stop) return nullptr;
    if (is_null) continue;
    if (use == ArrayUse::kFirst) {
      // Later members are read on only to know that the array is one of texts.
      if (end == out) end = stop;
    } else {
      if (start != end) *end = '\n';
      end = stop;
    }
    any = true;
  }
  *all_null = !any;
  return end;
}

bool IsUtf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

void RepairUtf8(std::string_view text, std::string* out) {
  out->clear();
  for (size_t at = 0; at < text.size();) {
    const size_t length = CharacterLength(text.substr(at));
    out->append(length ? text.substr(at, length) : kReplacement);
    at += length ? length : 1;
  }
}

std::string_view Repaired(std::string_view text, std::string* scratch) {
  if (IsUtf8(text)) return text;
  RepairUtf8(text, scratch);
  const size_t size = scratch->size();
  scratch->append(kChunkPadding, '\0');
  return {scratch->data(), size};
}

std::string_view WithoutColors(std::string_view text, std::string* scratch) {
  constexpr char kEscape = '\x1b';
  size_t at = text.find(kEscape);
  if (at == std::string_view::npos) return text;
  std::string plain(text.substr(0, at));
  while (at < text.size()) {
    const std::string_view rest = text.substr(at);
    const size_t end = rest.starts_with("\x1b[") ? rest.find_first_not_of("0123456789;", 2) : rest.npos;
    const bool is_color = end != rest.npos && (rest[end] == 'm' || rest[end] == 'K');
    if (!is_color) plain += kEscape;
    at += is_color ? end + 1 : 1;
    const size_t next = std::min(text.find(kEscape, at), text.size());
    plain.append(text.substr(at, next - at));
    at = next;
  }
  *scratch = std::move(plain);
  const size_t size = scratch->size();
  scratch->append(kChunkPadding, '\0');
  return {scratch->data(), size};
}

}  // namespace gainsay
