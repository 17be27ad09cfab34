// Each function stands for a sentence or two of DESIGN.md section 3; its comment says which,
// in other words. Where the text leaves a choice, the comment names the one taken. Slow on purpose.
#include "reference_correlator.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace gainsay {
namespace {

// ---- Order -------------------------------------------------------------------------

// An event, its place in the order of all events, and the run that it names.
struct Item {
  const Event* event = nullptr;
  size_t order = 0;
  std::string run;

  bool Is(RuleKind kind) const { return event->kind == kind; }
  State state() const { return event->state; }
};
using Items = std::vector<Item>;

// A task's events are ordered by event time; equal times keep input order (source, then offset).
std::vector<const Event*> InOrder(const std::vector<Event>& events) {
  std::vector<const Event*> sorted;
  for (const Event& e : events) sorted.push_back(&e);
  std::stable_sort(sorted.begin(), sorted.end(), [](const Event* a, const Event* b) {
    return std::tuple(a->time_ns, a->position.source, a->position.offset) <
           std::tuple(b->time_ns, b->position.source, b->position.offset);
  });
  return sorted;
}

// ---- Which task --------------------------------------------------------------------

// A task is its id; fields that its pack puts in `scope` are part of it.
struct Key {
  std::string id;
  std::map<Field, std::string> scope;
  auto operator<=>(const Key&) const = default;
};

struct KnownTask {
  Items events;            // without mentions
  Items mentions;          // a mention is no event: it only makes the task known
  bool ambiguous = false;  // a write error is this task's or another's
};

bool IsLifecycle(const Event& e) { return e.kind == RuleKind::kStart || e.kind == RuleKind::kTerminal; }

class Attribution {
 public:
  Attribution(const std::vector<const Event*>& events, const Matcher& matcher)
      : events_(events), matcher_(matcher) {
    LearnKeys();
    for (size_t order = 0; order < events_.size(); ++order) Place({events_[order], order, ""});
  }

  std::map<Key, KnownTask> tasks;
  std::vector<const Event*> unattributed;
  Items orphans;  // resolutions without a task
  size_t terminals = 0;

 private:
  // Once the records of a unit (of one host) hold lifecycle events of another system, the unit
  // is lane material.
  bool IsLaneMaterial(const Event& of) const {
    return std::any_of(events_.begin(), events_.end(), [&](const Event* e) {
      return !e->outer && IsLifecycle(*e) && !e->task.empty() && e->host == of.host &&
             e->outer_task == of.outer_task;
    });
  }

  // An outer system's task is the task only of records that no inner system claims. A start, terminal or
  // mention of an inner system that names no task says nothing of any.
  // An id that no event of its own system names (an application's own field) claims nothing from a unit that
  // is known.
  bool BelongsToUnit(const Event& e) const {
    const bool claimed = !e.task.empty() && (NamesKey(e) || IsKnown(e.task) || !IsKnown(e.outer_task));
    return !claimed && !e.outer_task.empty() &&
           (e.kind == RuleKind::kError || e.kind == RuleKind::kResolution) && !IsLaneMaterial(e);
  }

  bool IsKnown(std::string_view id) const { return known_.count(std::string(id)) > 0; }

  Key KeyOf(const Event& e) const {
    Key key{std::string(e.task), {}};
    if (key.id.size() >= 24) return key;  // no small counter
    for (const std::string& name : matcher_.pack_of(e.rule).scope) {
      const Field field = *FieldByName(name);
      if (!e.field(field).empty()) key.scope[field] = e.field(field);
    }
    return key;
  }

  // An application's own line that bears the id as a field makes no task: it may tell what a task works on.
  static bool IsHint(const Event& e) {
    return e.kind == RuleKind::kMention && e.matched_by == MatchedBy::kField;
  }

  // Whether an event says by itself which task it means: a lifecycle event or mention does; an error or
  // a resolution only if its pack has a scope and it knows all of it. Others (the stores'
  // errors) may name the id of a task whose scope only its own system knows of.
  bool NamesKey(const Event& e) const {
    if (e.task.empty() || IsHint(e)) return false;
    if (IsLifecycle(e) || e.kind == RuleKind::kMention) return true;
    const size_t scope = matcher_.pack_of(e.rule).scope.size();
    return scope > 0 && KeyOf(e).scope.size() == scope;
  }

  void LearnKeys() {
    for (const Event* e : events_) {
      if (!NamesKey(*e)) continue;
      tasks[KeyOf(*e)];
      known_.emplace(e->task);
    }
  }

  // The tasks that the event's id fits, and what is known of both scopes.
  std::vector<Key> Candidates(const Event& e) const {
    std::vector<Key> found;
    for (const auto& [key, task] : tasks) {
      const bool fits = std::all_of(key.scope.begin(), key.scope.end(), [&](const auto& part) {
        return e.field(part.first).empty() || part.second.empty() || e.field(part.first) == part.second;
      });
      if (key.id == e.task && fits) found.push_back(key);
    }
    return found;
  }

