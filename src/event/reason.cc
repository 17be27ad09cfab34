#include "event/reason.h"

#include <algorithm>

namespace gainsay {

absl::Status Reasons::Compile(const RuleSet& rules, RegexSet* set) {
  set_ = set;
  for (const Pack& pack : rules.packs) {
    for (const Reason& reason : pack.reasons) {
      if (reason.id != "other" && IndexOf(reason.id) == kNoReason) names_.push_back(reason.id);
    }
  }
  names_.emplace_back("other");
  for (const Pack& pack : rules.packs) {
    for (const Reason& reason : pack.reasons) {
      for (const auto& [pattern, store] :
           {std::pair{&reason.store, true}, std::pair{&reason.pattern, false}}) {
        if (pattern->empty()) continue;
        entries_.push_back(
            {set->Add(*pattern), IndexOf(reason.id), store, std::make_unique<LazyRegex>(*pattern)});
      }
    }
  }
  return absl::OkStatus();
}

CauseMatch Reasons::Classify(std::string_view text, const BitSet* may) const {
  CauseMatch cause;
  for (const Entry& entry : entries_) {
    re2::StringPiece match;
    if ((may != nullptr && !may->Has(entry.number)) ||
        !entry.regex->get().Match(text, 0, text.size(), RE2::UNANCHORED, &match, 1)) {
      continue;
    }
    if (cause.reason == kNoReason) cause.reason = entry.reason;
    cause.store = cause.store || entry.store;
    cause.begin = std::min(cause.begin, static_cast<size_t>(match.data() - text.data()));
  }
  return cause;
}

std::vector<uint16_t> Reasons::AllIn(std::string_view text) const {
  BitSet may;
  set_->Find(text, &may);
  std::vector<uint16_t> reasons;
  for (const Entry& entry : entries_) {
    if (!may.Has(entry.number) || !RE2::PartialMatch(text, entry.regex->get())) continue;
    if (std::find(reasons.begin(), reasons.end(), entry.reason) == reasons.end()) {
      reasons.push_back(entry.reason);
    }
  }
  return reasons;
}

uint16_t Reasons::IndexOf(std::string_view name) const {
  auto found = std::find(names_.begin(), names_.end(), name);
  return found == names_.end() ? kNoReason : static_cast<uint16_t>(found - names_.begin());
}

}  // namespace gainsay
