#include "event/tokens.h"

#include <algorithm>

namespace gainsay {
namespace {

// What a character may be.
enum : uint8_t { kDigit = 1, kUpper = 2, kLower = 4, kNamePart = 8, kBorder = 16, kSpace = 32 };

constexpr std::array<uint8_t, 256> kKinds = [] {
  std::array<uint8_t, 256> kinds = {};
  for (size_t c = '0'; c <= '9'; ++c) kinds[c] = kDigit | kNamePart;
  for (size_t c = 'A'; c <= 'Z'; ++c) kinds[c] = kUpper | kNamePart;
  for (size_t c = 'a'; c <= 'z'; ++c) kinds[c] = kLower | kNamePart;
  kinds['_'] = kNamePart;
  for (const char c : std::string_view(",;:(){}|\n.!?")) kinds[static_cast<size_t>(c)] |= kBorder;
  for (const char c : std::string_view(" \t\n\r")) kinds[static_cast<size_t>(c)] |= kSpace;
  return kinds;
}();

bool HasKind(char c, int kinds) { return (kKinds[static_cast<unsigned char>(c)] & kinds) != 0; }
bool IsDigit(char c) { return HasKind(c, kDigit); }
bool IsUpper(char c) { return HasKind(c, kUpper); }
bool IsLower(char c) { return HasKind(c, kLower); }
bool IsAlnum(char c) { return HasKind(c, kDigit | kUpper | kLower); }
bool IsSpace(char c) { return HasKind(c, kSpace); }

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
  while (true) {
    while (i < text.size() && HasKind(text[i], kNamePart)) ++i;
    if (i == text.size() || HasKind(text[i], kSpace)) break;
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

}  // namespace

Tokens::Tokens(std::string_view text) {
  text = text.substr(0, kMaxText);
  for (size_t i = 0; i < text.size() && size_ < kMaxTokens;) {
    const char c = text[i];
    if (HasKind(c, kNamePart)) {
      const size_t end = RunEnd(text, i);
      if (text.substr(end).starts_with("://")) {
        i = std::min(text.find_first_of(" \t\n", end), text.size());
        continue;
      }
      bracketed_name_ = end < text.size() && text[end] == '[';
      AddRun(text.substr(i, end - i));
      i = end;
    } else if (c == ' ') {
      ++i;
    } else if (c == '"' || c == '\'' || c == '`') {
      const size_t end = SkipQuoted(text, i);
      if (end > i + 1) after_equals_ = false;
      i = end;
    } else if (c == '/' && (i == 0 || !IsAlnum(text[i - 1])) && i + 1 < text.size() && IsAlnum(text[i + 1])) {
      while (i < text.size() && !IsSpace(text[i]) && text[i] != ':' && text[i] != ',' && text[i] != ')') ++i;
    } else {
      if (c == '[') ++brackets_;
      if (c == ']' && brackets_ > 0) --brackets_;
      if (c == '=') after_equals_ = true;
      const bool dash =
          c == '-' && i > 0 && IsSpace(text[i - 1]) && i + 1 < text.size() && IsSpace(text[i + 1]);
      if (HasKind(c, kBorder) || dash) ++clause_;
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
  // Most names are one word.
  if (std::all_of(run.begin(), run.end(), [](char c) { return HasKind(c, kLower | kDigit); })) {
    AddWord(run, false);
    after_equals_ = false;
    return;
  }
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
  char* const word = lower_.data() + used_;
  char* out = word;
  bool is_number = raw.size() < 16;
  for (const char c : raw) {
    if (!IsAlnum(c) && c != '.') continue;
    is_number = is_number && IsDigit(c);
    *out++ = static_cast<char>(IsUpper(c) ? c | 0x20 : c);
  }
  Token& token = tokens_[size_++];
  token.text = word;
  token.size = static_cast<uint32_t>(out - word);
  used_ += token.size;
  token.number = -1;
  if (is_number && token.size > 0) {
    token.number = 0;
    for (const char c : token.word()) token.number = token.number * 10 + (c - '0');
  }
  token.known = &LookUp(token.number > 0 ? "#" : token.word());
  begins_ |= token.known->begins;
  token.clause = clause_;
  token.before = before_;
  token.dotted = dotted;
  token.value = after_equals_;
  token.prefix = bracketed_name_ || (brackets_ > 0 && in_prefix_);
  in_prefix_ = in_prefix_ && brackets_ > 0;
  before_ = ' ';
}

int Tokens::FirstMatch(PhraseList list, int i) const {
  for (const PhraseBook::Phrase& phrase : PhraseBook::Get().phrases(list)) {
    if (const int words = MatchPhrase(phrase, i); words > 0) return words;
  }
  return 0;
}

int Tokens::Find(PhraseList list, int from) const {
  if ((begins_ >> static_cast<unsigned>(list) & 1) == 0) return -1;
  for (int i = from; i < size(); ++i) {
    if (Match(list, i) > 0) return i;
  }
  return -1;
}

int Tokens::MatchPhrase(std::span<const PhraseBook::Part> phrase, int i) const {
  const int first = i;
  for (size_t at = 0; at < phrase.size(); ++at) {
    const PhraseBook::Part& part = phrase[at];
    if (part.any) {
      // Any one word or none: tried without it first.
      if (const int rest = MatchPhrase(phrase.subspan(at + 1), i); rest > 0) return i - first + rest;
      if (++i >= size()) return 0;
    } else if (i < size() && (*this)[i].known->choices[part.choice]) {
      ++i;
    } else if (!part.optional) {
      return 0;
    }
  }
  return i - first;
}

}  // namespace gainsay
