// The journal's cursors, by which an entry is found again.
#ifndef GAINSAY_INPUT_CURSOR_H_
#define GAINSAY_INPUT_CURSOR_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace gainsay {

// The value of __CURSOR in one line of `journalctl -o json`, "" if it has none.
std::string_view CursorOf(std::string_view line);
// The same, of the last of these lines, each with its newline.
std::string_view LastCursor(std::string_view lines);

// The time in a cursor ("…;t=<hex µs>;…") in µs; none if it bears none.
std::optional<uint64_t> CursorTime(std::string_view cursor);

}  // namespace gainsay

#endif  // GAINSAY_INPUT_CURSOR_H_
