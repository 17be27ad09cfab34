#include "task/subjects.h"

#include <algorithm>
#include <array>

namespace gainsay {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

constexpr std::array<bool, 256> kWords = [] {
  std::array<bool, 256> words = {};
  for (size_t c = 0; c < words.size(); ++c) {
    words[c] = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }
  return words;
}();
bool IsWord(char c) { return kWords[static_cast<unsigned char>(c)]; }

// Between digits these make one token of a date, a time, an address or a decimal; a dash also joins
// the parts of an id.
bool Joins(std::string_view text, size_t at) {
  if (text[at] != '-' && text[at] != '.' && text[at] != ':') return false;
  if (at == 0 || at + 1 >= text.size() || !IsWord(text[at + 1]) || !IsWord(text[at - 1])) return false;
  return text[at] == '-' || (IsDigit(text[at - 1]) && IsDigit(text[at + 1]));
}

// Calls `visit` for the subjects of the text, from left to right. A token is as long as what makes one goes
// on to either side, so those that hold a digit are found from there.
template <typename Visit>
void VisitSubjects(std::string_view text, Visit visit) {
  for (size_t i = 0, last = 0; i < text.size(); ++i) {
    if (!IsDigit(text[i])) continue;
    size_t begin = i;
    bool is_subject = true;  // no decimal, time or version
    const auto is_part = [&](size_t at) {
      if (IsWord(text[at])) return true;
      const bool joins = Joins(text, at);
      is_subject = is_subject && (!joins || text[at] == '-');
      return joins;
    };
    while (begin > last && is_part(begin - 1)) --begin;
    while (i < text.size() && is_part(i)) ++i;
    if (is_subject && i - begin >= 3) visit(text.substr(begin, i - begin));
    last = i;
  }
}

}  // namespace

std::vector<std::string_view> SubjectTokens(std::string_view text) {
  std::vector<std::string_view> tokens;
  VisitSubjects(text, [&tokens](std::string_view token) { tokens.push_back(token); });
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
  VisitSubjects(text, [this](std::string_view token) {
    Ask(token);
    Ask(NumberBehindLetters(token));
  });
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
  VisitSubjects(subject, [&](std::string_view token) { LearnToken(task, token, {}); });
}

void Subjects::Learn(uint32_t task, const Event& event) {
  for (std::string_view text : {event.subject, event.message, event.task}) {
    VisitSubjects(text, [&](std::string_view token) {
      LearnToken(task, token, event.task);
      const std::string_view number = NumberBehindWords(token);
      if (!number.empty()) LearnToken(task, number, event.task);
    });
  }
}

const std::vector<uint32_t>& Subjects::TasksOf(std::string_view token) const {
  static const std::vector<uint32_t> none;
  auto found = tasks_.find(absl::string_view(token.data(), token.size()));
  return found == tasks_.end() || found->second.size() > kTooCommon ? none : found->second;
}

}  // namespace gainsay
