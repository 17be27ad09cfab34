#include "rule/rule.h"

namespace gainsay {

std::string_view KindName(RuleKind kind) {
  switch (kind) {
    case RuleKind::kStart:
      return "start";
    case RuleKind::kMention:
      return "mention";
    case RuleKind::kError:
      return "error";
    case RuleKind::kResolution:
      return "resolution";
    case RuleKind::kTerminal:
      return "terminal";
  }
  return "";
}

std::string_view StateName(State state) {
  switch (state) {
    case State::kNone:
      return "";
    case State::kSucceeded:
      return "succeeded";
    case State::kFailed:
      return "failed";
    case State::kCancelled:
      return "cancelled";
    case State::kRetrying:
      return "retrying";
  }
  return "";
}

}  // namespace gainsay
