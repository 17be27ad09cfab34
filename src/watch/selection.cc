// The idea: from what is due one goes to the tasks that it may be about, from these to the events without a
// task that lie within their reach (reach.h), and from these to all tasks that may have them instead. The
// first are told of, the last are only there so that attribution sees whom it has to choose between.
#include "watch/selection.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "task/event_roles.h"
#include "watch/task_life.h"

namespace gainsay {
namespace {

using Item = EventStore::Item;
using Items = Selection::Items;

constexpr size_t kLaneSteps = 32;    // in a lane, in either direction
constexpr size_t kNext = 3;          // of them, those that are taken though they are elsewhere
constexpr size_t kNameSteps = 4096;  // to those that bear a name
constexpr size_t kLoneSteps = 256;   // to further events of the only one that bears it
constexpr size_t kShared = 16;       // events without a task that a due one may bear on, by one handle
constexpr size_t kLastEnded = 4;
constexpr size_t kFloating = 1024;  // of a task by one handle
constexpr size_t kErrors = 64;      // before a resolution of nobody

absl::string_view Key(std::string_view text) { return {text.data(), text.size()}; }

bool Earlier(const Item* a, const Item* b) { return a->first < b->first; }

class Selector {
 public:
  Selector(const EventStore& store, const SelectOptions& options)
      : store_(store), reach_(store.reach()), options_(options) {}

  Selection Take(const std::vector<DueEvent>& due) {
    for (const DueEvent& one : due) See(one);
    if (std::none_of(tasks_.begin(), tasks_.end(), [](const auto& task) { return task.second.told; }))
      return {};
    std::vector<std::string> told;
    for (const auto& [task, part] : tasks_) {
      if (part.told) told.push_back(task);
    }
    std::sort(told.begin(), told.end());
    for (const std::string& task : told) AddFloatingOf(task);
    for (size_t i = 0, sorted = 0; i < floating_.size(); ++i) {
      if (i == sorted) {
        std::sort(floating_.begin() + static_cast<ptrdiff_t>(i), floating_.end(), Earlier);
        sorted = floating_.size();
      }
      AddCandidates(*floating_[i]);
    }
    AddNeighbours();
    return Gather();
  }

 private:
  using Part = TaskPart;
  using Places = absl::flat_hash_set<std::pair<Handle, const Item*>>;  // what was looked at before

  void See(const DueEvent& due) {
    const Event& event = EventOf(*due.item);
    const bool nobodys = MayFloat(event) && !store_.IsClaimed(event);
    const std::string_view task = EventStore::TaskOf(event);
    if (nobodys) {
      TellOfCandidates(*due.item);
    } else if (event.kind == RuleKind::kTerminal) {
      if (event.state == State::kSucceeded || options_.told_of(task) || EndedWell(task)) {
        Tell(task, due.item->first.time_ns);
      }
    } else if (EndedWell(task)) {
      Tell(task, due.item->first.time_ns);
    }
    if (!nobodys && !task.empty() && reach_.AnyFloating()) {
      TellOfNeighbours(*due.item, due.late || IsEndWithoutStart(*due.item));
    }
  }

  // Those whose run has ended, and whose the event may be.
  void TellOfCandidates(const Item& item) {
    AddFloating(&item);
    const bool error = EventOf(item).kind == RuleKind::kError;
    VisitCandidates(item, &told_at_, [&](std::string_view task, int64_t, bool near) {
      if (!near) return;
      const bool moot = error && options_.told_of(task) && HasOneEnd(*store_.Find(task));
      if (!moot && EndedWell(task)) Tell(task, item.first.time_ns);
    });
  }

  // Those who may lose or get an event without a task by this one: by the names that it makes known, and as
  // far as it changes who was where.
  void TellOfNeighbours(const Item& item, bool places) {
    const EventKey last = EndOf(std::min(Behind(item.first.time_ns, kSlack), options_.until_ns));
    auto visit = [&, left = kShared](const Item& other) mutable {
      if (!looked_at_.insert(&other).second) return --left > 0;
      VisitCandidates(other, &told_at_, [&](std::string_view task, int64_t, bool near) {
        if (near && EndedWell(task)) Tell(task, other.first.time_ns);
      });
      return --left > 0;
    };
    const Handles handles = Offered(EventOf(item));
    for (Handle handle : handles.names) reach_.FloatingBefore(handle, last, visit);
    VisitOwnBefore(item, visit);
    if (!places) return;
    for (Handle handle : handles.places) reach_.FloatingBefore(handle, last, visit);
    if (handles.house != 0) reach_.FloatingBefore(handles.house, last, visit);
  }

