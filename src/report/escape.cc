// What is escaped is what steers: the terminal, the eye, or the runner of a CI job. The last obeys commands
// that it finds in a job's output. GitHub's (actions/runner, ActionCommand.cs): "##[name …]" anywhere in a
// line, "::name …::" at its beginning, blanks aside; Azure's: "##vso[…]"; TeamCity's: "##teamcity[…]".
#include "report/escape.h"

#include <locale.h>
#include <wchar.h>

#include <cstddef>
#include <cstdint>

namespace gainsay {
namespace {

struct CodePoint {
  uint32_t value = 0;
  size_t length = 1;  // in bytes
  bool valid = true;  // false: one byte that is no UTF-8
};

// The code point at `at`; overlong forms, surrogates and what lies beyond U+10FFFF are no UTF-8.
CodePoint Decode(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(at);
  if (first < 0x80) return {first, 1, true};
  const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + length > text.size()) return {first, 1, false};
  uint32_t value = first & (0x7fU >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return {first, 1, false};
    value = value << 6 | (byte(at + i) & 0x3fU);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  if (overlong || surrogate || value > 0x10ffff) return {first, 1, false};
  return {value, length, true};
}

// Steers the terminal or the reader's eye instead of showing something.
bool IsControl(uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c ||  // C0, DEL, C1
         c == 0x200e || c == 0x200f ||                         // bidirectional marks
         (c >= 0x2028 && c <= 0x202e) ||                       // line separators, embeddings, overrides
         (c >= 0x2066 && c <= 0x2069) ||                       // isolates
         c == 0xfffe || c == 0xffff;                           // no characters, nor allowed in XML
}

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// "##[", "##vso[" at `at`.
bool IsHashCommand(std::string_view text, size_t at) {
  if (text.substr(at, 2) != "##") return false;
  for (at += 2; at < text.size() && IsLetter(text[at]);) ++at;
  return at < text.size() && text[at] == '[';
}

// "::error" at `at`, with nothing before it in its word. All commands have a letter that is no hex digit,
// the address "::ffff:10.0.0.1" has none.
bool IsColonCommand(std::string_view text, size_t at) {
  if (text.substr(at, 2) != "::") return false;
  if (at > 0 && text[at - 1] > ' ' && text[at - 1] < 0x7f) return false;
  for (at += 2; at < text.size() && (IsLetter(text[at]) || text[at] == '-'); ++at) {
    if ((text[at] | 0x20) > 'f') return true;
  }
  return false;
}

void AppendHex(uint32_t value, int digits, std::string* out) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) *out += "0123456789abcdef"[value >> shift & 15];
}

void AppendCodeUnit(uint32_t value, std::string* out) {
  *out += "\\u";
  AppendHex(value, 4, out);
}

// The letter of a control character's short escape, or 0.
char ShortEscape(uint32_t c) {
  switch (c) {
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return 0;
  }
}

void AppendVisible(const CodePoint& c, std::string* out) {
  if (const char letter = c.valid ? ShortEscape(c.value) : '\0'; letter != 0) {
    *out += '\\';
    *out += letter;
  } else if (!c.valid || c.value < 0x80) {
    *out += "\\x";
    AppendHex(c.value, 2, out);
  } else {
    AppendCodeUnit(c.value, out);
  }
}

void AppendJson(const CodePoint& c, std::string* out) {
  if (!c.valid) {
    *out += "\xef\xbf\xbd";
  } else if (const char letter = ShortEscape(c.value); letter != 0) {
    *out += '\\';
    *out += letter;
  } else if (c.value == '"' || c.value == '\\') {
    *out += '\\';
    *out += static_cast<char>(c.value);
  } else {
    AppendCodeUnit(c.value, out);
  }
}

// Columns on a terminal: 2 for Chinese and the like, 0 for what combines with the character before. The C
// library knows it, in a locale of UTF-8.
size_t Width(const CodePoint& c) {
  if (c.value < 0x300 || !c.valid) return 1;
  static const locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (utf8 == nullptr) return 1;
  const locale_t before = uselocale(utf8);
  const int width = wcwidth(static_cast<wchar_t>(c.value));
  uselocale(before);
  return width < 0 ? 1 : static_cast<size_t>(width);
}

}  // namespace

std::string EscapeText(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const CodePoint c = Decode(text, at);
    if (c.valid && !IsControl(c.value) && !IsHashCommand(text, at) && !IsColonCommand(text, at)) {
      out += text.substr(at, c.length);
    } else {
      AppendVisible(c, &out);
    }
    at += c.length;
  }
  return out;
}

std::string JsonString(std::string_view text) {
  std::string out = "\"";
  out.reserve(text.size() + 2);
  for (size_t at = 0; at < text.size();) {
    const CodePoint c = Decode(text, at);
    if (c.valid && !IsControl(c.value) && c.value != '"' && c.value != '\\' && !IsHashCommand(text, at)) {
      out += text.substr(at, c.length);
    } else {
      AppendJson(c, &out);
    }
    at += c.length;
  }
  return out += '"';
}

std::string Shorten(std::string_view text, size_t length) {
  size_t last = 0;  // where the last column that can be kept beside a "…" ends
  size_t count = 0;
  for (size_t at = 0; at < text.size(); ++count) {
    if (count == length) return length == 0 ? "" : std::string(text.substr(0, last)) + "\xe2\x80\xa6";
    if (count + 1 == length) last = at;
    at += Decode(text, at).length;
  }
  return std::string(text);
}

size_t Columns(std::string_view text) {
  size_t columns = 0;
  for (size_t at = 0; at < text.size();) {
    const CodePoint c = Decode(text, at);
    columns += Width(c);
    at += c.length;
  }
  return columns;
}

std::string ShortenToColumns(std::string_view text, size_t columns) {
  if (text.size() <= columns) return std::string(text);
  size_t used = 0, kept = 0;  // columns; bytes that leave one for "…"
  for (size_t at = 0; at < text.size();) {
    const CodePoint c = Decode(text, at);
    used += Width(c);
    if (used > columns) return columns == 0 ? "" : std::string(text.substr(0, kept)) + "\xe2\x80\xa6";
    at += c.length;
    if (used < columns) kept = at;
  }
  return std::string(text);
}

}  // namespace gainsay
