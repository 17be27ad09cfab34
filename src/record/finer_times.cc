// All that is ever read as a time (record/time.h) says its fraction of a second in decimal digits: behind a
// clock's seconds, or at the end of an epoch's number, nine digits and more behind its first one. Of a time
// within the unit these are the unit's own and at least one more; a point may stand among them, where the
// number counts other units or has an exponent. Nanoseconds that stand apart from their seconds
// (record/layers.cc) are such digits, too, but for leading zeros. Punctuation may be escaped in a string,
// which hardly anybody does: that is seen by the backslash, or told by the escape's end.
#include "record/finer_times.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "input/chunk.h"
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
    if (at < end && *at == '\\') return i > 0;
    if (at >= end || *at != fraction.digits[i]) return false;
  }
  if (at < end && *at == '.') ++at;
  return at < end && (IsDigit(*at) || *at == '\\');
}

// Whether an escaped character ends there: "\u002e", a point.
bool EndsEscape(const char* begin, const char* at) {
  return at - begin >= 6 && at[-6] == '\\' && at[-5] == 'u';
}

// Whether the digits at `at` may be a fraction by what stands before them: a clock's seconds, or an epoch's.
bool MayBeFraction(const char* begin, const char* at) {
  if (EndsEscape(begin, at)) return true;
  if (at - begin > 3 && (at[-1] == '.' || at[-1] == ',') && IsDigit(at[-2]) && IsDigit(at[-3]) &&
      (at[-4] == ':' || EndsEscape(begin, at - 3))) {
    return true;
  }
  constexpr int kLeastDigits = 9;  // of an epoch's seconds
  bool point = false;
  for (int digits = 0; digits < kLeastDigits; --at) {
    if (at == begin) return false;
    if (IsDigit(at[-1])) {
      ++digits;
    } else if (at[-1] == '.' && !point) {
      point = true;
    } else {
      return EndsEscape(begin, at);
    }
  }
  return true;
}

// Whether a number of nanoseconds may begin there, of a fraction without leading zeros.
bool StandsApart(const char* begin, const char* at, const char* end) {
  constexpr std::ptrdiff_t kDigits = 9;
  return end - at >= kDigits && std::all_of(at, at + kDigits, IsDigit) && (at == begin || !IsDigit(at[-1])) &&
         (end - at == kDigits || !IsDigit(at[kDigits]));
}

// Looks for a fraction that goes on, at all places where its first digit stands and, as it seems, its second
// one behind it.
class Search {
 public:
  Search(std::string_view lines, const Fraction& fraction)
      : begin_(lines.data()), end_(begin_ + lines.size()), fraction_(fraction) {}

  bool Find() {
#ifdef __x86_64__
    static const bool has_avx2 = __builtin_cpu_supports("avx2") != 0;
    if (has_avx2) return FindByAvx2();
#endif
    const char first = fraction_.digits[0];
    for (const char* at = begin_; at < end_; ++at) {
      at = static_cast<const char*>(std::memchr(at, first, static_cast<size_t>(end_ - at)));
      if (at == nullptr) break;
      if (Stands(at)) return true;
    }
    return false;
  }

  // Digits like those that were looked for begin a number that may be nanoseconds by themselves.
  bool any_apart() const { return any_apart_; }

 private:
  bool Stands(const char* at) {
    if (!GoesOn(at, end_, fraction_)) return false;
    if (MayBeFraction(begin_, at)) return true;
    any_apart_ = any_apart_ || StandsApart(begin_, at, end_);
    return false;
  }

#ifdef __x86_64__
  __attribute__((target("avx2"))) bool FindByAvx2() {
    constexpr size_t kAtOnce = 32;
    static_assert(kAtOnce < kChunkPadding);
    const __m256i first = _mm256_set1_epi8(fraction_.digits[0]),
                  second = _mm256_set1_epi8(fraction_.digits[1]), point = _mm256_set1_epi8('.'),
                  backslash = _mm256_set1_epi8('\\');
    for (const char* at = begin_; at < end_; at += kAtOnce) {
      const __m256i here = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
      const __m256i next = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + 1));
      const __m256i other =
          _mm256_or_si256(_mm256_cmpeq_epi8(next, point), _mm256_cmpeq_epi8(next, backslash));
      const __m256i begins = _mm256_and_si256(_mm256_cmpeq_epi8(here, first),
                                              _mm256_or_si256(_mm256_cmpeq_epi8(next, second), other));
      for (auto left = static_cast<uint32_t>(_mm256_movemask_epi8(begins)); left != 0; left &= left - 1) {
        if (Stands(at + std::countr_zero(left))) return true;
      }
    }
    return false;
  }
#endif

  const char *const begin_, *const end_;
  const Fraction& fraction_;
  bool any_apart_ = false;
};

// Whether a key of nanoseconds that stand apart may be in the lines: "nanos", "Nanos", "nanoOf".
bool HoldsNanos(std::string_view lines) {
  constexpr std::string_view kPart = "ano";
  for (size_t at = FindText(lines, kPart); at != std::string_view::npos;
       at = FindText(lines, kPart, at + 1)) {
    const size_t next = at + kPart.size();
    if (next < lines.size() && (lines[next] == 's' || lines[next] == 'O')) return true;
  }
  return false;
}

}  // namespace

bool MayTellFiner(std::string_view lines, const RecordTime& time) {
  if (time.unit_ns != 1'000'000 && time.unit_ns != 1'000) return true;
  if (time.ns < 0 || time.ns % time.unit_ns != 0) return true;
  const Fraction fraction = FractionOf(time);
  Search search(lines, fraction);
  if (search.Find()) return true;
  return (search.any_apart() || fraction.digits[0] == '0') && HoldsNanos(lines);
}

}  // namespace gainsay
