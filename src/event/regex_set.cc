#include "event/regex_set.h"

#include <algorithm>
#include <numeric>

#include "event/literals.h"

namespace gainsay {

RE2::Options RegexOptions() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kRegexMemory);
  return options;
}

void RegexSet::Add(const std::string& pattern) { regexes_.push_back(std::make_unique<LazyRegex>(pattern)); }

void RegexSet::Condition(uint32_t regex, const std::vector<std::string>& literals, uint32_t index,
                         uint32_t partner) {
  conditions_.push_back({regex, partner});
  for (const std::string& literal : literals) {
    const auto known = std::find(literals_.begin(), literals_.end(), literal);
    const auto at = static_cast<size_t>(known - literals_.begin());
    if (known == literals_.end()) {
      literals_.push_back(literal);
      conditions_of_.emplace_back();
    }
    conditions_of_[at].push_back(index);
  }
}

void RegexSet::Compile() {
  for (uint32_t i = 0; i < regexes_.size(); ++i) {
    const std::vector<std::vector<std::string>> sets = RequiredLiterals(regexes_[i]->pattern());
    const auto first = static_cast<uint32_t>(conditions_.size());
    if (sets.empty()) {
      always_.push_back(static_cast<int>(i));
    } else if (sets.size() == 1) {
      Condition(i, sets[0], first, first);
    } else {
      Condition(i, sets[0], first, first + 1);
      Condition(i, sets[1], first + 1, first);
    }
  }
  // Two letters match k and s without regard to case, which the literals don't show.
  for (const char* letter : {"\xC5\xBF", "\xE2\x84\xAA"}) {
    literals_.emplace_back(letter);
    conditions_of_.emplace_back();
  }
  search_ = std::make_unique<LiteralSearch>(literals_, std::string_view());
}

void RegexSet::Match(std::string_view text, std::vector<int>* hits) const {
  hits->assign(always_.begin(), always_.end());
  if (search_) {
    // The search reads beyond the text's end, which may be anywhere.
    thread_local std::string padded;
    thread_local std::vector<uint32_t> met;  // conditions that are met: by number of the search
    thread_local uint32_t number = 0;
    padded.assign(text).append(kKernelOverread, '\0');
    if (met.size() < conditions_.size()) met.resize(conditions_.size());
    if (++number == 0) {
      std::fill(met.begin(), met.end(), 0);
      ++number;
    }
    LiteralSearch::Cursor cursor(*search_, std::string_view(padded).substr(0, text.size()));
    for (LiteralHit hit = cursor.Next(0); hit.literal != kNoLiteral; hit = cursor.Next(0)) {
      if (conditions_of_[hit.literal].empty()) {
        hits->resize(regexes_.size());
        std::iota(hits->begin(), hits->end(), 0);
        break;
      }
      for (const uint32_t index : conditions_of_[hit.literal]) {
        const Need& condition = conditions_[index];
        if (met[index] == number) continue;
        met[index] = number;
        if (met[condition.partner] == number) hits->push_back(static_cast<int>(condition.regex));
      }
    }
  }
  std::sort(hits->begin(), hits->end());
  hits->erase(std::unique(hits->begin(), hits->end()), hits->end());
  std::erase_if(*hits, [&](int i) { return !RE2::PartialMatch(text, regex(static_cast<size_t>(i))); });
}

}  // namespace gainsay
