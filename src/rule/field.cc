#include "rule/field.h"

namespace gainsay {
namespace {

// In the order of the enum.
constexpr std::string_view kNames[kFieldCount] = {
    "task",  "run",  "attempt", "name",   "trace", "subject", "time",  "level",      "message",
    "error", "host", "pid",     "thread", "lane",  "logger",  "queue", "outer_task", "outer_run",
};

}  // namespace

std::string_view FieldName(Field field) { return kNames[static_cast<size_t>(field)]; }

std::optional<Field> FieldByName(std::string_view name) {
  for (size_t i = 0; i < kNamedFieldCount; ++i) {
    if (kNames[i] == name) return static_cast<Field>(i);
  }
  return std::nullopt;
}

}  // namespace gainsay
