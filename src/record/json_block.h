// A look at the next few bytes of JSON at once: where does the plain part of a string end?
//
// Thread rules: a plain value.
#ifndef GAINSAY_RECORD_JSON_BLOCK_H_
#define GAINSAY_RECORD_JSON_BLOCK_H_

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace gainsay {

// A bit (the topmost of kBitsPerByte) for each byte that may end a string's plain part: quotes, backslashes,
// control characters; and one for each outside ASCII.
#ifdef __SSE2__
struct JsonBlock {
  static constexpr size_t kBytes = 16, kBitsPerByte = 1;
  // kBytes bytes are readable there.
  explicit JsonBlock(const char* at) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    const __m128i slashes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    const __m128i controls = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
    stops = static_cast<uint32_t>(_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quotes, slashes), controls)));
    beyond_ascii = static_cast<uint32_t>(_mm_movemask_epi8(bytes));
  }
  uint32_t stops = 0, beyond_ascii = 0;
};
#else
struct JsonBlock {
  static constexpr size_t kBytes = 8, kBitsPerByte = 8;
  explicit JsonBlock(const char* at) {
    uint64_t bytes = 0;
    std::memcpy(&bytes, at, sizeof bytes);
    const uint64_t plain =
        Exceeds(bytes ^ kOnes * '"', 0) & Exceeds(bytes ^ kOnes * '\\', 0) & Exceeds(bytes, 0x1F);
    stops = ~plain & kTops;
    beyond_ascii = bytes & kTops;
  }
  uint64_t stops = 0, beyond_ascii = 0;

 private:
  static constexpr uint64_t kOnes = 0x0101010101010101, kTops = 0x8080808080808080;
  // The topmost bit of each byte that is larger than `limit`, which is in ASCII.
  static uint64_t Exceeds(uint64_t bytes, uint64_t limit) {
    return ((bytes & ~kTops) + kOnes * (0x7F - limit)) | bytes;
  }
};
#endif

// Whether `size` bytes are the same at both places, behind which JsonBlock::kBytes more are readable.
inline bool SameBytes(const char* one, const char* other, size_t size) {
#ifdef __SSE2__
  const auto differ = [&]() {
    const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(one));
    const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(other));
    return static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(a, b))) ^ 0xFFFF;
  };
  for (; size > 16; size -= 16, one += 16, other += 16) {
    if (differ() != 0) return false;
  }
  return (differ() & ((uint32_t{1} << size) - 1)) == 0;
#else
  return std::memcmp(one, other, size) == 0;
#endif
}

// The first quote, backslash or control character from `at` on; the text's size if there is none.
inline size_t EndOfPlain(std::string_view text, size_t at) {
  for (; at + JsonBlock::kBytes <= text.size(); at += JsonBlock::kBytes) {
    const JsonBlock block(text.data() + at);
    if (block.stops == 0) continue;
    return at + static_cast<size_t>(std::countr_zero(block.stops)) / JsonBlock::kBitsPerByte;
  }
  while (at < text.size() && text[at] != '"' && text[at] != '\\' &&
         static_cast<unsigned char>(text[at]) >= 0x20)
    ++at;
  return at;
}

// The first quote from `at` on, in a string, that no backslash escapes; the text's size if there is none.
inline size_t EndOfString(std::string_view text, size_t at) {
#ifdef __SSE2__
  uint32_t escaped = 0;  // the first byte is
  for (; at + 16 <= text.size(); at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const auto where = [bytes](char c) {
      return static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c))));
    };
    uint32_t quotes = where('"'), slashes = where('\\');
    if ((slashes | escaped) != 0) {
      // In a row of backslashes every second one escapes, from its first on. Added to its row, a first one at
      // an odd place carries behind its end, so that the two kinds of rows can be told apart.
      constexpr uint32_t kEven = 0x5555;
      slashes &= ~escaped;
      const uint32_t behind = slashes << 1 | escaped;
      const uint32_t sum = (slashes & ~kEven & ~behind) + slashes;
      quotes &= ~((kEven ^ sum << 1) & behind);
      escaped = sum >> 16 & 1;
    }
    if (quotes != 0) return at + static_cast<size_t>(std::countr_zero(quotes));
  }
  at += escaped;
#endif
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return std::min(at, text.size());
}

}  // namespace gainsay

#endif  // GAINSAY_RECORD_JSON_BLOCK_H_