  // What bears the task's id and could be anybody's until this made it known.
  template <typename Visit>
  void VisitOwnBefore(const Item& item, Visit& visit) {
    const EventStore::TaskEvents* task = store_.Find(EventStore::TaskOf(EventOf(item)));
    if (task == nullptr || task->lifecycle != 1) return;
    for (const Item* one : task->events) {
      if (one != &item && MayFloat(EventOf(*one)) && !visit(*one)) return;
    }
  }

  bool IsEndWithoutStart(const Item& item) const {
    if (EventOf(item).kind != RuleKind::kTerminal) return false;
    const EventStore::TaskEvents* task = store_.Find(EventStore::TaskOf(EventOf(item)));
    return task != nullptr && task->events.size() <= TaskPart::kSmall &&
           std::none_of(task->events.begin(), task->events.end(),
                        [](const Item* one) { return EventOf(*one).kind == RuleKind::kStart; });
  }

  void Tell(std::string_view task, int64_t time_ns) { Want(task, time_ns).told = true; }

  Part& Want(std::string_view task, int64_t time_ns) {
    Part& part = tasks_[Key(task)];
    part.wanted_ns = std::min(part.wanted_ns, time_ns);
    return part;
  }

  bool AddFloating(const Item* item) {
    if (item->first.time_ns > options_.until_ns || !floats_.insert(item).second) return false;
    floating_.push_back(item);
    return true;
  }

  // What is not settled is due by itself.
  bool EndedWell(std::string_view task) const {
    const EventStore::TaskEvents* kept = store_.Find(task);
    return kept != nullptr && gainsay::EndedWell(*kept, options_.settled_ns);
  }

  // Calls `visit(task, time, near)` for the tasks that this event without one may belong to, and some around
  // it that are not near.
  template <typename Visit>
  void VisitCandidates(const Item& item, Places* seen, Visit visit) {
    const Handles handles = Asked(EventOf(item));
    for (Handle handle : handles.places) VisitAround(item, handle, kLaneSteps, seen, visit);
    if (handles.house != 0) VisitAround(item, handles.house, 1, seen, visit);
    for (Handle handle : handles.names) VisitNamed(item, handle, visit);
  }

  template <typename Visit>
  void VisitAround(const Item& item, Handle handle, size_t steps, Places* seen, Visit visit) {
    if (!seen->insert({handle, NextTo(item, handle)}).second) return;
    auto one = [&, step = size_t{0}](const Item& other) mutable {
      if (other.first.time_ns > options_.until_ns) return false;
      const std::string_view task = EventStore::TaskOf(EventOf(other));
      const bool near = MayHold(*store_.Find(task), item);
      if (near || step < kNext) visit(task, other.first.time_ns, near);
      return ++step < steps;
    };
    reach_.OfferedBefore(handle, item.first, one);
    reach_.OfferedBehind(handle, item.first, one);
  }

  // The last event before it; events that have the same one have the same ones around them.
  const Item* NextTo(const Item& item, Handle handle) const {
    const Item* next = nullptr;
    reach_.OfferedBefore(handle, item.first, [&](const Item& other) {
      next = &other;
      return false;
    });
    return next;
  }

  // Of those that bear the name, the ones that may run, the last that did, and what comes next.
  template <typename Visit>
  void VisitNamed(const Item& item, Handle handle, Visit visit) {
    size_t steps = 0, known = 0;
    std::string_view last;
    auto before = [&](const Item& other) {
      const Event& event = EventOf(other);
      if (event.task.empty()) {
        AddFloating(&other);
      } else if (event.task != last) {
        last = event.task;
        const EventStore::TaskEvents* task = store_.Find(last);
        if (known < kLastEnded || MayRun(*task, item.first.time_ns)) visit(last, other.first.time_ns, true);
        ++known;
      }
      return ++steps < (known > 1 ? kNameSteps : kLoneSteps);
    };
    reach_.OfferedBefore(handle, item.first, before);
    auto behind = [&, left = 2 * kLaneSteps](const Item& other) mutable {
      const Event& event = EventOf(other);
      if (other.first.time_ns > options_.until_ns) return false;
      if (event.task.empty()) {
        AddFloating(&other);
      } else {
        visit(event.task, other.first.time_ns, true);
      }
      return --left > 0;
    };
    reach_.OfferedBehind(handle, item.first, behind);
  }

