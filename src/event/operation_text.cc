// The idea: an application writes what it was doing, a separator, and what the store answered. So the
// text before the last separator in front of a recognised cause is the operation. Where nothing
// separates them, the clause around the cause has to serve; where the cause comes first and names no
// operation after it, there is none.
#include <algorithm>
#include <array>

#include "event/operation.h"

namespace gainsay {
namespace {

// What stands between an operation and its cause.
constexpr std::string_view kSeparators[] = {
    ": ", ":\t",       " - ",      " -- ", " | ",    "; ",      ", ",     "(",
    "\n", " because ", " due to ", "err=", "error=", "reason=", "cause=", "\xE2\x80\x94"};

// The size of the separator at `at`, which ends before `end`; 0 if there is none. None begins like another.
size_t SeparatorAt(std::string_view text, size_t at, size_t end) {
  static constexpr auto kBegins = [] {
    std::array<bool, 256> begins = {};
    for (const std::string_view separator : kSeparators)
      begins[static_cast<unsigned char>(separator[0])] = true;
    return begins;
  }();
  if (!kBegins[static_cast<unsigned char>(text[at])]) return 0;
  const std::string_view rest = text.substr(at, end - at);
  for (const std::string_view separator : kSeparators) {
    if (separator[0] == rest[0] && rest.starts_with(separator)) return separator.size();
  }
  return 0;
}

// The begin of the last separator that ends at or before `end`; npos if there is none.
size_t LastSeparator(std::string_view text, size_t end, size_t* after) {
  for (size_t at = end; at-- > 0;) {
    const size_t size = SeparatorAt(text, at, end);
    if (size == 0) continue;
    *after = at + size;
    return at;
  }
  return std::string_view::npos;
}

std::string_view WithoutTrailingBlanks(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Up to the first separator after `begin`.
std::string_view Clause(std::string_view text, size_t begin) {
  size_t end = begin;
  while (end < text.size() && SeparatorAt(text, end, text.size()) == 0) ++end;
  return text.substr(0, end);
}

bool HasLetters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

// "timeout while reading facets": the cause comes first and says what it came in the way of.
bool NamesOperationLater(std::string_view clause) {
  for (std::string_view connector : {" while ", " when ", " during ", " trying to ", " attempting to "}) {
    if (clause.find(connector) != std::string_view::npos) return true;
  }
  const Judgement judged = Judge(clause);
  return judged.operation == Operation::kWrite || judged.partial;
}

// "cassandra.ReadTimeout": the class of an exception may say what it came of.
bool NamesOperation(std::string_view clause) {
  return clause.find(' ') == std::string_view::npos && Judge(clause).operation != Operation::kUnknown;
}

// `rest`, what follows a cause, if it tells of an operation of its own; else "".
std::string_view ToldIn(std::string_view rest) {
  const Judgement judged = Judge(rest);
  const bool told =
      judged.operation == Operation::kWrite || (judged.operation == Operation::kRead && judged.outright);
  return judged.failed && told ? rest : std::string_view();
}

// A cause without anything before it: the operation is in its own clause, or after it ("retries
// exhausted: could not write batch 3"), or nowhere. The words of a store's own text are not the operation's:
// "LOADING Redis is loading the dataset" read nothing.
std::string_view OperationAfter(std::string_view message) {
  const std::string_view clause = Clause(message, 0);
  if (NamesOperationLater(clause) || NamesOperation(clause)) return clause;
  return ToldIn(message.substr(clause.size()));
}

// "redis.exceptions.ConnectionError: Error while reading from …": a lone class of an exception that says
// nothing.
bool IsSilentName(std::string_view text) {
  return text.find(' ') == std::string_view::npos && text.find('.') != std::string_view::npos &&
         Judge(text).operation == Operation::kUnknown;
}

}  // namespace

std::string_view OperationText(std::string_view message, size_t cause_begin) {
  if (cause_begin >= message.size()) return message;
  size_t after = 0;
  const size_t cut = LastSeparator(message, cause_begin, &after);
  if (cut != std::string_view::npos && HasLetters(message.substr(0, cut))) {
    // "catalog.jobs: read timeout while …", "Error: write EPIPE": a prefix names no operation.
    const bool more = HasLetters(message.substr(after, cause_begin - after));
    const std::string_view head = WithoutTrailingBlanks(message.substr(0, cut));
    return more && Judge(head).operation == Operation::kUnknown ? Clause(message, cause_begin) : head;
  }
  // Nothing stands between them: "primary write timed out".
  const bool before = HasLetters(message.substr(0, cause_begin));
  if (!before) return OperationAfter(message.substr(cause_begin));
  const std::string_view clause = Clause(message, cause_begin);
  return IsSilentName(clause) ? ToldIn(message.substr(clause.size())) : clause;
}

bool InProseQuotes(std::string_view message, size_t at) {
  const std::string_view before = message.substr(0, at);
  if (std::ranges::count(before, '"') % 2 == 0) return false;
  const size_t quote = before.rfind('"');
  if (message.find('"', std::max(at, quote + 1)) == std::string_view::npos) return false;
  return quote >= 2 && message[quote - 1] == ' ' && HasLetters(message.substr(quote - 2, 1));
}

}  // namespace gainsay
