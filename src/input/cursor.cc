#include "input/cursor.h"

#include <charconv>
#include <system_error>

namespace gainsay {

std::string_view CursorOf(std::string_view line) {
  constexpr std::string_view kKey = "\"__CURSOR\"";
  size_t at = line.find(kKey);
  if (at == std::string_view::npos) return {};
  at = line.find_first_not_of(" :", at + kKey.size());
  if (at == std::string_view::npos || line[at] != '"') return {};
  const std::string_view value = line.substr(at + 1);
  return value.substr(0, value.find('"'));
}

std::string_view LastCursor(std::string_view lines) {
  if (!lines.empty()) lines.remove_suffix(1);  // the last newline
  return CursorOf(lines.substr(lines.rfind('\n') + 1));
}

std::optional<uint64_t> CursorTime(std::string_view cursor) {
  const size_t at = cursor.starts_with("t=") ? 0 : cursor.find(";t=");
  if (at == std::string_view::npos) return std::nullopt;
  const char* begin = cursor.data() + cursor.find("t=", at) + 2;
  uint64_t time = 0;
  const auto [end, error] = std::from_chars(begin, cursor.data() + cursor.size(), time, 16);
  return error == std::errc() && end != begin ? std::optional(time) : std::nullopt;
}

}  // namespace gainsay
