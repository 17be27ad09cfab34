#include "event/tokens.h"

#include <algorithm>

namespace gainsay {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsAlnum(char c) { return IsDigit(c) || IsUpper(c) || IsLower(c); }
bool IsBorder(char c) { return std::string_view(",;:(){}|\n.!?").find(c) != std::string_view::npos; }
bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The typographic apostrophe is three bytes.
size_t ApostropheAt(std::string_view text, size_t i) {
  if (text[i] == '\'') return 1;
  return text.substr(i).starts_with("\xE2\x80\x99") ? 3 : 0;
}

// Whether the apostrophe at `i`, of so many bytes, is that of "couldn't".
bool IsNot(std::string_view text, size_t i, size_t width) {
  const size_t t = i + width;
  if (width == 0 || t >= text.size() || (text[t] != 't' && text[t] != 'T')) return false;
  if (t + 1 < text.size() && IsAlnum(text[t + 1])) return false;
  size_t begin = i;
  while (begin > 0 && (IsUpper(text[begin - 1]) || IsLower(text[begin - 1]))) --begin;
  const std::string_view word = text.substr(begin, i - begin);
  return std::any_of(kNegated.begin(), kNegated.end(), [word](std::string_view stem) {
    return std::equal(word.begin(), word.end(), stem.begin(), stem.end(),
                      [](char c, char lower) { return (c | 0x20) == lower; });
  });
}

// How far a name reaches from `i`: letters, digits, '_', a '.' between letters, and the apostrophe of
// "couldn't".
size_t RunEnd(std::string_view text, size_t i) {
  while (i < text.size()) {
    if (IsAlnum(text[i]) || text[i] == '_') {
      ++i;
      continue;
    }
    const bool dot = text[i] == '.' && i + 1 < text.size() && IsAlnum(text[i + 1]) && IsAlnum(text[i - 1]);
    const size_t width = dot ? 1 : ApostropheAt(text, i);
    if (!dot && !IsNot(text, i, width)) break;
    i += width;
  }
  return i;
}

// Where a compound name goes on with a new word: "saveDocument", "DBWrite", but not "INSERTs".
bool WordBegins(std::string_view run, size_t i) {
  if (!IsUpper(run[i]) || i == 0) return false;
  if (IsLower(run[i - 1])) return true;
  return IsUpper(run[i - 1]) && i + 2 < run.size() && IsLower(run[i + 1]) && IsAlnum(run[i + 2]);
}

bool OneOf(std::string_view alternatives, std::string_view word) {
  while (true) {
    const size_t bar = alternatives.find('|');
    if (alternatives.substr(0, bar) == word) return true;
    if (bar == std::string_view::npos) return false;
    alternatives.remove_prefix(bar + 1);
  }
}

bool Fits(std::string_view part, const Token& token) {
  if (part == "#") return token.number > 0;
  if (part == "0") return token.number == 0;
  return OneOf(part, token.word);
}

}  // namespace

Tokens::Tokens(std::string_view text) {
  text = text.substr(0, kMaxText);
  for (size_t i = 0; i < text.size() && size_ < kMaxTokens;) {
    const char c = text[i];
    if (c == '"' || c == '\'' || c == '`') {
      const size_t end = SkipQuoted(text, i);
      if (end > i + 1) after_equals_ = false;
      i = end;
    } else if (c == '/' && (i == 0 || !IsAlnum(text[i - 1])) && i + 1 < text.size() && IsAlnum(text[i + 1])) {
      while (i < text.size() && !IsSpace(text[i]) && text[i] != ':' && text[i] != ',' && text[i] != ')') ++i;
    } else if (IsAlnum(c) || c == '_') {
      const size_t end = RunEnd(text, i);
      if (text.substr(end).starts_with("://")) {
        i = std::min(text.find_first_of(" \t\n", end), text.size());
        continue;
      }
      bracketed_name_ = end < text.size() && text[end] == '[';
      AddRun(text.substr(i, end - i));
      i = end;
    } else {
      if (c == '[') ++brackets_;
      if (c == ']' && brackets_ > 0) --brackets_;
      if (c == '=') after_equals_ = true;
      const bool dash =
          c == '-' && i > 0 && IsSpace(text[i - 1]) && i + 1 < text.size() && IsSpace(text[i + 1]);
      if (IsBorder(c) || dash) ++clause_;
      if (!IsSpace(c)) before_ = c;
      ++i;
    }
  }
}

