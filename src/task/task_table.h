// The tasks of a scan, by id and, for systems whose ids are small counters, by scope. A task is a number
// here, and little more: most tasks of a log are of no interest, and may be millions.
//
// Keys stand for ids as records name them, with their scope, in the order in which they are first asked for;
// a task's number tells when it was made. Where these are the same, nothing is kept to tell one from the
// other.
#ifndef GAINSAY_TASK_TASK_TABLE_H_
#define GAINSAY_TASK_TASK_TABLE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "event/matcher.h"
#include "task/id_table.h"

namespace gainsay {

using Scope = std::vector<std::pair<Field, std::string_view>>;

class TaskTable {
 public:
  explicit TaskTable(const Matcher& matcher) : matcher_(matcher) {}

  uint32_t KeyOf(const Event& event);  // of an event that names a task; made if new
  std::optional<uint32_t> FindKey(const Event& event) const;
  bool HasScope(const Event& event) const;  // whether its id is that of a system with scopes
  uint32_t keys() const { return static_cast<uint32_t>(ids_.size()); }  // each is below
  std::string_view IdOfKey(uint32_t key, std::string* scratch) const;

  // First of all for the key of each event that names a task: where records name one scope of an id only,
  // others of that system that leave it out mean the same task. Not needed where no key has a scope.
  void LearnScope(uint32_t key);
  bool any_scoped() const { return any_scoped_; }

  // The key's task; made if new.
  uint32_t Make(uint32_t named);
  uint32_t Of(const Event& event) { return Make(KeyOf(event)); }
  // The task of an event that was made before.
  uint32_t NumberOf(uint32_t key) const;
  std::string_view IdOf(uint32_t task, std::string* scratch) const { return IdOfKey(Key(task), scratch); }

  // The known tasks that an error's or resolution's id may mean, ascending; the one made of such ids if there
  // are none.
  std::vector<uint32_t> Fitting(const Event& event);

  // From here on, ids that no event of their own system named are unknown.
  void CloseKnown() { known_ = size_; }
  // From here on no event's id is asked for, which frees memory; those of keys and tasks stay.
  void CloseIds() {
    // What a key means that leaves its scope out is found by its id.
    if (!any_scoped_) ids_.CloseIndex();
  }
  bool Knows(std::string_view id) const;
  size_t known() const { return known_; }
  size_t size() const { return size_; }

  // Whether other tasks have this one's id.
  bool SharesId(uint32_t task) const;

  // Whether the event is of a system whose tasks have a scope, and knows all of it.
  bool NamesItsScope(const Event& event) const;

 private:
  static constexpr size_t kLongId = 24;  // an ObjectId, a ULID, a UUID
  static constexpr uint32_t kNone = UINT32_MAX;

  // What stands for the event's id: the id, or a text in `scratch` that holds its scope, too.
  std::string_view KeyText(const Event& event, std::string* scratch) const;
  Scope ScopeOf(const Event& event) const;
  bool Fits(uint32_t task, const Event& event) const;
  bool LeavesScopeOut(uint32_t key) const;  // of a key of a system with scopes
  uint32_t Number(uint32_t key) const;      // kNone if it has no task
  // The key itself, or what one means that leaves the scope out; none if no event has that key.
  std::optional<uint32_t> Meant(uint32_t key) const;
  uint32_t Key(uint32_t task) const { return keys_.empty() ? task : keys_[task]; }
  void PartKeysFromNumbers();

  const Matcher& matcher_;
  IdTable ids_;
  size_t size_ = 0, known_ = 0;
  std::vector<uint32_t> numbers_, keys_;  // by each other; empty where they are the same
  bool any_scoped_ = false;
  absl::flat_hash_map<std::string, uint32_t> scopes_;  // the only key with a scope, by id; kNone: several
  absl::flat_hash_map<std::string, std::vector<uint32_t>> scoped_;  // tasks with a scope, by id
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_TASK_TABLE_H_
