// A need is a set of literals of which one must be there; many regexes share one. Of a regex's needs the one
// that the fewest share is its key: the regexes of those keys that the text meets are looked at further,
// which are few.
#include "event/regex_set.h"

#include <algorithm>
#include <utility>

#include "event/literals.h"

namespace gainsay {
namespace {

// Two letters match k and s without regard to case, which the literals don't show.
constexpr std::string_view kOdd[] = {"\xC5\xBF", "\xE2\x84\xAA"};

}  // namespace

RegexSet::Lists::Lists(const std::vector<std::vector<uint32_t>>& lists) : begins({0}) {
  for (const std::vector<uint32_t>& list : lists) {
    row.insert(row.end(), list.begin(), list.end());
    begins.push_back(static_cast<uint32_t>(row.size()));
  }
}

size_t RegexSet::Add(const std::string& pattern) { return AddNeeds(RequiredLiterals(pattern)); }

size_t RegexSet::AddNeeds(const Needs& needs) {
  const size_t number = AddNone();
  for (const std::vector<std::string>& texts : needs) {
    // What is too short to be looked for is taken to be there.
    const auto is_short = [](const std::string& literal) { return literal.size() < kMinLiteral; };
    if (std::any_of(texts.begin(), texts.end(), is_short)) continue;
    needs_[number].push_back(NeedOf(texts));
  }
  if (needs_[number].empty()) always_.push_back(static_cast<uint32_t>(number));
  return number;
}

size_t RegexSet::AddNone() {
  needs_.emplace_back();
  return size_++;
}

uint32_t RegexSet::NeedOf(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& literal : texts) all.append(literal).push_back('\0');
  const auto [need, is_new] = need_numbers_.try_emplace(all, static_cast<uint32_t>(need_count_));
  if (!is_new) return need->second;
  ++need_count_;
  for (const std::string& literal : texts) {
    const auto [known, added] =
        literal_numbers_.try_emplace(literal, static_cast<uint32_t>(literals_.size()));
    if (added) {
      literals_.push_back(literal);
      of_literals_.emplace_back();
    }
    of_literals_[known->second].push_back(need->second);
  }
  return need->second;
}

void RegexSet::Compile() {
  std::vector<size_t> shared(need_count_);
  for (const std::vector<uint32_t>& needs : needs_) {
    for (const uint32_t need : needs) ++shared[need];
  }
  std::vector<std::vector<uint32_t>> keyed(need_count_), others;
  keys_.Reset(need_count_);
  for (size_t number = 0; number < size_; ++number) {
    std::vector<uint32_t>& needs = needs_[number];
    if (needs.empty()) continue;
    std::swap(needs[0], *std::min_element(needs.begin(), needs.end(), [&shared](uint32_t a, uint32_t b) {
                return shared[a] < shared[b];
              }));
    keys_.Set(needs[0]);
    keyed[needs[0]].push_back(static_cast<uint32_t>(number));
  }
  keyed_ = Lists(keyed);
  for (const uint32_t number : keyed_.row) {
    others.emplace_back(needs_[number].begin() + 1, needs_[number].end());
  }
  others_ = Lists(others);
  met_by_ = Lists(of_literals_);
  literal_numbers_ = {};
  need_numbers_ = {};
  of_literals_.clear();
  needs_.clear();
  grams_ = std::make_unique<const LiteralGrams>(std::move(literals_));
}

void RegexSet::Find(std::string_view text, BitSet* may) const {
  thread_local BitSet met;  // needs
  met.Reset(need_count_);
  may->Reset(size_);
  for (const uint32_t number : always_) may->Set(number);
  grams_->Find(text, [this](uint32_t literal, size_t) {
    for (uint32_t i = met_by_.begins[literal]; i < met_by_.begins[literal + 1]; ++i) met.Set(met_by_.row[i]);
    return false;
  });
  const size_t needs = need_count_;
  for (size_t key = met.NextInBoth(keys_, 0, needs); key < needs;
       key = met.NextInBoth(keys_, key + 1, needs)) {
    for (uint32_t i = keyed_.begins[key]; i < keyed_.begins[key + 1]; ++i) {
      bool all = true;
      for (uint32_t at = others_.begins[i]; at < others_.begins[i + 1]; ++at) {
        all = all && met.Has(others_.row[at]);
      }
      if (all) may->Set(keyed_.row[i]);
    }
  }
  if (text.find(kOdd[0]) == std::string_view::npos && text.find(kOdd[1]) == std::string_view::npos) return;
  for (const uint32_t number : keyed_.row) may->Set(number);
}

}  // namespace gainsay
