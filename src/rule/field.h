// The words of `[fields]`: what a record's well-known fields are called in rule sets.
// Plain data; the attribute names that loggers use for them are in record/fields.cc.
#ifndef GAINSAY_RULE_FIELD_H_
#define GAINSAY_RULE_FIELD_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gainsay {

enum class Field : uint8_t {
  kTask,
  kRun,
  kAttempt,
  kName,
  kTrace,
  kSubject,
  kTime,
  kLevel,
  kMessage,
  kError,
  kHost,
  kPid,
  kThread,
  kLane,
  kLogger,
  kQueue,
  // The task and run of a system whose tasks hold other systems' tasks (a systemd unit
  // with a Celery worker in it): `task` and `run` of packs with `outer = true`.
  kOuterTask,
  kOuterRun,
};

inline constexpr size_t kFieldCount = 18;
inline constexpr size_t kNamedFieldCount = 16;  // those a rule set may name

std::string_view FieldName(Field field);                  // "task", "run", …
std::optional<Field> FieldByName(std::string_view name);  // never the outer ones

}  // namespace gainsay

#endif  // GAINSAY_RULE_FIELD_H_
