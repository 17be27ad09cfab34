// Only lines that look as the wrappers write them are understood, each of their keys: then nothing but this
// text can be the message. A text is given to the formats as the reader would; an object is walked through
// as it stands, escaped once, and has to be valid, to have a message, and a level at a place where loggers
// put it.
#include "event/wrapped_level.h"

#include <optional>

#include "record/decode.h"
#include "record/severity.h"

namespace gainsay {
namespace {

constexpr size_t kNone = std::string_view::npos;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The end of a JSON string whose text begins at `from`: where its closing quote stands.
size_t EndOfString(std::string_view line, size_t from) {
  for (size_t end = line.find('"', from); end != kNone; end = line.find('"', end + 1)) {
    size_t escapes = 0;
    while (end - escapes > from && line[end - 1 - escapes] == '\\') ++escapes;
    if (escapes % 2 == 0) return end;
  }
  return kNone;
}

// {"log":"…\n","stream":"stderr","time":"2026-05-31T04:00:00.004950Z"}
std::string_view DockerText(std::string_view line) {
  constexpr size_t kBegin = 8;
  const size_t end = EndOfString(line, kBegin);
  if (end == kNone) return {};
  const std::string_view rest = line.substr(end);
  constexpr std::string_view kOut = R"(","stream":"stdout","time":")",
                             kErr = R"(","stream":"stderr","time":")";
  if (!rest.starts_with(kOut) && !rest.starts_with(kErr)) return {};
  const size_t time = rest.find_first_not_of("0123456789-:.TZ+", kOut.size());
  if (time == kNone || rest.substr(time) != "\"}") return {};
  return line.substr(kBegin, end - kBegin);
}

// {"PRIORITY":"6","MESSAGE":"…","_PID":"4034"}: of the names that loggers give a message journald's is the
// only one in capitals that others could be put before.
std::string_view JournalText(std::string_view line) {
  std::string_view text;
  size_t at = 1;
  while (true) {
    const size_t key_end = EndOfString(line, at + 1);
    if (line[at] != '"' || key_end == kNone || key_end + 3 >= line.size()) return {};
    const std::string_view key = line.substr(at + 1, key_end - at - 1);
    const bool own = !key.empty() && (key[0] == '_' || (key[0] >= 'A' && key[0] <= 'Z'));
    if (!own || line[key_end + 1] != ':' || line[key_end + 2] != '"') return {};
    const size_t begin = key_end + 3, end = EndOfString(line, begin);
    if (end == kNone || end + 1 >= line.size()) return {};
    if (key == "MESSAGE") {
      if (!text.empty()) return {};
      text = line.substr(begin, end - begin);
    }
    if (line[end + 1] == '}') return end + 2 == line.size() ? text : std::string_view();
    if (line[end + 1] != ',' || end + 3 >= line.size()) return {};
    at = end + 2;
  }
}

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
      const size_t slash = text_.find('\\', at_);
      if (slash == kNone || slash + 1 >= text_.size()) return false;
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

std::string_view WrappedText(std::string_view line) {
  if (line.starts_with("{\"log\":\"")) return DockerText(line);
  const bool journal =
      line.size() > 2 && line[1] == '"' && (line[2] == '_' || (line[2] >= 'A' && line[2] <= 'Z'));
  return journal ? JournalText(line) : std::string_view();
}

bool WrappedLevel::IsLow(std::string_view line) {
  std::string_view text = WrappedText(line);
  while (text.ends_with("\\n") || text.ends_with("\\r")) text.remove_suffix(2);
  if (text.empty()) return false;
  return text[0] == '{' ? EscapedObject(*prefilter_, text).IsLow() : IsLowText(text);
}

// What the reader does with the first line of a message that is no JSON.
bool WrappedLevel::IsLowText(std::string_view text) {
  const bool plain = IsLetter(text[0]) || IsDigit(text[0]) || (text[0] == '[' && !text.starts_with("[{"));
  if (!plain || text.starts_with("data:")) return false;
  for (size_t slash = text.find('\\'); slash != kNone; slash = text.find('\\', slash + 2)) {
    if (slash + 1 == text.size()) return false;
    if (text[slash + 1] != 'n') continue;
    text = text.substr(0, slash);
    break;
  }
  if (text.find('\\') != kNone) {
    unescaped_.resize(text.size());
    const char* end = UnescapeJson(text, unescaped_.data());
    if (end == nullptr) return false;
    unescaped_.resize(static_cast<size_t>(end - unescaped_.data()));
    text = unescaped_;
  }
  while (text.ends_with('\r')) text.remove_suffix(1);
  TextParts parts;
  if (!IsUtf8(text) || !texts_->Match(text, &parts)) return false;
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
