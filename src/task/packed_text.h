// Texts and numbers in fewer bytes.
#ifndef GAINSAY_TASK_PACKED_TEXT_H_
#define GAINSAY_TASK_PACKED_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace gainsay {

// Packs an even number of lower-case hexadecimal digits two a byte; false if there are other characters.
bool PackHex(std::string_view digits, char* out);
void UnpackHex(const char* bytes, size_t size, std::string* out);

// Seven bits a byte, the lowest first.
void PutVarint(uint64_t value, std::string* out);
uint64_t TakeVarint(const char** from);  // moves behind it

// A size and as many bytes.
void PutText(std::string_view text, std::string* out);
std::string_view TakeText(const char** from);

}  // namespace gainsay

#endif  // GAINSAY_TASK_PACKED_TEXT_H_