  void AddCandidates(const Item& item) {
    const Event& event = EventOf(item);
    VisitCandidates(item, &candidates_at_,
                    [&](std::string_view task, int64_t time_ns, bool) { Want(task, time_ns); });
    if (event.kind == RuleKind::kResolution) AddErrorsBefore(item);
    if (!IsNamelessHint(event)) return;
    for (Handle handle : Offered(event).names) AddFloatingBy(handle, Span());
  }

  // A resolution of nobody may be for any error that is still open.
  void AddErrorsBefore(const Item& resolution) {
    auto visit = [&, left = kErrors](const Item& item) mutable {
      if (store_.IsClaimed(EventOf(item))) {
        Want(EventOf(item).task, item.first.time_ns);
      } else {
        AddFloating(&item);
      }
      return --left > 0;
    };
    reach_.OfferedBefore(ReachIndex::kErrors, resolution.first, visit);
  }

  bool AddFloatingBy(Handle handle, const Span& span) {
    bool any = false;
    auto visit = [&, left = kFloating, steps = kNameSteps](const Item& item) mutable {
      if (item.first.time_ns < span.from_ns || left == 0 || steps-- == 0) return false;
      if (!span.Holds(item) || store_.IsClaimed(EventOf(item))) return true;
      AddFloating(&item);
      --left;
      return any = true;
    };
    reach_.FloatingBefore(handle, EndOf(std::min(span.to_ns, options_.until_ns)), visit);
    return any;
  }

  // The events without a task that may be this task's.
  void AddFloatingOf(const std::string& task) {
    const EventStore::TaskEvents* kept = store_.Find(task);
    if (kept == nullptr || !reach_.AnyFloating()) return;
    Part part = tasks_.at(task);
    Delimit(*kept, options_.until_ns, options_.settled_ns, &part);
    bool errors = false;
    absl::flat_hash_set<Handle> places, names;
    Span span = {kEver, kNoTime};
    for (size_t i = part.first; i < part.end; ++i) {
      const Item& item = *kept->events[i];
      if (IsNobodys(EventOf(item))) continue;
      errors = errors || EventOf(item).kind == RuleKind::kError;
      span.Add(item);
      span.from_ns = std::min(span.from_ns, Before(item.first.time_ns, kSlack));
      span.to_ns = std::max(span.to_ns, Behind(item.first.time_ns, kSlack));
      const Handles handles = Offered(EventOf(item));
      places.insert(handles.places.begin(), handles.places.end());
      names.insert(handles.names.begin(), handles.names.end());
    }
    const Item* begin = FirstOfLife(kept->events, part.first, part.end);
    if (begin != nullptr && EventOf(*begin).kind != RuleKind::kStart) BeginBehindOthers(*begin, &span);
    for (Handle handle : places) errors |= AddFloatingBy(handle, span);
    for (Handle handle : names) errors |= AddFloatingBy(handle, Span());
    if (errors) AddFloatingBy(ReachIndex::kResolutions, span);
  }

  // A task of which no start is known ran since the end before its own in its lane.
  void BeginBehindOthers(const Item& own, Span* span) const {
    span->began = false;
    span->from_ns = kNoTime;
    const Handle lane = LaneOf(EventOf(own));
    if (lane == 0) return;
    reach_.OfferedBefore(lane, own.first, [&, left = kLaneSteps](const Item& item) mutable {
      const Event& event = EventOf(item);
      if (event.kind == RuleKind::kTerminal && event.task != EventOf(own).task) span->behind = &item;
      return span->behind == nullptr && --left > 0;
    });
    if (span->behind != nullptr) span->from_ns = Before(span->behind->first.time_ns, kSlack);
  }

