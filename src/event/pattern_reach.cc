#include "event/pattern_reach.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "event/lazy_regex.h"

namespace gainsay {
namespace {

constexpr size_t kMaxPattern = 300;  // longer beginnings are not tried
constexpr size_t kMaxText = 4096;
constexpr size_t kMaxOpen = 4;     // groups that a beginning may leave open
constexpr size_t kMinLetters = 3;  // less says nothing

bool Matches(const RE2& regex, std::string_view text) {
  re2::StringPiece match;
  return regex.Match(text, 0, text.size(), RE2::UNANCHORED, &match, 1) && !match.empty();
}

// The beginning as a regex of its own, its groups closed; null if it is none.
std::unique_ptr<RE2> Compile(std::string beginning) {
  for (size_t open = 0; open <= kMaxOpen; ++open) {
    auto regex = std::make_unique<RE2>(beginning, RegexOptions());
    if (regex->ok()) return regex;
    beginning += ')';
  }
  return nullptr;
}

// Letters and digits that stand for themselves; of alternatives, all.
size_t CountLetters(std::string_view regex) {
  size_t letters = 0;
  char closes = '\0';  // what we are in: a class, or the head of a group
  for (size_t i = 0; i < regex.size(); ++i) {
    if (regex[i] == '\\') {
      ++i;
    } else if (closes != '\0') {
      if (regex[i] == closes) closes = '\0';
    } else if (regex[i] == '[') {
      closes = ']';
    } else if (regex.substr(i, 3) == "(?P") {
      closes = '>';
    } else if (regex.substr(i, 2) == "(?") {
      i += 2;
    } else if (absl::ascii_isalnum(static_cast<unsigned char>(regex[i]))) {
      ++letters;
    }
  }
  return letters;
}

}  // namespace

PatternReach::PatternReach(std::string pattern) : pattern_(std::move(pattern)) {
  const size_t most = std::min(pattern_.size(), kMaxPattern);
  for (size_t size = 1; size < most && least_ == nullptr; ++size) {
    const std::string beginning = pattern_.substr(0, size);
    if (CountLetters(beginning) < kMinLetters) continue;
    least_ = Compile(beginning);
    least_size_ = size;
  }
}

std::string PatternReach::On(std::string_view text) const {
  text = text.substr(0, kMaxText);
  if (least_ == nullptr || !Matches(*least_, text)) return "";
  for (size_t size = std::min(pattern_.size() - 1, kMaxPattern); size > least_size_; --size) {
    const std::string beginning = pattern_.substr(0, size);
    const bool opens = beginning.back() == '(' && beginning[size - 2] != '\\';
    const std::unique_ptr<RE2> regex = opens ? nullptr : Compile(beginning);
    if (regex != nullptr && Matches(*regex, text)) return beginning;
  }
  return pattern_.substr(0, least_size_);
}

}  // namespace gainsay
