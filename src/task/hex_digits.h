// Hexadecimal digits, two a byte.
#ifndef GAINSAY_TASK_HEX_DIGITS_H_
#define GAINSAY_TASK_HEX_DIGITS_H_

#include <string>
#include <string_view>

namespace gainsay {

// Packs an even number of lower-case digits; false if there are other characters: a text comes back as it
// was.
bool PackHex(std::string_view digits, char* out);
void UnpackHex(std::string_view bytes, std::string* out);  // appends them
void UnpackHex(std::string_view bytes, char* out);

}  // namespace gainsay

#endif  // GAINSAY_TASK_HEX_DIGITS_H_
