#include "finding/finding.h"

namespace gainsay {

std::string TargetName(const Event& event) {
  if (!event.target.empty()) return std::string(event.target);
  std::string name = RoleOf(event.role) == Role::kSecondary ? "secondary" : "primary";
  if (!event.collection.empty()) name.append("/").append(event.collection);
  return name;
}

}  // namespace gainsay
