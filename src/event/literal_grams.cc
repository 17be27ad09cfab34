#include "event/literal_grams.h"

#include <algorithm>
#include <utility>

#include "event/literals.h"

namespace gainsay {

LiteralGrams::LiteralGrams(std::vector<std::string> literals, std::string_view sample)
    : literals_(std::move(literals)) {
  heads_.fill(kNone);
  short_heads_.fill(kNone);
  std::vector<uint32_t> seen;  // by hash: how often in the sample
  if (!sample.empty()) seen.resize(size_t{1} << kHashBits);
  for (size_t i = 0; i + kGram <= sample.size(); ++i) {
    uint32_t gram = 0;
    std::memcpy(&gram, sample.data() + i, kGram);
    ++seen[HashOf(gram)];
  }
  for (uint32_t i = 0; i < literals_.size(); ++i) {
    const size_t size = literals_[i].size();
    if (size < kShort) {
      tiny_.push_back(i);
    } else if (size < kGram) {
      AddShort(i);
    } else {
      AddWhole(i, seen);
    }
  }
}

void LiteralGrams::AddWhole(uint32_t literal, const std::vector<uint32_t>& seen) {
  const std::string& text = literals_[literal];
  uint32_t best_hash = 0;
  size_t best = 0;
  double best_cost = 0;
  for (size_t at = 0; at + kGram <= text.size(); ++at) {
    uint32_t gram = 0;
    std::memcpy(&gram, text.data() + at, kGram);
    const uint32_t hash = HashOf(gram);
    const double cost = seen.empty() ? LiteralCost(std::string_view(text).substr(at, kGram))
                                     : static_cast<double>(seen[hash]);
    if (at > 0 && cost >= best_cost) continue;
    best = at;
    best_cost = cost;
    best_hash = hash;
  }
  uint32_t& head = heads_[best_hash % kHeads];
  entries_.push_back({literal, static_cast<uint32_t>(best), head});
  head = static_cast<uint32_t>(entries_.size() - 1);
  present_[best_hash / 64] |= uint64_t{1} << (best_hash % 64);
}

void LiteralGrams::AddShort(uint32_t literal) {
  uint32_t gram = 0;
  std::memcpy(&gram, literals_[literal].data(), kShort);
  uint32_t& head = short_heads_[ShortHashOf(gram)];
  entries_.push_back({literal, 0, head});
  head = static_cast<uint32_t>(entries_.size() - 1);
  for (uint32_t behind = 0; behind < 256; ++behind) {
    const uint32_t hash = HashOf(gram | behind << 24);
    present_[hash / 64] |= uint64_t{1} << (hash % 64);
  }
}

bool LiteralGrams::Stands(std::string_view text, size_t at, const Entry& entry) const {
  const std::string& literal = literals_[entry.literal];
  if (at < entry.offset || text.size() - (at - entry.offset) < literal.size()) return false;
  const char* begin = text.data() + (at - entry.offset);
  return std::equal(literal.begin(), literal.end(), begin, [](char wanted, char found) {
    return wanted == found || (found >= 'A' && found <= 'Z' && wanted == (found | 0x20));
  });
}

}  // namespace gainsay
