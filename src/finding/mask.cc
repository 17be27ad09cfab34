// The idea. A message's first line is read once, from left to right, in units: a quoted value, a number
// (with dates, times, addresses and durations: whatever digits make up), or a word. Quoted values and
// numbers give way to a mark; a word gives way as a whole if it looks like an id, else only its digits do,
// so that "tags_v2" stays readable and "job-1234" does not tell one job from another. Lists of values in
// brackets become one mark, since a batch is not another failure for being longer. What is left out: a short
// id without a digit ("job-abc") can't be told from a word, and stays.
//
// Every unit looks ahead a bounded number of bytes, or consumes what it looked at: linear on any input.
#include <algorithm>
#include <array>
#include <utility>

#include "finding/id.h"

namespace gainsay {
namespace {

constexpr size_t kTemplateBytes = 400;  // of output; cut at a unit, so that values don't move the cut
constexpr size_t kSubjectBytes = 256;   // longer ones are not looked for
constexpr size_t kChainBytes = 64;      // of digits and separators; longer ones are lists
constexpr size_t kQuoteLevels = 8;      // of backslashes before a quote: JSON in JSON in JSON

constexpr std::string_view kNumber = "#", kQuoted = "'?'", kId = "<id>", kSubject = "<subject>";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsHex(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
// Bytes of other scripts are letters here; no blank or quote is among them.
bool IsWord(char c) { return IsLetter(c) || IsDigit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80; }
bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\v' || c == '\f'; }

template <size_t N>
bool OneOf(std::string_view text, const std::array<std::string_view, N>& words) {
  for (std::string_view word : words) {
    if (text == word) return true;
  }
  return false;
}

constexpr std::array<std::string_view, 43> kUnits = {
    "ns", "us",  "\xc2\xb5s", "\xce\xbcs", "ms",  "s",  "sec", "secs", "m",  "min", "mins",
    "h",  "hr",  "hrs",       "d",         "B",   "b",  "k",   "K",    "M",  "G",   "T",
    "kB", "KB",  "MB",        "GB",        "TB",  "kb", "mb",  "gb",   "tb", "Ki",  "Mi",
    "Gi", "KiB", "MiB",       "GiB",       "TiB", "st", "nd",  "rd",   "th", "x"};
constexpr std::array<std::string_view, 13> kMonths = {"Jan", "Feb", "Mar", "Apr",  "May", "Jun", "Jul",
                                                      "Aug", "Sep", "Oct", "Sept", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

// What a part of a word, between underscores, looks like.
enum class Part : uint8_t { kPlain, kDigitsInside, kIdentifier };

Part ClassifyPart(std::string_view part) {
  size_t runs = 0, digits = 0;
  bool only_hex = true;
  for (size_t i = 0; i < part.size(); ++i) {
    only_hex = only_hex && IsHex(part[i]);
    if (!IsDigit(part[i])) continue;
    ++digits;
    if (i == 0 || !IsDigit(part[i - 1])) ++runs;
  }
  if (runs == 0) return Part::kPlain;
  if (digits == part.size()) return Part::kDigitsInside;
  if (runs > 1 || IsDigit(part.front())) return Part::kIdentifier;
  if (only_hex && part.size() >= 8) return Part::kIdentifier;
  if (IsDigit(part.back())) return Part::kDigitsInside;                       // "v2", "E11000", "doc17"
  return digits <= 2 && !only_hex ? Part::kDigitsInside : Part::kIdentifier;  // "Base64Error"; "abc123def"
}

class Masker {
 public:
  Masker(std::string_view line, std::string_view subject) : text_(line) {
    if (subject.size() <= kSubjectBytes) subject_ = subject;
  }

  std::string Run() {
    while (at_ < text_.size()) {
      if (out_.size() >= kTemplateBytes) return out_ + "\xe2\x80\xa6";
      Step();
    }
    return std::move(out_);
  }

 private:
  char At(size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  bool WordAt(size_t i) const { return i < text_.size() && IsWord(text_[i]); }
  bool DigitAt(size_t i) const { return i < text_.size() && IsDigit(text_[i]); }

  void Step();
  bool InList(std::string_view between) const;
  void Mark(std::string_view mark, size_t length);
  void Keep(size_t length);
  void Blank();
  void Backslashes();
  void TerminalEscape();
  void Word();
  bool SubjectHere() const;
  bool SignHere() const;
  bool CalendarWord(size_t begin, size_t end) const;
  size_t CalendarLength() const;
  size_t QuoteLength(size_t level);
  size_t Closer(size_t from, char quote, size_t level) const;
  size_t Digits(size_t at) const;
  size_t Chain(size_t at, bool* clock) const;
  size_t Exponent(size_t at) const;
  size_t Unit(size_t at) const;
  size_t NumberLength(size_t at) const;
  size_t AddressLength() const;

  std::string_view text_, subject_;
  size_t at_ = 0;
  std::string out_;
  std::string_view last_mark_;
  size_t last_mark_end_ = 0;
  // Searches for a closing quote that failed: any later one for the same would fail too.
  std::array<std::array<bool, kQuoteLevels>, 3> unclosed_{};
};

// Whether the mark that `out_` ends with, but for `between`, belongs to a list with the next one: in
// brackets, where "1, 2" and "1, 2, 3" are one template, and numbers that nothing but a comma parts.
bool Masker::InList(std::string_view between) const {
  if (between == "," && last_mark_ == kNumber) return true;
  const size_t begin = last_mark_end_ - last_mark_.size();
  return (between == "," || between == ", ") && begin > 0 &&
         std::string_view("[({").find(out_[begin - 1]) != std::string_view::npos;
}

void Masker::Mark(std::string_view mark, size_t length) {
  if (mark == last_mark_ && InList(std::string_view(out_).substr(last_mark_end_))) {
    out_.resize(last_mark_end_ - mark.size());
  }
  out_ += mark;
  last_mark_ = mark;
  last_mark_end_ = out_.size();
  at_ += length;
}

void Masker::Keep(size_t length) {
  out_ += text_.substr(at_, length);
  at_ += length;
}

void Masker::Blank() {
  while (at_ < text_.size() && IsBlank(text_[at_])) ++at_;
  if (!out_.empty() && at_ < text_.size()) out_ += ' ';
}

void Masker::Step() {
  const char c = text_[at_];
  if (IsBlank(c)) return Blank();
  if (c == '\x1b') return TerminalEscape();
  if (SubjectHere()) return Mark(kSubject, subject_.size());
  if (c == '\\') return Backslashes();
  if (const size_t n = QuoteLength(0)) return Mark(kQuoted, n);
  if (const size_t n = AddressLength()) return Mark(kNumber, n);
  if (const size_t n = IsDigit(c) ? NumberLength(at_) : 0) return Mark(kNumber, n);
  if (SignHere()) {
    if (const size_t n = NumberLength(at_ + 1)) return Mark(kNumber, n + 1);
  }
  if (const size_t n = CalendarLength()) return Mark(kNumber, n);
  if (IsWord(c)) return Word();
  Keep(1);
}

// Colours say nothing; the "31m" of one is no value.
void Masker::TerminalEscape() {
  if (At(++at_) != '[') return;
  ++at_;
  while (at_ < text_.size() && (IsDigit(text_[at_]) || text_[at_] == ';')) ++at_;
  if (at_ < text_.size() && IsLetter(text_[at_])) ++at_;
}

// `\"` opens a value in JSON that was printed into JSON.
void Masker::Backslashes() {
  size_t level = 0;
  while (At(at_ + level) == '\\') ++level;
  if (const size_t n = level < kQuoteLevels ? QuoteLength(level) : 0) return Mark(kQuoted, n);
  Keep(level);
}

bool Masker::SubjectHere() const {
  if (subject_.empty() || text_.substr(at_, subject_.size()) != subject_) return false;
  const size_t end = at_ + subject_.size();
  if (WordAt(at_) && at_ > 0 && IsWord(text_[at_ - 1])) return false;
  if (!IsWord(subject_.back())) return true;
  const bool joined = At(end) == '-' || At(end) == '.';
  return !WordAt(end) && !(joined && WordAt(end + 1));
}

bool Masker::SignHere() const {
  return (At(at_) == '-' || At(at_) == '+') && DigitAt(at_ + 1) && (at_ == 0 || !IsWord(text_[at_ - 1]));
}

// --- quoted values ---------------------------------------------------------------------------

// The length of the quoted value that begins here, `level` backslashes before its quote; 0 if none does.
size_t Masker::QuoteLength(size_t level) {
  const char quote = At(at_ + level);
  const size_t kind = std::string_view("\"'`").find(quote);
  if (kind == std::string_view::npos || at_ + level >= text_.size() || unclosed_[kind][level]) return 0;
  if (quote == '\'' && at_ > 0 && IsWord(text_[at_ - 1])) {
    const char before = text_[at_ - 1];  // b'bytes' and u'text' are quotes, can't is none
    if ((before != 'b' && before != 'u') || (at_ > 1 && IsWord(text_[at_ - 2]))) return 0;
  }
  const size_t closer = Closer(at_ + level + 1, quote, level);
  if (closer == std::string_view::npos) {
    unclosed_[kind][level] = true;
    return 0;
  }
  return closer + 1 - at_;
}

size_t Masker::Closer(size_t from, char quote, size_t level) const {
  size_t backslashes = 0;
  for (size_t i = from; i < text_.size(); ++i) {
    if (text_[i] == '\\') {
      ++backslashes;
      continue;
    }
    const bool apostrophe = quote == '\'' && IsWord(text_[i - 1]) && WordAt(i + 1);
    const bool same_level = level == 0 ? backslashes % 2 == 0 : backslashes == level;
    if (text_[i] == quote && same_level && !apostrophe) return i;
    backslashes = 0;
  }
  return std::string_view::npos;
}

// --- numbers ---------------------------------------------------------------------------------

// Behind the digits at `at`, with single underscores inside: "1_000".
size_t Masker::Digits(size_t at) const {
  while (DigitAt(at) || (At(at) == '_' && at > 0 && IsDigit(text_[at - 1]) && DigitAt(at + 1))) ++at;
  return at;
}

// Behind digits that separators join: 12.5, 2026-05-31T04:12:09.113, 10.0.0.1:5432, 1,204, 3/20.
size_t Masker::Chain(size_t at, bool* clock) const {
  const size_t begin = at;
  while (true) {
    at = Digits(at);
    if (at - begin >= kChainBytes || !DigitAt(at + 1)) return at;
    const char separator = text_[at];
    const bool date = at - begin == 10 && !IsDigit(text_[begin + 4]) && !IsDigit(text_[begin + 7]);
    const bool time_follows = DigitAt(at + 2) && At(at + 3) == ':';
    *clock = *clock || separator == ':';
    const bool joins = std::string_view(".:,/-").find(separator) != std::string_view::npos;
    if (!joins && !(date && time_follows && (separator == 'T' || separator == ' '))) return at;
    ++at;
  }
}

size_t Masker::Exponent(size_t at) const {
  if (At(at) != 'e' && At(at) != 'E') return at;
  const size_t digits = at + 1 + (At(at + 1) == '-' || At(at + 1) == '+' ? 1 : 0);
  return DigitAt(digits) ? Digits(digits) : at;
}

// Behind the unit that begins at `at`, or `at` if none does. A further number may follow: "1h30m".
size_t Masker::Unit(size_t at) const {
  size_t end = at;
  while (end - at < 5 && WordAt(end) && !DigitAt(end) && text_[end] != '_') ++end;
  return OneOf(text_.substr(at, end - at), kUnits) ? end : at;
}

// The length of the number at `at` (a digit), or 0 if it is part of a word.
size_t Masker::NumberLength(size_t at) const {
  size_t end = at;
  if (text_[at] == '0' && (At(at + 1) == 'x' || At(at + 1) == 'X')) {
    end = at + 2;
    while (end < text_.size() && IsHex(text_[end])) ++end;
    return end > at + 2 && !WordAt(end) ? end - at : 0;
  }
  bool clock = false;
  do {
    end = Exponent(Chain(end, &clock));
    const size_t unit = Unit(end);
    if (unit == end) break;
    end = unit;
  } while (DigitAt(end) && end - at < kChainBytes);
  if (clock && At(end) == 'Z') ++end;
  if (clock && At(end) == '+' && DigitAt(end + 1)) end = Chain(end + 1, &clock);
  const bool word_goes_on = WordAt(end) || (At(end) == '-' && WordAt(end + 1));
  return word_goes_on ? 0 : end - at;
}

// An IPv6 or MAC address: hexadecimal groups, three colons or more (or "::"), at least one digit.
size_t Masker::AddressLength() const {
  if (!IsHex(text_[at_]) && !(text_[at_] == ':' && At(at_ + 1) == ':')) return 0;
  if (at_ > 0 && IsWord(text_[at_ - 1])) return 0;
  size_t end = at_, group = 0, colons = 0;
  bool digit = false, pair = false;
  for (; end < text_.size() && end - at_ < 46; ++end) {
    const char c = text_[end];
    if (!IsHex(c) && c != ':' && !(c == '.' && DigitAt(end + 1))) break;
    if (c == ':' && !IsHex(At(end + 1)) && At(end + 1) != ':') break;  // "…:1: refused"
    digit = digit || IsDigit(c);
    pair = pair || (c == ':' && end > at_ && text_[end - 1] == ':');
    colons += c == ':' ? 1 : 0;
    group = IsHex(c) ? group + 1 : 0;
    if (group > 4) return 0;
  }
  return digit && (colons > 2 || pair) && !WordAt(end) ? end - at_ : 0;
}

// --- words -----------------------------------------------------------------------------------

bool Masker::CalendarWord(size_t begin, size_t end) const {
  const std::string_view word = text_.substr(begin, end - begin);
  return OneOf(word, kMonths) || OneOf(word, kDays);
}

// A month or a day of the week beside digits: "Fri, 20 Nov 2026", "Nov 20", "20/Nov/2026".
size_t Masker::CalendarLength() const {
  size_t end = at_;
  while (end - at_ < 5 && end < text_.size() && IsLetter(text_[end])) ++end;
  if (WordAt(end) || !CalendarWord(at_, end)) return 0;
  size_t next = end;
  while (next - end < 2 && std::string_view(" ,/-").find(At(next)) != std::string_view::npos &&
         next < text_.size()) {
    ++next;
  }
  const bool date_follows = next > end && (DigitAt(next) || CalendarWord(next, next + 3));
  return date_follows ? end - at_ : 0;
}

void Masker::Word() {
  size_t end = at_;
  bool digits = false, letters = false, compound = false;
  for (; end < text_.size(); ++end) {
    const char c = text_[end];
    const bool hyphen = c == '-' && WordAt(end + 1);
    if (!IsWord(c) && !hyphen) break;
    compound = compound || hyphen;
    digits = digits || IsDigit(c);
    letters = letters || (IsWord(c) && !IsDigit(c) && c != '_');
  }
  const std::string_view word = text_.substr(at_, end - at_);
  if (!digits) return Keep(word.size());
  if (!letters) return Mark(kNumber, word.size());
  if (compound) return Mark(kId, word.size());
  for (size_t begin = 0; begin < word.size();) {
    const size_t part_end = std::min(word.find('_', begin), word.size());
    if (ClassifyPart(word.substr(begin, part_end - begin)) == Part::kIdentifier) {
      return Mark(kId, word.size());
    }
    begin = part_end + 1;
  }
  for (size_t i = 0; i < word.size(); ++i) {
    if (!IsDigit(word[i])) {
      out_ += word[i];
    } else if (i == 0 || !IsDigit(word[i - 1])) {
      out_ += kNumber;
    }
  }
  at_ = end;
}

}  // namespace

std::string MaskMessage(std::string_view message, std::string_view subject) {
  const size_t begin = message.find_first_not_of(" \t\r\n\v\f");
  if (begin == std::string_view::npos) return "";
  message.remove_prefix(begin);
  return Masker(message.substr(0, message.find_first_of("\r\n")), subject).Run();
}

}  // namespace gainsay
