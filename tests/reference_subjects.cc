#include "reference_subjects.h"

#include <cctype>
#include <string_view>

namespace gainsay::reference {
namespace {

bool Digit(char c) { return c >= '0' && c <= '9'; }
bool Word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool AllDigits(std::string_view text) {
  for (char c : text) {
    if (!Digit(c)) return false;
  }
  return true;
}

bool AnyDigit(std::string_view text) {
  for (char c : text) {
    if (Digit(c)) return true;
  }
  return false;
}

// A dash joins the parts of an id; a dot or colon between digits those of a decimal, time or address.
bool Inside(std::string_view text, size_t i) {
  if (Word(text[i])) return true;
  if (i == 0 || i + 1 == text.size() || !Word(text[i - 1]) || !Word(text[i + 1])) return false;
  const bool numbers = Digit(text[i - 1]) && Digit(text[i + 1]);
  return text[i] == '-' || (numbers && (text[i] == '.' || text[i] == ':'));
}

// "74054" of "reindex-74054".
std::string NumberBehindWords(const std::string& token) {
  const size_t dash = token.rfind('-');
  if (dash == std::string::npos || AnyDigit(token.substr(0, dash))) return "";
  const std::string number = token.substr(dash + 1);
  return number.size() >= 3 && AllDigits(number) ? number : "";
}

}  // namespace

std::set<std::string> TokensOf(std::string_view text) {
  std::set<std::string> tokens;
  std::string token;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && Inside(text, i)) {
      token += text[i];
      continue;
    }
    if (token.size() >= 3 && AnyDigit(token) && token.find_first_of(".:") == std::string::npos)
      tokens.insert(token);
    token.clear();
  }
  return tokens;
}

std::set<std::string> SubjectsNamedBy(const Event& lifecycle) {
  std::set<std::string> subjects;
  for (std::string_view text : {lifecycle.subject, lifecycle.message, lifecycle.task}) {
    for (const std::string& token : TokensOf(text)) {
      subjects.insert(token);
      subjects.insert(NumberBehindWords(token));
    }
  }
  subjects.erase(std::string(lifecycle.task));
  subjects.erase("");
  return subjects;
}

std::set<std::string> WeakSubjectsOf(const Event& e) {
  std::set<std::string> subjects;
  for (std::string_view text : {e.subject, e.message, e.error, e.context}) {
    for (std::string token : TokensOf(text)) {
      if (token.size() >= 4) subjects.insert(token);
      const size_t letter = token.find_last_not_of("0123456789");
      if (letter != std::string::npos) token = token.substr(letter + 1);
      if (token.size() >= 4) subjects.insert(token);
    }
  }
  return subjects;
}

std::set<std::string> LongTokensOf(std::string_view text) {
  std::set<std::string> tokens;
  for (const std::string& token : TokensOf(text)) {
    if (token.size() >= 8) tokens.insert(token);
  }
  return tokens;
}

}  // namespace gainsay::reference
