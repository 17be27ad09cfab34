#include "reference_lanes.h"

#include <algorithm>
#include <optional>

#include "reference_runs.h"

namespace gainsay::reference {
namespace {

// A lifecycle record says where its task runs, unless it has nothing of a lane or its rule says that it
// stands elsewhere.
bool IsHere(const std::optional<Item>& item) {
  return item && item->event->lane_allowed && !LaneOf(*item->event).nameless();
}

// The last terminal of an inner system before this one in its lane.
std::optional<Item> PreviousInLane(const Items& all, const Item& terminal) {
  std::optional<Item> previous;
  for (const Item& item : all) {
    if (!item.Is(RuleKind::kTerminal) || item.event->task.empty() || item.event->outer || !IsHere(item))
      continue;
    if (LaneOf(*item.event) != LaneOf(*terminal.event) || item.place >= terminal.place) continue;
    if (!previous || previous->place < item.place) previous = item;
  }
  return previous;
}

// The task's own terminal before this one.
std::optional<Item> OwnPrevious(const KnownTask& task, const Item& terminal) {
  std::optional<Item> previous;
  for (const Item& item : task.events) {
    if (item.Is(RuleKind::kTerminal) && item.order < terminal.order) previous = item;
  }
  return previous;
}

// An attempt runs from its start; where none is logged, from after the lane's previous terminal, and of
// course from after its own. A start that says nothing of the lane only bounds it. `at`: order or place.
size_t Beginning(const KnownTask& task, const Items& all, const Attempt& attempt, size_t Item::*at) {
  if (!attempt.start && !attempt.terminal) return SIZE_MAX;
  if (IsHere(attempt.start)) return *attempt.start.*at;
  size_t beginning = 0;
  if (attempt.start) {
    beginning = *attempt.start.*at;
  } else if (const std::optional<Item> own = OwnPrevious(task, *attempt.terminal)) {
    beginning = *own.*at + 1;
  }
  if (!IsHere(attempt.terminal)) return beginning;
  const std::optional<Item> previous = PreviousInLane(all, *attempt.terminal);
  return previous ? std::max(beginning, *previous.*at + 1) : beginning;
}

// To its terminal, wherever that is printed, else to the beginning of the attempt that supersedes it.
size_t PlaceOfEnd(const DraftRun& run, size_t attempt) {
  if (run.attempts[attempt].terminal) return run.attempts[attempt].terminal->place;
  if (attempt + 1 == run.attempts.size()) return SIZE_MAX;
  const Attempt& next = run.attempts[attempt + 1];
  return next.start ? next.start->place : next.terminal ? next.terminal->place : SIZE_MAX;
}

// What lifecycle events say of a task's runs. Of a system that logs no starts, each terminal says
// that its task ran before it.
std::vector<DraftRun> RunsOf(const KnownTask& task) {
  auto is_start = [](const Item& item) { return item.Is(RuleKind::kStart); };
  if (task.events.empty() || std::any_of(task.events.begin(), task.events.end(), is_start))
    return CutIntoDraftRuns(task.events, task.mentions);
  std::vector<DraftRun> runs;
  for (const Item& item : task.events) {
    if (item.Is(RuleKind::kTerminal)) runs.emplace_back().attempts.emplace_back().terminal = item;
  }
  return runs;
}

// The lanes that an attempt was in.
std::vector<Lane> LanesOf(const Items& all, const Attempt& attempt) {
  if (!attempt.start && !attempt.terminal) return {};
  const bool started = attempt.start && attempt.start->event->lane_allowed;
  if (IsHere(attempt.start)) {
    const Lane lane = LaneOf(*attempt.start->event);
    if (!IsHere(attempt.terminal)) return {lane};
    // A process that the worker has forked tells of this end and of no other.
    const Lane other = LaneOf(*attempt.terminal->event);
    const auto ends = std::count_if(all.begin(), all.end(), [&](const Item& item) {
      return item.Is(RuleKind::kTerminal) && !item.event->task.empty() && !item.event->outer &&
             IsHere(item) && LaneOf(*item.event) == other;
    });
    const bool forked = lane.host == other.host && !lane.pid.empty() && !other.pid.empty() &&
                        lane.pid != other.pid && ends == 1;
    return forked ? std::vector<Lane>{lane, other} : std::vector<Lane>{lane};
  }
  // Where records name no lane, their source is one.
  if (started && (!attempt.terminal || LaneOf(*attempt.terminal->event).nameless())) {
    const Lane lane = LaneOf(*attempt.start->event);
    const Lane other = attempt.terminal ? LaneOf(*attempt.terminal->event) : lane;
    return lane == other ? std::vector<Lane>{lane} : std::vector<Lane>{lane, other};
  }
  if (IsHere(attempt.terminal)) return {LaneOf(*attempt.terminal->event)};
  return {};
}

bool HoldsTwoAtOnce(const std::vector<Span>& stays) {
  for (size_t i = 0; i < stays.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (stays[j].to != SIZE_MAX && stays[j].to > stays[i].from) return true;
    }
  }
  return false;
}

bool HasTerminals(const Items& all, const Lane& lane) {
  return std::any_of(all.begin(), all.end(), [&](const Item& item) {
    return item.Is(RuleKind::kTerminal) && !item.event->task.empty() && !item.event->outer && IsHere(item) &&
           LaneOf(*item.event) == lane;
  });
}

// Where all of a lane's terminals are elsewhere, the next start ends a task. A worker that was killed tells
// no end: in a lane that never holds two at once, it was where the next begins.
void EndAtNext(bool has_terminals, std::vector<Span>* stays) {
  if (!has_terminals) {
    for (size_t i = 0; i + 1 < stays->size(); ++i)
      (*stays)[i].to = std::min((*stays)[i].to, (*stays)[i + 1].from);
  }
  if (HoldsTwoAtOnce(*stays)) return;
  for (size_t i = 0; i + 1 < stays->size(); ++i) {
    if ((*stays)[i].to == SIZE_MAX) (*stays)[i].to = (*stays)[i + 1].from;
  }
}

// A source without lanes is one worker's only if each of its tasks logs its start, and no two are open at
// once.
bool IsOneWorkers(const Lane& lane, const KnownTasks& tasks, const std::vector<Span>& stays) {
  for (const auto& [key, task] : tasks) {
    for (const DraftRun& run : RunsOf(task)) {
      for (const Attempt& attempt : run.attempts) {
        const bool started = attempt.start && attempt.start->event->lane_allowed;
        if (attempt.terminal && !attempt.terminal->event->outer && !started &&
            LaneOf(*attempt.terminal->event) == lane)
          return false;
      }
    }
  }
  return !HoldsTwoAtOnce(stays);
}

}  // namespace

