// Chance that falls the same way everywhere: the standard fixes what std::mt19937_64 yields, but not what its
// distributions make of it, so numbers are mapped here.
#ifndef GAINSAY_BENCH_DICE_H_
#define GAINSAY_BENCH_DICE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

namespace gainsay {

class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}

  // 0 … below - 1; `below` is 1 … 2^31.
  uint32_t Below(uint32_t below) { return static_cast<uint32_t>(((engine_() >> 33) * below) >> 31); }
  bool OneIn(uint32_t count) { return Below(count) == 0; }

  template <typename T, size_t n>
  const T& Pick(const std::array<T, n>& values) {
    return values[Below(static_cast<uint32_t>(n))];
  }

  // A random (version 4) UUID.
  std::string Uuid() {
    constexpr char kHex[] = "0123456789abcdef";
    std::string id(36, '-');
    uint64_t bits = 0;
    size_t digits = 0;
    for (size_t i = 0; i < id.size(); ++i) {
      if (i == 8 || i == 13 || i == 18 || i == 23) continue;
      if (digits++ % 16 == 0) bits = engine_();
      id[i] = kHex[bits & 15];
      bits >>= 4;
    }
    id[14] = '4';
    id[19] = kHex[8 + Below(4)];
    return id;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace gainsay

#endif  // GAINSAY_BENCH_DICE_H_
