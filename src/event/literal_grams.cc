// A literal is looked for by the rarest four bytes of it: a text is gone through byte by byte, and the hash
// of the next four says in most places that no literal stands there.
#include "event/literal_grams.h"

#include <algorithm>
#include <utility>

#include "event/literals.h"

namespace gainsay {
namespace {

// How often grams stand in a sample, by a hash.
constexpr uint32_t kSeenBits = 16;
uint32_t SeenHash(uint32_t gram) { return (gram | 0x20202020u) * 0x9E3779B1u >> (32 - kSeenBits); }

uint32_t GramAt(std::string_view text, size_t at) {
  uint32_t gram = 0;
  std::memcpy(&gram, text.data() + at, sizeof gram);
  return gram;
}

}  // namespace

LiteralGrams::LiteralGrams(std::vector<std::string> literals, std::string_view sample)
    : literals_(std::move(literals)), cases_(literals_.size()) {
  heads_.fill(kNone);
  std::vector<uint32_t> seen;
  if (!sample.empty()) seen.resize(size_t{1} << kSeenBits);
  for (size_t i = 0; i + kGram <= sample.size(); ++i) ++seen[SeenHash(GramAt(sample, i))];
  for (uint32_t i = 0; i < literals_.size(); ++i) {
    cases_[i].resize(literals_[i].size());
    std::transform(literals_[i].begin(), literals_[i].end(), cases_[i].begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? '\x20' : '\0'; });
    if (literals_[i].size() < kShort) {
      tiny_.push_back(i);
    } else {
      Add(i, seen);
    }
  }
}

void LiteralGrams::Add(uint32_t literal, const std::vector<uint32_t>& seen) {
  const std::string& text = literals_[literal];
  const bool is_short = text.size() < kGram;
  size_t best = 0;
  double best_cost = 0;
  for (size_t at = 0; at + kGram <= text.size(); ++at) {
    const double cost = seen.empty() ? LiteralCost(std::string_view(text).substr(at, kGram))
                                     : static_cast<double>(seen[SeenHash(GramAt(text, at))]);
    if (at > 0 && cost >= best_cost) continue;
    best = at;
    best_cost = cost;
  }
  Gram gram;
  gram.literal = literal;
  gram.offset = static_cast<uint32_t>(best);
  gram.kept = is_short ? 0xFFFFFFu : 0xFFFFFFFFu;
  std::memcpy(&gram.text, text.data() + best, is_short ? kShort : kGram);
  std::memcpy(&gram.cases, cases_[literal].data() + best, is_short ? kShort : kGram);
  const uint32_t hash = HashOf(gram.text);
  // Behind a short literal stands anything.
  behind_[hash] |= is_short ? UINT64_MAX : uint64_t{1} << BitOf(gram.text);
  gram.next = std::exchange(heads_[hash], static_cast<uint32_t>(grams_.size()));
  grams_.push_back(gram);
}

bool LiteralGrams::Stands(std::string_view text, size_t at, const Gram& gram) const {
  const std::string &literal = literals_[gram.literal], &cases = cases_[gram.literal];
  const size_t size = literal.size();
  if (at < gram.offset || text.size() - (at - gram.offset) < size) return false;
  const char* begin = text.data() + (at - gram.offset);
  const auto same = [&](auto found, size_t from) {
    auto case_bits = found, wanted = found;
    std::memcpy(&found, begin + from, sizeof found);
    std::memcpy(&case_bits, cases.data() + from, sizeof found);
    std::memcpy(&wanted, literal.data() + from, sizeof found);
    return (found | case_bits) == wanted;
  };
  if (size < 8) return size < kGram || (same(uint32_t{0}, 0) && same(uint32_t{0}, size - kGram));
  for (size_t from = 0; from + 8 < size; from += 8) {
    if (!same(uint64_t{0}, from)) return false;
  }
  return same(uint64_t{0}, size - 8);
}

}  // namespace gainsay
