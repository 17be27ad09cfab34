#include "reference_attribution.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "reference_subjects.h"

namespace gainsay::reference {
namespace {

// An application's own line that bears the id as a field makes no task: it may tell what a task works on.
bool IsHint(const Event& e) { return e.kind == RuleKind::kMention && e.matched_by == MatchedBy::kField; }

bool NamesATask(const Event& e) { return IsLifecycle(e) || e.kind == RuleKind::kMention; }

bool Contains(const std::vector<Key>& keys, const Key& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

std::vector<Key> TasksOf(const std::vector<Span>& spans) {
  std::vector<Key> tasks;
  for (const Span& span : spans) {
    if (!Contains(tasks, span.task)) tasks.push_back(span.task);
  }
  return tasks;
}

}  // namespace

Attribution::Attribution(const Items& events, const Matcher& matcher) : events_(events), matcher_(matcher) {
  for (const Item& item : events_) {
    const Key key = NamedBy(*item.event);
    if (NamesKey(*item.event) && !key.scope.empty()) named_[key.id].insert(key);
  }
  for (const Item& item : events_) {
    if (NamesKey(*item.event)) known_.insert(KeyOf(*item.event));
    if (NamesKey(*item.event)) known_ids_.emplace(item.event->task);
  }
  for (const Key& key : known_) tasks[key];
  for (const Item& item : events_) LearnLifecycle(item);
  LearnSubjects();
  lives_ = Lives(tasks, events_);
  stays_ = StaysInLanes(tasks, events_);
  LearnNamelessHints();
  for (const Item& item : events_) Place(item);
  for (auto& [key, task] : tasks) {
    std::sort(task.events.begin(), task.events.end(),
              [](const Item& a, const Item& b) { return a.order < b.order; });
  }
}

Key Attribution::NamedBy(const Event& e) const {
  Key key{std::string(e.task), {}};
  if (key.id.size() >= 24) return key;  // no small counter
  for (const std::string& name : matcher_.pack_of(e.rule).scope) {
    const Field field = *FieldByName(name);
    if (!e.field(field).empty()) key.scope[field] = e.field(field);
  }
  return key;
}

// A record that leaves the scope out means the only one that others name.
Key Attribution::KeyOf(const Event& e) const {
  const Key key = NamedBy(e);
  const auto named = named_.find(key.id);
  if (!key.scope.empty() || key.id.size() >= 24 || matcher_.pack_of(e.rule).scope.empty()) return key;
  return named == named_.end() || named->second.size() != 1 ? key : *named->second.begin();
}

// Whether an event says by itself which task it means: a lifecycle event or mention does; an error or
// a resolution only if its pack has a scope and it knows all of it. Others (the stores'
// errors) may name the id of a task whose scope only its own system knows of.
bool Attribution::NamesKey(const Event& e) const {
  if (e.task.empty() || IsHint(e)) return false;
  return NamesATask(e) || NamesScope(e);
}

bool Attribution::NamesScope(const Event& e) const {
  const size_t scope = matcher_.pack_of(e.rule).scope.size();
  return scope > 0 && NamedBy(e).scope.size() == scope;
}

// The known tasks that the event's id fits, and what is known of both scopes; an id that fits none is a task
// of its own.
std::vector<Key> Attribution::Candidates(const Event& e) const {
  if (!e.outer && NamesScope(e)) return {KeyOf(e)};
  std::vector<Key> found;
  for (const Key& key : known_) {
    const bool fits = std::all_of(key.scope.begin(), key.scope.end(), [&](const auto& part) {
      return e.field(part.first).empty() || part.second.empty() || e.field(part.first) == part.second;
    });
    if (key.id == e.task && fits) found.push_back(key);
  }
  if (found.empty()) found.push_back({std::string(e.task), {}});
  return found;
}

void Attribution::LearnLifecycle(Item item) {
  const Event& e = *item.event;
  if (!NamesATask(e) || !NamesKey(e)) return;
  KnownTask& task = tasks[KeyOf(e)];
  (item.Is(RuleKind::kMention) ? task.mentions : task.events).push_back(item);
  if (item.Is(RuleKind::kTerminal)) ++terminals;
}

// Subjects are learned from lifecycle events and mentions.
void Attribution::LearnSubjects() {
  for (const Item& item : events_) {
    const Event& e = *item.event;
    if (e.task.empty() || !NamesATask(e)) continue;
    if (IsHint(e) && (!IsKnown(e.task) || Candidates(e).size() != 1)) continue;
    const Key key = IsHint(e) ? Candidates(e)[0] : KeyOf(e);
    for (const std::string& subject : SubjectsNamedBy(e)) subjects_[key].insert(subject);
  }
}

// A mention without an id: what the task of its trace, or else the one that runs in its worker, works on. A
// main thread may run many at once.
void Attribution::LearnNamelessHints() {
  for (const Item& item : events_) {
    const Event& e = *item.event;
    if (!item.Is(RuleKind::kMention) || !e.task.empty() || e.subject.empty()) continue;
    std::vector<Key> of = ByTrace(item).tasks;
    const std::string worker = LaneOf(e).worker;
    const bool main = worker.substr(0, 4) == "main" || worker.substr(0, 4) == "Main";
    if (of.empty() && e.lane_allowed && !worker.empty() && !main) of = TasksOf(OpenInLane(stays_, item));
    if (of.size() != 1) continue;
    for (const std::string& subject : TokensOf(e.subject)) subjects_[of[0]].insert(subject);
  }
}

bool Attribution::NamesSubject(const Key& task, const std::string& subject) const {
  const auto found = subjects_.find(task);
  return found != subjects_.end() && found->second.count(subject) > 0;
}

bool Attribution::IsKnownSubject(std::string_view subject) const {
  return std::any_of(subjects_.begin(), subjects_.end(),
                     [&](const auto& task) { return NamesSubject(task.first, std::string(subject)); });
}

// The runs at that time of tasks that name one of these subjects; an error belongs to the innermost, so
// units only where there are no others.
std::vector<Span> Attribution::Running(const std::set<std::string>& subjects, size_t order) const {
  std::vector<Span> inner, outer;
  for (const Span& life : lives_) {
    const bool named = std::any_of(subjects.begin(), subjects.end(),
                                   [&](const std::string& one) { return NamesSubject(life.task, one); });
    const bool of_unit = std::all_of(events_.begin(), events_.end(), [&](const Item& item) {
      return item.event->outer || !NamesATask(*item.event) || !NamesKey(*item.event) ||
             KeyOf(*item.event) != life.task;
    });
    const Key& task = life.task;
    std::vector<Span>& runs = of_unit ? outer : inner;
    const bool counted = Contains(TasksOf(runs), task);
    if (named && life.Holds(order) && !counted) runs.push_back(life);
  }
  return inner.empty() ? outer : inner;
}

// 1 and 2: the id that the rule captured or the record's field bears, if such a task is known.
Attribution::Found Attribution::ById(const Item& item) const {
  const Event& e = *item.event;
  if (e.task.empty() || !IsKnown(e.task)) return {};
  return {Candidates(e), e.matched_by, {}};
}

// 1, in whatever words: the one long id of a known task that the message names.
Attribution::Found Attribution::ByNamedId(const Item& item) const {
  // Of the message; where it names none, of the record, under whatever key.
  for (std::string_view text : {item.event->message, item.event->context}) {
    std::vector<std::string> ids;
    for (const std::string& token : LongTokensOf(text)) {
      if (IsKnown(token)) ids.push_back(token);
    }
    if (ids.size() > 1) return {};
    if (ids.empty()) continue;
    Event named = *item.event;
    named.task = ids[0];
    return {Candidates(named), MatchedBy::kTask, {}};
  }
  return {};
}

// 3: an id that an earlier or later event ties to exactly one task.
Attribution::Found Attribution::ByTrace(const Item& item) const {
  std::vector<Key> tied;
  for (const Item& other : events_) {
    const Event& e = *other.event;
    if (item.event->trace.empty() || e.trace != item.event->trace) continue;
    if (e.task.empty() || !IsKnown(e.task)) continue;
    const std::vector<Key> tasks_of = Candidates(e);
    if (tasks_of.size() == 1 && !Contains(tied, tasks_of[0])) tied.push_back(tasks_of[0]);
  }
  if (tied.size() != 1) return {};
  return {tied, MatchedBy::kTrace, {}};
}

// Once the records of a unit (of one host) hold lifecycle events of another system, the unit
// is lane material.
bool Attribution::IsLaneMaterial(const Event& of) const {
  return std::any_of(events_.begin(), events_.end(), [&](const Item& item) {
    const Event& e = *item.event;
    return !e.outer && IsLifecycle(e) && !e.task.empty() && e.host == of.host &&
           e.outer_task == of.outer_task;
  });
}

// 2: a unit is the task only of records that no inner task system claims. An id that no event of its
// own system names (an application's own field) claims nothing from a unit that is known.
Attribution::Found Attribution::ByUnit(const Item& item) const {
  const Event& e = *item.event;
  if (e.outer_task.empty() || IsLaneMaterial(e)) return {};
  if (!e.task.empty() && !e.task_in_text && !IsKnown(e.outer_task)) return {};
  Event of_unit = e;
  of_unit.task = e.outer_task;
  of_unit.outer = true;
  return {Candidates(of_unit), MatchedBy::kField, {}, false, true};
}

// 1, of an unknown task: what a rule captured is an id all the same. (A trace or a unit that is known says
// more.)
Attribution::Found Attribution::ByCapturedId(const Item& item) const {
  const Event& e = *item.event;
  if (e.task.empty() || e.task_in_text || e.matched_by != MatchedBy::kTask) return {};
  return {Candidates(e), MatchedBy::kTask, {}};
}

// 4: the record names an entity that exactly one task running at that time has; of two, the one in its lane;
// none running, the one that ended with it, of several the last.
Attribution::Found Attribution::BySubject(const Item& item) const {
  const std::string subject(item.event->subject);
  if (subject.empty() || !IsKnownSubject(subject)) return {};
  const std::vector<Span> running = Running({subject}, item.order);
  if (running.size() == 1) return {{running[0].task}, MatchedBy::kSubject, {}};
  if (running.size() > 1) {
    std::vector<Key> here;
    for (const Key& task : TasksOf(OpenInLane(stays_, item))) {
      if (item.event->lane_allowed && NamesSubject(task, subject)) here.push_back(task);
    }
    if (here.size() == 1) return {here, MatchedBy::kSubject, {}};
    return {TasksOf(running), MatchedBy::kNone, running};
  }
  std::optional<Span> last;
  for (const Span& life : lives_) {
    if (!NamesSubject(life.task, subject) || life.to >= item.order) continue;
    if (!last || last->to < life.to) last = life;
  }
  if (!last) return {};
  return {{last->task}, MatchedBy::kSubject, {}};
}

// 5: the task that runs in the record's lane. Not when the record names a subject that is known and foreign
// to that task, nor when the rule says `lane = false`. Of several, 6 picks.
Attribution::Found Attribution::ByLane(const Item& item) const {
  const Event& e = *item.event;
  if (!e.lane_allowed) return {};
  const std::vector<Span> open = OpenInLane(stays_, item);
  const std::vector<Key> open_tasks = TasksOf(open);
  const bool foreign = !e.subject.empty() && IsKnownSubject(e.subject) &&
                       std::none_of(open_tasks.begin(), open_tasks.end(), [&](const Key& task) {
                         return NamesSubject(task, std::string(e.subject));
                       });
  if (foreign || open_tasks.empty()) return {};
  if (open_tasks.size() == 1) return {open_tasks, MatchedBy::kLane, {}};
  std::vector<Key> picked;
  for (const Key& task : open_tasks) {
    for (const std::string& subject : WeakSubjectsOf(e)) {
      if (NamesSubject(task, subject) && !Contains(picked, task)) picked.push_back(task);
    }
  }
  if (picked.size() == 1) return {picked, MatchedBy::kWeak, {}};
  return {open_tasks, MatchedBy::kNone, open, true};
}

// 6: a subject found anywhere in the record picks among those running.
Attribution::Found Attribution::ByWeakSubject(const Item& item) const {
  const std::vector<Span> running = Running(WeakSubjectsOf(*item.event), item.order);
  return {TasksOf(running), MatchedBy::kWeak, running};
}

// The first that applies.
Attribution::Found Attribution::Search(const Item& item) const {
  for (auto way : {&Attribution::ById, &Attribution::ByNamedId, &Attribution::ByTrace, &Attribution::ByUnit,
                   &Attribution::ByCapturedId, &Attribution::BySubject, &Attribution::ByLane,
                   &Attribution::ByWeakSubject}) {
    Found found = (this->*way)(item);
    if (!found.tasks.empty()) return found;
  }
  const Event& e = *item.event;
  if (e.task.empty() || e.task_in_text) return {};
  return {Candidates(e), e.matched_by, {}};
}

void Attribution::Place(Item item) {
  const Event& e = *item.event;
  if (NamesATask(e)) return;
  const Found found = Search(item);
  const bool one = found.tasks.size() == 1;
  if (one) {
    if (found.unit) item.run = e.outer_run;
    tasks[found.tasks[0]].events.push_back(item);
  } else {
    // An error without a task counts as unattributed; a resolution without one waits for a running
    // task that it fits.
    if (item.Is(RuleKind::kResolution)) orphans.push_back(item);
    if (item.Is(RuleKind::kError)) unattributed.push_back(&e);
    if (item.Is(RuleKind::kError) && found.tasks.size() > 1) Doubt(item, found);
  }
  if (item.Is(RuleKind::kError))
    errors.push_back({&e, one ? found.tasks[0].id : "", one ? found.by : MatchedBy::kNone});
}

// Two candidates: none is chosen; those that succeeded otherwise clean are inconclusive: the runs into
// which the error falls, or in which the candidate's run or stay ends (begins, where it has no end).
void Attribution::Doubt(const Item& item, const Found& found) {
  if (found.spans.empty()) {
    for (const Key& key : found.tasks) tasks[key].doubts.push_back(item.order);
  }
  for (const Span& span : found.spans) {
    const size_t at = span.to == SIZE_MAX ? span.from : span.to;
    size_t order = at;
    for (const Item& other : events_) {
      if (found.in_lane && other.place == at) order = other.order;
    }
    tasks[span.task].doubts.push_back(order);
  }
}

}  // namespace gainsay::reference
