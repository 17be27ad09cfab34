// A short, stable fingerprint of bytes, for ids that must be the same tomorrow and elsewhere, and for checks
// that bytes are still what they were.
#ifndef GAINSAY_INPUT_DIGEST_H_
#define GAINSAY_INPUT_DIGEST_H_

#include <string>
#include <string_view>

namespace gainsay {

// SHA-256: 32 bytes.
std::string Sha256(std::string_view bytes);

// Its first 16 hex digits.
std::string Digest(std::string_view bytes);

}  // namespace gainsay

#endif  // GAINSAY_INPUT_DIGEST_H_
