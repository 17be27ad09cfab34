#include "event/event.h"

#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace gainsay {
namespace {

absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

std::string_view MatchedByName(MatchedBy by) {
  switch (by) {
    case MatchedBy::kNone:
      return "none";
    case MatchedBy::kTask:
      return "task";
    case MatchedBy::kField:
      return "field";
    case MatchedBy::kTrace:
      return "trace";
    case MatchedBy::kSubject:
      return "subject";
    case MatchedBy::kLane:
      return "lane";
    case MatchedBy::kWeak:
      return "weak";
    case MatchedBy::kInput:
      return "input";
  }
  return "none";
}

std::string_view Event::field(Field f) const {
  switch (f) {
    case Field::kTask:
      return task;
    case Field::kRun:
      return run;
    case Field::kAttempt:
      return attempt;
    case Field::kName:
      return name;
    case Field::kTrace:
      return trace;
    case Field::kSubject:
      return subject;
    case Field::kMessage:
      return message;
    case Field::kError:
      return error;
    case Field::kHost:
      return host;
    case Field::kPid:
      return pid;
    case Field::kThread:
      return thread;
    case Field::kLane:
      return lane;
    case Field::kQueue:
      return queue;
    case Field::kOuterTask:
      return outer_task;
    case Field::kOuterRun:
      return outer_run;
    case Field::kTime:
    case Field::kLevel:
    case Field::kLogger:
      return {};
  }
  return {};
}

KeptEvent::KeptEvent(const Event& event) : event_(event) {
  size_t size = 0;
  event_.ForEachText([&](std::string_view& text) { size += text.size(); });
  text_ = std::make_unique_for_overwrite<char[]>(size);
  char* end = text_.get();
  event_.ForEachText([&](std::string_view& text) {
    if (text.empty()) {
      text = {};
      return;
    }
    std::memcpy(end, text.data(), text.size());
    text = {end, text.size()};
    end += text.size();
  });
}

Role RoleOf(std::string_view role) {
  for (const char* word : {"secondary", "shadow", "mirror", "replica", "copy", "cache", "standby", "backup",
                           "slave", "follower"}) {
    if (absl::StartsWithIgnoreCase(Absl(role), word)) return Role::kSecondary;
  }
  return Role::kPrimary;
}

}  // namespace gainsay