  // What tells of the lanes that tasks run in: who ended there before, and whether tasks ever ran there at
  // once.
  void AddNeighbours() {
    if (floating_.empty()) return;
    std::vector<std::string> tasks;
    for (const auto& [task, part] : tasks_) tasks.push_back(task);
    std::sort(tasks.begin(), tasks.end());
    absl::flat_hash_set<Handle> lanes;
    for (const std::string& task : tasks) {
      const EventStore::TaskEvents* kept = store_.Find(task);
      if (kept == nullptr) continue;
      Part part = tasks_.at(task);
      Delimit(*kept, options_.until_ns, options_.settled_ns, &part);
      bool start = false;
      for (size_t i = part.first; i < part.end; ++i) {
        const Event& event = EventOf(*kept->events[i]);
        start = start || event.kind == RuleKind::kStart;
        const Handle lane = LaneOf(event);
        if (lane == 0) continue;
        if (lanes.insert(lane).second) AddLane(lane);
        if (event.kind == RuleKind::kTerminal && !start) AddEndBefore(*kept->events[i], lane);
      }
    }
  }

  // Those that ended there last, and two that ran there at once.
  void AddLane(Handle lane) {
    Items past;  // the latest first
    reach_.OfferedBefore(lane, EndOf(options_.until_ns), [&](const Item& item) {
      past.push_back(&item);
      return past.size() < 2 * kLaneSteps;
    });
    size_t ended = 0;
    absl::flat_hash_map<absl::string_view, const Item*> began;
    const Item* last_start = nullptr;
    for (size_t i = past.size(); i > 0; --i) {
      const Event& event = EventOf(*past[i - 1]);
      if (event.kind == RuleKind::kStart) {
        last_start = began[Key(event.task)] = past[i - 1];
        continue;
      }
      if (i <= kNext || ended++ == 0) Want(event.task, past[i - 1]->first.time_ns);
      const auto start = began.find(Key(event.task));
      if (start == began.end() || last_start == start->second) continue;
      Want(event.task, start->second->first.time_ns);
      Want(EventOf(*last_start).task, last_start->first.time_ns);
      began.clear();
    }
  }

  void AddEndBefore(const Item& terminal, Handle lane) {
    auto visit = [&, left = kLaneSteps](const Item& item) mutable {
      const Event& event = EventOf(item);
      if (item.first == terminal.first || event.kind != RuleKind::kTerminal) return --left > 0;
      Want(event.task, item.first.time_ns);
      return false;
    };
    reach_.OfferedBefore(lane, terminal.first, visit);
  }

  Selection Gather() {
    Selection selection;
    selection.items = floating_;
    for (auto& [task, part] : tasks_) {
      const EventStore::TaskEvents* kept = store_.Find(task);
      if (kept == nullptr) continue;
      Delimit(*kept, options_.until_ns, options_.settled_ns, &part);
      for (size_t i = part.first; i < part.end; ++i) {
        if (!IsNobodys(EventOf(*kept->events[i]))) selection.items.push_back(kept->events[i]);
      }
    }
    std::sort(selection.items.begin(), selection.items.end(), Earlier);
    selection.items.erase(std::unique(selection.items.begin(), selection.items.end()), selection.items.end());
    selection.any_error = std::any_of(selection.items.begin(), selection.items.end(), [](const Item* item) {
      return EventOf(*item).kind == RuleKind::kError;
    });
    selection.tasks = std::move(tasks_);
    return selection;
  }

  const EventStore& store_;
  const ReachIndex& reach_;
  const SelectOptions& options_;
  absl::flat_hash_map<std::string, Part> tasks_;
  absl::flat_hash_set<const Item*> floats_;
  Items floating_;  // the same
  absl::flat_hash_set<const Item*> looked_at_;
  Places told_at_, candidates_at_;
};

}  // namespace

Selection SelectAll(const EventStore& store, int64_t until_ns) {
  Selection selection;
  selection.whole = true;
  selection.any_error = store.errors() > 0;
  for (const Item& item : store.events()) {
    if (item.first.time_ns > until_ns) break;
    selection.items.push_back(&item);
  }
  return selection;
}

Selection Select(const EventStore& store, const std::vector<DueEvent>& due, const SelectOptions& options) {
  return Selector(store, options).Take(due);
}

}  // namespace gainsay
