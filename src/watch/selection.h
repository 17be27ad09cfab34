// What has to be judged together, so that what is due gets the verdicts that judging everything would give:
// the tasks whose verdict may have changed, the events without a task that may be theirs, and whose else
// these may be. What is looked at is bounded for each of them; beyond, the next sweep, which judges
// everything, has the last word.
#ifndef GAINSAY_WATCH_SELECTION_H_
#define GAINSAY_WATCH_SELECTION_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "watch/event_store.h"
#include "watch/task_part.h"

namespace gainsay {

struct DueEvent {
  const EventStore::Item* item;
  bool late;  // what it bears on may have been decided without it
};

struct Selection {
  using Items = std::vector<const EventStore::Item*>;
  bool whole = false;  // everything that is kept
  bool any_error = false;
  absl::flat_hash_map<std::string, TaskPart> tasks;
  Items items;  // in order

  bool Tells(std::string_view task) const {
    const auto part = tasks.find(absl::string_view(task.data(), task.size()));
    return whole || (part != tasks.end() && part->second.told);
  }
};

struct SelectOptions {
  int64_t until_ns;    // what is later is not looked at
  int64_t settled_ns;  // up to here, findings are told
  // Whether a finding of this task was told.
  std::function<bool(std::string_view task)> told_of;
};

// Everything up to a time.
Selection SelectAll(const EventStore& store, int64_t until_ns);
// What `due` is about; `tasks` holds none that is told if there is nothing to say.
Selection Select(const EventStore& store, const std::vector<DueEvent>& due, const SelectOptions& options);

}  // namespace gainsay

#endif  // GAINSAY_WATCH_SELECTION_H_
