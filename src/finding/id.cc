#include "finding/id.h"

#include <nettle/sha2.h>

#include <array>
#include <initializer_list>

namespace gainsay {
namespace {

// Of the ids, and of the masking that goes into them. Raise it whenever either changes.
constexpr std::string_view kVersion = "1";

// The first 16 hex digits of SHA-256 over the parts, a NUL between two of them.
std::string HashId(std::initializer_list<std::string_view> parts) {
  sha256_ctx context;
  sha256_init(&context);
  static constexpr uint8_t kSeparator = 0;
  bool first = true;
  for (std::string_view part : parts) {
    if (!first) sha256_update(&context, 1, &kSeparator);
    first = false;
    sha256_update(&context, part.size(), reinterpret_cast<const uint8_t*>(part.data()));
  }
  std::array<uint8_t, 8> digest;
  sha256_digest(&context, digest.size(), digest.data());
  std::string id;
  for (uint8_t byte : digest) {
    id += "0123456789abcdef"[byte >> 4];
    id += "0123456789abcdef"[byte & 15];
  }
  return id;
}

}  // namespace

std::string FindingId(std::string_view task, int64_t terminal_ns, std::string_view terminal_message) {
  const std::string time = terminal_ns == kNoTime ? "" : std::to_string(terminal_ns);
  return HashId({kVersion, "finding", task, time, MaskMessage(terminal_message)});
}

std::string CauseId(std::string_view reason, const Event& error) {
  const std::string message = MaskMessage(error.message, error.subject);
  if (!error.target.empty()) return HashId({kVersion, "cause", reason, "target", error.target, message});
  const std::string_view role = RoleOf(error.role) == Role::kSecondary ? "secondary" : "primary";
  return HashId({kVersion, "cause", reason, role, error.collection, message});
}

}  // namespace gainsay
