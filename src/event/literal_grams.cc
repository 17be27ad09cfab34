// A literal is looked for by the rarest four bytes of it: a text is gone through byte by byte, and the hash
// of the next four says in most places that no literal stands there.
#include "event/literal_grams.h"

#include <algorithm>
#include <utility>

#include "event/literals.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace gainsay {
class LiteralGrams::Seen {
 public:
  explicit Seen(std::string_view sample) : is_sample_(true) { Add(sample); }
  explicit Seen(const std::vector<std::string>& literals) {
    for (const std::string& literal : literals) Add(literal);
  }
  double CostOf(uint32_t gram) const {
    const double times = counts_.empty() ? 0 : counts_[HashOf(gram)];
    if (is_sample_) return times;
    char text[kGram];
    std::memcpy(text, &gram, kGram);
    return LiteralCost({text, kGram}) * (1 + times);
  }

 private:
  static constexpr uint32_t kBits = 14;
  static uint32_t HashOf(uint32_t gram) { return (gram | 0x20202020u) * 0x9E3779B1u >> (32 - kBits); }
  void Add(std::string_view text) {
    if (counts_.empty()) counts_.resize(size_t{1} << kBits);
    for (size_t i = 0; i + kGram <= text.size(); ++i) ++counts_[HashOf(GramAt(text, i))];
  }

  const bool is_sample_ = false;
  std::vector<uint32_t> counts_;
};

LiteralGrams::LiteralGrams(std::vector<std::string> literals, std::string_view sample)
    : literals_(std::move(literals)) {
  const Seen seen = sample.empty() ? Seen(literals_) : Seen(sample);
  std::vector<Gram> grams;
  grams.reserve(literals_.size());
  for (uint32_t i = 0; i < literals_.size(); ++i) {
    if (literals_[i].size() < kShort) {
      tiny_.push_back(i);
    } else {
      grams.push_back(GramOf(i, seen));
    }
  }
  Put(grams);
}

LiteralGrams::Gram LiteralGrams::GramOf(uint32_t literal, const Seen& seen) const {
  const std::string& text = literals_[literal];
  size_t best = 0;
  double best_cost = 0;
  for (size_t at = 0; at + kGram <= text.size(); ++at) {
    const double cost = seen.CostOf(GramAt(text, at));
    if (at > 0 && cost >= best_cost) continue;
    best = at;
    best_cost = cost;
  }
  Gram gram;
  gram.literal = literal;
  gram.offset = static_cast<uint32_t>(best);
  gram.size = static_cast<uint32_t>(text.size());
  gram.window = gram.size < kWindow ? 0 : std::min(gram.offset, gram.size - static_cast<uint32_t>(kWindow));
  gram.bytes = CaselessBytes(std::string_view(text).substr(gram.window));
  return gram;
}

void LiteralGrams::Put(const std::vector<Gram>& grams) {
  const auto gram_of = [this](const Gram& gram) { return GramAt(literals_[gram.literal], gram.offset); };
  for (const Gram& gram : grams) {
    const uint32_t hash = HashOf(gram_of(gram));
    // Behind a short literal stands anything.
    behind_[hash] |= gram.size < kGram ? UINT32_MAX : uint32_t{1} << BitOf(gram_of(gram));
    ++begins_[hash + 1];
  }
  for (size_t hash = 1; hash < begins_.size(); ++hash) begins_[hash] += begins_[hash - 1];
  grams_.resize(grams.size());
  std::vector<uint32_t> next(begins_.begin(), begins_.end() - 1);
  for (const Gram& gram : grams) grams_[next[HashOf(gram_of(gram))]++] = gram;
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) uint64_t LiteralGrams::PlacesAvx2(std::string_view text, size_t at,
                                                                  size_t end, size_t* told) const {
  const __m256i four_each = _mm256_setr_epi8(0, 1, 2, 3, 1, 2, 3, 4, 2, 3, 4, 5, 3, 4, 5, 6,  //
                                             4, 5, 6, 7, 5, 6, 7, 8, 6, 7, 8, 9, 7, 8, 9, 10);
  const __m256i lower = _mm256_set1_epi8(0x20), factor = _mm256_set1_epi32(static_cast<int>(kFactor));
  uint64_t places = 0;
  for (*told = 0; at + 8 <= end && at + 16 <= text.size(); at += 8, *told += 8) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const __m256i grams = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(bytes), four_each);
    const __m256i three = _mm256_slli_epi32(_mm256_or_si256(grams, lower), 8);
    const __m256i hashes = _mm256_srli_epi32(_mm256_mullo_epi32(three, factor), 32 - kHashBits);
    // Not gathered by one instruction, which is slow on many processors.
    const auto behind_two = [this](long long two) {
      const auto both = static_cast<uint64_t>(two);
      return static_cast<long long>(uint64_t{behind_[both >> 32]} << 32 | behind_[both & UINT32_MAX]);
    };
    const __m128i low = _mm256_castsi256_si128(hashes), high = _mm256_extracti128_si256(hashes, 1);
    const __m256i behind =
        _mm256_set_epi64x(behind_two(_mm_extract_epi64(high, 1)), behind_two(_mm_cvtsi128_si64(high)),
                          behind_two(_mm_extract_epi64(low, 1)), behind_two(_mm_cvtsi128_si64(low)));
    const __m256i bits = _mm256_and_si256(_mm256_srli_epi32(grams, 24), _mm256_set1_epi32(31));
    const __m256i stands = _mm256_slli_epi32(_mm256_srlv_epi32(behind, bits), 31);
    places |= uint64_t{static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(stands)))} << *told;
  }
  return places;
}

#endif

uint64_t LiteralGrams::PlacesIn(std::string_view text, size_t at) const {
  const size_t end = std::min(text.size() - (kShort - 1), at + kBlock);
  size_t shift = 0;
  uint64_t places = 0;
#if defined(__x86_64__)
  static const bool has_avx2 = __builtin_cpu_supports("avx2") != 0;
  if (has_avx2) places = PlacesAvx2(text, at, end, &shift);
  at += shift;
#endif
  // Eight bytes hold the grams of five places.
  for (; at + 5 <= end && at + 8 <= text.size(); at += 5, shift += 5) {
    uint64_t eight = 0;
    uint32_t five = 0;
    std::memcpy(&eight, text.data() + at, sizeof eight);
#pragma GCC unroll 5
    for (size_t i = 0; i < 5; ++i) five |= MayStand(static_cast<uint32_t>(eight >> 8 * i)) << i;
    places |= uint64_t{five} << shift;
  }
  for (; at < end; ++at, ++shift) places |= uint64_t{MayStand(GramAt(text, at))} << shift;
  return places;
}

bool LiteralGrams::Stands(std::string_view text, size_t begin, const Gram& gram) const {
  if (begin >= text.size() || text.size() - begin < gram.size) return false;
  const std::string_view literal = literals_[gram.literal];
  const size_t some = std::min<size_t>(gram.size, kWindow);
  for (size_t from = 0; from < literal.size(); from += kWindow) {
    from = std::min(from, literal.size() - some);  // the last ones are looked at once more
    std::array<char, kWindow> here = {};
    std::memcpy(here.data(), text.data() + begin + from, some);
    const std::string_view wanted = literal.substr(from, some);
    if (std::memcmp(here.data(), wanted.data(), some) == 0) continue;
    if (!CaselessBytes(wanted).StandAt(here.data())) return false;
  }
  return true;
}

}  // namespace gainsay