// Past the closing quote; past the quote alone where none closes it or it is an apostrophe.
size_t Tokens::SkipQuoted(std::string_view text, size_t i) const {
  const char quote = text[i];
  if (i > 0 && IsAlnum(text[i - 1]) && quote == '\'') return i + 1;
  for (size_t end = text.find(quote, i + 1); end != std::string_view::npos; end = text.find(quote, end + 1)) {
    const bool inner = quote == '\'' && end + 1 < text.size() && IsAlnum(text[end + 1]);
    if (!inner) return end + 1;
  }
  return i + 1;
}

void Tokens::AddRun(std::string_view run) {
  const bool number = std::all_of(run.begin(), run.end(), [](char c) { return IsDigit(c) || c == '.'; });
  const bool dotted = !number && (run.find_first_of("._") != std::string_view::npos ||
                                  run.ends_with("Error") || run.ends_with("Exception"));
  const bool value = after_equals_;
  size_t begin = 0;
  for (size_t i = 0; i <= run.size(); ++i) {
    const bool ends = i == run.size() || run[i] == '_' || (run[i] == '.' && !number) || WordBegins(run, i);
    if (!ends) continue;
    if (i > begin) AddWord(run.substr(begin, i - begin), dotted);
    begin = i < run.size() && (run[i] == '_' || run[i] == '.') ? i + 1 : i;
    after_equals_ = value;  // all words of one name are the value
  }
  after_equals_ = false;
}

void Tokens::AddWord(std::string_view raw, bool dotted) {
  if (size_ == kMaxTokens) return;
  Token& token = tokens_[size_++];
  token = Token();
  char* out = lower_.data() + used_;
  for (char c : raw) {
    if (IsAlnum(c) || c == '.') *out++ = IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  token.word = {lower_.data() + used_, static_cast<size_t>(out - lower_.data()) - used_};
  used_ += token.word.size();
  if (!token.word.empty() && token.word.size() < 16 &&
      std::all_of(token.word.begin(), token.word.end(), IsDigit)) {
    token.number = 0;
    for (char c : token.word) token.number = token.number * 10 + (c - '0');
  }
  token.known = LookUp(token.number > 0 ? "#" : token.word);
  token.clause = clause_;
  token.before = before_;
  token.dotted = dotted;
  token.value = after_equals_;
  token.prefix = bracketed_name_ || (brackets_ > 0 && in_prefix_);
  in_prefix_ = in_prefix_ && brackets_ > 0;
  before_ = ' ';
}

int Tokens::Match(PhraseList list, int i) const {
  if (i < 0 || i >= size() || ((*this)[i].known.begins >> static_cast<unsigned>(list) & 1) == 0) return 0;
  for (std::string_view phrase : PhrasesOf(list)) {
    if (int words = Match(phrase, i); words > 0) return words;
  }
  return 0;
}

int Tokens::Find(PhraseList list, int from) const {
  for (int i = from; i < size(); ++i) {
    if (Match(list, i) > 0) return i;
  }
  return -1;
}

int Tokens::Match(std::string_view phrase, int i) const {
  const int first = i;
  while (!phrase.empty()) {
    const size_t space = phrase.find(' ');
    std::string_view part = phrase.substr(0, space);
    phrase = space == std::string_view::npos ? std::string_view() : phrase.substr(space + 1);
    if (part == "*") {
      // Any one word or none: tried without it first.
      if (int rest = Match(phrase, i); rest > 0) return i - first + rest;
      if (++i >= size()) return 0;
      continue;
    }
    const bool optional = part.front() == '?';
    if (optional) part.remove_prefix(1);
    if (i < size() && Fits(part, (*this)[i])) {
      ++i;
    } else if (!optional) {
      return 0;
    }
  }
  return i - first;
}

}  // namespace gainsay
