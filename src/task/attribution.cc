// The idea: lifecycle events come first, since they alone make tasks, tell which units are only the
// house of another system's tasks, where and when tasks ran, and what they worked on. Then each error and
// resolution asks the ways to a task in their order; the first that leads to exactly one task wins, and one
// that leads to several ends the search: none is chosen.
#include "task/attribution.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "task/attributed.h"
#include "task/event_roles.h"
#include "task/houses.h"
#include "task/lane_order.h"
#include "task/lanes.h"
#include "task/lives.h"
#include "task/subjects.h"
#include "task/traces.h"
#include "task/witness.h"

namespace gainsay {
namespace {

class Attributor {
 public:
  Attributor(const Timeline& timeline, TaskTable* table, std::string_view asked, TaskStore store)
      : timeline_(timeline),
        packed_(timeline.packed()),
        table_(*table),
        store_(store),
        lanes_(lane_order_),
        witness_(asked) {}

  Attribution DealOut(bool every_task) {
    SeeTasks();
    table_.CloseKnown();
    // Only what is not packed asks for a task by its id.
    if (timeline_.kept().empty()) table_.CloseIds();
    result_.all = std::make_unique<TaskEvents>(timeline_, table_);
    if (AskWays()) LearnWays();
    for (const Timeline::Kept& kept : timeline_.kept()) {
      if (!IsLifecycle(*kept.event)) Place(kept.event, kept.order);
      if (kept.event->rule == kNoRule &&
          (kept.event->task_in_text || lanes_.HoldsFollowed(*kept.event, kept.order)))
        result_.silent.push_back(kept.event);
    }
    for (const Doubt& doubt : lanes_.Doubts()) attributed_.AddDoubt(doubt);
    result_.tasks = MakeTasks(every_task);
    result_.held_back = std::move(witness_.held_back);
    result_.more_held_back = witness_.more_held_back;
    return std::move(result_);
  }

 private:
  static constexpr uint32_t kNoTask = UINT32_MAX;
  static constexpr size_t kLongId = 8;       // shorter ones may be any number
  static constexpr size_t kWeakSubject = 4;  // likewise

  // What a way to a task led to.
  enum class Found : uint8_t { kNothing, kOne, kSeveral };

  bool MakesKnown(const Event& event) const {
    return !event.task.empty() && !IsHint(event) && table_.NamesItsScope(event);
  }

  void LearnScopes() {
    timeline_.Visit(
        [&](uint64_t rank, uint64_t) {
          const size_t i = timeline_.IndexOf(rank);
          if (!IsHint(packed_.shape(i))) table_.LearnScope(packed_.key(i));
        },
        [&](const Event* event, uint64_t) {
          if (MakesKnown(*event)) table_.LearnScope(table_.KeyOf(*event));
        });
  }

  // Lifecycle events make tasks, and tell which units only house those of other systems.
  void SeeTasks() {
    if (table_.any_scoped() || std::any_of(timeline_.kept().begin(), timeline_.kept().end(),
                                           [this](const auto& kept) { return MakesKnown(*kept.event); })) {
      LearnScopes();
    }
    timeline_.Visit(
        [&](uint64_t rank, uint64_t) {
          const size_t i = timeline_.IndexOf(rank);
          const Event& shape = packed_.shape(i);
          if (IsHint(shape)) return;
          table_.Make(packed_.key(i));
          if (shape.kind == RuleKind::kTerminal) ++result_.terminals;
          // Who mentions a task (an enqueuer) need not be its house.
          const bool lives_there = shape.kind != RuleKind::kMention && !shape.outer;
          if (lives_there) houses_.See(packed_, i, table_);
        },
        [&](const Event* event, uint64_t) {
          if (MakesKnown(*event)) table_.Of(*event);
        });
  }

