#include "rule/toml_file.h"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>

namespace gainsay {
namespace {

constexpr size_t kMaxDiagnostics = 100;      // of one severity in one file
constexpr size_t kMaxSourceLine = 64 << 10;  // a longer line is not shown
constexpr size_t kMaxKeyParts = 32;
constexpr size_t kMaxQuoted = 80;
constexpr size_t kFewWords = 12;

// toml++ limits how deep values nest, but not the parts of a dotted key, each of which is a table in a table:
// a long enough `a.a.a.…` overflows the stack when it is destroyed. This walks the text as TOML's lexer does
// and finds the first key of too many parts.
class KeyDepth {
 public:
  explicit KeyDepth(std::string_view text) : text_(text) {}

  // The line (from 1) with such a key, or 0.
  uint32_t FindTooDeep() {
    size_t parts = 0;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        SkipString(c);
        continue;
      }
      if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
        continue;
      }
      if (c == '\n') ++line_;
      if (c == '.' && ++parts >= kMaxKeyParts) return line_;
      if (c == '\n' || c == '=' || c == ',' || c == '{' || c == '[') parts = 0;
      ++at_;
    }
    return 0;
  }

 private:
  void SkipString(char quote) {
    const std::string fence(3, quote);
    const bool multi_line = text_.substr(at_, 3) == fence;
    at_ += multi_line ? 3 : 1;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') {
        if (!multi_line) return;
        ++line_;
      }
      if (c == '\\' && quote == '"' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n') {
        ++at_;
        continue;
      }
      if (c != quote) continue;
      if (!multi_line) {
        ++at_;
        return;
      }
      if (text_.substr(at_, 3) != fence) continue;
      at_ += 3;
      for (int extra = 0; extra < 2 && at_ < text_.size() && text_[at_] == quote; ++extra) ++at_;
      return;
    }
  }

  std::string_view text_;
  size_t at_ = 0;
  uint32_t line_ = 1;
};

toml::source_region RegionOfLine(uint32_t line) {
  toml::source_region region;
  region.begin = region.end = {line, 1};
  return region;
}

// How many columns to underline: to the region's end, or to the line's where it goes on.
int Length(const toml::source_region& at, std::string_view line) {
  if (at.end.line == at.begin.line) {
    return at.end.column > at.begin.column ? static_cast<int>(at.end.column - at.begin.column) : 1;
  }
  if (at.end.line < at.begin.line) return 1;
  const auto is_head = [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; };
  const auto columns = static_cast<int>(std::count_if(line.begin(), line.end(), is_head));
  return std::max(columns - static_cast<int>(at.begin.column) + 1, 1);
}

}  // namespace

TomlFile::TomlFile(std::string_view text, std::string name) : text_(text), name_(std::move(name)) {
  constexpr std::string_view kBom = "\xEF\xBB\xBF";
  if (text_.substr(0, kBom.size()) == kBom) text_.remove_prefix(kBom.size());
  line_starts_.push_back(0);
  for (size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_starts_.push_back(i + 1);
  }
}

namespace {

// What most often stands behind a complaint of the TOML parser.
std::string TomlHelp(std::string_view complaint) {
  const auto says = [&](std::string_view words) { return complaint.find(words) != std::string_view::npos; };
  if (says("unescaped control characters")) return "is the closing quote missing?";
  if (says("unknown escape sequence")) return "in single quotes, '…', nothing needs escaping";
  if (says("invalid utf-8")) return "save the file as UTF-8";
  if (says("parsing date")) return "a day is written like 2027-03-31";
  if (says("cannot redefine existing"))
    return "a key stands once in a table; a further rule begins with its own [[…]]";
  return "";
}

}  // namespace

std::optional<toml::table> TomlFile::Parse() {
  if (const uint32_t line = KeyDepth(text_).FindTooDeep(); line != 0) {
    Error(RegionOfLine(line), "a key of more than " + std::to_string(kMaxKeyParts) + " dotted parts");
    return std::nullopt;
  }
  try {
    return toml::parse(text_);
  } catch (const toml::parse_error& e) {
    Error(e.source(), std::string(e.description()), TomlHelp(e.description()));
    return std::nullopt;
  }
}

void TomlFile::Error(const toml::source_region& at, std::string message, std::string help) {
  Add(at, Diagnostic::Severity::kError, std::move(message), std::move(help));
}

void TomlFile::Warn(const toml::source_region& at, std::string message, std::string help) {
  Add(at, Diagnostic::Severity::kWarning, std::move(message), std::move(help));
}

void TomlFile::UnknownWord(const toml::source_region& at, std::string message, std::string_view word,
                           const std::vector<std::string>& words) {
  const bool shown = count_[static_cast<size_t>(Diagnostic::Severity::kError)] < kMaxDiagnostics;
  Error(at, std::move(message), shown ? Suggest(word, words) : "");
}

void TomlFile::Add(const toml::source_region& at, Diagnostic::Severity severity, std::string message,
                   std::string help) {
  if (++count_[static_cast<size_t>(severity)] > kMaxDiagnostics) return;
  Diagnostic d = Place(at);
  d.severity = severity;
  d.message = std::move(message);
  d.help = std::move(help);
  diagnostics_.push_back(std::move(d));
}

Location TomlFile::At(const toml::source_region& at) const {
  return {name_, static_cast<int>(at.begin.line), static_cast<int>(at.begin.column)};
}

Diagnostic TomlFile::Place(const toml::source_region& at) const {
  Diagnostic d;
  d.at = At(at);
  const std::string_view line = Line(at.begin.line);
  d.length = Length(at, line);
  if (line.size() <= kMaxSourceLine) d.source_line = std::string(line);
  return d;
}

std::string_view TomlFile::Line(size_t number) const {
  if (number == 0 || number > line_starts_.size()) return "";
  const size_t begin = line_starts_[number - 1];
  std::string_view line = text_.substr(begin, text_.find('\n', begin) - begin);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

void TomlFile::MoveDiagnosticsTo(std::vector<Diagnostic>* diagnostics) {
  const auto place = [](const Diagnostic& d) { return std::tie(d.at.line, d.at.column); };
  std::stable_sort(diagnostics_.begin(), diagnostics_.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return place(a) < place(b); });
  std::move(diagnostics_.begin(), diagnostics_.end(), std::back_inserter(*diagnostics));
  diagnostics_.clear();
  for (const auto severity : {Diagnostic::Severity::kError, Diagnostic::Severity::kWarning}) {
    size_t& count = count_[static_cast<size_t>(severity)];
    if (count > kMaxDiagnostics) {
      Diagnostic d;
      d.severity = severity;
      d.at.file = name_;
      d.message = "and " + std::to_string(count - kMaxDiagnostics) + " more";
      diagnostics->push_back(std::move(d));
    }
    count = 0;
  }
}

std::string Quoted(std::string_view text) {
  if (text.size() <= kMaxQuoted) return "'" + std::string(text) + "'";
  size_t cut = kMaxQuoted;
  while (cut > 0 && (static_cast<uint8_t>(text[cut]) & 0xC0) == 0x80) --cut;
  return "'" + std::string(text.substr(0, cut)) + "...'";
}

std::string Suggest(std::string_view word, const std::vector<std::string>& words) {
  if (const std::string near = NearestWord(word, words); !near.empty()) return "did you mean '" + near + "'?";
  if (words.empty() || words.size() > kFewWords) return "";
  std::string help = words.size() == 1 ? "the only one is: " : "one of: ";
  for (size_t i = 0; i < words.size(); ++i) help += (i > 0 ? ", " : "") + words[i];
  return help;
}

}  // namespace gainsay
