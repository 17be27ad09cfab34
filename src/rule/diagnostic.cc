// A source line is shown as a row of cells: one for a code point, with the text that stands for it on a
// terminal and the columns that this text takes. Tabs become four blanks; control characters, bidirectional
// marks and bytes that are no UTF-8 become escapes, so that a rule file can't play tricks with a terminal.
// The caret's place is the sum of the widths before it, so it stands right under tabs, escapes and wide
// letters too. Of a very long line only the part around the caret is shown.
#include "rule/diagnostic.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>

namespace gainsay {
namespace {

constexpr size_t kShownCells = 140;  // of a source line
constexpr size_t kCellsBeforeCaret = 70;
constexpr size_t kLongestWord = 64;  // longer ones are never near to anything
constexpr size_t kMostWords = 4096;  // that are looked at

struct Cell {
  std::string text;
  size_t width = 1;
};

struct CodePoint {
  uint32_t value = 0;
  size_t bytes = 0;  // 0: no valid UTF-8
};

CodePoint Decode(std::string_view s) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(s[i]); };
  const uint8_t head = byte(0);
  if (head < 0x80) return {head, 1};
  const size_t length = head >= 0xF0 ? 4 : head >= 0xE0 ? 3 : 2;
  if (head < 0xC2 || head > 0xF4 || s.size() < length) return {};
  uint32_t value = head & (0xFFu >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    value = (value << 6) | (byte(i) & 0x3Fu);
  }
  const uint32_t smallest = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80;
  if (value < smallest || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {};
  return {value, length};
}

struct Range {
  uint32_t first, last;
};

template <size_t N>
bool In(const Range (&ranges)[N], uint32_t value) {
  return std::any_of(ranges, ranges + N, [&](Range r) { return value >= r.first && value <= r.last; });
}

// Controls, line separators, bidirectional marks.
constexpr Range kEscaped[] = {{0, 0x1F},        {0x7F, 0x9F},     {0x61C, 0x61C},  {0x200E, 0x200F},
                              {0x2028, 0x202E}, {0x2066, 0x2069}, {0xFEFF, 0xFEFF}};
constexpr Range kWide[] = {{0x1100, 0x115F},   {0x2E80, 0xA4CF},  {0xAC00, 0xD7A3}, {0xF900, 0xFAFF},
                           {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},  {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F},
                           {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
constexpr Range kNarrowest[] = {{0x300, 0x36F}, {0x200B, 0x200D}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}};

Cell Escape(const char* format, uint32_t value) {
  char text[16];
  const int n = std::snprintf(text, sizeof text, format, value);
  return {std::string(text, static_cast<size_t>(n)), static_cast<size_t>(n)};
}

// The first cell of `s`, which must not be empty; takes its bytes off.
Cell TakeCell(std::string_view* s) {
  const CodePoint point = Decode(*s);
  const std::string_view bytes = s->substr(0, std::max<size_t>(point.bytes, 1));
  s->remove_prefix(bytes.size());
  if (point.bytes == 0) return Escape("\\x%02x", static_cast<uint8_t>(bytes[0]));
  if (point.value == '\t') return {"    ", 4};
  if (In(kEscaped, point.value)) return Escape(point.value < 0x100 ? "\\x%02x" : "\\u%04x", point.value);
  const size_t width = In(kNarrowest, point.value) ? 0 : In(kWide, point.value) ? 2 : 1;
  return {std::string(bytes), width};
}

std::string Printable(std::string_view s) {
  std::string out;
  while (!s.empty()) out += TakeCell(&s).text;
  return out;
}

// The part of the line that is shown, and where in it the caret stands.
struct Snippet {
  std::string text;
  size_t caret_at = 0;
  size_t caret_width = 1;
};

Snippet MakeSnippet(std::string_view line, int column, int length) {
  const size_t target = column > 0 ? static_cast<size_t>(column) - 1 : 0;
  const size_t target_end = target + static_cast<size_t>(std::max(length, 1));
  const size_t first = target > kCellsBeforeCaret ? target - kCellsBeforeCaret : 0;
  Snippet out;
  if (first > 0) out.text = "...";
  out.caret_at = out.text.size();
  out.caret_width = 0;
  size_t i = 0;
  for (; !line.empty() && i < first + kShownCells; ++i) {
    const Cell cell = TakeCell(&line);
    if (i < first) continue;
    out.text += cell.text;
    if (i < target) out.caret_at += cell.width;
    if (i >= target && i < target_end) out.caret_width += cell.width;
  }
  if (!line.empty()) out.text += "...";
  out.caret_width = std::max<size_t>(out.caret_width, 1);
  return out;
}

std::string Gutter(int line) {
  char text[32];
  std::snprintf(text, sizeof text, "%5d | ", line);
  return text;
}

std::string RenderSource(const Diagnostic& d) {
  const Snippet snippet = MakeSnippet(d.source_line, d.at.column, d.length);
  const std::string gutter = Gutter(d.at.line);
  std::string out = gutter + snippet.text + "\n";
  out.append(gutter.size() - 2, ' ').append("| ").append(snippet.caret_at, ' ');
  out.append("^").append(snippet.caret_width - 1, '~');
  return out + "\n";
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Edits (one letter in, out, other, or two swapped) that make `b` of `a`, whatever the case. Neither is
// longer than kLongestWord.
size_t Distance(std::string_view a, std::string_view b) {
  uint8_t d[kLongestWord + 1][kLongestWord + 1];
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = static_cast<uint8_t>(i + j);
        continue;
      }
      const bool same = Lower(a[i - 1]) == Lower(b[j - 1]);
      int least = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (same ? 0 : 1)});
      const bool swapped =
          i > 1 && j > 1 && Lower(a[i - 1]) == Lower(b[j - 2]) && Lower(a[i - 2]) == Lower(b[j - 1]);
      if (swapped) least = std::min(least, d[i - 2][j - 2] + 1);
      d[i][j] = static_cast<uint8_t>(least);
    }
  }
  return d[a.size()][b.size()];
}

