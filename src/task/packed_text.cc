#include "task/packed_text.h"

namespace gainsay {
namespace {

constexpr char kDigits[] = "0123456789abcdef";

// -1 for what is no lower-case digit: a text comes back as it was.
int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

bool PackHex(std::string_view digits, char* out) {
  for (size_t i = 0; i < digits.size(); i += 2) {
    const int high = HexDigit(digits[i]), low = HexDigit(digits[i + 1]);
    if (high < 0 || low < 0) return false;
    *out++ = static_cast<char>(high * 16 + low);
  }
  return true;
}

void UnpackHex(const char* bytes, size_t size, std::string* out) {
  for (size_t i = 0; i < size; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    *out += kDigits[byte >> 4];
    *out += kDigits[byte & 15];
  }
}

void PutVarint(uint64_t value, std::string* out) {
  for (; value >= 128; value >>= 7) *out += static_cast<char>(value | 128);
  *out += static_cast<char>(value);
}

uint64_t TakeVarint(const char** from) {
  uint64_t value = 0;
  for (unsigned shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(*(*from)++);
    value |= uint64_t{byte & 127U} << shift;
    if (byte < 128) return value;
  }
}

void PutText(std::string_view text, std::string* out) {
  PutVarint(text.size(), out);
  out->append(text);
}

std::string_view TakeText(const char** from) {
  const size_t size = TakeVarint(from);
  const std::string_view text(*from, size);
  *from += size;
  return text;
}

}  // namespace gainsay
