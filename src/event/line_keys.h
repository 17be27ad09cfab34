// Whether a place in a raw JSON line is in one of its keys.
//
// Thread rules: free functions without state.
#ifndef GAINSAY_EVENT_LINE_KEYS_H_
#define GAINSAY_EVENT_LINE_KEYS_H_

#include <cstddef>
#include <string_view>

#include "absl/strings/ascii.h"

namespace gainsay {

// What the names of keys, and the words in their values, are made of.
inline bool IsNameChar(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '-';
}

// Whether [first, last) is a whole key of the outermost JSON, its quotes around it: then it is nobody's
// level.
inline bool IsKey(std::string_view line, size_t first, size_t last) {
  if (first < 2 || last >= line.size() || line[first - 1] != '"' || line[last] != '"') return false;
  if (line[first - 2] != '{' && line[first - 2] != ',' && line[first - 2] != ' ') return false;
  const size_t next = line.find_first_not_of(" \t\r\n", last + 1);
  return next != std::string_view::npos && line[next] == ':';
}

// Whether the text is in a key of the outermost object.
inline bool IsOutermostKey(std::string_view line, size_t first, size_t last) {
  while (first > 0 && IsNameChar(line[first - 1])) --first;
  while (last < line.size() && IsNameChar(line[last])) ++last;
  return IsKey(line, first, last) && line.substr(0, first).find('{', 1) == std::string_view::npos;
}

}  // namespace gainsay

#endif  // GAINSAY_EVENT_LINE_KEYS_H_
