#include "event/reason.h"

#include <algorithm>
#include <deque>
#include <mutex>
#include <utility>

#include "event/alternatives.h"
#include "event/literals.h"

namespace gainsay {

class Reasons::Alternatives {
 public:
  explicit Alternatives(std::string regex) : regex_(std::move(regex)) {}

  // Where the regex first matches; npos: nowhere. All alternatives are known when it is first asked.
  size_t FirstMatch(std::string_view text) const {
    std::call_once(once_, [this] {
      for (const Alternative& one : SplitAlternatives(regex_)) {
        set_.AddNeeds(RequiredLiterals(one.regex));
        regexes_.emplace_back(one.flags + one.regex);
      }
      set_.Compile();
    });
    thread_local BitSet may;
    set_.Find(text, &may);
    size_t first = std::string_view::npos;
    for (size_t i = 0; i < regexes_.size(); ++i) {
      re2::StringPiece match;
      if (!may.Has(i) || !regexes_[i].Matches(text, {&match, 1})) continue;
      first = std::min(first, static_cast<size_t>(match.data() - text.data()));
    }
    return first;
  }

 private:
  const std::string regex_;
  mutable std::once_flag once_;
  mutable RegexSet set_;
  mutable std::deque<LazyRegex> regexes_;
};

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
            {set->Add(*pattern), IndexOf(reason.id), store, std::make_shared<const Alternatives>(*pattern)});
      }
    }
  }
  return absl::OkStatus();
}

CauseMatch Reasons::Classify(std::string_view text, const BitSet* may) const {
  CauseMatch cause;
  for (const Entry& entry : entries_) {
    if (may != nullptr && !may->Has(entry.number)) continue;
    const size_t begin = entry.regex->FirstMatch(text);
    if (begin == std::string_view::npos) continue;
    if (cause.reason == kNoReason) cause.reason = entry.reason;
    cause.store = cause.store || entry.store;
    cause.begin = std::min(cause.begin, begin);
  }
  return cause;
}

std::vector<uint16_t> Reasons::AllIn(std::string_view text) const {
  BitSet may;
  set_->Find(text, &may);
  std::vector<uint16_t> reasons;
  for (const Entry& entry : entries_) {
    if (!may.Has(entry.number) || entry.regex->FirstMatch(text) == std::string_view::npos) continue;
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
