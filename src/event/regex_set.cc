// A literal is looked for by the rarest four bytes of it: a text is gone through byte by byte, and the hash
// of the next four says in most places that no literal stands there. Letters match in either case. Which of
// its needs are met is counted for each number, and those are given of which all are.
#include "event/regex_set.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "event/literals.h"

namespace gainsay {
namespace {

constexpr size_t kMostNeeds = 7;  // of which each has a bit; all eight bits stand for what Find never gives
static_assert(kMaxSets <= kMostNeeds);

// Two letters match k and s without regard to case, which the literals don't show.
constexpr std::string_view kOdd[] = {"\xC5\xBF", "\xE2\x84\xAA"};

}  // namespace

RE2::Options RegexOptions() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kRegexMemory);
  return options;
}

size_t RegexSet::Add(const std::string& pattern) { return AddNeeds(RequiredLiterals(pattern)); }

size_t RegexSet::AddNeeds(const Needs& needs) {
  const size_t number = AddNone();
  needs_[number] = 0;
  for (size_t i = 0; i < std::min(needs.size(), kMostNeeds); ++i) {
    // What is too short to be looked for is taken to be there.
    const auto is_short = [](const std::string& literal) { return literal.size() < kShort; };
    if (std::any_of(needs[i].begin(), needs[i].end(), is_short)) continue;
    const auto bit = static_cast<uint8_t>(1u << i);
    needs_[number] |= bit;
    for (const std::string& literal : needs[i]) {
      const auto [known, added] = numbers_.try_emplace(literal, static_cast<uint32_t>(literals_.size()));
      if (added) literals_.push_back({literal, {}, {}});
      literals_[known->second].uses.push_back({static_cast<uint32_t>(number), bit});
    }
  }
  if (needs_[number] == 0) always_.push_back(static_cast<uint32_t>(number));
  return number;
}

size_t RegexSet::AddNone() {
  needs_.push_back(UINT8_MAX);
  return needs_.size() - 1;
}

void RegexSet::Compile() {
  numbers_.clear();
  heads_.fill(kNone);
  grams_.reserve(literals_.size());
  for (uint32_t i = 0; i < literals_.size(); ++i) {
    Literal& literal = literals_[i];
    literal.cases.resize(literal.text.size());
    std::transform(literal.text.begin(), literal.text.end(), literal.cases.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? '\x20' : '\0'; });
    AddGram(i);
  }
}

void RegexSet::AddGram(uint32_t number) {
  const Literal& literal = literals_[number];
  const bool is_short = literal.text.size() < kGram;
  size_t best = 0;
  double best_cost = 0;
  for (size_t at = 0; at + kGram <= literal.text.size(); ++at) {
    const double cost = LiteralCost(std::string_view(literal.text).substr(at, kGram));
    if (at > 0 && cost >= best_cost) continue;
    best = at;
    best_cost = cost;
  }
  Gram gram;
  gram.literal = number;
  gram.offset = static_cast<uint32_t>(best);
  gram.kept = is_short ? 0xFFFFFFu : 0xFFFFFFFFu;
  std::memcpy(&gram.text, literal.text.data() + best, is_short ? kShort : kGram);
  std::memcpy(&gram.cases, literal.cases.data() + best, is_short ? kShort : kGram);
  const uint32_t hash = HashOf(gram.text);
  // Behind a short literal stands anything.
  behind_[hash] |= is_short ? UINT64_MAX : uint64_t{1} << BitOf(gram.text);
  gram.next = std::exchange(heads_[hash], static_cast<uint32_t>(grams_.size()));
  grams_.push_back(gram);
}

bool RegexSet::Stands(std::string_view text, size_t at, const Gram& gram) const {
  const Literal& literal = literals_[gram.literal];
  const size_t size = literal.text.size();
  if (at < gram.offset || text.size() - (at - gram.offset) < size) return false;
  const char* begin = text.data() + (at - gram.offset);
  const auto same = [&](auto found, size_t from) {
    auto cases = found, wanted = found;
    std::memcpy(&found, begin + from, sizeof found);
    std::memcpy(&cases, literal.cases.data() + from, sizeof found);
    std::memcpy(&wanted, literal.text.data() + from, sizeof found);
    return (found | cases) == wanted;
  };
  if (size < 8) return size < kGram || (same(uint32_t{0}, 0) && same(uint32_t{0}, size - kGram));
  for (size_t from = 0; from + 8 < size; from += 8) {
    if (!same(uint64_t{0}, from)) return false;
  }
  return same(uint64_t{0}, size - 8);
}

template <typename Visit>
void RegexSet::ForEach(std::string_view text, Visit visit) const {
  const auto look = [&](size_t at, uint32_t gram) {
    for (uint32_t i = heads_[HashOf(gram)]; i != kNone; i = grams_[i].next) {
      const Gram& one = grams_[i];
      if (((gram | one.cases) & one.kept) == one.text && Stands(text, at, one)) visit(one.literal);
    }
  };
  // Eight bytes hold the grams of five places.
  size_t at = 0;
  for (; at + 8 <= text.size(); at += 5) {
    uint64_t eight = 0;
    std::memcpy(&eight, text.data() + at, sizeof eight);
#pragma GCC unroll 5
    for (size_t i = 0; i < 5; ++i) {
      const auto gram = static_cast<uint32_t>(eight >> 8 * i);
      if (MayStand(gram)) look(at + i, gram);
    }
  }
  for (; at + kShort <= text.size(); ++at) {
    uint32_t gram = 0;
    std::memcpy(&gram, text.data() + at, std::min(kGram, text.size() - at));
    if (MayStand(gram)) look(at, gram);
  }
}

void RegexSet::Find(std::string_view text, BitSet* may) const {
  thread_local std::vector<uint8_t> met;  // by number: the needs that are met
  thread_local std::vector<uint32_t> touched;
  may->Reset(needs_.size());
  for (const uint32_t number : always_) may->Set(number);
  if (met.size() < needs_.size()) met.resize(needs_.size());
  ForEach(text, [&](uint32_t number) {
    for (const Use& use : literals_[number].uses) {
      uint8_t& of = met[use.of];
      if (of == 0) touched.push_back(use.of);
      of |= use.bit;
      if (of == needs_[use.of]) may->Set(use.of);
    }
  });
  for (const uint32_t number : touched) met[number] = 0;
  touched.clear();
  if (text.find(kOdd[0]) == std::string_view::npos && text.find(kOdd[1]) == std::string_view::npos) return;
  for (size_t number = 0; number < needs_.size(); ++number) {
    if (needs_[number] != UINT8_MAX) may->Set(number);
  }
}

}  // namespace gainsay
