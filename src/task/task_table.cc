#include "task/task_table.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "rule/wire.h"

namespace gainsay {

bool TaskTable::HasScope(const Event& event) const {
  return event.task.size() < kLongId && !matcher_.pack_of(event.rule).scope.empty();
}

// An id without a scope is its own key. One of a system with scopes has a text of the id and its scope's
// parts: none where the record leaves it out.
std::string_view TaskTable::KeyText(const Event& event, std::string* scratch) const {
  if (!HasScope(event)) return event.task;
  scratch->clear();
  WireWriter writer(scratch);
  writer.Text(event.task);
  for (const auto& [field, value] : ScopeOf(event)) writer.Number(static_cast<uint64_t>(field)).Text(value);
  return *scratch;
}

uint32_t TaskTable::KeyOf(const Event& event) {
  const bool scoped = HasScope(event);
  any_scoped_ = any_scoped_ || scoped;
  std::string scratch;
  return ids_.Of(KeyText(event, &scratch), scoped);
}

std::optional<uint32_t> TaskTable::FindKey(const Event& event) const {
  std::string scratch;
  return ids_.Find(KeyText(event, &scratch), HasScope(event));
}

void TaskTable::LearnScope(uint32_t key) {
  std::string scratch;
  if (!ids_.IsScoped(key) || LeavesScopeOut(key)) return;
  const auto [known, fresh] = scopes_.try_emplace(std::string(IdOfKey(key, &scratch)), key);
  if (!fresh && known->second != key) known->second = kNone;
}

bool TaskTable::LeavesScopeOut(uint32_t key) const {
  std::string scratch;
  WireReader reader(ids_.TextOf(key, &scratch));
  reader.Text();
  return reader.at_end();
}

std::optional<uint32_t> TaskTable::Meant(uint32_t key) const {
  if (!ids_.IsScoped(key) || !LeavesScopeOut(key)) return key;
  std::string scratch;
  const std::string_view id = IdOfKey(key, &scratch);
  const auto only = scopes_.find(std::string(id));
  if (only != scopes_.end() && only->second != kNone) return only->second;
  return ids_.Find(id);
}

std::string_view TaskTable::IdOfKey(uint32_t key, std::string* scratch) const {
  const std::string_view text = ids_.TextOf(key, scratch);
  return ids_.IsScoped(key) ? WireReader(text).Text() : text;
}

bool TaskTable::Fits(uint32_t task, const Event& event) const {
  std::string scratch;
  WireReader reader(ids_.TextOf(Key(task), &scratch));
  reader.Text();
  while (!reader.at_end()) {
    const auto field = static_cast<Field>(reader.Number());
    const std::string_view part = reader.Text(), value = event.field(field);
    if (!value.empty() && !part.empty() && value != part) return false;
  }
  return true;
}

std::vector<uint32_t> TaskTable::Fitting(const Event& event) {
  if (!event.outer && NamesItsScope(event)) return {Of(event)};
  std::vector<uint32_t> fitting;
  if (const auto key = ids_.Find(event.task); key && Number(*key) < known_) fitting.push_back(Number(*key));
  if (const auto scoped = scoped_.find(std::string(event.task)); scoped != scoped_.end()) {
    for (uint32_t task : scoped->second) {
      if (task < known_ && Fits(task, event)) fitting.push_back(task);
    }
    std::sort(fitting.begin(), fitting.end());
  }
  if (fitting.empty()) fitting.push_back(Make(ids_.Of(event.task)));
  return fitting;
}

bool TaskTable::Knows(std::string_view id) const {
  if (const auto key = ids_.Find(id); key && Number(*key) < known_) return true;
  if (scoped_.empty()) return false;
  const auto scoped = scoped_.find(std::string(id));
  return scoped != scoped_.end() && scoped->second.front() < known_;
}

bool TaskTable::SharesId(uint32_t task) const {
  if (scoped_.empty()) return false;
  std::string scratch;
  return scoped_.contains(std::string(IdOf(task, &scratch)));
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

uint32_t TaskTable::NumberOf(uint32_t key) const {
  const std::optional<uint32_t> meant = Meant(key);
  return meant ? Number(*meant) : kNone;
}

uint32_t TaskTable::Number(uint32_t key) const {
  if (keys_.empty()) return key < size_ ? key : kNone;
  return key < numbers_.size() ? numbers_[key] : kNone;
}

void TaskTable::PartKeysFromNumbers() {
  keys_.resize(size_);
  std::iota(keys_.begin(), keys_.end(), uint32_t{0});
  numbers_ = keys_;
}

uint32_t TaskTable::Make(uint32_t named) {
  const std::optional<uint32_t> meant = Meant(named);
  if (!meant) {
    std::string scratch;
    return Make(ids_.Of(std::string(IdOfKey(named, &scratch))));
  }
  const uint32_t key = *meant;
  if (const uint32_t number = Number(key); number != kNone) return number;
  const auto number = static_cast<uint32_t>(size_);
  if (keys_.empty() && key != number) PartKeysFromNumbers();
  if (key != number || !keys_.empty()) {
    keys_.push_back(key);
    numbers_.resize(std::max(numbers_.size(), ids_.size()), kNone);
    numbers_[key] = number;
  }
  ++size_;
  if (ids_.IsScoped(key)) {
    std::string scratch;
    scoped_[std::string(IdOfKey(key, &scratch))].push_back(number);
  }
  return number;
}

}  // namespace gainsay
