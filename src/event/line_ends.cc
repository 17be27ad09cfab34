#include "event/line_ends.h"

#include <algorithm>
#include <cstdint>

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace gainsay {
namespace {

size_t FindPlain(std::string_view text, size_t begin, size_t end, size_t* ends) {
  size_t count = 0;
  for (size_t at = text.find('\n', begin); at < end; at = text.find('\n', at + 1)) ends[count++] = at;
  return count;
}

#ifdef __x86_64__

// Most blocks have one end or none: only one that has more is asked how many.
__attribute__((target("avx2,bmi"))) size_t FindByAvx2(std::string_view text, size_t begin, size_t end,
                                                      size_t* ends) {
  const __m256i newline = _mm256_set1_epi8('\n');
  size_t count = 0;
  for (size_t at = begin; at < end; at += LineEnds::kBlock) {
    const auto* bytes = reinterpret_cast<const __m256i*>(text.data() + at);
    const auto low = _mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_loadu_si256(bytes), newline));
    const auto high = _mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_loadu_si256(bytes + 1), newline));
    uint64_t mask = static_cast<uint32_t>(low) | uint64_t{static_cast<uint32_t>(high)} << 32;
    if (end - at < LineEnds::kBlock) mask &= (uint64_t{1} << (end - at)) - 1;
    ends[count] = at + _tzcnt_u64(mask);
    count += mask != 0 ? 1 : 0;
    for (mask &= mask - 1; mask != 0; mask &= mask - 1) ends[count++] = at + _tzcnt_u64(mask);
  }
  return count;
}

#endif

}  // namespace

void LineEnds::Search(size_t from) {
  const size_t begin = std::max(searched_, from / kBlock * kBlock);
  searched_ = std::min(text_.size(), begin + kMost);
  next_ = 0;
#ifdef __x86_64__
  static const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi");
  if (has_avx2) {
    count_ = FindByAvx2(text_, begin, searched_, ends_.data());
    return;
  }
#endif
  count_ = FindPlain(text_, begin, searched_, ends_.data());
}

}  // namespace gainsay
