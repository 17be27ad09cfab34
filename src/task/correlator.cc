// The idea: events are kept as they come, those of lifecycles packed; at the end they are put in order,
// dealt out to tasks, cut into runs and attempts, and each run is judged by itself. Everything after the sort
// is a function of the order alone, so neither the arrival order nor the split over files can change a
// verdict. Where runs may be counted only, the tasks that no write error was found for go by the census.
#include "task/correlator.h"

#include <algorithm>
#include <functional>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "task/attempts.h"
#include "task/attribution.h"
#include "task/census.h"
#include "task/event_roles.h"
#include "task/input_tasks.h"
#include "task/judge.h"
#include "task/lost_events.h"
#include "task/packed_events.h"
#include "task/recovery.h"
#include "task/task_table.h"
#include "task/timeline.h"

namespace gainsay {

struct Correlator::State {
  State(const Matcher& of, ErrorFilter* by, const CorrelatorRoom& most)
      : matcher(of), filter(by), room(most), table(of) {}

  const Matcher& matcher;
  ErrorFilter* filter;
  const CorrelatorRoom room;
  TaskTable table;
  PackedEvents packed;                  // lifecycle events that name a task
  std::deque<KeptEvent> storage;        // all others, and of those what is looked into
  std::vector<uint64_t> packed_before;  // of each of the others
  std::optional<Window> counted;        // where not all runs are kept
  absl::flat_hash_set<uint32_t> cut_sources;
  LostEvents lost;
  std::vector<InputTask> inputs;
  std::string asked;  // the id of the task to tell of; "" if of none