  // Asks all that the search for a task may need, so that only that is learned; false if no search will need
  // any of it.
  bool AskWays() {
    bool any = witness_.asked();
    for (const Timeline::Kept& kept : timeline_.kept()) {
      const Event& event = *kept.event;
      if (witness_.asked()) lanes_.Ask(event);
      if (IsLifecycle(event) ? !IsNamelessHint(event) : !event.task.empty() && table_.Knows(event.task))
        continue;
      any = true;
      lanes_.Ask(event);
      traces_.Ask(event.trace);
      if (IsLifecycle(event)) continue;
      subjects_.Ask(event.subject);
      for (std::string_view text : {event.subject, event.message, event.error, event.context}) {
        subjects_.AskAll(text);
      }
    }
    return any;
  }

  // Where and when tasks ran, what they worked on, and the ids that they share with others.
  void LearnWays() {
    lane_order_ = LaneOrder(timeline_);
    const auto detail = subjects_.any_asked() ? PackedEvents::Detail::kAll : PackedEvents::Detail::kLife;
    std::string id, scratch;
    timeline_.Visit(
        [&](uint64_t rank, uint64_t order) {
          const size_t i = timeline_.IndexOf(rank);
          const std::string_view task = table_.IdOfKey(packed_.key(i), &id);
          LearnFrom(packed_.Get(i, task, detail, &scratch), packed_.key(i), order);
        },
        [&](const Event* event, uint64_t) { SeeTrace(*event); });
    lanes_.TerminalsSeen();
    lives_ = std::make_unique<Lives>(*result_.all, &lanes_);
    witness_.Follow(table_, &lanes_);
    for (const Timeline::Kept& kept : timeline_.kept()) {
      if (IsNamelessHint(*kept.event)) TakeNamelessHint(*kept.event, kept.order);
    }
  }

  void LearnFrom(const Event& event, uint32_t key, uint64_t order) {
    SeeTrace(event);
    if (IsHint(event)) return TakeHint(event);
    if (event.kind == RuleKind::kTerminal && !event.outer) lanes_.SeeTerminal({&event, order});
    if (subjects_.any_asked()) subjects_.Learn(table_.NumberOf(key), event);
  }

  void TakeHint(const Event& event) {
    if (!subjects_.any_asked() || !table_.Knows(event.task)) return;
    const std::vector<uint32_t> tasks = table_.Fitting(event);
    if (tasks.size() == 1) subjects_.Learn(tasks[0], event);
  }

  void TakeNamelessHint(const Event& event, uint64_t order) {
    if (const auto traced = traces_.TaskOf(event.trace))
      return subjects_.LearnSubject(*traced, event.subject);
    if (!IsWorkersLane(event)) return;
    const std::vector<uint32_t> open = lanes_.OpenAt(event, order);
    if (open.size() == 1) subjects_.LearnSubject(open[0], event.subject);
  }

  void SeeTrace(const Event& event) {
    if (event.task.empty() || !traces_.IsAsked(event.trace) || !table_.Knows(event.task)) return;
    const std::vector<uint32_t> tasks = table_.Fitting(event);
    if (tasks.size() == 1) traces_.Learn(event.trace, tasks[0]);
  }

  void Place(Event* event, uint64_t order) {
    const bool error = event->kind == RuleKind::kError;
    if (error) result_.errors.push_back({event, order});
    uint32_t task = kNoTask;
    candidates_.clear();
    const Found found = Search(event, order, &task);
    if (found != Found::kOne) task = kNoTask;
    if (found == Found::kNothing && !event->task.empty() && !event->task_in_text) {
      task = table_.Fitting(*event)[0];  // an id that only its own errors name is a task all the same
    }
    if (witness_.asked()) {
      const auto given = task != kNoTask ? std::optional(task) : std::nullopt;
      witness_.See(
          {event, order, given, candidates_}, [this](uint32_t one) { return IdOf(one); }, &lanes_);
    }
    if (task != kNoTask) {
      attributed_.Add(task, {event, order});
      return;
    }
    event->matched_by = MatchedBy::kNone;
    (error ? result_.unattributed : result_.orphans).push_back({event, order});
  }

  Found Search(Event* event, uint64_t order, uint32_t* task) {
    if (!event->task.empty() && table_.Knows(event->task)) return ById(event, order, task);
    for (auto way :
         {&Attributor::ByNamedId, &Attributor::ByTrace, &Attributor::ByOuterTask, &Attributor::ByCapturedId,
          &Attributor::BySubject, &Attributor::ByLane, &Attributor::ByWeakSubject}) {
      const Found found = (this->*way)(event, order, task);
      if (found == Found::kOne) event->task = IdOf(*task);
      if (found != Found::kNothing) return found;
    }
    return Found::kNothing;
  }

