// All that is ever read as a time (record/time.h) says its fraction of a second in decimal digits: behind a
// clock's seconds, or at the end of an epoch's number. Of a time within the unit these are the unit's own and
// at least one more; a point may stand among them, where the number counts other units or has an exponent.
// Nanoseconds that stand apart from their seconds (record/layers.cc) are such digits, too, but for leading
// zeros.
#include "record/finer_times.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "record/find_text.h"

namespace gainsay {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The digits of a unit's fraction of a second.
struct Fraction {
  std::array<char, 6> digits{};
  size_t count = 0;
};

Fraction FractionOf(const RecordTime& time) {
  Fraction fraction;
  fraction.count = time.unit_ns == 1'000'000 ? 3 : 6;
  int64_t value = time.ns % kSecond / time.unit_ns;
  for (size_t i = fraction.count; i-- > 0; value /= 10)
    fraction.digits[i] = static_cast<char>('0' + value % 10);
  return fraction;
}

// Whether the digits stand there, with another one behind them.
bool GoesOn(const char* at, const char* end, const Fraction& fraction) {
  for (size_t i = 0; i < fraction.count; ++i, ++at) {
    if (i > 0 && at < end && *at == '.') ++at;
    if (at >= end || *at != fraction.digits[i]) return false;
  }
  if (at < end && *at == '.') ++at;
  return at < end && IsDigit(*at);
}

}  // namespace

bool MayTellFiner(std::string_view lines, const RecordTime& time) {
  if (time.unit_ns != 1'000'000 && time.unit_ns != 1'000) return true;
  if (time.ns < 0 || time.ns % time.unit_ns != 0) return true;
  const Fraction fraction = FractionOf(time);
  const char first = fraction.digits[0], second = fraction.digits[1];
  if (first == '0' && FindText(lines, "ano") != std::string_view::npos) return true;  // "nanos", "Nanos"
  const char *at = lines.data(), *const end = at + lines.size();
#ifdef __SSE2__
  constexpr size_t kAtOnce = 16;
  const __m128i firsts = _mm_set1_epi8(first), seconds = _mm_set1_epi8(second), points = _mm_set1_epi8('.');
  for (; at < end; at += kAtOnce) {
    const __m128i here = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i behind = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 1));
    const __m128i may_go_on = _mm_or_si128(_mm_cmpeq_epi8(behind, seconds), _mm_cmpeq_epi8(behind, points));
    const __m128i begins = _mm_and_si128(_mm_cmpeq_epi8(here, firsts), may_go_on);
    for (auto left = static_cast<uint32_t>(_mm_movemask_epi8(begins)); left != 0; left &= left - 1) {
      if (GoesOn(at + std::countr_zero(left), end, fraction)) return true;
    }
  }
#else
  for (; at < end; ++at) {
    if (*at == first && GoesOn(at, end, fraction)) return true;
  }
#endif
  return false;
}

}  // namespace gainsay