  Run Judge(const Task& task, const RunDraft& draft, uint32_t number,
            const DoubtfulRecoveries& doubtful) const;
  void DoubtInput(uint32_t source, Run* run) const;
  bool HasRoom(const Event& event);  // or counts it as lost
  bool WasCut(const Placed& placed) const;
  bool WasCut(const Task& task, const RunDraft& draft) const;
};

namespace {

bool ReportedEarlier(const TimedRun& a, const TimedRun& b) {
  return std::tie(a.time_ns, a.run.task, a.run.run) < std::tie(b.time_ns, b.run.task, b.run.run);
}

std::vector<const Event*> EventsOf(const std::vector<Placed>& placed) {
  std::vector<const Event*> events;
  events.reserve(placed.size());
  for (const Placed& p : placed) events.push_back(p.event);
  return events;
}

}  // namespace

bool Correlator::State::WasCut(const Placed& placed) const {
  return placed.event != nullptr && cut_sources.contains(placed.event->position.source);
}

// Whether an event of the run stands in a cut source; of a task that is only mentioned, a mention.
bool Correlator::State::WasCut(const Task& task, const RunDraft& draft) const {
  if (cut_sources.empty()) return false;
  auto any_cut = [this](const std::vector<Placed>& events) {
    return std::any_of(events.begin(), events.end(), [this](const Placed& p) { return WasCut(p); });
  };
  auto cut = [&](const Attempt& attempt) {
    return WasCut(attempt.start) || WasCut(attempt.terminal) || any_cut(attempt.errors) ||
           any_cut(attempt.resolutions);
  };
  const bool only_mentioned = std::all_of(task.events.begin(), task.events.end(), [](const Placed& p) {
    return p.event->kind == RuleKind::kMention;
  });
  return only_mentioned ? any_cut(task.events)
                        : std::any_of(draft.attempts.begin(), draft.attempts.end(), cut);
}

Run Correlator::State::Judge(const Task& task, const RunDraft& draft, uint32_t number,
                             const DoubtfulRecoveries& doubtful) const {
  Run run;
  run.task = task.id;
  run.run = number;
  const Event* of_system = draft.back().terminal.event;
  for (const Attempt& attempt : draft.attempts) {
    if (of_system == nullptr) of_system = attempt.start.event;
  }
  if (of_system != nullptr && !task.input) run.system = matcher.pack_of(of_system->rule).id;
  JudgeRun(draft, doubtful, filter, &run);
  if (run.name.empty()) run.name = task.mentioned_name;
  if (draft.in_doubt && run.verdict == Verdict::kClean) {
    run.verdict = Verdict::kInconclusive;
    run.inconclusive_because = "a write error may be this task's or another's";
  }
  if (run.verdict == Verdict::kUnfinished && WasCut(task, draft)) {
    run.verdict = Verdict::kInconclusive;
    run.inconclusive_because = "its input was cut before the run's end";
  }
  if (task.input) DoubtInput(*task.input, &run);
  const bool calm = run.verdict == Verdict::kClean || run.verdict == Verdict::kRecovered ||
                    run.verdict == Verdict::kUnfinished;
  if (calm && lost.MayBeOf(task)) {
    run.verdict = Verdict::kInconclusive;
    run.inconclusive_because = "more was logged than there is room for, and its events were dropped";
  }
  return run;
}

// An input of which not all was seen has not ended clean, whatever was reported.
void Correlator::State::DoubtInput(uint32_t source, Run* run) const {
  const auto is_it = [source](const InputTask& input) { return input.source == source; };
  const bool empty =
      std::any_of(inputs.begin(), inputs.end(), [&](const InputTask& i) { return is_it(i) && i.empty; });
  const bool good = run->verdict == Verdict::kClean || run->verdict == Verdict::kRecovered;
  if (!good || !(empty || cut_sources.contains(source))) return;
  run->verdict = Verdict::kInconclusive;
  run->inconclusive_because = empty ? "its log holds no records" : "its log was cut before its end";
}

bool Correlator::State::HasRoom(const Event& event) {
  if (Packs(event) ? packed.size() < room.packed : storage.size() < room.whole) return true;
  lost.Add(event, table);
  return false;
}

Correlator::Correlator(const Matcher& matcher, ErrorFilter* filter, const CorrelatorRoom& room)
    : state_(std::make_unique<State>(matcher, filter, room)) {}
Correlator::~Correlator() = default;

bool Correlator::Packs(const Event& event) { return IsLifecycle(event) && !event.task.empty(); }

void Correlator::Add(const Event& event) {
  State& s = *state_;
  if (!s.HasRoom(event)) return;
  if (Packs(event)) {
    s.packed.Add(event, s.table.KeyOf(event));
  } else {
    s.packed_before.push_back(s.packed.size());
    s.storage.emplace_back(event);
  }
}

void Correlator::Add(KeptEvent event) {
  State& s = *state_;
  if (Packs(event.event())) return Add(event.event());
  if (!s.HasRoom(event.event())) return;
  s.packed_before.push_back(s.packed.size());
  s.storage.push_back(std::move(event));
}

void Correlator::SourceCut(uint32_t source) { state_->cut_sources.insert(source); }

void Correlator::AddInputTask(InputTask input) { state_->inputs.push_back(std::move(input)); }

void Correlator::Tell(std::string task) { state_->asked = std::move(task); }

void Correlator::CountOnly(const Window& window) { state_->counted = window; }

namespace {

// The last steps: what was dealt out becomes runs with verdicts.
class Judging {
 public:
  using JudgeRun =
      std::function<Run(const Task&, const RunDraft&, uint32_t number, const DoubtfulRecoveries&)>;

  Judging(const Timeline& timeline, Attribution attribution, JudgeRun judge)
      : timeline_(timeline), attribution_(std::move(attribution)), judge_(std::move(judge)) {
    drafts_.reserve(attribution_.tasks.size());
    std::vector<RunDraft*> all;
    for (const Task& task : attribution_.tasks) {
      drafts_.push_back(task.input ? std::vector{RunOfInput(task)} : CutIntoRuns(task.events, task.doubts));
      for (RunDraft& draft : drafts_.back()) all.push_back(&draft);
    }
    doubtful_ = PlaceOrphans(attribution_.orphans, all);
  }

  void KeepAll(const std::string& asked, Story* story) {
    for (size_t i = 0; i < drafts_.size(); ++i) {
      const Task& task = attribution_.tasks[i];
      const std::vector<TimedRun> judged = Judge(task, drafts_[i], doubtful_);
      runs_.insert(runs_.end(), judged.begin(), judged.end());
      if (story == nullptr || task.id != asked) continue;
      std::vector<Run> told;
      for (const TimedRun& timed : judged) told.push_back(timed.run);
      TellRuns(task, drafts_[i], told, doubtful_, attribution_.orphans, story);
    }
  }

