#include "record/lines.h"

namespace gainsay {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr char kRecordSeparator = '\x1E';

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f'; }

}  // namespace

std::string_view StripMarks(std::string_view line) {
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

std::string_view StripToJson(std::string_view line) {
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
  return line;
}

}  // namespace gainsay
