// The events that a watch keeps: in order, and by task, until their tasks are closed and forgotten.
//
// Order is that of a scan: time, then source, then input order. Nothing here asks a clock: what is kept and
// what is forgotten depends on the events alone.
// Thread rules: one store, one thread.
#ifndef GAINSAY_WATCH_EVENT_STORE_H_
#define GAINSAY_WATCH_EVENT_STORE_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "event/event.h"
#include "watch/reach.h"

namespace gainsay {

class EventStore {
 public:
  using Events = std::map<EventKey, KeptEvent>;
  using Item = Events::value_type;  // stays where it is until it is dropped

  // What is kept of one task, by its id. An outer system's task (a unit) has the events without an id.
  struct TaskEvents {
    std::vector<const Item*> events;  // in order
    uint32_t runs_forgotten = 0;
    uint32_t lifecycle = 0;  // events that make it known as a task
    // Where many are kept: so many of them are of runs that were over at that time, and so many runs these
    // are. What selection.h has found out, and would find again.
    mutable size_t closed = 0;
    mutable uint32_t closed_runs = 0;
    mutable int64_t closed_at_ns = kNoTime;
    // Whether its end is still to come, as far as its events up to `time_ns` tell.
    bool OpenAt(int64_t time_ns) const { return OpenAt({time_ns, UINT32_MAX, UINT64_MAX}); }
    bool OpenAt(const EventKey& key) const;
  };

  const Item* Add(KeptEvent event);
  const Item* Add(const EventKey& key, KeptEvent event);  // one that was kept before

  const Events& events() const { return events_; }
  uint64_t next_sequence() const { return next_sequence_; }
  void set_next_sequence(uint64_t sequence) { next_sequence_ = sequence; }
  const ReachIndex& reach() const { return reach_; }
  // Whether a task is known by the event's own id.
  bool IsClaimed(const Event& event) const;
  uint64_t errors() const { return errors_; }  // write errors among the events

  const TaskEvents* Find(std::string_view task) const;
  // Ids and events of all tasks, in no order.
  const absl::flat_hash_map<std::string, TaskEvents>& tasks() const { return tasks_; }
  void SetRunsForgotten(std::string_view task, uint32_t runs);

  // Drops the task's first `count` events; with all of them the task.
  void DropFirst(std::string_view task, size_t count);
  // Drops an event that is of no task.
  void Drop(const EventKey& key);

  // Under whose name an event is kept: its task, else the outer one, else "".
  static std::string_view TaskOf(const Event& event) {
    return event.task.empty() ? event.outer_task : event.task;
  }

 private:
  void AddToTask(const Item* item);
  void SetFloating(const TaskEvents& task, bool floating);
  void Erase(const Item* item);

  Events events_;
  ReachIndex reach_;
  absl::flat_hash_map<std::string, TaskEvents> tasks_;
  uint64_t next_sequence_ = 0, errors_ = 0;
};

inline const Event& EventOf(const EventStore::Item& item) { return item.second.event(); }

}  // namespace gainsay

#endif  // GAINSAY_WATCH_EVENT_STORE_H_
