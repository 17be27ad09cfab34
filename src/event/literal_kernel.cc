#include "event/literal_kernel.h"

#include <algorithm>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace gainsay {
namespace {

constexpr std::string_view kSigns = " \"\\/:;,.-_=[](){}<>#@%'|";
// Beside letters, RE2 takes "\xC5\xBF" for an s and "\xE2\x84\xAA" for a k (prefilter.cc); other text that is
// not ASCII shall not be taken for these.
constexpr uint8_t kFirstOfLetter = 60, kLaterOfLetter = 61;
constexpr uint8_t kOtherAscii = 62, kNotAscii = 63;

struct alignas(64) Classes {
  uint8_t of[256] = {};
};

constexpr Classes MakeClasses() {
  Classes classes;
  for (size_t i = 0; i < 256; ++i) classes.of[i] = i < 128 ? kOtherAscii : kNotAscii;
  for (uint8_t i = 0; i < 26; ++i) classes.of[size_t{'a'} + i] = classes.of[size_t{'A'} + i] = i;
  for (uint8_t i = 0; i < 10; ++i) classes.of[size_t{'0'} + i] = static_cast<uint8_t>(26 + i);
  for (size_t i = 0; i < kSigns.size(); ++i) {
    classes.of[static_cast<unsigned char>(kSigns[i])] = static_cast<uint8_t>(36 + i);
  }
  classes.of[0xC5] = classes.of[0xE2] = kFirstOfLetter;
  classes.of[0xBF] = classes.of[0x84] = classes.of[0xAA] = kLaterOfLetter;
  return classes;
}

constexpr Classes kClasses = MakeClasses();
static_assert(36 + kSigns.size() <= kFirstOfLetter);

// The classes of a strip's bytes and of those behind it that its last positions need.
struct alignas(64) Strip {
  uint8_t classes[(kStripBlocks + 1) * kBlock];
};

uint32_t PlainKernel(const WindowTables& tables, const char* text, size_t blocks, uint64_t* masks) {
  Strip strip;
  for (size_t i = 0; i < (blocks + 1) * kBlock; ++i) strip.classes[i] = ClassOf(text[i]);
  uint32_t full = 0;
  for (size_t block = 0; block < blocks; ++block) {
    uint64_t mask = 0;
    for (size_t i = 0; i < kBlock; ++i) {
      const uint8_t* at = strip.classes + block * kBlock + i;
      unsigned any = 0;
      for (size_t pass = 0; pass < kPasses; ++pass) {
        unsigned buckets = 0xff;
        for (size_t k = 0; k < kTested; ++k) buckets &= tables.of[pass][k][at[kWindows[pass][k]]];
        any |= buckets;
      }
      mask |= uint64_t{any != 0} << i;
    }
    masks[block] = mask;
    full |= uint32_t{mask != 0} << block;
  }
  return full;
}

#if defined(__x86_64__)

// (The masked form with all bits set is the same instruction without GCC's false alarm, its bug 105593.)
__attribute__((target("avx512f,avx512bw,avx512vbmi"))) inline __m512i LookUp64(__m512i index, __m512i table) {
  return _mm512_maskz_permutexvar_epi8(~__mmask64{0}, index, table);
}

// One look-up of 64 bytes at once is one instruction.
__attribute__((target("avx512f,avx512bw,avx512vbmi"))) uint32_t Avx512Kernel(const WindowTables& tables,
                                                                             const char* text, size_t blocks,
                                                                             uint64_t* masks) {
  Strip strip;
  const __m512i ascii[2] = {_mm512_load_si512(kClasses.of), _mm512_load_si512(kClasses.of + 64)};
  const __m512i others[2] = {_mm512_load_si512(kClasses.of + 128), _mm512_load_si512(kClasses.of + 192)};
  for (size_t block = 0; block <= blocks; ++block) {
    const __m512i bytes = _mm512_loadu_si512(text + block * kBlock);
    // By the low seven bits; the eighth chooses.
    const __m512i if_ascii = _mm512_permutex2var_epi8(ascii[0], bytes, ascii[1]);
    const __m512i if_not = _mm512_permutex2var_epi8(others[0], bytes, others[1]);
    _mm512_store_si512(strip.classes + block * kBlock,
                       _mm512_mask_mov_epi8(if_ascii, _mm512_movepi8_mask(bytes), if_not));
  }
  __m512i table[kPasses][kTested];
  for (size_t pass = 0; pass < kPasses; ++pass) {
    for (size_t k = 0; k < kTested; ++k) table[pass][k] = _mm512_load_si512(tables.of[pass][k]);
  }
  uint32_t full = 0;
  for (size_t block = 0; block < blocks; ++block) {
    const uint8_t* at = strip.classes + block * kBlock;
    __m512i any = _mm512_setzero_si512();
    for (size_t pass = 0; pass < kPasses; ++pass) {
      __m512i buckets = _mm512_set1_epi8(-1);
      for (size_t k = 0; k < kTested; ++k) {
        const __m512i classes = _mm512_loadu_si512(at + kWindows[pass][k]);
        buckets = _mm512_and_si512(buckets, LookUp64(classes, table[pass][k]));
      }
      any = _mm512_or_si512(any, buckets);
    }
    masks[block] = _mm512_test_epi8_mask(any, any);
    full |= uint32_t{masks[block] != 0} << block;
  }
  return full;
}

// A table of 64 entries in four registers: bits 4 and 5 of the class choose.
__attribute__((target("avx2"))) inline __m256i LookUp64(const uint8_t* table, __m256i classes) {
  const auto quarter = [table](size_t i) __attribute__((target("avx2"))) {
    return _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(table + 16 * i)));
  };
  const __m256i index = _mm256_and_si256(classes, _mm256_set1_epi8(15));
  const __m256i bit4 = _mm256_slli_epi16(classes, 3), bit5 = _mm256_slli_epi16(classes, 2);
  const __m256i low = _mm256_blendv_epi8(_mm256_shuffle_epi8(quarter(0), index),
                                         _mm256_shuffle_epi8(quarter(1), index), bit4);
  const __m256i high = _mm256_blendv_epi8(_mm256_shuffle_epi8(quarter(2), index),
                                          _mm256_shuffle_epi8(quarter(3), index), bit4);
  return _mm256_blendv_epi8(low, high, bit5);
}

