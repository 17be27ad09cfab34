#include "record/byte_halves.h"

#include <algorithm>
#include <bit>

namespace gainsay {

// Rows of sixteen bytes that hold the same ones share a bit; if there are too many rows, which are eight in
// ASCII, the last bit is for all that are left.
ByteHalves HalvesOf(const std::bitset<256>& bytes) {
  ByteHalves halves;
  static constexpr std::bitset<256> kRow = 0xFFFF;
  std::array<uint16_t, 8> rows = {};
  size_t known = 0;
  for (size_t high = 0; high < 16; ++high) {
    const auto row = static_cast<uint16_t>((bytes >> 16 * high & kRow).to_ulong());
    if (row == 0) continue;
    size_t bit = static_cast<size_t>(std::find(rows.begin(), rows.begin() + known, row) - rows.begin());
    if (bit == known && known < rows.size()) ++known;
    bit = std::min(bit, rows.size() - 1);
    rows[bit] |= row;
    halves.high[high] = static_cast<uint8_t>(1u << bit);
  }
  for (size_t bit = 0; bit < known; ++bit) {
    for (size_t low = 0; low < 16; ++low) {
      if (rows[bit] >> low & 1) halves.low[low] = static_cast<uint8_t>(halves.low[low] | 1u << bit);
    }
  }
  return halves;
}

#if defined(__x86_64__)

namespace {

__attribute__((target("avx2"))) size_t LeadingByAvx2(const ByteHalves& set, const char* at, size_t size) {
  const __m256i low = HalfTable(set.low), high = HalfTable(set.high);
  size_t told = 0;
  for (; told + 32 <= size; told += 32) {
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + told));
    const auto ends = static_cast<uint32_t>(_mm256_movemask_epi8(IsNoneOf(bytes, low, high)));
    if (ends != 0) return told + static_cast<size_t>(std::countr_zero(ends));
  }
  return told;
}

}  // namespace

size_t LeadingBlocksOf(const ByteHalves& set, const char* at, size_t size) {
  static const bool has_avx2 = __builtin_cpu_supports("avx2") != 0;
  return has_avx2 ? LeadingByAvx2(set, at, size) : 0;
}

#else

size_t LeadingBlocksOf(const ByteHalves&, const char*, size_t) { return 0; }

#endif

}  // namespace gainsay
