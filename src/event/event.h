// An event: what a record means for a task. It is the value that crosses the border
// between the stateless half of the house (left: any chunk, any thread) and the ordered
// half (right: one task's events in one place).
//
// An Event is made of views. As the matcher hands it out they point into the record, valid until
// the reader's next record; KeptEvent (below) owns a copy.
#ifndef GAINSAY_EVENT_EVENT_H_
#define GAINSAY_EVENT_EVENT_H_

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "record/record.h"
#include "rule/rule.h"

namespace gainsay {

// How an event found its task. (Trace, subject, lane and input are found by the task room.)
enum class MatchedBy : uint8_t { kNone, kTask, kField, kTrace, kSubject, kLane, kWeak, kInput };
std::string_view MatchedByName(MatchedBy by);  // "task", "field", …

inline constexpr uint16_t kNoReason = UINT16_MAX;
// Of a message or error line, as much is kept as evidence, in bytes.
inline constexpr size_t kMaxMessage = 4096;

struct Event {
  RuleKind kind = RuleKind::kError;
  State state = State::kNone;  // terminal events
  MatchedBy matched_by = MatchedBy::kNone;
  bool outer = false;         // the task is of a system that holds other systems' tasks
  bool task_in_text = false;  // the task was found in the message's words ("for job 18"): a hint, if
                              // such a task is known
  bool lane_allowed = true;   // false: never joined by lane
  Severity severity = kNoSeverity;
  uint16_t rule = 0;            // index into Matcher::rule()
  uint16_t reason = kNoReason;  // errors: index into Matcher::reason_name()
  int64_t time_ns = kNoTime;    // ordered time (record/clock.h)
  Position position;

  // The key: "" where the record names no task. `outer_task` and `outer_run` are what the record
  // names of an outer system (a systemd unit), whoever claims the event.
  std::string_view task, run, attempt, outer_task, outer_run;
  std::string_view name, trace, subject, host, pid, thread, lane, queue;
  // The target. `role` as written, "" if none was named; `target` only where a pack captures it.
  std::string_view role, collection, target;
  std::string_view message;  // as reports show it
  std::string_view error;    // errors: the line of the error text that names the cause, "" if the
                             // message says it all
  std::string_view context;  // errors and resolutions without a task: the record as it stands in the log,
                             // which may name what the task works on
  std::vector<std::pair<std::string_view, std::string_view>> captures;  // a rule's other groups

  std::string_view field(Field f) const;  // "" for fields that an event does not keep

  // Calls `visit(std::string_view&)` for each of the event's texts, in a fixed order.
  template <typename Visit>
  void ForEachText(Visit visit) const {
    const_cast<Event*>(this)->ForEachText([&visit](const std::string_view& text) { visit(text); });
  }
  template <typename Visit>
  void ForEachText(Visit visit) {
    for (std::string_view* text :
         {&task, &run, &attempt, &outer_task, &outer_run, &name, &trace, &subject, &host, &pid, &thread,
          &lane, &queue, &role, &collection, &target, &message, &error, &context}) {
      visit(*text);
    }
    for (auto& [group, value] : captures) {
      visit(group);
      visit(value);
    }
  }
};

// An event that owns its text: one allocation, freed with it.
class KeptEvent {
 public:
  explicit KeptEvent(const Event& event);
  KeptEvent(KeptEvent&&) noexcept = default;
  KeptEvent& operator=(KeptEvent&&) noexcept = default;

  const Event& event() const { return event_; }
  Event* mutable_event() { return &event_; }  // what is set must live as long

 private:
  std::unique_ptr<char[]> text_;
  Event event_;
};

// Primary unless the event names a secondary: shadow, mirror, replica, copy, cache, standby, backup.
enum class Role : uint8_t { kPrimary, kSecondary };
Role RoleOf(std::string_view role);

}  // namespace gainsay

#endif  // GAINSAY_EVENT_EVENT_H_
