// Why a rule does not take a record, in words: the slow twin of CompiledRule::Rejects and Capture.
#include <algorithm>

#include "event/compiled_rule.h"

namespace gainsay {
namespace {

constexpr size_t kMaxShown = 40;  // bytes of a value

std::string Shown(std::string_view value) {
  return "'" + std::string(value.substr(0, kMaxShown)) + (value.size() > kMaxShown ? "…'" : "'");
}

std::string LevelWhy(const LevelTest& test, Severity severity) {
  static constexpr const char* kSigns[] = {"any", ">=", "<=", ">", "<", "="};  // in the order of Compare
  return "level " + std::string(SeverityName(severity)) + " is not " +
         kSigns[static_cast<size_t>(test.compare)] + std::string(SeverityName(test.severity));
}

}  // namespace

bool CompiledRule::IsNear(const Record& record) const {
  if (pattern_) return RE2::PartialMatch(record.message, pattern_->regex());
  return std::all_of(where_.begin(), where_.end(),
                     [&](const Where& test) { return test.path.Get(record) == test.text; }) &&
         std::all_of(match_.begin(), match_.end(),
                     [&](const Match& test) {
                       const std::string_view value = test.path.Get(record);
                       return value.data() != nullptr && test.pattern->Matches(value);
                     }) &&
         std::none_of(captures_.begin(), captures_.end(),
                      [&](const PathCapture& capture) { return capture.path.Get(record).empty(); });
}

std::string CompiledRule::WhyNot(const Record& record) const {
  if (!PassesLevel(rule_->level, record.severity)) return LevelWhy(rule_->level, record.severity);
  for (size_t i = 0; i < where_.size(); ++i) {
    const std::string_view value = where_[i].path.Get(record);
    const std::string name = "'" + rule_->where[i].path + "'";
    if (value.data() == nullptr) return "`where`: there is no " + name;
    if (value != where_[i].text)
      return "`where`: " + name + " is " + Shown(value) + ", not " + Shown(where_[i].text);
  }
  for (size_t i = 0; i < match_.size(); ++i) {
    const std::string_view value = match_[i].path.Get(record);
    const std::string name = "'" + rule_->match[i].path + "'";
    if (value.data() == nullptr) return "`match`: there is no " + name;
    if (!match_[i].pattern->Matches(value))
      return "`match`: " + name + " is " + Shown(value) + ", which the regex does not match";
  }
  if (unless_ && RE2::PartialMatch(record.message, unless_->get())) return "`unless` matches";
  if (pattern_ && !RE2::PartialMatch(record.message, pattern_->regex())) return "the pattern does not match";
  for (size_t i = 0; i < captures_.size(); ++i) {
    if (captures_[i].path.Get(record).empty())
      return "`capture`: there is no '" + rule_->capture[i].path + "'";
  }
  return "";
}

}  // namespace gainsay
