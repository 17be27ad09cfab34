#include "event/reason.h"

#include <algorithm>
#include <utility>

#include "event/alternatives.h"
#include "event/literals.h"

namespace gainsay {

Reasons::Reasons(const RuleSet& rules) {
  for (const Pack& pack : rules.packs) {
    for (const Reason& reason : pack.reasons) {
      if (reason.id != "other" && IndexOf(reason.id) == kNoReason) names_.push_back(reason.id);
    }
  }
  names_.emplace_back("other");
  for (const Pack& pack : rules.packs) {
    for (const Reason& reason : pack.reasons) {
      for (const auto& [regex, store] : {std::pair{&reason.store, true}, std::pair{&reason.pattern, false}}) {
        if (!regex->empty()) entries_.push_back({IndexOf(reason.id), store, *regex});
      }
    }
  }
}

uint16_t Reasons::IndexOf(std::string_view name) const {
  auto found = std::find(names_.begin(), names_.end(), name);
  return found == names_.end() ? kNoReason : static_cast<uint16_t>(found - names_.begin());
}

CauseFinder::CauseFinder(const Reasons& reasons, RegexSet* set) : first_(set->size()) {
  for (const Reasons::Entry& entry : reasons.entries()) {
    for (const gainsay::Alternative& one : SplitAlternatives(entry.regex)) {
      set->AddNeeds(RequiredLiterals(one.regex));
      alternatives_.emplace_back(&entry, one.flags + one.regex);
    }
  }
}

template <typename Take>
void CauseFinder::Match(std::string_view text, const BitSet& may, Take take) const {
  const size_t end = first_ + alternatives_.size();
  for (size_t number = may.Next(first_, end); number < end; number = may.Next(number + 1, end)) {
    const Alternative& one = alternatives_[number - first_];
    re2::StringPiece match;
    if (one.regex.Matches(text, {&match, 1}))
      take(*one.entry, static_cast<size_t>(match.data() - text.data()));
  }
}

CauseMatch CauseFinder::Classify(std::string_view text, const BitSet& may) const {
  CauseMatch cause;
  Match(text, may, [&](const Reasons::Entry& entry, size_t begin) {
    if (cause.reason == kNoReason) cause.reason = entry.reason;
    cause.store = cause.store || entry.store;
    cause.begin = std::min(cause.begin, begin);
  });
  return cause;
}

std::vector<uint16_t> CauseFinder::AllIn(std::string_view text, const BitSet& may) const {
  std::vector<uint16_t> reasons;
  Match(text, may, [&](const Reasons::Entry& entry, size_t) {
    if (std::find(reasons.begin(), reasons.end(), entry.reason) == reasons.end()) {
      reasons.push_back(entry.reason);
    }
  });
  return reasons;
}

}  // namespace gainsay
