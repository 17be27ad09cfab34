#include "input/digest.h"

#include <nettle/sha2.h>

#include <array>

namespace gainsay {

std::string Sha256(std::string_view bytes) {
  sha256_ctx context;
  sha256_init(&context);
  sha256_update(&context, bytes.size(), reinterpret_cast<const uint8_t*>(bytes.data()));
  std::array<uint8_t, SHA256_DIGEST_SIZE> digest;
  sha256_digest(&context, digest.size(), digest.data());
  return {digest.begin(), digest.end()};
}

std::string Digest(std::string_view bytes) {
  std::string hex;
  for (const char c : Sha256(bytes).substr(0, 8)) {
    const auto byte = static_cast<uint8_t>(c);
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

}  // namespace gainsay
