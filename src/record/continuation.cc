#include "record/continuation.h"

#include <algorithm>
#include <array>

namespace gainsay {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsNameChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || IsDigit(c) || c == '_' || c == '.' || c == '$' ||
         c == ':' || c == '\\';
}

size_t SkipDigits(std::string_view line, size_t at) {
  while (at < line.size() && IsDigit(line[at])) ++at;
  return at;
}

// "LINE 12: INSERT …", "... 23 more", "#0 /srv/a.php(12): f()": told from prose by their number.
bool IsNumbered(std::string_view line) {
  if (line[0] == '#') {
    const size_t end = SkipDigits(line, 1);
    return end > 1 && end < line.size() && line[end] == ' ';
  }
  const bool is_sql = line.starts_with("LINE ");
  if (!is_sql && !line.starts_with("... ")) return false;
  const size_t from = is_sql ? 5 : 4;
  const size_t end = SkipDigits(line, from);
  if (end == from || end == line.size()) return false;
  const std::string_view rest = line.substr(end);
  return is_sql ? rest[0] == ':' : rest.starts_with(" more") || rest.starts_with(" common");
}

// "/srv/app/jobs/save.rb:12:in `save'".
bool IsRubyFrame(std::string_view line) {
  const size_t colon = line.substr(0, 400).find(':');
  const std::string_view path = line.substr(0, colon);
  if (colon == std::string_view::npos || !path.ends_with(".rb") || path.find(' ') != path.npos) return false;
  const size_t end = SkipDigits(line, colon + 1);
  return end > colon + 1 && line.substr(end).starts_with(":in ");
}

bool IsGoFrame(std::string_view line) {
  if (line.starts_with("created by ") || line.starts_with("exit status ") || line.starts_with("[signal ") ||
      line.starts_with("\t")) {
    return true;
  }
  const size_t paren = line.find('(');
  return line.back() == ')' && paren != std::string_view::npos && paren > 0 &&
         line.substr(0, paren).find(' ') == std::string_view::npos;
}

bool IsRustPanic(std::string_view line) {
  return line.starts_with("thread '") && line.back() == ':' &&
         line.find("' panicked at ") != std::string_view::npos;
}

}  // namespace

bool LooksLikeContinuation(std::string_view line) {
  // Sorted by what writes them: Python, billiard, Java, Go, Rust, PHP, .NET, PostgreSQL, SQLAlchemy.
  static constexpr std::string_view kHeads[] = {
      "Traceback (most recent call last)",
      "During handling of the above exception",
      "The above exception was the direct cause",
      "\"\"\"",
      "Caused by:",
      "Suppressed:",
      "goroutine ",
      "stack backtrace:",
      "note: run with `RUST_BACKTRACE",
      "note: Some details are omitted",
      "Stack trace:",
      "[stacktrace]",
      "[previous exception]",
      "--- End of ",
      "DETAIL:",
      "HINT:",
      "CONTEXT:",
      "STATEMENT:",
      "QUERY:",
      "[SQL:",
      "[SQL ",
      "[parameters:",
      "(Background on this error at:",
  };
  while (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (line.empty()) return false;
  if (line.starts_with("#011")) return true;  // a tab, as rsyslog writes it
  switch (line[0]) {
    case ' ':
    case '\t':
      return line.find_first_not_of(" \t\r") != std::string_view::npos;
    case '}':
    case ']':
    case ')':
      return line.find_first_not_of("}]),;\"") == std::string_view::npos;
    default:
      break;
  }
  // By a text's first byte, whether one of the heads begins so.
  static constexpr std::array<bool, 256> kBegins = [] {
    std::array<bool, 256> begins{};
    for (const std::string_view head : kHeads) begins[static_cast<unsigned char>(head[0])] = true;
    return begins;
  }();
  const bool has_head = kBegins[static_cast<unsigned char>(line[0])] &&
                        std::any_of(std::begin(kHeads), std::end(kHeads), [line](std::string_view head) {
                          return line[0] == head[0] && line.starts_with(head);
                        });
  return has_head || IsNumbered(line) || line == "\"}" || IsRubyFrame(line);
}

bool IsTracebackHead(std::string_view line) {
  return line.starts_with("Traceback (most recent call last)") ||
         line.starts_with("During handling of the above exception") ||
         line.starts_with("The above exception was the direct cause");
}

bool IsExceptionLine(std::string_view line) {
  size_t end = 0;
  while (end < line.size() && IsNameChar(line[end])) ++end;
  std::string_view name = line.substr(0, end);
  if (end < line.size() && (line[end] != ' ' || name.empty() || name.back() != ':')) return false;
  while (!name.empty() && name.back() == ':') name.remove_suffix(1);
  const size_t dot = name.rfind('.');
  return dot != std::string_view::npos && dot > 0 &&
         (name.ends_with("Exception") || name.ends_with("Error") || name.ends_with("Throwable"));
}

bool LooksLikeException(std::string_view line) {
  size_t end = 0;
  const auto at_colon = [&] { return line.substr(end).starts_with(": "); };
  while (end < line.size() && IsNameChar(line[end]) && !at_colon()) ++end;
  if (end < line.size() && !at_colon()) return false;
  const std::string_view name = line.substr(0, end);
  const size_t dot = name.rfind('.');
  const std::string_view type = dot == std::string_view::npos ? name : name.substr(dot + 1);
  if (type.empty() || type[0] < 'A' || type[0] > 'Z') return false;
  if (dot != std::string_view::npos) return true;
  constexpr std::string_view kEndings[] = {"Error", "Exception", "Warning", "Interrupt", "Exit"};
  return std::any_of(std::begin(kEndings), std::end(kEndings), [type](std::string_view ending) {
    return type.size() > ending.size() && type.ends_with(ending);
  });
}

void TraceState::Begin(std::string_view first_line) {
  expects_ = Expects::kNothing;
  if (first_line.empty() || first_line[0] == '{') return;
  if (IsTracebackHead(first_line) || IsRustPanic(first_line)) expects_ = Expects::kException;
  if (first_line.starts_with("panic: ") || first_line.starts_with("fatal error: ")) {
    expects_ = Expects::kGoFrames;
  }
}

bool TraceState::Continues(std::string_view line) {
  if (line.empty()) return false;
  if (IsTracebackHead(line)) {
    expects_ = Expects::kException;
    return true;
  }
  if (line.starts_with("goroutine ")) expects_ = Expects::kGoFrames;
  if (LooksLikeContinuation(line)) return true;
  if (expects_ == Expects::kGoFrames && IsGoFrame(line)) return true;
  const bool is_exception = expects_ == Expects::kException;
  expects_ = Expects::kNothing;
  return is_exception;
}

}  // namespace gainsay