Lane LaneOf(const Event& e) {
  Lane lane{std::string(e.host), std::string(e.pid), std::string(e.lane.empty() ? e.thread : e.lane), {}};
  if (lane.pid.empty() && lane.worker.empty()) lane.source = e.position.source;
  return lane;
}

std::vector<Span> Lives(const KnownTasks& tasks, const Items& all) {
  std::vector<Span> lives;
  for (const auto& [key, task] : tasks) {
    if (task.events.empty() && task.mentions.empty()) continue;
    for (const DraftRun& run : RunsOf(task)) {
      Span life{key, SIZE_MAX, run.last().terminal ? run.last().terminal->order : SIZE_MAX};
      for (const Attempt& attempt : run.attempts) {
        life.from = std::min(life.from, Beginning(task, all, attempt, &Item::order));
      }
      // One that is only mentioned exists from then on.
      if (task.events.empty()) life.from = task.mentions.front().order;
      lives.push_back(life);
    }
  }
  return lives;
}

Stays StaysInLanes(const KnownTasks& tasks, const Items& all) {
  Stays stays;
  for (const auto& [key, task] : tasks) {
    for (const DraftRun& run : RunsOf(task)) {
      for (size_t i = 0; i < run.attempts.size(); ++i) {
        const Attempt& attempt = run.attempts[i];
        const std::optional<Item>& of_system = attempt.terminal ? attempt.terminal : attempt.start;
        if (!of_system || of_system->event->outer) continue;
        for (const Lane& lane : LanesOf(all, attempt)) {
          const bool at_terminal = !IsHere(attempt.start) && !lane.nameless();
          const size_t from =
              at_terminal ? Beginning(task, all, attempt, &Item::place) : attempt.start->place;
          stays[lane].push_back({key, from, PlaceOfEnd(run, i)});
        }
      }
    }
  }
  for (auto& [lane, spans] : stays) {
    std::sort(spans.begin(), spans.end(),
              [](const Span& a, const Span& b) { return std::pair(a.from, a.to) < std::pair(b.from, b.to); });
    if (lane.nameless() && !IsOneWorkers(lane, tasks, spans)) spans.clear();
    EndAtNext(HasTerminals(all, lane), &spans);
  }
  return stays;
}

std::vector<Span> OpenInLane(const Stays& stays, const Item& item) {
  const Lane own = LaneOf(*item.event);
  // What a record does not have does not count. The lane of just its own parts comes first, then
  // those that know the pid alone, then those that know the worker alone.
  auto open_where = [&](auto agrees) {
    std::vector<Span> open;
    for (const auto& [lane, spans] : stays) {
      if (lane.host != own.host || !agrees(lane)) continue;
      for (const Span& span : spans) {
        if (span.Holds(item.place)) open.push_back(span);
      }
    }
    return open;
  };
  if (own.nameless()) return open_where([&](const Lane& lane) { return lane == own; });
  if (own.worker.empty()) return open_where([&](const Lane& lane) { return lane.pid == own.pid; });
  if (own.pid.empty()) return open_where([&](const Lane& lane) { return lane.worker == own.worker; });
  for (const Lane& lane : {own, Lane{own.host, own.pid, "", {}}, Lane{own.host, "", own.worker, {}}}) {
    const std::vector<Span> open = open_where([&](const Lane& other) { return other == lane; });
    if (!open.empty()) return open;
  }
  return {};
}

}  // namespace gainsay::reference