  void Place(Item item) {
    const Event& e = *item.event;
    item.run = e.run;
    if (IsHint(e)) return;
    if (BelongsToUnit(e)) {
      item.run = e.outer_run;
      return Give(Key{std::string(e.outer_task), {}}, item);
    }
    if (e.task.empty()) return Lose(item);
    if (NamesKey(e)) return Give(KeyOf(e), item);
    const std::vector<Key> candidates = Candidates(e);
    if (candidates.empty()) return Give(Key{std::string(e.task), {}}, item);
    if (candidates.size() == 1) return Give(candidates.front(), item);
    // Two candidates: none is chosen; those that succeeded otherwise clean are inconclusive.
    if (e.kind == RuleKind::kError) {
      for (const Key& key : candidates) tasks[key].ambiguous = true;
    }
    Lose(item);
  }

  void Give(const Key& key, const Item& item) {
    KnownTask& task = tasks[key];
    (item.Is(RuleKind::kMention) ? task.mentions : task.events).push_back(item);
    if (item.Is(RuleKind::kTerminal)) ++terminals;
  }

  // An error without a task counts as unattributed; a resolution without one waits for
  // a running task that it fits; other events mean nothing without a task.
  void Lose(const Item& item) {
    if (item.Is(RuleKind::kError)) unattributed.push_back(item.event);
    if (item.Is(RuleKind::kResolution)) orphans.push_back(item);
  }

  std::set<std::string> known_;  // ids that their own system names
  const std::vector<const Event*>& events_;
  const Matcher& matcher_;
};

// ---- Runs and attempts ---------------------------------------------------------------

struct Attempt {
  std::optional<Item> start, terminal;
  Items errors, resolutions;
  State state() const { return terminal ? terminal->state() : State::kNone; }
  bool IsLate(const Item& item) const { return terminal && item.order > terminal->order; }
};

struct DraftRun {
  std::string task;
  size_t number = 1;
  std::vector<Attempt> attempts;
  Items events;  // all of them; the mentions of a task that has nothing else
  bool ambiguous_error = false;
  Items doubtful_resolutions;  // that may be this run's or another's
  const Attempt& last() const { return attempts.back(); }
};

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
  return terminal == run.rend() || terminal->order > order;
}

