#include "task/text_pattern.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "task/hex_digits.h"

namespace gainsay {
namespace {

// What stands in a pattern for a part of the text's own.
enum Code : char {
  kId = 1,  // the task's id
  kNumber,  // a decimal number, as varint
  kZeros,   // one with leading zeros: how many digits, then the number
  kHex,     // an even number of lower-case hexadecimal digits, two a byte
  kRaw,     // any text, behind its size
  kLastCode = kRaw
};
constexpr size_t kMostDigits = 18;
constexpr size_t kLeastHex = 6, kMostHex = 128;
constexpr size_t kLeastId = 4;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

constexpr std::array<bool, 256> kWords = [] {
  std::array<bool, 256> words = {};
  for (size_t c = 0; c < words.size(); ++c) {
    words[c] = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }
  return words;
}();
bool IsWord(char c) { return kWords[static_cast<unsigned char>(c)]; }

Code CodeOfNumber(std::string_view digits) {
  return digits.size() > 1 && digits[0] == '0' ? kZeros : kNumber;
}

// As many digits as a number has.
void WriteNumber(std::string_view digits, Code code, std::string* own) {
  uint64_t value = 0;
  for (const char c : digits) value = value * 10 + static_cast<uint64_t>(c - '0');
  WireWriter writer(own);
  if (code == kZeros) writer.Number(digits.size());
  writer.Number(value);
}

void PutNumber(std::string_view digits, std::string* pattern, std::string* own) {
  const Code code = CodeOfNumber(digits);
  *pattern += code;
  WriteNumber(digits, code, own);
}

void PutRaw(std::string_view text, std::string* pattern, std::string* own) {
  *pattern += kRaw;
  WireWriter(own).Text(text);
}

bool WriteHex(std::string_view word, std::string* own) {
  if (word.size() < kLeastHex || word.size() > kMostHex || word.size() % 2 != 0) return false;
  char packed[kMostHex / 2];
  if (!PackHex(word, packed)) return false;
  WireWriter(own).Text({packed, word.size() / 2});
  return true;
}

bool PutHex(std::string_view word, std::string* pattern, std::string* own) {
  if (!WriteHex(word, own)) return false;
  *pattern += kHex;
  return true;
}

// A word that holds a digit.
void PutWord(std::string_view word, std::string* pattern, std::string* own) {
  auto first = std::find_if(word.begin(), word.end(), IsDigit);
  auto last = std::find_if_not(first, word.end(), IsDigit);
  const auto digits = static_cast<size_t>(last - first);
  // Digits behind or before letters: "Worker3", "12ms".
  const bool one_number =
      first == word.begin() ? std::all_of(last, word.end(), IsLetter) : last == word.end();
  if (one_number && digits <= kMostDigits) {
    pattern->append(word.begin(), first);
    PutNumber({first, last}, pattern, own);
    pattern->append(last, word.end());
  } else if (!PutHex(word, pattern, own)) {
    PutRaw(word, pattern, own);
  }
}

bool IsCode(char c) { return static_cast<unsigned char>(c - kId) <= kLastCode - kId; }

// Appends what the text begins with if that is such a part; its size, 0 if it is none.
size_t TakePart(Code code, std::string_view text, std::string* own) {
  size_t size = 0;
  if (code == kNumber || code == kZeros) {
    while (size < text.size() && IsDigit(text[size])) ++size;
    const std::string_view digits = text.substr(0, size);
    if (size == 0 || size > kMostDigits || CodeOfNumber(digits) != code) return 0;
    WriteNumber(digits, code, own);
    return size;
  }
  while (size < text.size() && IsWord(text[size])) ++size;
  const std::string_view word = text.substr(0, size);
  if (code == kHex) return WriteHex(word, own) ? size : 0;
  WireWriter(own).Text(word);
  return size;
}

}  // namespace

bool IsPlain(std::string_view pattern) {
  bool is_coded = false;
  for (const char c : pattern) is_coded |= IsCode(c);
  return !is_coded;
}

void TakeWhole(std::string_view text, std::string* pattern, std::string* own) {
  if (text.empty()) return;
  const bool number = text.size() <= kMostDigits && std::all_of(text.begin(), text.end(), IsDigit);
  if (number) {
    PutNumber(text, pattern, own);
  } else if (!PutHex(text, pattern, own)) {
    PutRaw(text, pattern, own);
  }
}

void TakeApart(std::string_view text, std::string_view id, std::string* pattern, std::string* own) {
  if (!IsPlain(text)) return PutRaw(text, pattern, own);
  const bool with_id = id.size() >= kLeastId;
  size_t plain = 0;  // from here on nothing is the text's own
  for (size_t i = 0; i < text.size();) {
    const size_t begin = i;
    if (with_id && text[i] == id[0] && text.substr(i, id.size()) == id) {
      pattern->append(text, plain, begin - plain);
      *pattern += kId;
      plain = i += id.size();
      continue;
    }
    bool digit = false;
    for (; i < text.size() && IsWord(text[i]); ++i) digit |= IsDigit(text[i]);
    if (digit) {
      pattern->append(text, plain, begin - plain);
      PutWord(text.substr(begin, i - begin), pattern, own);
      plain = i;
    }
    if (i == begin) ++i;
  }
  pattern->append(text, plain, text.size() - plain);
}

std::vector<PatternPiece> PiecesOf(std::string_view pattern) {
  std::vector<PatternPiece> pieces;
  while (!pattern.empty()) {
    const auto code = std::find_if(pattern.begin(), pattern.end(), IsCode);
    const auto plain = static_cast<size_t>(code - pattern.begin());
    pieces.push_back({pattern.substr(0, plain), code == pattern.end() ? '\0' : *code});
    pattern.remove_prefix(std::min(plain + 1, pattern.size()));
  }
  return pieces;
}

bool TakeLike(const std::vector<PatternPiece>& pattern, std::string_view text, std::string_view id,
              std::string* own) {
  for (const PatternPiece& piece : pattern) {
    if (!text.starts_with(piece.plain)) return false;
    text.remove_prefix(piece.plain.size());
    if (piece.code == '\0') continue;
    if (piece.code == kId && !text.starts_with(id)) return false;
    const size_t size = piece.code == kId ? id.size() : TakePart(static_cast<Code>(piece.code), text, own);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return text.empty();
}

void PutTogether(const std::vector<PatternPiece>& pattern, std::string_view id, WireReader* own,
                 std::string* text) {
  for (const PatternPiece& piece : pattern) {
    text->append(piece.plain);
    switch (piece.code) {
      case kId:
        text->append(id);
        break;
      case kNumber:
      case kZeros: {
        const size_t digits = piece.code == kZeros ? own->Number() : 0;
        char number[20];
        const char* end = std::to_chars(number, number + sizeof number, own->Number()).ptr;
        const auto size = static_cast<size_t>(end - number);
        if (digits > size) text->append(digits - size, '0');
        text->append(number, size);
        break;
      }
      case kHex:
        UnpackHex(own->Text(), text);
        break;
      case kRaw:
        text->append(own->Text());
        break;
      default:
        break;
    }
  }
}

}  // namespace gainsay