  Found ById(Event* event, uint64_t order, uint32_t* task) {
    const std::vector<uint32_t> tasks = table_.Fitting(*event);
    *task = tasks[0];
    if (tasks.size() == 1) return Found::kOne;
    if (event->kind == RuleKind::kError) {
      for (uint32_t one : tasks) attributed_.AddDoubt({one, order});
    }
    candidates_ = tasks;
    return Found::kSeveral;
  }

  // An outer system's task, unless other systems' tasks live in it, or the record's own id is all that
  // is known.
  Found ByOuterTask(Event* event, uint64_t order, uint32_t* task) {
    if (event->outer_task.empty() || houses_.Hold(*event)) return Found::kNothing;
    if (!event->task.empty() && !event->task_in_text && !table_.Knows(event->outer_task))
      return Found::kNothing;
    event->task = event->outer_task;
    event->run = event->outer_run;
    event->outer = true;
    event->matched_by = MatchedBy::kField;
    return ById(event, order, task);
  }

  // The long ids of known tasks that a text names, up to two.
  std::vector<std::string_view> KnownIds(std::string_view text) const {
    std::vector<std::string_view> ids;
    for (std::string_view token : SubjectTokens(text)) {
      if (token.size() < kLongId || !table_.Knows(token) || (!ids.empty() && ids[0] == token)) continue;
      ids.push_back(token);
      if (ids.size() == 2) break;
    }
    return ids;
  }

  // The one long id of a known task that the message names, in whatever words, or else the record, under
  // whatever key.
  Found ByNamedId(Event* event, uint64_t order, uint32_t* task) {
    std::vector<std::string_view> ids = KnownIds(event->message);
    if (ids.empty()) ids = KnownIds(event->context);
    if (ids.size() != 1) return Found::kNothing;
    const std::string_view id = ids[0];
    event->task = id;
    event->matched_by = MatchedBy::kTask;
    return ById(event, order, task);
  }

  Found ByTrace(Event* event, uint64_t, uint32_t* task) {
    const std::optional<uint32_t> traced = traces_.TaskOf(event->trace);
    if (!traced) return Found::kNothing;
    *task = *traced;
    event->matched_by = MatchedBy::kTrace;
    return Found::kOne;
  }

  // An id that a rule captured is a task's, even where no other event names it; a field of that name may be
  // the application's own.
  Found ByCapturedId(Event* event, uint64_t, uint32_t* task) {
    if (event->task.empty() || event->task_in_text || event->matched_by != MatchedBy::kTask)
      return Found::kNothing;
    *task = table_.Fitting(*event)[0];
    return Found::kOne;
  }

  Found BySubject(Event* event, uint64_t order, uint32_t* task) {
    const std::vector<uint32_t>& known = subjects_.TasksOf(event->subject);
    if (event->subject.empty() || known.empty()) return Found::kNothing;
    std::vector<Stay> running = lives_->RunningAmong(known, order);
    if (running.empty()) running = lives_->LastEndedAmong(known, order);
    if (running.empty()) return Found::kNothing;
    event->matched_by = MatchedBy::kSubject;
    if (running.size() == 1) {
      *task = running[0].task;
      return Found::kOne;
    }
    return OpenInLane(event, order, known, task) == Found::kOne ? Found::kOne : Several(*event, running);
  }

  Found ByLane(Event* event, uint64_t order, uint32_t* task) {
    if (!event->lane_allowed) return Found::kNothing;
    std::vector<uint32_t> open = lanes_.OpenAt(*event, order);
    if (open.empty() || IsForeign(*event, open)) return Found::kNothing;
    if (open.size() == 1) {
      *task = open[0];
      event->matched_by = MatchedBy::kLane;
      return Found::kOne;
    }
    if (OpenInLane(event, order, NamedAnywhere(*event), task) == Found::kOne) {
      event->matched_by = MatchedBy::kWeak;
      return Found::kOne;
    }
    if (witness_.asked()) candidates_ = lanes_.OpenAt(*event, order, HeldBack::kOthers + 1);
    if (event->kind == RuleKind::kError) lanes_.AddDoubt(*event, order);
    return Found::kSeveral;
  }

