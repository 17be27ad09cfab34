// Which of its needs are met is counted for each number, and those are given of which all are.
#include "event/regex_set.h"

#include <algorithm>
#include <utility>

#include "event/literals.h"

namespace gainsay {
namespace {

constexpr size_t kMostNeeds = 7;  // of which each has a bit; all eight bits stand for what Find never gives
static_assert(kMaxSets <= kMostNeeds);

// Two letters match k and s without regard to case, which the literals don't show.
constexpr std::string_view kOdd[] = {"\xC5\xBF", "\xE2\x84\xAA"};

}  // namespace

size_t RegexSet::Add(const std::string& pattern) { return AddNeeds(RequiredLiterals(pattern)); }

size_t RegexSet::AddNeeds(const Needs& needs) {
  const size_t number = AddNone();
  needs_[number] = 0;
  for (size_t i = 0; i < std::min(needs.size(), kMostNeeds); ++i) {
    // What is too short to be looked for is taken to be there.
    const auto is_short = [](const std::string& literal) { return literal.size() < kMinLiteral; };
    if (std::any_of(needs[i].begin(), needs[i].end(), is_short)) continue;
    const auto bit = static_cast<uint8_t>(1u << i);
    needs_[number] |= bit;
    for (const std::string& literal : needs[i]) {
      const auto [known, added] = numbers_.try_emplace(literal, static_cast<uint32_t>(literals_.size()));
      if (added) {
        literals_.push_back(literal);
        uses_.emplace_back();
      }
      uses_[known->second].push_back({static_cast<uint32_t>(number), bit});
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
  use_begins_ = {0};
  for (const std::vector<Use>& uses : uses_) {
    use_row_.insert(use_row_.end(), uses.begin(), uses.end());
    use_begins_.push_back(static_cast<uint32_t>(use_row_.size()));
  }
  uses_.clear();
  grams_ = std::make_unique<const LiteralGrams>(std::move(literals_));
}

void RegexSet::Find(std::string_view text, BitSet* may) const {
  thread_local std::vector<uint8_t> met;  // by number: the needs that are met
  thread_local std::vector<uint32_t> touched;
  may->Reset(needs_.size());
  for (const uint32_t number : always_) may->Set(number);
  if (met.size() < needs_.size()) met.resize(needs_.size());
  grams_->Find(text, [&](uint32_t literal, size_t) {
    for (uint32_t i = use_begins_[literal]; i < use_begins_[literal + 1]; ++i) {
      const Use& use = use_row_[i];
      uint8_t& of = met[use.of];
      if (of == 0) touched.push_back(use.of);
      of |= use.bit;
      if (of == needs_[use.of]) may->Set(use.of);
    }
    return false;
  });
  for (const uint32_t number : touched) met[number] = 0;
  touched.clear();
  if (text.find(kOdd[0]) == std::string_view::npos && text.find(kOdd[1]) == std::string_view::npos) return;
  for (size_t number = 0; number < needs_.size(); ++number) {
    if (needs_[number] != UINT8_MAX) may->Set(number);
  }
}

}  // namespace gainsay
