// Where a match may begin is asked first: most texts have no such place, and RE2 is neither run nor even
// compiled.
#include "event/lazy_regex.h"

#include "event/pattern_core.h"

namespace gainsay {

RE2::Options RegexOptions() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kRegexMemory);
  return options;
}

const RE2& LazyRegex::Compile() const {
  std::call_once(once_, [this] {
    regex_ = std::make_unique<RE2>(pattern_, RegexOptions());
    ready_.store(regex_.get(), std::memory_order_release);
  });
  return *regex_;
}

bool LazyRegex::MayMatch(std::string_view text) const {
  std::call_once(begins_once_, [this] { begins_ = std::make_unique<const MatchBegins>(CoreOf(pattern_)); });
  return begins_->Next(text, 0) != MatchBegins::kNowhere;
}

bool LazyRegex::Matches(std::string_view text, std::span<re2::StringPiece> groups) const {
  return MayMatch(text) && get().Match({text.data(), text.size()}, 0, text.size(), RE2::UNANCHORED,
                                       groups.data(), static_cast<int>(groups.size()));
}

}  // namespace gainsay
