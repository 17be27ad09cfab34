// A value is a part of the line once the line is unescaped as often as the value is wrapped: an escape is
// read the same whatever stands around it. So a regex that matches neither the line nor what it is when
// unescaped once, twice and so on matches no value, if what it asks of a text's ends is left out. What is put
// together of several values is not seen to: who asks has to know that there is none.
#include "event/raw_match.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "event/literals.h"
#include "event/pattern_core.h"
#include "record/decode.h"

namespace gainsay {
namespace {

constexpr int64_t kMemory = int64_t{4} << 20;
constexpr size_t kMaxLine = size_t{64} << 10;  // longer ones are rather read
constexpr size_t kMaxProgramText = 4096;       // a program may need many steps for each byte
constexpr int kMaxPlaces = 8;

// "" if it can't be told what in the pattern is an anchor.
std::string WithoutAnchors(std::string_view regex) {
  std::string made;
  if (regex.find("\\Q") != std::string_view::npos) return made;
  bool in_class = false;
  for (size_t at = 0; at < regex.size(); ++at) {
    const char c = regex[at];
    if (c == '\\' && at + 1 < regex.size()) {
      const char next = regex[++at];
      const bool anchor = !in_class && std::string_view("AzbB").find(next) != std::string_view::npos;
      made += anchor ? std::string("(?:)") : std::string{c, next};
    } else if (in_class) {
      in_class = c != ']';
      made += c;
      if (c != '[' || at + 1 >= regex.size() || regex[at + 1] != ':') continue;
      const size_t end = regex.find(":]", at + 2);  // "[:alpha:]"
      if (end == std::string_view::npos) return "";
      made += regex.substr(at + 1, end + 1 - at);
      at = end + 1;
    } else if (c == '[') {
      in_class = true;
      made += c;
      if (at + 1 < regex.size() && regex[at + 1] == '^') made += regex[++at];
      if (at + 1 < regex.size() && regex[at + 1] == ']') made += regex[++at];
    } else if (c == '^' || c == '$') {
      made += "(?:)";
    } else {
      made += c;
    }
  }
  return made;
}

// Whether all escapes are those that JSON and a pair's value read alike.
bool HasPlainEscapes(std::string_view text) {
  for (size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at + 2)) {
    if (at + 1 == text.size() || std::string_view("\"\\nrt").find(text[at + 1]) == std::string_view::npos)
      return false;
  }
  return true;
}

// A '[' behind a ':'.
bool HoldsArray(std::string_view line) {
  for (size_t at = line.find('['); at != std::string_view::npos; at = line.find('[', at + 1)) {
    const size_t before = at == 0 ? std::string_view::npos : line.find_last_not_of(" \t\r\n", at - 1);
    if (before != std::string_view::npos && line[before] == ':') return true;
  }
  return false;
}

}  // namespace

UnboundRegex::UnboundRegex(const std::string& regex) : original_(regex), regex_(WithoutAnchors(regex)) {}

bool UnboundRegex::MayCrossLines() const {
  std::call_once(lines_once_, [this] { may_cross_lines_ = MayMatchNewline(original_); });
  return may_cross_lines_;
}

const RE2& UnboundRegex::Compiled() const {
  std::call_once(once_, [this] {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_never_capture(true);
    options.set_case_sensitive(false);
    options.set_dot_nl(true);
    options.set_max_mem(kMemory);
    compiled_ = std::make_unique<RE2>(regex_, options);
  });
  return *compiled_;
}

PatternTree UnboundRegex::Core() const { return CoreOf("(?is)" + regex_); }

bool UnboundRegex::MatchesAt(std::string_view text, size_t begin) const {
  const std::string_view rest = text.substr(begin);
  std::call_once(program_once_, [this] {
    PatternTree core = Core();
    if (!core.root) return;
    auto anchored = std::make_unique<PatternNode>();
    anchored->kind = PatternNode::Kind::kConcat;
    anchored->parts.push_back(std::make_unique<PatternNode>());
    anchored->parts[0]->kind = PatternNode::Kind::kBegin;
    anchored->parts.push_back(std::exchange(core.root, nullptr));
    core.root = std::move(anchored);
    program_ = PatternProgram::Compile(core);
  });
  size_t end = 0;
  const auto answer = program_ && rest.size() <= kMaxProgramText ? program_->Match(rest, nullptr, &end)
                                                                 : PatternProgram::Answer::kUnsure;
  if (answer != PatternProgram::Answer::kUnsure) return answer == PatternProgram::Answer::kYes;
  const RE2& regex = Compiled();
  return !regex.ok() ||
         regex.Match({rest.data(), rest.size()}, 0, rest.size(), RE2::ANCHOR_START, nullptr, 0);
}

bool UnboundRegex::MayMatch(std::string_view text) const {
  if (regex_.empty()) return true;
  std::call_once(begins_once_, [this] { begins_ = std::make_unique<const MatchBegins>(Core()); });
  size_t begin = begins_->Next(text, 0);
  // Where there are many places, they are left to the regex.
  for (int places = begins_->depth() > 0 ? kMaxPlaces : 0; places > 0; --places) {
    if (begin == MatchBegins::kNowhere) return false;
    if (MatchesAt(text, begin)) return true;
    begin = begins_->Next(text, begin + 1);
  }
  if (begin == MatchBegins::kNowhere) return false;
  const RE2& regex = Compiled();
  return !regex.ok() ||
         regex.Match({text.data(), text.size()}, begin, text.size(), RE2::UNANCHORED, nullptr, 0);
}

void RawTexts::Open(std::string_view line) {
  line_ = line;
  ready_ = false;
}

void RawTexts::Unescape() {
  ready_ = true;
  depth_ = 0;
  holds_array_ = HoldsArray(line_);
  // What is no UTF-8 is repaired before it is matched.
  is_known_ = IsUtf8(line_);
  for (std::string_view text = line_; is_known_ && text.find('\\') != std::string_view::npos;) {
    // Of the escapes in a pair's value ("err=\"…\"") not all are read.
    is_known_ = depth_ < kMaxDepth && (depth_ == 0 || HasPlainEscapes(text));
    if (!is_known_) return;
    std::string& out = unescaped_[depth_++];
    out.resize(text.size());
    const char* end = UnescapeJson(text, out.data());
    is_known_ = end != nullptr;
    if (!is_known_) return;
    out.resize(static_cast<size_t>(end - out.data()));
    text = out;
    holds_array_ = holds_array_ || HoldsArray(text);
  }
}

// Mostly it matches the line as it is: only if not, the line is unescaped.
bool RawTexts::MayMatch(const UnboundRegex& regex) {
  if (line_.size() > kMaxLine || regex.MayMatch(line_)) return true;
  if (!ready_) Unescape();
  if (!is_known_ || (holds_array_ && regex.MayCrossLines())) return true;
  return std::any_of(unescaped_.begin(), unescaped_.begin() + static_cast<std::ptrdiff_t>(depth_),
                     [&](const std::string& text) { return regex.MayMatch(text); });
}

}  // namespace gainsay
