#include "duration.h"

#include "absl/time/time.h"

namespace gainsay {

absl::Status ParseSpan(const std::string& flag, const std::string& text, int64_t* ns) {
  absl::Duration span;
  if (!absl::ParseDuration(text, &span) || span < absl::ZeroDuration() || span > absl::Hours(24 * 366)) {
    return absl::InvalidArgumentError(flag + " '" + text +
                                      "' is no duration; write it as 500ms, 10s, 5m or 2h");
  }
  *ns = absl::ToInt64Nanoseconds(span);
  return absl::OkStatus();
}

void AddDuration(CLI::App* watch, const std::string& name, std::string* value, const char* variable,
                 const char* help) {
  watch->add_option(name, *value, help)->envname(variable)->type_name("DURATION");
}

}  // namespace gainsay
