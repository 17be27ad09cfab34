#include "event/event_codec.h"

#include <limits>
#include <tuple>
#include <utility>

namespace gainsay {
namespace {

template <typename T>
T Narrow(WireReader* reader, uint64_t most = std::numeric_limits<T>::max()) {
  const uint64_t value = reader->Number();
  if (value > most) reader->Fail();
  return reader->ok() ? static_cast<T>(value) : T{};
}

template <typename E>
E Enum(WireReader* reader, E last) {
  return static_cast<E>(Narrow<uint8_t>(reader, static_cast<uint64_t>(last)));
}

}  // namespace

void WriteNumbers(const Event& event, WireWriter* writer) {
  writer->Number(static_cast<uint64_t>(event.kind)).Number(static_cast<uint64_t>(event.state));
  writer->Number(static_cast<uint64_t>(event.matched_by));
  const int flags = (event.outer ? 1 : 0) | (event.task_in_text ? 2 : 0) | (event.lane_allowed ? 4 : 0);
  writer->Number(static_cast<uint64_t>(flags)).Number(event.severity);
  writer->Number(event.rule).Number(event.reason);
}

void ReadNumbers(WireReader* reader, Event* event) {
  event->kind = Enum(reader, RuleKind::kTerminal);
  event->state = Enum(reader, State::kRetrying);
  event->matched_by = Enum(reader, MatchedBy::kWeak);
  const auto flags = Narrow<uint8_t>(reader, 7);
  event->outer = (flags & 1) != 0;
  event->task_in_text = (flags & 2) != 0;
  event->lane_allowed = (flags & 4) != 0;
  event->severity = Narrow<Severity>(reader);
  event->rule = Narrow<uint16_t>(reader);
  event->reason = Narrow<uint16_t>(reader);
}

bool SameNumbers(const Event& a, const Event& b) {
  const auto numbers = [](const Event& e) {
    return std::tie(e.kind, e.state, e.matched_by, e.outer, e.task_in_text, e.lane_allowed, e.severity,
                    e.rule, e.reason);
  };
  return numbers(a) == numbers(b);
}

void WriteEvent(const Event& event, WireWriter* writer) {
  WriteNumbers(event, writer);
  writer->Signed(event.time_ns);
  writer->Number(event.position.source).Number(event.position.line).Number(event.position.offset);
  writer->Number(event.captures.size());
  event.ForEachText([writer](std::string_view text) { writer->Text(text); });
}

std::optional<KeptEvent> ReadEvent(WireReader* reader, const EventTranslation& translate) {
  Event event;
  ReadNumbers(reader, &event);
  event.time_ns = reader->Signed();
  event.position.source = Narrow<uint32_t>(reader);
  event.position.line = reader->Number();
  event.position.offset = reader->Number();
  event.captures.resize(reader->Count());
  event.ForEachText([reader](std::string_view& text) { text = reader->Text(); });
  if (!reader->ok()) return std::nullopt;
  if (translate) translate(&event);
  return KeptEvent(event);
}

}  // namespace gainsay
