// The idea: lifecycle events come first, since they alone make tasks and tell which units are only the
// house of another system's tasks; then errors and resolutions find their task among these.
#include "task/attribution.h"

#include <algorithm>

#include "absl/strings/string_view.h"

namespace gainsay {
namespace {

absl::string_view Key(std::string_view text) { return {text.data(), text.size()}; }

bool IsLifecycle(const Event& event) {
  return event.kind == RuleKind::kStart || event.kind == RuleKind::kTerminal ||
         event.kind == RuleKind::kMention;
}

class Attributor {
 public:
  explicit Attributor(const Matcher& matcher) : matcher_(matcher) {}

  Attribution DealOut(const std::vector<Event*>& events) {
    for (const Event* event : events) {
      if (IsLifecycle(*event) || NamesItsScope(*event)) SeeTask(*event);
    }
    for (size_t i = 0; i < events.size(); ++i) Place(events[i], i);
    return std::move(result_);
  }

 private:
  void SeeTask(const Event& event) {
    if (event.task.empty()) return;
    // Who mentions a task (an enqueuer) need not be its house.
    const bool lives_there = event.kind == RuleKind::kStart || event.kind == RuleKind::kTerminal;
    if (lives_there && !event.outer && !event.outer_task.empty()) houses_.insert(HouseKey(event));
    TaskOf(event, ScopeOf(event));
  }

  void Place(Event* event, uint64_t order) {
    if (event->kind == RuleKind::kError) result_.errors.push_back({event, order});
    if (IsLifecycle(*event)) {
      if (event->task.empty()) return;
      if (event->kind == RuleKind::kTerminal) ++result_.terminals;
      result_.tasks[TaskOf(*event, ScopeOf(*event))].events.push_back({event, order});
      return;
    }
    if (event->task.empty()) TakeOuterTask(event);
    Task* task = event->task.empty() ? nullptr : Find(*event);
    if (task != nullptr) {
      task->events.push_back({event, order});
    } else {
      event->matched_by = MatchedBy::kNone;
      auto& homeless = event->kind == RuleKind::kError ? result_.unattributed : result_.orphans;
      homeless.push_back({event, order});
    }
  }

  // An outer system's task, unless other systems' tasks live in it.
  void TakeOuterTask(Event* event) {
    if (event->outer_task.empty() || houses_.contains(HouseKey(*event))) return;
    event->task = event->outer_task;
    event->run = event->outer_run;
    event->outer = true;
    event->matched_by = MatchedBy::kField;
  }

  // The only task that an error's or resolution's id can mean; made if there is none yet. Null if there
  // are several: none is chosen.
  Task* Find(const Event& event) {
    if (!event.outer && NamesItsScope(event)) return &result_.tasks[TaskOf(event, ScopeOf(event))];
    auto found = by_id_.find(Key(event.task));
    if (found == by_id_.end()) return &result_.tasks[TaskOf(event, {})];
    std::vector<uint32_t> fitting;
    for (uint32_t index : found->second) {
      if (Fits(result_.tasks[index], event)) fitting.push_back(index);
    }
    if (fitting.empty()) return &result_.tasks[TaskOf(event, {})];
    if (fitting.size() == 1) return &result_.tasks[fitting[0]];
    if (event.kind == RuleKind::kError) {
      for (uint32_t index : fitting) result_.tasks[index].ambiguous = true;
    }
    return nullptr;
  }

  static bool Fits(const Task& task, const Event& event) {
    return std::all_of(task.scope.begin(), task.scope.end(), [&](const auto& part) {
      const std::string_view value = event.field(part.first);
      return value.empty() || part.second.empty() || value == part.second;
    });
  }

  using Scope = std::vector<std::pair<Field, std::string_view>>;

  // Whether the event is of a system whose tasks have a scope, and knows all of it.
  bool NamesItsScope(const Event& event) const {
    const Scope scope = ScopeOf(event);
    return !scope.empty() &&
           std::none_of(scope.begin(), scope.end(), [](const auto& part) { return part.second.empty(); });
  }

  Scope ScopeOf(const Event& event) const {
    Scope scope;
    for (const std::string& name : matcher_.pack_of(event.rule).scope) {
      if (const std::optional<Field> field = FieldByName(name))
        scope.emplace_back(*field, event.field(*field));
    }
    return scope;
  }

  uint32_t TaskOf(const Event& event, const Scope& scope) {
    std::vector<uint32_t>& same_id = by_id_[Key(event.task)];
    for (uint32_t index : same_id) {
      if (result_.tasks[index].scope == scope) return index;
    }
    const auto index = static_cast<uint32_t>(result_.tasks.size());
    same_id.push_back(index);
    result_.tasks.push_back({event.task, scope, {}, false});
    return index;
  }

  static std::string HouseKey(const Event& event) {
    std::string key(event.host);
    key += '\0';
    key += event.outer_task;
    return key;
  }

  const Matcher& matcher_;
  Attribution result_;
  absl::flat_hash_map<absl::string_view, std::vector<uint32_t>> by_id_;
  absl::flat_hash_set<std::string> houses_;  // units whose records hold another system's lifecycle
};

}  // namespace

Attribution Attribute(const std::vector<Event*>& events, const Matcher& matcher) {
  return Attributor(matcher).DealOut(events);
}

}  // namespace gainsay
