#include "task/hex_digits.h"

namespace gainsay {
namespace {

constexpr char kDigits[] = "0123456789abcdef";

// -1 for what is none of them.
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

void UnpackHex(std::string_view bytes, std::string* out) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    *out += kDigits[byte >> 4];
    *out += kDigits[byte & 15];
  }
}

}  // namespace gainsay
