#include "task/hex_digits.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <array>
#include <cstdint>

namespace gainsay {
namespace {

constexpr char kDigits[] = "0123456789abcdef";

constexpr uint8_t kNone = 0xFF;

// By character.
constexpr std::array<uint8_t, 256> kValues = [] {
  std::array<uint8_t, 256> values = {};
  for (uint8_t& value : values) value = kNone;
  for (uint8_t i = 0; i < 16; ++i) values[static_cast<unsigned char>(kDigits[i])] = i;
  return values;
}();

#ifdef __SSE2__
constexpr size_t kAtOnce = 16;

// Packs as many digits; false if there are other characters.
bool PackBlock(const char* digits, char* out) {
  const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(digits));
  const __m128i number = _mm_sub_epi8(text, _mm_set1_epi8('0'));
  const __m128i letter = _mm_sub_epi8(text, _mm_set1_epi8('a'));
  const __m128i is_number = _mm_cmpeq_epi8(_mm_min_epu8(number, _mm_set1_epi8(9)), number);
  const __m128i is_letter = _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(5)), letter);
  const __m128i value = _mm_or_si128(_mm_and_si128(is_number, number),
                                     _mm_and_si128(is_letter, _mm_add_epi8(letter, _mm_set1_epi8(10))));
  // Of each pair the first is in the lower byte.
  const __m128i pairs = _mm_or_si128(_mm_slli_epi16(value, 4), _mm_srli_epi16(value, 8));
  const __m128i bytes = _mm_and_si128(pairs, _mm_set1_epi16(0xFF));
  _mm_storel_epi64(reinterpret_cast<__m128i*>(out), _mm_packus_epi16(bytes, bytes));
  return _mm_movemask_epi8(_mm_or_si128(is_number, is_letter)) == 0xFFFF;
}
#endif

}  // namespace

bool PackHex(std::string_view digits, char* out) {
  unsigned any = 0;
  size_t i = 0;
#ifdef __SSE2__
  for (; i + kAtOnce <= digits.size(); i += kAtOnce, out += kAtOnce / 2) {
    if (!PackBlock(digits.data() + i, out)) return false;
  }
#endif
  for (; i < digits.size(); i += 2) {
    const unsigned high = kValues[static_cast<unsigned char>(digits[i])];
    const unsigned low = kValues[static_cast<unsigned char>(digits[i + 1])];
    any |= high | low;
    *out++ = static_cast<char>(high << 4 | low);
  }
  return any < 16;
}

void UnpackHex(std::string_view bytes, char* out) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    *out++ = kDigits[byte >> 4];
    *out++ = kDigits[byte & 15];
  }
}

void UnpackHex(std::string_view bytes, std::string* out) {
  const size_t before = out->size();
  out->resize(before + 2 * bytes.size());
  UnpackHex(bytes, out->data() + before);
}

}  // namespace gainsay
