#include "task/subjects.h"

#include <algorithm>

namespace gainsay {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsWord(char c) { return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// Between digits these make one token of a date, a time, an address or a decimal; a dash also joins
// the parts of an id.
bool Joins(std::string_view text, size_t at) {
  if (at == 0 || at + 1 >= text.size() || !IsWord(text[at + 1]) || !IsWord(text[at - 1])) return false;
  return text[at] == '-' ||
         ((text[at] == '.' || text[at] == ':') && IsDigit(text[at - 1]) && IsDigit(text[at + 1]));
}

bool IsSubject(std::string_view token) {
  return token.size() >= 3 && std::any_of(token.begin(), token.end(), IsDigit) &&
         token.find_first_of(".:") == std::string_view::npos;
}

}  // namespace

std::vector<std::string_view> SubjectTokens(std::string_view text) {
  std::vector<std::string_view> tokens;
  for (size_t i = 0; i < text.size();) {
    if (!IsWord(text[i])) {
      ++i;
      continue;
    }
    const size_t begin = i;
    while (i < text.size() && (IsWord(text[i]) || Joins(text, i))) ++i;
    const std::string_view token = text.substr(begin, i - begin);
    if (IsSubject(token)) tokens.push_back(token);
  }
  return tokens;
}

std::string_view NumberBehindLetters(std::string_view token) {
  const size_t begin = token.find_last_not_of("0123456789");
  return begin == std::string_view::npos ? std::string_view() : token.substr(begin + 1);
}

void Subjects::Ask(std::string_view token) {
  if (!token.empty()) tasks_.try_emplace(absl::string_view(token.data(), token.size()));
}

void Subjects::AskAll(std::string_view text) {
  for (std::string_view token : SubjectTokens(text)) {
    Ask(token);
    Ask(NumberBehindLetters(token));
  }
}

std::string_view NumberBehindWords(std::string_view token) {
  const size_t dash = token.rfind('-');
  if (dash == std::string_view::npos ||
      std::any_of(token.begin(), token.begin() + static_cast<ptrdiff_t>(dash), IsDigit))
    return {};
  const std::string_view number = token.substr(dash + 1);
  return number.size() >= 3 && std::all_of(number.begin(), number.end(), IsDigit) ? number
                                                                                  : std::string_view();
}

void Subjects::LearnToken(uint32_t task, std::string_view token, std::string_view id) {
  if (token == id) return;
  const auto asked = tasks_.find(absl::string_view(token.data(), token.size()));
  if (asked == tasks_.end()) return;
  std::vector<uint32_t>& tasks = asked->second;
  if (tasks.size() > kTooCommon || std::find(tasks.rbegin(), tasks.rend(), task) != tasks.rend()) return;
  tasks.push_back(task);
}

void Subjects::LearnSubject(uint32_t task, std::string_view subject) {
  for (std::string_view token : SubjectTokens(subject)) LearnToken(task, token, {});
}

void Subjects::Learn(uint32_t task, const Event& event) {
  for (std::string_view text : {event.subject, event.message, event.task}) {
    for (std::string_view token : SubjectTokens(text)) {
      LearnToken(task, token, event.task);
      const std::string_view number = NumberBehindWords(token);
      if (!number.empty()) LearnToken(task, number, event.task);
    }
  }
}

const std::vector<uint32_t>& Subjects::TasksOf(std::string_view token) const {
  static const std::vector<uint32_t> none;
  auto found = tasks_.find(absl::string_view(token.data(), token.size()));
  return found == tasks_.end() || found->second.size() > kTooCommon ? none : found->second;
}

}  // namespace gainsay