  RunCounts Count(const Window& window, const Census::Doubts& doubts, TaskStore store) {
    Census census(window, *attribution_.all, doubts);
    for (size_t i = 0; i < drafts_.size(); ++i) {
      for (TimedRun& timed : Judge(attribution_.tasks[i], drafts_[i], doubtful_)) {
        if (census.Count(timed.run)) runs_.push_back(std::move(timed));
      }
      census.EndTask(attribution_.tasks[i]);
    }
    const auto judge = [this](const Task& task) { return Judge(task, CutIntoRuns(task.events), {}); };
    Unpacked unpacked(*attribution_.all);
    for (const uint32_t number : census.CountOthers(attribution_.tasks, judge)) {
      for (TimedRun& timed : judge(KeepTask(number, &unpacked, store))) {
        const bool told = timed.run.verdict == Verdict::kInconclusive && window.Holds(timed.run);
        if (told) runs_.push_back(std::move(timed));
      }
    }
    return census.Take();
  }

  std::vector<Run> TakeRuns() {
    std::stable_sort(runs_.begin(), runs_.end(), ReportedEarlier);
    std::vector<Run> runs;
    runs.reserve(runs_.size());
    for (TimedRun& timed : runs_) runs.push_back(std::move(timed.run));
    return runs;
  }

  Attribution& attribution() { return attribution_; }

 private:
  std::vector<TimedRun> Judge(const Task& task, const std::vector<RunDraft>& drafts,
                              const DoubtfulRecoveries& doubtful) const {
    std::vector<TimedRun> runs;
    for (const RunDraft& draft : drafts) {
      Run run = judge_(task, draft, static_cast<uint32_t>(runs.size() + 1), doubtful);
      const int64_t time_ns = run.terminal != nullptr ? run.terminal->time_ns : timeline_.TimeOf(draft.first);
      runs.push_back({time_ns, std::move(run)});
    }
    return runs;
  }

  const Timeline& timeline_;
  Attribution attribution_;
  const JudgeRun judge_;
  std::vector<std::vector<RunDraft>> drafts_;  // of each task
  DoubtfulRecoveries doubtful_;
  std::vector<TimedRun> runs_;
};

std::unique_ptr<Story> BeginStory(Attribution* attribution) {
  auto story = std::make_unique<Story>();
  story->held_back = std::move(attribution->held_back);
  story->more_held_back = attribution->more_held_back;
  story->silent = std::move(attribution->silent);
  return story;
}

}  // namespace

Correlation Correlator::Finish() {
  State& s = *state_;
  Correlation result;
  result.texts = std::make_unique<TextArena>();
  const TaskStore store{&s.storage, result.texts.get()};
  const Timeline timeline(s.packed, &s.storage, s.packed_before);
  Attribution dealt = Attribute(timeline, &s.table, s.asked, !s.counted, store);
  s.lost.Resolve(s.table);
  TakeUnclaimed(s.inputs, timeline, s.matcher, &dealt, &s.storage);
  Judging judging(
      timeline, std::move(dealt),
      [&s](const Task& task, const RunDraft& draft, uint32_t number, const DoubtfulRecoveries& doubtful) {
        return s.Judge(task, draft, number, doubtful);
      });
  if (!s.asked.empty()) result.story = BeginStory(&judging.attribution());
  if (s.counted) {
    result.counted = judging.Count(*s.counted, {!s.cut_sources.empty(), &s.lost}, store);
    result.verdicts = result.counted->verdicts;
    result.runs = judging.TakeRuns();
  } else {
    judging.KeepAll(s.asked, result.story.get());
    result.runs = judging.TakeRuns();
    for (const Run& run : result.runs) ++result.verdicts[static_cast<size_t>(run.verdict)];
  }
  result.unattributed = EventsOf(judging.attribution().unattributed);
  result.errors = EventsOf(judging.attribution().errors);
  result.terminals = judging.attribution().terminals;
  result.lost = s.lost.count();
  result.storage = std::move(s.storage);
  return result;
}

}  // namespace gainsay
