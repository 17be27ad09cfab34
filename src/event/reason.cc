#include "event/reason.h"

#include <algorithm>

namespace gainsay {

absl::Status Reasons::Compile(const RuleSet& rules) {
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
        regexes_.Add(*pattern);
        entries_.push_back({IndexOf(reason.id), store});
      }
    }
  }
  regexes_.Compile();
  return absl::OkStatus();
}

CauseMatch Reasons::Classify(std::string_view text, std::vector<int>* hits) const {
  CauseMatch cause;
  regexes_.Match(text, hits);
  for (int hit : *hits) {
    const Entry& entry = entries_[static_cast<size_t>(hit)];
    if (cause.reason == kNoReason) cause.reason = entry.reason;
    cause.store = cause.store || entry.store;
    re2::StringPiece match;
    if (regexes_.regex(static_cast<size_t>(hit)).Match(text, 0, text.size(), RE2::UNANCHORED, &match, 1)) {
      cause.begin = std::min(cause.begin, static_cast<size_t>(match.data() - text.data()));
    }
  }
  return cause;
}

std::vector<uint16_t> Reasons::AllIn(std::string_view text) const {
  std::vector<int> hits;
  regexes_.Match(text, &hits);
  std::vector<uint16_t> reasons;
  for (int hit : hits) {
    const uint16_t reason = entries_[static_cast<size_t>(hit)].reason;
    if (std::find(reasons.begin(), reasons.end(), reason) == reasons.end()) reasons.push_back(reason);
  }
  return reasons;
}

uint16_t Reasons::IndexOf(std::string_view name) const {
  auto found = std::find(names_.begin(), names_.end(), name);
  return found == names_.end() ? kNoReason : static_cast<uint16_t>(found - names_.begin());
}

}  // namespace gainsay
