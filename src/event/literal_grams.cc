#include "event/literal_grams.h"

#include <algorithm>
#include <utility>

#include "event/literals.h"

namespace gainsay {

LiteralGrams::LiteralGrams(std::vector<std::string> literals) : literals_(std::move(literals)) {
  heads_.fill(kNone);
  for (uint32_t i = 0; i < literals_.size(); ++i) {
    const std::string& literal = literals_[i];
    if (literal.size() < kGram) {
      short_.push_back(i);
      continue;
    }
    size_t best = 0;
    double best_cost = 0;
    for (size_t at = 0; at + kGram <= literal.size(); ++at) {
      const double cost = LiteralCost(std::string_view(literal).substr(at, kGram));
      if (at > 0 && cost >= best_cost) continue;
      best = at;
      best_cost = cost;
    }
    const uint32_t gram = GramAt(literal, best), hash = HashOf(gram);
    uint32_t& head = heads_[hash % kHeads];
    entries_.push_back({gram, i, static_cast<uint32_t>(best), head});
    head = static_cast<uint32_t>(entries_.size() - 1);
    present_.set(hash);
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
