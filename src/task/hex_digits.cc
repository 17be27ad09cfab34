#include "task/hex_digits.h"

#include <array>
#include <cstdint>

namespace gainsay {
namespace {

constexpr char kDigits[] = "0123456789abcdef";

constexpr uint8_t kNone = 0xFF;

// By character.
constexpr std::array<uint8_t, 256> kValues = [] {
  std::array<uint8_t, 256> values = {};
  for (uint8_t& value : values) value = kNone;
  for (uint8_t i = 0; i < 16; ++i) values[static_cast<unsigned char>(kDigits[i])] = i;
  return values;
}();

}  // namespace

bool PackHex(std::string_view digits, char* out) {
  unsigned any = 0;
  for (size_t i = 0; i < digits.size(); i += 2) {
    const unsigned high = kValues[static_cast<unsigned char>(digits[i])];
    const unsigned low = kValues[static_cast<unsigned char>(digits[i + 1])];
    any |= high | low;
    *out++ = static_cast<char>(high << 4 | low);
  }
  return any < 16;
}

void UnpackHex(std::string_view bytes, char* out) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    *out++ = kDigits[byte >> 4];
    *out++ = kDigits[byte & 15];
  }
}

void UnpackHex(std::string_view bytes, std::string* out) {
  const size_t before = out->size();
  out->resize(before + 2 * bytes.size());
  UnpackHex(bytes, out->data() + before);
}

}  // namespace gainsay
