// A log message's words: lower-cased, compound names split ("saveDocument", "write_rows"), quoted
// text, paths and URLs left out, numbers read, punctuation kept as clause borders.
//
//   Tokens tokens(text);
//   for (int i = 0; i < tokens.size(); ++i) … tokens[i].word() …
//
// Only the first kMaxText bytes and kMaxTokens words are looked at. Lives on one thread's stack.
#ifndef GAINSAY_EVENT_TOKENS_H_
#define GAINSAY_EVENT_TOKENS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "event/phrases.h"
#include "event/words.h"

namespace gainsay {

// What stands before the apostrophe of "couldn't": such a word is one, without the apostrophe.
inline constexpr std::array<std::string_view, 15> kNegated = {"aren",    "can",  "couldn", "didn",  "doesn",
                                                              "don",     "hadn", "hasn",   "haven", "isn",
                                                              "shouldn", "wasn", "weren",  "won",   "wouldn"};

// Without initial values: most of those that a text has room for are never looked at.
struct Token {
  const char* text;
  uint32_t size;
  uint16_t clause;    // counts , ; : ( ) and the like, but not [ ], before the word
  char before;        // the separator right before the word, ' ' if there is none
  bool dotted;        // part of a dotted name or of an exception's: a module or class
  bool value;         // stands right after '='
  bool prefix;        // in [brackets] that begin the text, or a name followed by brackets
  const Word* known;  // what the vocabulary says of it
  int64_t number;     // of an all-digit word; else -1

  // Lower case; apostrophes dropped ("couldnt").
  std::string_view word() const { return {text, size}; }
};

class Tokens {
 public:
  static constexpr size_t kMaxText = 2048;
  static constexpr size_t kMaxTokens = 128;

  explicit Tokens(std::string_view text);
  Tokens(const Tokens&) = delete;
  Tokens& operator=(const Tokens&) = delete;

  int size() const { return static_cast<int>(size_); }
  const Token& operator[](int i) const { return tokens_[static_cast<size_t>(i)]; }
  // "" outside the text.
  std::string_view word(int i) const { return i < 0 || i >= size() ? std::string_view() : (*this)[i].word(); }

  bool Is(int i, WordList list) const {
    return i >= 0 && i < size() && ((*this)[i].known->lists & Bit(list)) != 0;
  }

  // How many words the first fitting phrase of a list covers at word `i`; 0 if none does.
  int Match(PhraseList list, int i) const {
    const bool begins =
        i >= 0 && i < size() && ((*this)[i].known->begins >> static_cast<unsigned>(list) & 1) != 0;
    return begins ? FirstMatch(list, i) : 0;
  }
  // The first word from `from` on where a phrase of the list begins; -1 if there is none.
  int Find(PhraseList list, int from = 0) const;

 private:
  void AddRun(std::string_view run);
  void AddWord(std::string_view raw, bool dotted);
  int FirstMatch(PhraseList list, int i) const;
  // How many words a phrase covers that starts at word `i`; 0 if it does not.
  int MatchPhrase(std::span<const PhraseBook::Part> phrase, int i) const;
  size_t SkipQuoted(std::string_view text, size_t i) const;

  std::array<Token, kMaxTokens> tokens_;
  std::array<char, kMaxText> lower_;
  size_t size_ = 0, used_ = 0;
  uint16_t begins_ = 0;  // of all words
  uint16_t clause_ = 0;
  char before_ = ' ';
  bool after_equals_ = false;
  int brackets_ = 0;
  bool bracketed_name_ = false, in_prefix_ = true;
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_TOKENS_H_