// How many edits still are a slip of the hand and no other word.
size_t Allowed(std::string_view a, std::string_view b) {
  const size_t shorter = std::min(a.size(), b.size());
  return shorter < 3 ? 0 : shorter < 6 ? 1 : shorter < 9 ? 2 : 3;
}

bool Begins(std::string_view longer, std::string_view shorter) {
  const auto same = [](char a, char b) { return Lower(a) == Lower(b); };
  return shorter.size() >= 3 && longer.size() > shorter.size() &&
         std::equal(shorter.begin(), shorter.end(), longer.begin(), same);
}

}  // namespace

std::string Render(const Diagnostic& d) {
  std::string out = Printable(d.at.file);
  if (d.at.line > 0) out += ":" + std::to_string(d.at.line) + ":" + std::to_string(std::max(d.at.column, 1));
  out += d.severity == Diagnostic::Severity::kError ? ": error: " : ": warning: ";
  out += Printable(d.message) + "\n";
  if (d.at.line > 0 && !d.source_line.empty()) out += RenderSource(d);
  if (!d.help.empty()) out += "  help: " + Printable(d.help) + "\n";
  return out;
}

std::string Render(const std::vector<Diagnostic>& diagnostics) {
  std::string out;
  for (const Diagnostic& d : diagnostics) out += Render(d);
  return out;
}

std::string NearestWord(std::string_view word, const std::vector<std::string>& words) {
  if (word.empty() || word.size() > kLongestWord) return "";
  std::string nearest;
  size_t best = 2 * kLongestWord;
  const size_t looked_at = std::min(words.size(), kMostWords);
  for (size_t i = 0; i < looked_at; ++i) {
    const std::string& candidate = words[i];
    if (candidate.empty() || candidate.size() > kLongestWord) continue;
    size_t distance = Distance(word, candidate);
    const bool start_of_other = Begins(candidate, word) || Begins(word, candidate);
    if (distance > Allowed(word, candidate)) {
      if (!start_of_other) continue;
      distance += 3;  // a slip of the hand is the better guess
    }
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace gainsay