  // Among those running, wherever.
  Found ByWeakSubject(Event* event, uint64_t order, uint32_t* task) {
    const std::vector<Stay> running = lives_->RunningAmong(NamedAnywhere(*event), order);
    if (running.empty()) return Found::kNothing;
    if (running.size() > 1) return Several(*event, running);
    *task = running[0].task;
    event->matched_by = MatchedBy::kWeak;
    return Found::kOne;
  }

  // The one of these tasks that is open in the event's lane.
  Found OpenInLane(Event* event, uint64_t order, const std::vector<uint32_t>& tasks, uint32_t* task) {
    Found found = Found::kNothing;
    for (uint32_t one : tasks) {
      if (!event->lane_allowed || !lanes_.IsOpen(*event, order, one)) continue;
      if (found == Found::kOne) return Found::kSeveral;
      found = Found::kOne;
      *task = one;
    }
    return found;
  }

  // The record names a subject that other tasks are known to have, and none of these.
  bool IsForeign(const Event& event, const std::vector<uint32_t>& tasks) const {
    const std::vector<uint32_t>& known = subjects_.TasksOf(event.subject);
    return !event.subject.empty() && !known.empty() &&
           std::none_of(tasks.begin(), tasks.end(), [&](uint32_t task) {
             return std::find(known.begin(), known.end(), task) != known.end();
           });
  }

  // All tasks that a token of the record names.
  std::vector<uint32_t> NamedAnywhere(const Event& event) const {
    std::vector<uint32_t> tasks;
    for (std::string_view text : {event.subject, event.message, event.error, event.context}) {
      for (std::string_view token : SubjectTokens(text)) {
        for (std::string_view name : {token, NumberBehindLetters(token)}) {
          const std::vector<uint32_t>& some = subjects_.TasksOf(name);
          if (name.size() >= kWeakSubject) tasks.insert(tasks.end(), some.begin(), some.end());
        }
      }
    }
    std::sort(tasks.begin(), tasks.end());
    tasks.erase(std::unique(tasks.begin(), tasks.end()), tasks.end());
    return tasks;
  }

  // Those runs are candidates.
  Found Several(const Event& event, const std::vector<Stay>& candidates) {
    for (const Stay& run : candidates) candidates_.push_back(run.task);
    if (event.kind != RuleKind::kError) return Found::kSeveral;
    for (const Stay& run : candidates) attributed_.AddDoubt({run.task, run.to == kNever ? run.from : run.to});
    return Found::kSeveral;
  }

  // The task's id, for good.
  std::string_view IdOf(uint32_t task) {
    std::string_view& id = ids_[task];
    std::string scratch;
    if (id.data() == nullptr) id = store_.texts->Keep(table_.IdOf(task, &scratch));
    return id;
  }

  std::vector<Task> MakeTasks(bool every_task) {
    std::vector<uint32_t> chosen = witness_.followed();
    for (uint32_t task = 0; every_task && task < table_.size(); ++task) chosen.push_back(task);
    return attributed_.Make(std::move(chosen), *result_.all, store_);
  }

  const Timeline& timeline_;
  const PackedEvents& packed_;
  TaskTable& table_;
  TaskStore store_;
  std::vector<uint32_t> candidates_;  // what the search could not choose between
  Attribution result_;
  LaneOrder lane_order_;
  Lanes lanes_;
  Subjects subjects_;
  std::unique_ptr<Lives> lives_;  // null where no search needs it
  Attributed attributed_;
  absl::flat_hash_map<uint32_t, std::string_view> ids_;
  Traces traces_;
  Houses houses_;
  Witness witness_;
};

}  // namespace

Attribution Attribute(const Timeline& timeline, TaskTable* table, std::string_view asked, bool every_task,
                      TaskStore store) {
  return Attributor(timeline, table, asked, store).DealOut(every_task);
}

}  // namespace gainsay
