// Text from a log, made safe for where it goes.
#ifndef GAINSAY_REPORT_ESCAPE_H_
#define GAINSAY_REPORT_ESCAPE_H_

#include <string>
#include <string_view>

namespace gainsay {

// For a terminal or a plain-text file, on one line: C0 (newline and tab too), DEL, C1 and bidirectional
// control characters become visible escapes ("\n", "\x1b", "\u202e"); invalid UTF-8 becomes "\xff". So does
// what a CI runner obeys when it sees it in a job's output: "##[error]" becomes "\x23#[error]" wherever it
// stands, "::error::" becomes "\x3a:error::" where it may come to stand at the beginning of a line.
std::string EscapeText(std::string_view text);

// A JSON string with its quotes, valid UTF-8: control and bidirectional characters as \uXXXX (and the first
// character of "##["), invalid bytes as U+FFFD.
std::string JsonString(std::string_view text);

// At most `length` code points, cut with "…".
std::string Shorten(std::string_view text, size_t length);

// How many columns escaped text takes on a terminal: wide characters take two, combining ones none.
size_t Columns(std::string_view text);

// At most that many columns, cut with "…".
std::string ShortenToColumns(std::string_view text, size_t columns);

}  // namespace gainsay

#endif  // GAINSAY_REPORT_ESCAPE_H_
