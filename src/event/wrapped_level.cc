// A text is given to the formats as the reader would; an object is walked through as it stands, escaped once,
// and has to be valid, to have a message, and a level at a place where loggers put it.
#include "event/wrapped_level.h"

#include <optional>

#include "record/decode.h"
#include "record/json_block.h"
#include "record/severity.h"

namespace gainsay {
namespace {

constexpr size_t kNone = std::string_view::npos;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Walks over an object that stands in a JSON string: its quotes are escaped. Strict: what it takes, each
// reader takes; of escapes within strings only the plain ones.
class EscapedObject {
 public:
  EscapedObject(const Prefilter& prefilter, std::string_view text) : prefilter_(prefilter), text_(text) {}

  // Whether it is a whole object with a message and a level that is low.
  bool IsLow() { return Object(1, {}) && at_ == text_.size() && has_message_ && is_low_; }

 private:
  static constexpr int kMaxDepth = 8;

  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool Take(char c) {
    if (Peek() != c) return false;
    ++at_;
    return true;
  }
  void SkipBlanks() {
    while (Peek() == ' ') ++at_;
  }

  bool String(std::string_view* value) {
    if (!Take('\\') || !Take('"')) return false;
    const size_t begin = at_;
    while (true) {
      const size_t slash = EndOfPlain(text_, at_);
      if (slash + 1 >= text_.size() || text_[slash] != '\\') return false;
      if (text_[slash + 1] == '"') {
        *value = text_.substr(begin, slash - begin);
        at_ = slash + 2;
        return true;
      }
      at_ = BehindEscape(slash);
      if (at_ == kNone) return false;
    }
  }

  // Behind `\\n`, `\\\\`, `\\u00e4` or `\u00e4`. What such numbers spell is no ASCII that matters.
  size_t BehindEscape(size_t slash) const {
    const auto is_hex = [this](size_t at) {
      for (size_t i = at; i < at + 4; ++i) {
        if (i >= text_.size() || std::string_view("0123456789abcdefABCDEF").find(text_[i]) == kNone)
          return false;
      }
      return true;
    };
    if (text_[slash + 1] == 'u') return is_hex(slash + 2) ? slash + 6 : kNone;
    if (text_[slash + 1] != '\\' || slash + 3 >= text_.size()) return kNone;
    const char c = text_[slash + 2];
    if (c == 'u') return is_hex(slash + 3) ? slash + 7 : kNone;
    if (c == '\\') return std::string_view("\"\\").find(text_[slash + 3]) == kNone ? kNone : slash + 4;
    return std::string_view("nrtbf/").find(c) == kNone ? kNone : slash + 3;
  }

  bool Digits() {
    const size_t begin = at_;
    while (IsDigit(Peek())) ++at_;
    return at_ > begin;
  }
  bool Number() {
    Take('-');
    if (Peek() == '0' && at_ + 1 < text_.size() && IsDigit(text_[at_ + 1])) return false;
    if (!Digits() || (Take('.') && !Digits())) return false;
    if (Peek() != 'e' && Peek() != 'E') return true;
    ++at_;
    if (!Take('-')) Take('+');
    return Digits();
  }
  bool Word() {
    for (const std::string_view word : {"true", "false", "null"}) {
      if (!text_.substr(at_).starts_with(word)) continue;
      at_ += word.size();
      return true;
    }
    return false;
  }

  bool Value(int depth, std::string_view parent, std::string_view key) {
    std::string_view value;
    switch (Peek()) {
      case '{':
        return Object(depth + 1, depth == 1 ? key : std::string_view("["));
      case '[':
        return Array(depth + 1);
      case '\\':
        if (!String(&value)) return false;
        has_message_ = has_message_ || (depth == 1 && !value.empty() && (key == "msg" || key == "message"));
        break;
      default: {
        const size_t begin = at_;
        if (IsDigit(Peek()) || Peek() == '-' ? !Number() : !Word()) return false;
        value = text_.substr(begin, at_ - begin);
      }
    }
    if (depth <= 2 && !is_low_ && prefilter_.IsLevelKey(key)) {
      is_low_ = prefilter_.IsLowLevel(depth == 1 ? std::string_view() : parent, key, value);
    }
    return true;
  }
  bool Object(int depth, std::string_view parent) {
    if (depth > kMaxDepth || !Take('{')) return false;
    SkipBlanks();
    if (Take('}')) return true;
    do {
      std::string_view key;
      SkipBlanks();
      if (!String(&key)) return false;
      SkipBlanks();
      if (!Take(':')) return false;
      SkipBlanks();
      if (!Value(depth, parent, key)) return false;
      SkipBlanks();
    } while (Take(','));
    return Take('}');
  }
  bool Array(int depth) {
    if (depth > kMaxDepth || !Take('[')) return false;
    SkipBlanks();
    if (Take(']')) return true;
    do {
      SkipBlanks();
      if (!Value(depth, {}, {})) return false;
      SkipBlanks();
    } while (Take(','));
    return Take(']');
  }

  const Prefilter& prefilter_;
  const std::string_view text_;
  size_t at_ = 0;
  bool has_message_ = false, is_low_ = false;
};

}  // namespace

bool WrappedLevel::IsLow(std::string_view text) {
  while (text.ends_with("\\n") || text.ends_with("\\r")) text.remove_suffix(2);
  if (text.empty()) return false;
  return text[0] == '{' ? EscapedObject(*prefilter_, text).IsLow() : IsLowText(text);
}

// What the reader does with the first line of a message that is no JSON.
bool WrappedLevel::IsLowText(std::string_view text) {
  const bool plain = IsLetter(text[0]) || IsDigit(text[0]) || (text[0] == '[' && !text.starts_with("[{"));
  if (!plain || text.starts_with("data:")) return false;
  TextParts parts;
  // What is recalled has nothing but ASCII that matters.
  const std::string_view beginning = text.substr(0, text.find('\\'));
  std::optional<bool> known = texts_->Recall(beginning, text, &memo_, &parts);
  if (known) return *known && IsLowLevelOf(parts, beginning);
  for (size_t slash = beginning.size(); slash < text.size(); slash = text.find('\\', slash + 2)) {
    if (slash + 1 == text.size()) return false;
    if (text[slash + 1] != 'n') continue;
    text = text.substr(0, slash);
    break;
  }
  if (text.size() > beginning.size()) {
    unescaped_.resize(text.size());
    const char* end = UnescapeJson(text, unescaped_.data());
    if (end == nullptr) return false;
    unescaped_.resize(static_cast<size_t>(end - unescaped_.data()));
    text = unescaped_;
  }
  while (text.ends_with('\r')) text.remove_suffix(1);
  text = Repaired(text, &repaired_);  // as the reader does
  if (text.size() > beginning.size()) known = texts_->Recall(text, text, &memo_, &parts);
  if (!known) known = texts_->Match(text, &memo_, &parts);
  return *known && IsLowLevelOf(parts, text);
}

bool WrappedLevel::IsLowLevelOf(const TextParts& parts, std::string_view text) {
  if (parts.fields[static_cast<size_t>(Field::kMessage)].size() >= text.size()) return false;
  const std::string_view level = parts.fields[static_cast<size_t>(Field::kLevel)];
  if (last_level_ != level) {
    last_level_ = level;
    const std::optional<Severity> severity = ParseSeverity(level);
    last_is_low_ = severity && *severity < kLevelWarn;
  }
  return last_is_low_;
}

}  // namespace gainsay
