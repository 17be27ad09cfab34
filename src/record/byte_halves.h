// A set of bytes, told for many bytes at once by their halves: a byte is one of the set if what its lower and
// its upper half stand for have a bit in common.
//
// Thread rules: plain values; free functions without state.
#ifndef GAINSAY_RECORD_BYTE_HALVES_H_
#define GAINSAY_RECORD_BYTE_HALVES_H_

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>

namespace gainsay {

struct ByteHalves {
  alignas(16) std::array<uint8_t, 16> low = {}, high = {};
};

// The set, and perhaps more if it has bytes outside ASCII.
ByteHalves HalvesOf(const std::bitset<256>& bytes);

// How many of the bytes from `at` on are of the set, up to the first that is not, as far as it is told: in
// whole blocks of 32, of `size` bytes. None if the processor can't.
size_t LeadingBlocksOf(const ByteHalves& set, const char* at, size_t size);

#if defined(__x86_64__)

__attribute__((target("avx2"))) inline __m256i HalfTable(const std::array<uint8_t, 16>& half) {
  return _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(half.data())));
}

// Of each byte whether it is none of the set.
__attribute__((target("avx2"))) inline __m256i IsNoneOf(__m256i bytes, __m256i low, __m256i high) {
  const __m256i half = _mm256_set1_epi8(0x0F);
  const __m256i of_low = _mm256_shuffle_epi8(low, _mm256_and_si256(bytes, half));
  const __m256i of_high = _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half));
  return _mm256_cmpeq_epi8(_mm256_and_si256(of_low, of_high), _mm256_setzero_si256());
}

#endif

}  // namespace gainsay

#endif  // GAINSAY_RECORD_BYTE_HALVES_H_
