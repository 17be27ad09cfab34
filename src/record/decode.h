// Bytes of values as text: JSON strings unescaped, journald's arrays decoded, bytes that are
// no UTF-8 replaced.
//
//   char* end = UnescapeJson(R"(a\nb)", out);   // out has room for the input's size
//
// Thread rules: free functions without state. For json.cc and reader.cc.
#ifndef GAINSAY_RECORD_DECODE_H_
#define GAINSAY_RECORD_DECODE_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace gainsay {

// Writes the text of a JSON string (without its quotes) to `out`, never more bytes than it
// has, and returns the end; null if an escape is none. A surrogate without its partner, as
// Python writes undecodable bytes, becomes U+FFFD.
char* UnescapeJson(std::string_view escaped, char* out);

// Whether the text is a number by JSON's grammar.
bool IsJsonNumber(std::string_view text);

// What an array means as text.
enum class ArrayUse : uint8_t {
  kRaw,    // nothing: it stays JSON
  kFirst,  // several values of one field: the first that is not empty
  kJoin,   // several texts: one a line
};

// Decodes `array`, valid JSON text with its brackets, to `out` (room for its size): an array of
// strings, nulls and byte arrays by `use`, and, if `bytes`, an array of numbers 0-255 as
// the bytes they are (bytes that are no UTF-8 replaced, see `repaired`). Returns the end;
// null if it is an array of other things and stays as it is. `all_null` says that it holds nulls
// and nothing else.
char* DecodeArray(std::string_view array, ArrayUse use, bool bytes, char* out, bool* all_null,
                  bool* repaired);

bool IsUtf8(std::string_view text);

// Copies `text` to `out` with each byte that belongs to no UTF-8 character replaced by U+FFFD.
void RepairUtf8(std::string_view text, std::string* out);

// `text`, with what is no UTF-8 replaced in `scratch` if need be; followed by kChunkPadding readable
// bytes there, since it may hold JSON, which is read in place.
std::string_view Repaired(std::string_view text, std::string* scratch);

// `text` without ANSI colours ("\x1b[1;31m", "\x1b[0K"): itself if it has none, else in `scratch`, again
// followed by kChunkPadding readable bytes.
std::string_view WithoutColors(std::string_view text, std::string* scratch);

}  // namespace gainsay

#endif  // GAINSAY_RECORD_DECODE_H_
