// Lines of a chunk, and what stands around their text.
//
// Thread rules: free functions without state. For reader.cc.
#ifndef GAINSAY_RECORD_LINES_H_
#define GAINSAY_RECORD_LINES_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace gainsay {

// StripMarks and StripToJson, of any line.
std::string_view StripOddMarks(std::string_view line);
std::string_view StripOddToJson(std::string_view line);

// The line without a byte order mark, NULs (a log that was truncated while written) and the record
// separator of JSON sequences at its start, and without a carriage return or NULs at its end.
inline std::string_view StripMarks(std::string_view line) {
  // Most lines begin and end with what can be read.
  const auto is_plain = [](char c) { return c >= ' ' && c <= '~'; };
  return !line.empty() && is_plain(line.front()) && is_plain(line.back()) ? line : StripOddMarks(line);
}

// The line as JSON would stand in it: also without blanks around it and without the
// "data: " of server-sent events, and without the brackets and the comma of an array with a line for each
// object.
inline std::string_view StripToJson(std::string_view line) {
  // Most are an object and nothing else.
  return line.size() > 1 && line.front() == '{' && line.back() == '}' ? line : StripOddToJson(line);
}

// Where the last newline of a text stands; npos: there is none. (std::string_view::rfind goes byte by byte.)
size_t LastNewline(std::string_view text);

// The attributes that a pretty printer (pino-pretty) put below a line, each as `    key: value` on a line of
// its own, as the JSON object that they were. False: there are none. Values of several lines are left out.
bool AttributesBelow(std::string_view folded, std::string* json);

}  // namespace gainsay

#endif  // GAINSAY_RECORD_LINES_H_
