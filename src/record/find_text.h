// Where a short text stands in a longer one. memmem goes byte by byte, std::string_view::find stops at each
// byte that the text begins with; here two bytes of it are looked for at sixteen places at once.
//
// Thread rules: a free function without state.
#ifndef GAINSAY_RECORD_FIND_TEXT_H_
#define GAINSAY_RECORD_FIND_TEXT_H_

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gainsay {

// The first place at or behind `from`; npos if there is none. `part` has a byte at least. It is meant for
// parts of some dozen bytes: each place that has the two bytes costs a comparison.
inline size_t FindText(std::string_view text, std::string_view part, size_t from = 0) {
#ifdef __SSE2__
  constexpr size_t kAtOnce = 16;
  // Two in the middle: what looks alike in logs begins alike.
  const size_t second = part.size() / 2, first = second == 0 ? 0 : second - 1;
  const __m128i first_byte = _mm_set1_epi8(part[first]), second_byte = _mm_set1_epi8(part[second]);
  if (from + part.size() + kAtOnce - 1 > text.size()) return text.find(part, from);
  const auto candidates = [&](size_t at) {
    const auto load = [&](size_t offset) {
      return _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at + offset));
    };
    return static_cast<uint32_t>(_mm_movemask_epi8(
        _mm_and_si128(_mm_cmpeq_epi8(load(first), first_byte), _mm_cmpeq_epi8(load(second), second_byte))));
  };
  // The last sixteen places may be looked at twice.
  for (const size_t last = text.size() - part.size() - (kAtOnce - 1);;
       from = std::min(from + 2 * kAtOnce, last)) {
    const size_t more = std::min(from + kAtOnce, last);
    for (uint32_t left = candidates(from) | candidates(more) << kAtOnce; left != 0; left &= left - 1) {
      const auto bit = static_cast<size_t>(std::countr_zero(left));
      const size_t at = bit < kAtOnce ? from + bit : more + bit - kAtOnce;
      if (text.substr(at, part.size()) == part) return at;
    }
    if (more == last) return std::string_view::npos;
  }
#else
  return text.find(part, from);
#endif
}

}  // namespace gainsay

#endif  // GAINSAY_RECORD_FIND_TEXT_H_
