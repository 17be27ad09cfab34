#include "task/task_table.h"

#include <algorithm>
#include <utility>

namespace gainsay {
namespace {

bool Fits(const Task& task, const Event& event) {
  return std::all_of(task.scope.begin(), task.scope.end(), [&](const auto& part) {
    const std::string_view value = event.field(part.first);
    return value.empty() || part.second.empty() || value == part.second;
  });
}

}  // namespace

void TaskTable::LearnScope(const Event& event) {
  Scope scope = ScopeOf(event);
  if (scope.empty()) return;
  const auto [known, fresh] = scopes_.try_emplace(Key(event.task), scope);
  if (!fresh && known->second != scope) known->second.clear();
}

uint32_t TaskTable::Of(const Event& event) {
  const Scope scope = ScopeOf(event);
  const bool left_out = scope.empty() && !matcher_.pack_of(event.rule).scope.empty();
  const auto only = left_out ? scopes_.find(Key(event.task)) : scopes_.end();
  return Make(event, only == scopes_.end() ? scope : only->second);
}

std::vector<uint32_t> TaskTable::Fitting(const Event& event) {
  if (!event.outer && NamesItsScope(event)) return {Of(event)};
  std::vector<uint32_t> fitting;
  if (auto found = by_id_.find(Key(event.task)); found != by_id_.end()) {
    for (uint32_t index : found->second) {
      if (index < known_ && Fits(tasks_[index], event)) fitting.push_back(index);
    }
  }
  if (fitting.empty()) fitting.push_back(Make(event, {}));
  return fitting;
}

bool TaskTable::Knows(std::string_view id) const {
  auto found = by_id_.find(Key(id));
  return found != by_id_.end() && found->second.front() < known_;
}

bool TaskTable::NamesItsScope(const Event& event) const {
  const Scope scope = ScopeOf(event);
  return !scope.empty() &&
         std::none_of(scope.begin(), scope.end(), [](const auto& part) { return part.second.empty(); });
}

// Scopes are for small counters: an id that is long enough needs none, and what no record names is none, so
// that another pack's words for the same task mean the same task.
Scope TaskTable::ScopeOf(const Event& event) const {
  Scope scope;
  bool named = false;
  if (event.task.size() >= kLongId) return scope;
  for (const std::string& name : matcher_.pack_of(event.rule).scope) {
    const std::optional<Field> field = FieldByName(name);
    if (!field) continue;
    scope.emplace_back(*field, event.field(*field));
    named = named || !scope.back().second.empty();
  }
  return named ? scope : Scope();
}

uint32_t TaskTable::Make(const Event& event, const Scope& scope) {
  std::vector<uint32_t>& same_id = by_id_[Key(event.task)];
  for (uint32_t index : same_id) {
    if (tasks_[index].scope == scope) return index;
  }
  const auto index = static_cast<uint32_t>(tasks_.size());
  same_id.push_back(index);
  Task task;
  task.id = event.task;
  task.scope = scope;
  tasks_.push_back(std::move(task));
  return index;
}

}  // namespace gainsay
