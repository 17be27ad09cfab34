#include "reference_runs.h"

#include <algorithm>
#include <cstdint>
#include <map>

namespace gainsay::reference {
namespace {

// A state as reported, perhaps several times: `terminal` counts, `end` is the place of the last word.
struct Report {
  Item terminal;
  size_t end = 0;
};

bool EndsRun(State state) { return state == State::kSucceeded || state == State::kCancelled; }

// A terminal that repeats the state before it, with no other event between, is the same report, and
// the first one is its terminal.
std::vector<Report> ReportsOfUnnamedRun(const Items& segment) {
  std::vector<Report> reports;
  for (size_t i = 0; i < segment.size(); ++i) {
    if (!segment[i].Is(RuleKind::kTerminal)) continue;
    const bool repeated = !reports.empty() && reports.back().terminal.state() == segment[i].state() &&
                          reports.back().end + 1 == i;
    if (!repeated) reports.push_back({segment[i], i});
    reports.back().end = i;
  }
  return reports;
}

// In a captured run an equal state is the same report whatever stands between; of a succeeded or
// cancelled and another state the last word wins; failed or retrying before another ends an attempt.
std::vector<Report> ReportsOfNamedRun(const Items& segment) {
  std::vector<Report> reports;
  for (size_t i = 0; i < segment.size(); ++i) {
    if (!segment[i].Is(RuleKind::kTerminal)) continue;
    const State before = reports.empty() ? State::kNone : reports.back().terminal.state();
    if (before == State::kNone) {
      reports.push_back({segment[i], i});
    } else if (before != segment[i].state()) {
      if (!EndsRun(before)) reports.emplace_back();
      reports.back().terminal = segment[i];
    }
    reports.back().end = i;
  }
  return reports;
}

// Each terminal that a further one follows ends an attempt; an event belongs to the attempt that the
// next terminal ends; what follows the last terminal is late to its attempt.
std::vector<Attempt> CutAtTerminals(const Items& segment, const std::vector<Report>& reports) {
  std::vector<Attempt> attempts(std::max<size_t>(reports.size(), 1));
  for (size_t i = 0; i < reports.size(); ++i) attempts[i].terminal = reports[i].terminal;
  for (size_t i = 0; i < segment.size(); ++i) {
    size_t owner = 0;
    while (owner + 1 < reports.size() && reports[owner].end < i) ++owner;
    if (segment[i].Is(RuleKind::kStart) && !attempts[owner].start) attempts[owner].start = segment[i];
    if (segment[i].Is(RuleKind::kError)) attempts[owner].errors.push_back(segment[i]);
    if (segment[i].Is(RuleKind::kResolution)) attempts[owner].resolutions.push_back(segment[i]);
  }
  return attempts;
}

// In order, a task's events form segments, each from a start up to the next. What stands before
// the first start is a segment of its own.
std::vector<Items> CutAtStarts(const Items& events) {
  std::vector<Items> segments;
  for (const Item& item : events) {
    if (segments.empty() || item.Is(RuleKind::kStart)) segments.emplace_back();
    segments.back().push_back(item);
  }
  return segments;
}

// A segment opens a new run when the one before it ended succeeded or cancelled, else a new
// attempt of the same run; within a segment the same holds from terminal to terminal.
std::vector<DraftRun> CutUnnamedRuns(const Items& events) {
  std::vector<DraftRun> runs;
  for (const Items& segment : CutAtStarts(events)) {
    const std::vector<Report> reports = ReportsOfUnnamedRun(segment);
    const std::vector<Attempt> attempts = CutAtTerminals(segment, reports);
    size_t begin = 0;
    for (size_t i = 0; i < attempts.size(); ++i) {
      if (runs.empty() || EndsRun(runs.back().last().state())) runs.emplace_back();
      DraftRun& run = runs.back();
      run.attempts.push_back(attempts[i]);
      const size_t end = i + 1 < attempts.size() ? reports[i].end + 1 : segment.size();
      for (; begin < end; ++begin) run.events.push_back(segment[begin]);
    }
  }
  return runs;
}

// `attempt` numbers the attempts within a captured run, if two different numbers occur. Events
// without one go with the event before them, leading ones to the first attempt.
std::vector<Items> CutByNumber(const Items& events) {
  std::map<uint64_t, Items> by_number;
  for (const Item& item : events) {
    if (!item.event->attempt.empty()) by_number[std::stoull(std::string(item.event->attempt))];
  }
  if (by_number.size() < 2) return CutAtStarts(events);
  uint64_t number = by_number.begin()->first;
  for (const Item& item : events) {
    if (!item.event->attempt.empty()) number = std::stoull(std::string(item.event->attempt));
    by_number[number].push_back(item);
  }
  std::vector<Items> attempts;
  for (auto& [n, items] : by_number) attempts.push_back(items);
  return attempts;
}

// Events with an equal captured run, by the order of the first of them.
std::vector<Items> EventsWithRun(const Items& events) {
  std::vector<Items> runs;
  for (const Item& item : events) {
    if (item.run.empty()) continue;
    auto same =
        std::find_if(runs.begin(), runs.end(), [&](const Items& run) { return run[0].run == item.run; });
    if (same == runs.end()) same = runs.insert(runs.end(), Items{});
    same->push_back(item);
  }
  return runs;
}

// A run is open from its first event to its last terminal, if it has one.
bool IsOpenAt(const Items& run, size_t order) {
  if (run.front().order > order) return false;
  const auto terminal =
      std::find_if(run.rbegin(), run.rend(), [](const Item& i) { return i.Is(RuleKind::kTerminal); });
  return terminal == run.rend() || terminal->order >= order;
}

// Events without a run belong to the run open at their time (of several the latest started), else to
// the last one before, else to the first.
size_t RunForUnnamed(const std::vector<Items>& runs, size_t order) {
  size_t before = 0;
  std::optional<size_t> open;
  for (size_t i = 0; i < runs.size(); ++i) {
    if (runs[i].front().order <= order) before = i;
    if (IsOpenAt(runs[i], order)) open = i;
  }
  return open.value_or(before);
}

// A captured run wins over segments.
std::vector<DraftRun> CutNamedRuns(const Items& events, const std::vector<Items>& named) {
  std::vector<DraftRun> runs(named.size());
  for (const Item& item : events) {
    size_t at = 0;
    while (at < named.size() && named[at][0].run != item.run) ++at;
    runs[at < named.size() ? at : RunForUnnamed(named, item.order)].events.push_back(item);
  }
  for (DraftRun& run : runs) {
    for (const Items& segment : CutByNumber(run.events)) {
      for (const Attempt& attempt : CutAtTerminals(segment, ReportsOfNamedRun(segment))) {
        run.attempts.push_back(attempt);
      }
    }
  }
  return runs;
}

}  // namespace

// A task exists from its first event or mention: one that is only mentioned has a run without anything.
std::vector<DraftRun> CutIntoDraftRuns(const Items& events, const Items& mentions) {
  const std::vector<Items> named = EventsWithRun(events);
  std::vector<DraftRun> runs = named.empty() ? CutUnnamedRuns(events) : CutNamedRuns(events, named);
  if (runs.empty()) {
    runs.emplace_back();
    runs[0].attempts.emplace_back();
    runs[0].events = mentions;
  }
  return runs;
}

// As an event without a run would, where runs are named; else the run that began last before it, be it by
// its start or, where none is logged, by the terminal before it.
size_t RunAt(const std::vector<DraftRun>& runs, size_t order) {
  if (runs.size() == 1) return 0;
  Items events;
  for (const DraftRun& run : runs) events.insert(events.end(), run.events.begin(), run.events.end());
  std::sort(events.begin(), events.end(), [](const Item& a, const Item& b) { return a.order < b.order; });
  const std::vector<Items> named = EventsWithRun(events);
  if (!named.empty()) return RunForUnnamed(named, order);
  size_t at = 0;
  for (size_t i = 1; i < runs.size(); ++i) {
    const std::optional<Item>& start = runs[i].attempts.front().start;
    const bool began = start ? start->order <= order : runs[i - 1].last().terminal->order < order;
    if (began) at = i;
  }
  return at;
}

}  // namespace gainsay::reference