__attribute__((target("avx2"))) inline __m256i ClassesOf(__m256i bytes) {
  // Bit 6 chooses between two tables of 64.
  const __m256i bit6 = _mm256_slli_epi16(bytes, 1);
  const __m256i ascii =
      _mm256_blendv_epi8(LookUp64(kClasses.of, bytes), LookUp64(kClasses.of + 64, bytes), bit6);
  if (_mm256_movemask_epi8(bytes) == 0) return ascii;
  const __m256i others =
      _mm256_blendv_epi8(LookUp64(kClasses.of + 128, bytes), LookUp64(kClasses.of + 192, bytes), bit6);
  return _mm256_blendv_epi8(ascii, others, bytes);
}

__attribute__((target("avx2"))) uint32_t Avx2Kernel(const WindowTables& tables, const char* text,
                                                    size_t blocks, uint64_t* masks) {
  Strip strip;
  for (size_t at = 0; at < (blocks + 1) * kBlock; at += 32) {
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + at));
    _mm256_store_si256(reinterpret_cast<__m256i*>(strip.classes + at), ClassesOf(bytes));
  }
  uint32_t full = 0;
  for (size_t half = 0; half < 2 * blocks; ++half) {
    const uint8_t* at = strip.classes + half * 32;
    __m256i any = _mm256_setzero_si256();
    for (size_t pass = 0; pass < kPasses; ++pass) {
      __m256i buckets = _mm256_set1_epi8(-1);
      for (size_t k = 0; k < kTested; ++k) {
        const __m256i classes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + kWindows[pass][k]));
        buckets = _mm256_and_si256(buckets, LookUp64(tables.of[pass][k], classes));
      }
      any = _mm256_or_si256(any, buckets);
    }
    const __m256i none = _mm256_cmpeq_epi8(any, _mm256_setzero_si256());
    const uint64_t mask = ~static_cast<uint32_t>(_mm256_movemask_epi8(none));
    masks[half / 2] = half % 2 == 0 ? mask : masks[half / 2] | mask << 32;
  }
  for (size_t block = 0; block < blocks; ++block) full |= uint32_t{masks[block] != 0} << block;
  return full;
}

