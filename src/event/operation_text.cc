// The idea: an application writes what it was doing, a separator, and what the store answered. So the
// text before the last separator in front of a recognised cause is the operation. Where nothing
// separates them, the clause around the cause has to serve; where the cause comes first and names no
// operation after it, there is none.
#include <algorithm>

#include "event/operation.h"

namespace gainsay {
namespace {

// What stands between an operation and its cause.
constexpr std::string_view kSeparators[] = {
    ": ", ":\t",       " - ",      " -- ", " | ",    "; ",      ", ",     "(",
    "\n", " because ", " due to ", "err=", "error=", "reason=", "cause=", "\xE2\x80\x94"};

// The begin of the last separator that ends at or before `end`; npos if there is none.
size_t LastSeparator(std::string_view text, size_t end, size_t* after) {
  size_t last = std::string_view::npos;
  for (std::string_view separator : kSeparators) {
    if (separator.size() > end) continue;
    const size_t at = text.rfind(separator, end - separator.size());
    if (at == std::string_view::npos || (last != std::string_view::npos && at < last)) continue;
    last = at;
    *after = at + separator.size();
  }
  return last;
}

// Up to the first separator after `begin`.
std::string_view Clause(std::string_view text, size_t begin) {
  size_t end = text.size();
  for (std::string_view separator : kSeparators) end = std::min(end, text.find(separator, begin));
  return text.substr(0, end);
}

bool HasLetters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

// An exception's class or a level, which names no operation: "java.io.IOException", "ERROR".
bool IsErrorName(std::string_view text) {
  if (text.find(' ') != std::string_view::npos) return false;
  for (std::string_view ending :
       {"Error", "Exception", "ERROR", "ERR", "FATAL", "PANIC", "error", "Failure"}) {
    if (text.ends_with(ending)) return true;
  }
  return false;
}

// "timeout while writing batch 7": the cause comes first and says what it came in the way of.
bool NamesOperationLater(std::string_view clause) {
  for (std::string_view connector :
       {" while ", " when ", " during ", " trying to ", " attempting to ", " on write"}) {
    if (clause.find(connector) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

std::string_view OperationText(std::string_view message, size_t cause_begin) {
  if (cause_begin >= message.size()) return message;
  size_t after = 0;
  const size_t cut = LastSeparator(message, cause_begin, &after);
  if (cut != std::string_view::npos && HasLetters(message.substr(0, cut))) {
    const bool more = HasLetters(message.substr(after, cause_begin - after));
    return more && IsErrorName(message.substr(0, cut)) ? Clause(message, cause_begin)
                                                       : message.substr(0, cut);
  }
  // Nothing stands between them: "primary write timed out", "deadlock detected while updating 7".
  const std::string_view clause = Clause(message, cause_begin);
  const bool before = HasLetters(message.substr(0, cause_begin));
  return before || NamesOperationLater(clause) ? clause : std::string_view();
}

}  // namespace gainsay
