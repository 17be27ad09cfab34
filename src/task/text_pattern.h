// A text apart from what is its own in it: "Task a.b[7c3d…] succeeded in 0.29s" is the pattern
// "Task a.b[ID] succeeded in NUMBER.NUMBERs" and two numbers.
//
// Thread rules: free functions without state.
#ifndef GAINSAY_TASK_TEXT_PATTERN_H_
#define GAINSAY_TASK_TEXT_PATTERN_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rule/wire.h"

namespace gainsay {

// Appends the text's pattern and, to `own`, its own parts. `id` is a text of its own kind, "" if there is
// none.
void TakeApart(std::string_view text, std::string_view id, std::string* pattern, std::string* own);
// The same for a text that is its own as a whole.
void TakeWhole(std::string_view text, std::string* pattern, std::string* own);
// Whether the pattern is a text by itself, without parts of an event's own.
bool IsPlain(std::string_view pattern);

// A pattern's plain texts, each with what stands behind it: a part of the text's own, or nothing. Views into
// the pattern.
struct PatternPiece {
  std::string_view plain;
  char code = 0;
};
std::vector<PatternPiece> PiecesOf(std::string_view pattern);

// Appends to `own` the text's parts if it is of that pattern, which TakeApart made of another text; if not
// (or if it can't be told), false, and `own` is spoiled. Other than TakeApart it may take the id for a part.
bool TakeLike(const std::vector<PatternPiece>& pattern, std::string_view text, std::string_view id,
              std::string* own);

// Appends the text. `own` stands before the parts of this pattern, and behind them then.
void PutTogether(const std::vector<PatternPiece>& pattern, std::string_view id, WireReader* own,
                 std::string* text);

}  // namespace gainsay

#endif  // GAINSAY_TASK_TEXT_PATTERN_H_
