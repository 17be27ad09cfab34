// Pairs are read from left to right, and what was gathered is thrown away at a word that is no pair; so what
// is left at the end stands behind the last such word, and each byte is looked at a bounded number of times.
// Values go into the object as strings. An escape that JSON has too stays one, but none may spell a letter:
// what a value says must be found in the line as it stands.
#include "record/pairs.h"

#include <algorithm>
#include <cstdint>

namespace gainsay {
namespace {

constexpr size_t kMaxLine = 16384;  // longer ones bear no attributes that matter

bool IsNameStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@'; }

bool IsNameByte(char c) { return IsNameStart(c) || (c >= '0' && c <= '9') || c == '.' || c == '-'; }

// The end of a quoted text that begins at `at`, behind the quote; npos if it is never closed.
size_t EndOfQuoted(std::string_view line, size_t at) {
  for (++at; at < line.size(); ++at) {
    if (line[at] == '\\') {
      ++at;
    } else if (line[at] == '"') {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

void AppendText(std::string_view text, bool quoted, std::string* json) {
  static constexpr std::string_view kEscapes = "\"\\nrt";
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '\\';
    if (escape && quoted && i + 1 < text.size() && kEscapes.find(text[i + 1]) != std::string_view::npos) {
      json->append(text.substr(i++, 2));
    } else if (escape || text[i] == '"') {
      json->append({'\\', text[i]});
    } else {
      *json += text[i];
    }
  }
}

// The next blank from `at` on; the line's end if there is none.
size_t EndOfWord(std::string_view line, size_t at) {
  while (at < line.size() && line[at] != ' ' && line[at] != '\t') ++at;
  return at;
}

// Takes the pair that begins at `at` and moves behind it. False: none begins there.
bool TakePair(std::string_view line, size_t* at, std::string* json) {
  size_t equals = *at;
  if (!IsNameStart(line[equals])) return false;
  while (equals < line.size() && IsNameByte(line[equals])) ++equals;
  if (equals == line.size() || line[equals] != '=') return false;
  const size_t begin = equals + 1;
  const bool quoted = begin < line.size() && line[begin] == '"';
  const size_t end = quoted ? EndOfQuoted(line, begin) : EndOfWord(line, begin);
  if (end == std::string_view::npos || (end < line.size() && line[end] != ' ' && line[end] != '\t'))
    return false;
  json->append(json->empty() ? "{\"" : ",\"").append(line.substr(*at, equals - *at)).append("\":\"");
  AppendText(quoted ? line.substr(begin + 1, end - begin - 2) : line.substr(begin, end - begin), quoted,
             json);
  *json += '"';
  *at = end;
  return true;
}

// Where the last object of the line may begin: its context, behind the message.
std::string_view TrailingObject(std::string_view line) {
  if (line.ends_with(" []")) line.remove_suffix(3);  // monolog's empty "extra"
  if (line.empty() || line.back() != '}') return {};
  const size_t brace = std::min(line.find(" {\""), line.find("\t{\""));
  return brace == std::string_view::npos ? std::string_view() : line.substr(brace + 1);
}

}  // namespace

Beside AttributesBeside(std::string_view line, std::string* json) {
  json->clear();
  if (line.size() > kMaxLine) return Beside::kNothing;
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
  if (const std::string_view object = TrailingObject(line); !object.empty()) {
    json->assign(object);
    return Beside::kBehind;
  }
  if (line.find('=') == std::string_view::npos) return Beside::kNothing;
  bool whole = true;
  for (size_t at = 0; at < line.size();) {
    if (line[at] == ' ' || line[at] == '\t') {
      ++at;
    } else if (!TakePair(line, &at, json)) {
      json->clear();
      whole = false;
      at = EndOfWord(line, at);
    }
  }
  if (json->empty()) return Beside::kNothing;
  *json += '}';
  return whole ? Beside::kWholeLine : Beside::kBehind;
}

}  // namespace gainsay