// Events without a run belong to the run open at their time (of several the latest started), else to
// the last one before, else to the first.
size_t RunForUnnamed(const std::vector<Items>& runs, size_t order) {
  size_t before = 0;
  std::optional<size_t> open;
  for (size_t i = 0; i < runs.size(); ++i) {
    if (runs[i].front().order < order) before = i;
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

// A task exists from its first event or mention: one that is only mentioned has a run without anything.
std::vector<DraftRun> CutIntoDraftRuns(const Key& key, const KnownTask& task) {
  const std::vector<Items> named = EventsWithRun(task.events);
  std::vector<DraftRun> runs = named.empty() ? CutUnnamedRuns(task.events) : CutNamedRuns(task.events, named);
  if (runs.empty()) {
    runs.emplace_back();
    runs[0].attempts.emplace_back();
    runs[0].events = task.mentions;
  }
  for (size_t i = 0; i < runs.size(); ++i) {
    runs[i].task = key.id;
    runs[i].number = i + 1;
    runs[i].ambiguous_error = task.ambiguous;
  }
  return runs;
}

// ---- Resolved --------------------------------------------------------------------------

// They differ in role (an unnamed one is primary), in a captured target (none equals only none),
// or in subject where both name one.
bool Fits(const Event& resolution, const Event& error) {
  return RoleOf(resolution.role) == RoleOf(error.role) && resolution.target == error.target &&
         (resolution.subject.empty() || error.subject.empty() || resolution.subject == error.subject);
}

// A resolution resolves the earlier errors of its run that it fits. `until`: as things stood then.
bool IsResolved(const DraftRun& run, const Item& error, size_t until = SIZE_MAX) {
  for (const Attempt& attempt : run.attempts) {
    for (const Item& r : attempt.resolutions) {
      if (r.order > error.order && r.order < until && Fits(*r.event, *error.event)) return true;
    }
  }
  return false;
}

// A run runs from its first event to the terminal of its last attempt, for ever without one.
bool IsRunningAt(const DraftRun& run, size_t order) {
  return run.events.front().order < order && !(run.last().terminal && run.last().terminal->order < order);
}

// Open is an error that is neither resolved yet nor late. That its attempt is superseded does not close it:
// the resolution may well be of the retry.
bool HasOpenErrorFor(const DraftRun& run, const Item& resolution) {
  for (const Attempt& attempt : run.attempts) {
    for (const Item& error : attempt.errors) {
      if (error.order < resolution.order && !attempt.IsLate(error) &&
          !IsResolved(run, error, resolution.order) && Fits(*resolution.event, *error.event)) {
        return true;
      }
    }
  }
  return false;
}

// A resolution without a task goes to the only running one with an open error that it fits; where it
// fits several, those are inconclusive.
void PlaceOrphan(const Item& resolution, std::vector<DraftRun>* runs) {
  std::vector<DraftRun*> fitting;
  for (DraftRun& run : *runs) {
    if (IsRunningAt(run, resolution.order) && HasOpenErrorFor(run, resolution)) fitting.push_back(&run);
  }
  if (fitting.size() == 1) {
    fitting[0]->attempts.back().resolutions.push_back(resolution);
    fitting[0]->events.push_back(resolution);
  }
  if (fitting.size() > 1) {
    for (DraftRun* run : fitting) run->doubtful_resolutions.push_back(resolution);
  }
}

// ---- Verdict of a run ----------------------------------------------------------------------

// From the last attempt; an attempt that another follows is superseded.
Verdict VerdictBeforeDoubt(const ReferenceRun& run, State state) {
  switch (state) {
    case State::kSucceeded:
      if (!run.unresolved.empty()) return Verdict::kContradiction;
      return run.errors > 0 ? Verdict::kRecovered : Verdict::kClean;
    case State::kFailed:
      return Verdict::kFailed;
    case State::kCancelled:
      return Verdict::kCancelled;
    case State::kNone:
    case State::kRetrying:
      return Verdict::kUnfinished;
  }
  return Verdict::kUnfinished;
}

// Whether a run has an event in a cut source. A start or terminal that only repeats another, or that
// a later word overruled, is none of its own.
bool IsCut(const DraftRun& draft, const std::set<uint32_t>& cut_sources) {
  return std::any_of(draft.events.begin(), draft.events.end(), [&](const Item& item) {
    auto kept_by = [&](const Attempt& a) {
      return (a.start && a.start->order == item.order) || (a.terminal && a.terminal->order == item.order);
    };
    const bool repeats =
        IsLifecycle(*item.event) && std::none_of(draft.attempts.begin(), draft.attempts.end(), kept_by);
    return !repeats && cut_sources.count(item.event->position.source) > 0;
  });
}

// An error that no doubtful resolution can have taken back: one such is enough for a contradiction.
bool HasSureError(const DraftRun& draft) {
  const Items& doubtful = draft.doubtful_resolutions;
  return std::any_of(draft.last().errors.begin(), draft.last().errors.end(), [&](const Item& error) {
    return !IsResolved(draft, error) && std::none_of(doubtful.begin(), doubtful.end(), [&](const Item& r) {
      return r.order > error.order && !draft.last().IsLate(error) && Fits(*r.event, *error.event);
    });
  });
}

// Doubt is inconclusive where it could change the verdict: the terminal may stand in the lost part
// of a cut source, the error may be another's, the resolution may be its own.
bool IsInDoubt(const DraftRun& draft, Verdict verdict, const std::set<uint32_t>& cut_sources) {
  return (verdict == Verdict::kUnfinished && IsCut(draft, cut_sources)) ||
         (verdict == Verdict::kClean && draft.ambiguous_error) ||
         (verdict == Verdict::kContradiction && !HasSureError(draft));
}

ReferenceRun Judge(const DraftRun& draft, const std::set<uint32_t>& cut_sources) {
  const Attempt& last = draft.last();
  ReferenceRun run;
  run.task = draft.task;
  run.run = draft.number;
  run.attempt = draft.attempts.size();
  for (const Attempt& attempt : draft.attempts) run.errors += attempt.errors.size();
  // An error after the terminal counts as well, marked late. What is unresolved is asked only of runs that
  // reported success.
  for (const Item& error : last.errors) {
    if (last.state() == State::kSucceeded && !IsResolved(draft, error))
      run.unresolved.push_back({error.event, last.IsLate(error)});
  }
  if (last.terminal) run.terminal = last.terminal->event;
  run.time_ns = (run.terminal != nullptr ? run.terminal : draft.events.front().event)->time_ns;
  run.verdict = VerdictBeforeDoubt(run, last.state());
  if (IsInDoubt(draft, run.verdict, cut_sources)) run.verdict = Verdict::kInconclusive;
  return run;
}

}  // namespace

ReferenceAnswer CorrelateSlowly(const std::vector<Event>& events, const std::set<uint32_t>& cut_sources,
                                const Matcher& matcher) {
  const std::vector<const Event*> ordered = InOrder(events);
  const Attribution attribution(ordered, matcher);
  std::vector<DraftRun> drafts;
  for (const auto& [key, task] : attribution.tasks) {
    for (DraftRun& run : CutIntoDraftRuns(key, task)) drafts.push_back(std::move(run));
  }
  for (const Item& resolution : attribution.orphans) PlaceOrphan(resolution, &drafts);

  ReferenceAnswer answer;
  answer.unattributed = attribution.unattributed;
  answer.terminals = attribution.terminals;
  for (const DraftRun& draft : drafts) answer.runs.push_back(Judge(draft, cut_sources));
  std::stable_sort(answer.runs.begin(), answer.runs.end(), [](const ReferenceRun& a, const ReferenceRun& b) {
    return std::tie(a.time_ns, a.task, a.run) < std::tie(b.time_ns, b.task, b.run);
  });
  return answer;
}

}  // namespace gainsay
