#include "input/digest.h"

#include <nettle/sha2.h>

#include <array>

namespace gainsay {

std::string Digest(std::string_view bytes) {
  sha256_ctx context;
  sha256_init(&context);
  sha256_update(&context, bytes.size(), reinterpret_cast<const uint8_t*>(bytes.data()));
  std::array<uint8_t, 8> digest;
  sha256_digest(&context, digest.size(), digest.data());
  std::string hex;
  for (uint8_t byte : digest) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

}  // namespace gainsay
