#include "finding/phrase.h"

#include <array>
#include <cstdio>

namespace gainsay {
namespace {

// Tenths, rounded down: what is shown was surely reached.
std::string Tenths(uint64_t number, uint64_t unit) {
  return Thousands(number / unit) + "." + std::to_string(number % unit / (unit / 10));
}

std::string TwoUnits(uint64_t big, std::string_view big_unit, uint64_t small, std::string_view small_unit) {
  std::string text = Thousands(big) + " " + std::string(big_unit);
  if (small != 0) text += " " + std::to_string(small) + " " + std::string(small_unit);
  return text;
}

}  // namespace

std::string Thousands(uint64_t number) {
  std::string text = std::to_string(number);
  for (size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string Counted(uint64_t number, std::string_view noun, std::string_view plural) {
  std::string text = Thousands(number) + " ";
  if (number == 1) return text.append(noun);
  return plural.empty() ? text.append(noun).append("s") : text.append(plural);
}

std::string ByteSize(uint64_t bytes) {
  if (bytes < 10'000) return Counted(bytes, "byte");
  static constexpr std::array<const char*, 5> kUnits = {"KB", "MB", "GB", "TB", "PB"};
  uint64_t unit = 1'000;
  size_t name = 0;
  while (name + 1 < kUnits.size() && bytes / unit >= 1'000) {
    unit *= 1'000;
    ++name;
  }
  return Tenths(bytes, unit) + " " + kUnits[name];
}

std::string Span(uint64_t duration_ns) {
  const uint64_t ms = duration_ns / 1'000'000;
  if (duration_ns == 0) return "0 s";
  if (ms == 0) return "<1 ms";
  if (ms < 100) return std::to_string(ms) + " ms";
  if (ms < 60'000) return Tenths(ms, 1'000) + " s";
  const uint64_t seconds = ms / 1'000;
  if (seconds < 3'600) return TwoUnits(seconds / 60, "min", seconds % 60, "s");
  if (seconds < 86'400) return TwoUnits(seconds / 3'600, "h", seconds % 3'600 / 60, "min");
  return TwoUnits(seconds / 86'400, "d", seconds % 86'400 / 3'600, "h");
}

}  // namespace gainsay
