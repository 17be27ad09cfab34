#include "record/lines.h"

#include <string.h>  // memrchr

#include <algorithm>

namespace gainsay {
namespace {

bool IsAttributeName(std::string_view name) {
  return !name.empty() && name.size() <= 100 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
  });
}

// A string, number or word of JSON, by its looks.
bool IsWholeScalar(std::string_view value) {
  if (value.empty()) return false;
  if (value.front() == '"') return value.size() > 1 && value.back() == '"';
  return value.find_first_not_of("0123456789.-+eE") == std::string_view::npos || value == "true" ||
         value == "false";
}

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr char kRecordSeparator = '\x1E';

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f'; }

// An object that is an element of an array with a line for each: without what belongs to the array.
std::string_view OfArray(std::string_view line) {
  if (line.starts_with("[{") && line.ends_with("},")) line.remove_prefix(1);
  if (line.size() > 2 && line[0] == '{' && line[line.size() - 2] == '}' &&
      (line.back() == ',' || line.back() == ']')) {
    line.remove_suffix(1);
  }
  return line;
}

}  // namespace

std::string_view StripOddMarks(std::string_view line) {
  for (;;) {
    if (!line.empty() && (line[0] == '\0' || line[0] == kRecordSeparator)) {
      line.remove_prefix(1);
    } else if (line.starts_with(kByteOrderMark)) {
      line.remove_prefix(kByteOrderMark.size());
    } else {
      break;
    }
  }
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n' || line.back() == '\0'))
    line.remove_suffix(1);
  return line;
}

std::string_view StripOddToJson(std::string_view line) {
  for (size_t before = line.size() + 1; before != line.size();) {
    before = line.size();
    line = StripMarks(line);
    while (!line.empty() && IsBlank(line[0])) line.remove_prefix(1);
  }
  while (!line.empty() && (IsBlank(line.back()) || line.back() == '\n')) line.remove_suffix(1);
  constexpr std::string_view kEventData = "data:";
  if (line.starts_with(kEventData)) {
    const size_t text = line.find_first_not_of(' ', kEventData.size());
    if (text != std::string_view::npos && line[text] == '{') line.remove_prefix(text);
  }
  return OfArray(line);
}

bool AttributesBelow(std::string_view folded, std::string* json) {
  static constexpr std::string_view kIndent = "    ";
  static constexpr size_t kMaxAttributes = 64;
  json->clear();
  for (size_t count = 0; count < kMaxAttributes && !folded.empty();) {
    const size_t end = std::min(folded.find('\n'), folded.size());
    std::string_view line = folded.substr(0, end);
    folded.remove_prefix(std::min(end + 1, folded.size()));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.substr(0, kIndent.size()) != kIndent) return false;  // something else
    line.remove_prefix(kIndent.size());
    const size_t colon = line.find(": ");
    if (colon == std::string_view::npos || !IsAttributeName(line.substr(0, colon))) continue;
    const std::string_view value = line.substr(colon + 2);
    if (!IsWholeScalar(value)) continue;
    json->append(json->empty() ? "{\"" : ",\"").append(line.substr(0, colon));
    json->append("\":").append(value);
    ++count;
  }
  if (json->empty()) return false;
  *json += '}';
  return true;
}

size_t LastNewline(std::string_view text) {
  const void* at = text.empty() ? nullptr : memrchr(text.data(), '\n', text.size());
  return at == nullptr ? std::string_view::npos
                       : static_cast<size_t>(static_cast<const char*>(at) - text.data());
}

}  // namespace gainsay
