#include "event/regex_set.h"

#include <algorithm>

namespace gainsay {

RE2::Options RegexOptions() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kRegexMemory);
  return options;
}

absl::Status RegexSet::Add(const std::string& pattern) {
  if (!set_) set_ = std::make_unique<RE2::Set>(RegexOptions(), RE2::UNANCHORED);
  std::string error;
  if (set_->Add(pattern, &error) < 0) return absl::InvalidArgumentError(pattern + ": " + error);
  regexes_.push_back(std::make_unique<LazyRegex>(pattern));
  return absl::OkStatus();
}

absl::Status RegexSet::Compile() {
  if (set_ && !set_->Compile()) {
    return absl::ResourceExhaustedError("the rules' patterns need too much memory when compiled together");
  }
  return absl::OkStatus();
}

void RegexSet::Match(std::string_view text, std::vector<int>* hits) const {
  hits->clear();
  if (!set_) return;
  RE2::Set::ErrorInfo error;
  if (set_->Match(text, hits, &error)) {
    std::sort(hits->begin(), hits->end());
    return;
  }
  if (error.kind == RE2::Set::kNoError) return;
  hits->clear();
  for (size_t i = 0; i < regexes_.size(); ++i) {
    if (RE2::PartialMatch(text, regexes_[i]->get())) hits->push_back(static_cast<int>(i));
  }
}

}  // namespace gainsay
