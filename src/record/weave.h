// Whether records go on across a border between two lines, where strands of output are woven into
// one log: the chunk reader asks before it cuts there, and who skips lines before it reads one.
//
// Thread rules: free functions; the formats are shared.
#ifndef GAINSAY_RECORD_WEAVE_H_
#define GAINSAY_RECORD_WEAVE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "input/chunk.h"
#include "record/strand.h"
#include "record/text.h"

namespace gainsay {

// Whether a record that begins in `before` may go on in `from` (both whole lines, adjacent). Looks at
// kStrandGap lines on either side, and for the first line of a journald stream at up to
// kStrandSpan before it. kUnknown where that is told by lines of `from` that may be missing: it has not
// `enough`, which are kBorderLines, or all there are; `*unknown_from` is where the line of a strand begins
// that makes it so. Says yes at least wherever the reader folds.
inline constexpr size_t kBorderLines = kStrandGap + 1;
GoesOn MayGoOn(std::string_view before, std::string_view from, bool enough, size_t* unknown_from,
               const TextFormats& texts);

// The line before the one at `at` (both beginnings of lines of `bytes`) that it may go on with: the last of
// its strand; npos if that is too far away, or the record surely does not go on. Gives one at least wherever
// the reader folds.
size_t BeforeInRecord(std::string_view bytes, size_t at, const TextFormats& texts);

// What the line printed: decoded, in `scratch` if need be; none if it can't be told.
std::optional<std::string_view> PrintedText(const Strand& strand, std::string* scratch);

// Whether the line begins a record by itself, and goes on with nothing: its text is an object, or a format
// that knows levels takes the line, or any format takes the text.
bool BeginsInStrand(std::string_view line, const Strand& strand, std::string_view text,
                    const TextFormats& texts);

}  // namespace gainsay

#endif  // GAINSAY_RECORD_WEAVE_H_