#elif defined(__aarch64__)

// Four registers make a table of 64 entries.
inline uint8x16_t LookUp64(const uint8_t* table, uint8x16_t index) {
  return vqtbl4q_u8(vld1q_u8_x4(table), index);
}

uint32_t NeonKernel(const WindowTables& tables, const char* text, size_t blocks, uint64_t* masks) {
  Strip strip;
  for (size_t at = 0; at < (blocks + 1) * kBlock; at += 16) {
    const uint8x16_t bytes = vld1q_u8(reinterpret_cast<const uint8_t*>(text + at));
    // What lies outside a table gives 0 in the first look-up, and stays as it was in the second.
    const uint8x16_t low = LookUp64(kClasses.of, bytes);
    const uint8x16_t ascii = vqtbx4q_u8(low, vld1q_u8_x4(kClasses.of + 64), vsubq_u8(bytes, vdupq_n_u8(64)));
    const uint8x16_t from_128 =
        vqtbx4q_u8(ascii, vld1q_u8_x4(kClasses.of + 128), vsubq_u8(bytes, vdupq_n_u8(128)));
    vst1q_u8(strip.classes + at,
             vqtbx4q_u8(from_128, vld1q_u8_x4(kClasses.of + 192), vsubq_u8(bytes, vdupq_n_u8(192))));
  }
  uint32_t full = 0;
  for (size_t block = 0; block < blocks; ++block) {
    uint64_t mask = 0;
    for (size_t part = 0; part < 4; ++part) {
      const uint8_t* at = strip.classes + block * kBlock + 16 * part;
      uint8x16_t any = vdupq_n_u8(0);
      for (size_t pass = 0; pass < kPasses; ++pass) {
        uint8x16_t buckets = vdupq_n_u8(0xff);
        for (size_t k = 0; k < kTested; ++k) {
          buckets = vandq_u8(buckets, LookUp64(tables.of[pass][k], vld1q_u8(at + kWindows[pass][k])));
        }
        any = vorrq_u8(any, buckets);
      }
      static constexpr uint8_t kBits[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
      const uint8x16_t bits = vandq_u8(vtstq_u8(any, any), vld1q_u8(kBits));
      const uint64_t low = vaddv_u8(vget_low_u8(bits)), high = vaddv_u8(vget_high_u8(bits));
      mask |= (low | high << 8) << (16 * part);
    }
    masks[block] = mask;
    full |= uint32_t{mask != 0} << block;
  }
  return full;
}

#endif

std::array<NamedKernel, 3> FindKernels() {
  std::array<NamedKernel, 3> kernels = {
      {{"avx512", nullptr, true}, {"avx2", nullptr}, {"plain", PlainKernel}}};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vbmi")) {
    kernels[0].run = Avx512Kernel;
  }
  if (__builtin_cpu_supports("avx2")) kernels[1].run = Avx2Kernel;
#elif defined(__aarch64__)
  kernels[1] = {"neon", NeonKernel, true};
#endif
  return kernels;
}

}  // namespace

uint8_t ClassOf(char byte) { return kClasses.of[static_cast<unsigned char>(byte)]; }

const std::array<NamedKernel, 3>& Kernels() {
  static const std::array<NamedKernel, 3> kKernels = FindKernels();
  return kKernels;
}

const NamedKernel& BestKernel() {
  return *std::find_if(Kernels().begin(), Kernels().end(),
                       [](const NamedKernel& kernel) { return kernel.run != nullptr; });
}

}  // namespace gainsay
