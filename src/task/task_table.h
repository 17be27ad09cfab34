// The tasks of a scan, by id and, for systems whose ids are small counters, by scope.
#ifndef GAINSAY_TASK_TASK_TABLE_H_
#define GAINSAY_TASK_TASK_TABLE_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "event/matcher.h"
#include "task/attempts.h"

namespace gainsay {

using Scope = std::vector<std::pair<Field, std::string_view>>;

// A task and its events. Pointers are into the correlator's storage.
struct Task {
  std::string_view id;
  std::string_view mentioned_name;  // as its mentions tell; "" if they do not
  Scope scope;                      // further parts of its key
  std::vector<Placed> events;       // in order
  bool outer = false;               // of a system that holds other systems' tasks
  std::vector<uint64_t> doubts;     // order of write errors that may be its or another task's; sorted
  std::optional<uint32_t> input;    // the source that it is all of (task/input_tasks.h)
};

class TaskTable {
 public:
  explicit TaskTable(const Matcher& matcher) : matcher_(matcher) {}

  // First of all for each event that names a task: where records name one scope of an id only, others of that
  // system that leave it out mean the same task.
  void LearnScope(const Event& event);
  // The task of an event that names one with its scope; made if new.
  uint32_t Of(const Event& event);

  // The known tasks that an error's or resolution's id may mean; the one made of such ids if there are none.
  std::vector<uint32_t> Fitting(const Event& event);

  // From here on, ids that no event of their own system named are unknown.
  void CloseKnown() { known_ = tasks_.size(); }
  bool Knows(std::string_view id) const;

  // Whether the event is of a system whose tasks have a scope, and knows all of it.
  bool NamesItsScope(const Event& event) const;

  std::vector<Task>& tasks() { return tasks_; }
  const std::vector<Task>& tasks() const { return tasks_; }

 private:
  static constexpr size_t kLongId = 24;  // an ObjectId, a ULID, a UUID

  static absl::string_view Key(std::string_view text) { return {text.data(), text.size()}; }
  Scope ScopeOf(const Event& event) const;
  uint32_t Make(const Event& event, const Scope& scope);

  const Matcher& matcher_;
  size_t known_ = 0;
  std::vector<Task> tasks_;
  absl::flat_hash_map<absl::string_view, std::vector<uint32_t>> by_id_;
  absl::flat_hash_map<absl::string_view, Scope> scopes_;  // by id; empty where there are several
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_TASK_TABLE_H_
