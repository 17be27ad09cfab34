// Numbers as times, and durations: exact in integers, since a double holds no nanoseconds of
// our century.

#include <algorithm>
#include <array>
#include <string_view>

#include "record/time.h"

namespace gainsay {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A decimal number's digits without leading zeros; `point` of them stand before the decimal point.
struct Decimal {
  std::array<char, 48> digits{};
  int count = 0;
  int point = 0;
};

bool ReadExponent(std::string_view text, int* exponent) {
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.empty() || text.size() > 2) return false;
  int value = 0;
  for (const char c : text) {
    if (!IsDigit(c)) return false;
    value = value * 10 + (c - '0');
  }
  *exponent = negative ? -value : value;
  return true;
}

std::optional<Decimal> ReadDecimal(std::string_view text) {
  Decimal decimal;
  bool seen_point = false, seen_digit = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (IsDigit(c)) {
      seen_digit = true;
      if (c == '0' && decimal.count == 0) {
        if (seen_point) --decimal.point;
        continue;
      }
      if (decimal.count == static_cast<int>(decimal.digits.size())) return std::nullopt;
      decimal.digits[static_cast<size_t>(decimal.count++)] = c;
      if (!seen_point) ++decimal.point;
    } else if (c == '.' && !seen_point) {
      seen_point = true;
    } else if ((c == 'e' || c == 'E') && seen_digit) {
      int exponent = 0;
      if (!ReadExponent(text.substr(i + 1), &exponent)) return std::nullopt;
      decimal.point += exponent;
      return decimal;
    } else {
      return std::nullopt;
    }
  }
  if (!seen_digit) return std::nullopt;
  return decimal;
}

// Milli- or microseconds, digits and nothing else: what most logs write. False: it is something else, or so
// late that it might be too much.
bool ReadUsual(std::string_view text, ParsedTime* time) {
  if ((text.size() != 13 && text.size() != 16) || text[0] == '0' || text[0] == '9') return false;
  int64_t value = 0;
  for (const char c : text) {
    if (!IsDigit(c)) return false;
    value = value * 10 + (c - '0');
  }
  time->unit_ns = text.size() == 13 ? 1'000'000 : 1'000;
  time->ns = value * time->unit_ns;
  return true;
}

}  // namespace

std::optional<ParsedTime> ParseEpoch(std::string_view text) {
  ParsedTime usual;
  if (ReadUsual(text, &usual)) return usual;
  const std::optional<Decimal> decimal = ReadDecimal(text);
  if (!decimal || decimal->point < 9 || decimal->point > 19) return std::nullopt;
  // By magnitude: up to 11 digits are seconds, then milli-, micro- and nanoseconds.
  const int scale = decimal->point <= 11 ? 9 : decimal->point <= 14 ? 6 : decimal->point <= 17 ? 3 : 0;
  uint64_t ns = 0;
  for (int i = 0; i < decimal->point + scale; ++i) {
    const int digit = i < decimal->count ? decimal->digits[static_cast<size_t>(i)] - '0' : 0;
    if (ns > (static_cast<uint64_t>(std::numeric_limits<int64_t>::max()) - 9) / 10) return std::nullopt;
    ns = ns * 10 + static_cast<uint64_t>(digit);
  }
  const int fraction = std::max(0, decimal->count - decimal->point) + (9 - scale);
  ParsedTime time;
  time.ns = static_cast<int64_t>(ns);
  time.unit_ns = fraction == 0 ? kSecond : fraction <= 3 ? 1'000'000 : fraction <= 6 ? 1'000 : 1;
  return time;
}

std::optional<int64_t> ParseDuration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  uint64_t total = 0;
  while (!text.empty()) {
    uint64_t value = 0;
    size_t digits = 0;
    while (digits < text.size() && IsDigit(text[digits])) {
      if (digits == 18) return std::nullopt;
      value = value * 10 + static_cast<uint64_t>(text[digits++] - '0');
    }
    if (digits == 0) return std::nullopt;
    text.remove_prefix(digits);
    size_t letters = 0;
    while (letters < text.size() && !IsDigit(text[letters])) ++letters;
    const std::string_view unit = text.substr(0, letters);
    uint64_t unit_ns = 0;
    if (unit == "ns") unit_ns = 1;
    if (unit == "us") unit_ns = 1'000;
    if (unit == "ms") unit_ns = 1'000'000;
    if (unit == "s") unit_ns = static_cast<uint64_t>(kSecond);
    if (unit == "m") unit_ns = static_cast<uint64_t>(60 * kSecond);
    if (unit == "h") unit_ns = static_cast<uint64_t>(3600 * kSecond);
    if (unit == "d") unit_ns = static_cast<uint64_t>(kDay);
    constexpr uint64_t kMax = std::numeric_limits<int64_t>::max();
    if (unit_ns == 0 || value > kMax / unit_ns || value * unit_ns > kMax - total) return std::nullopt;
    total += value * unit_ns;
    text.remove_prefix(letters);
  }
  return static_cast<int64_t>(total);
}

}  // namespace gainsay
