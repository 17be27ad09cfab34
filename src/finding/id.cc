#include "finding/id.h"

#include <initializer_list>

#include "input/digest.h"

namespace gainsay {
namespace {

// Of the ids, and of the masking that goes into them. Raise it whenever either changes.
constexpr std::string_view kVersion = "1";

// Over the parts, a NUL between two of them.
std::string HashId(std::initializer_list<std::string_view> parts) {
  std::string all;
  for (std::string_view part : parts) all.append(part).push_back('\0');
  all.pop_back();
  return Digest(all);
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
