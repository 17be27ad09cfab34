// The idea: events are kept as they come; at the end they are put in order, dealt out to tasks,
// cut into runs and attempts, and each run is judged by itself. Everything after the sort is a function of
// the order alone, so neither the arrival order nor the split over files can change a verdict.
#include "task/correlator.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "task/attempts.h"
#include "task/attribution.h"
#include "task/input_tasks.h"
#include "task/judge.h"
#include "task/recovery.h"

namespace gainsay {

struct Correlator::State {
  const Matcher& matcher;
  ErrorFilter* filter;
  std::deque<KeptEvent> storage;
  absl::flat_hash_set<uint32_t> cut_sources;
  std::vector<InputTask> inputs;
  std::string asked;  // the id of the task to tell of; "" if of none

  std::vector<Event*> InOrder();
  Run Judge(const Task& task, const RunDraft& draft, uint32_t number,
            const DoubtfulRecoveries& doubtful) const;
  void DoubtInput(uint32_t source, Run* run) const;
  bool WasCut(const Placed& placed) const;
  bool WasCut(const Task& task, const RunDraft& draft) const;
};

namespace {

// By time; those of equal time as they came.
bool Earlier(const Event* a, const Event* b) { return a->time_ns < b->time_ns; }

// A run and the time that it is reported by: its terminal's, else its first event's.
struct Timed {
  int64_t time_ns;
  Run run;
};

bool ReportedEarlier(const Timed& a, const Timed& b) {
  return std::tie(a.time_ns, a.run.task, a.run.run) < std::tie(b.time_ns, b.run.task, b.run.run);
}

std::vector<const Event*> EventsOf(const std::vector<Placed>& placed) {
  std::vector<const Event*> events;
  events.reserve(placed.size());
  for (const Placed& p : placed) events.push_back(p.event);
  return events;
}

}  // namespace

std::vector<Event*> Correlator::State::InOrder() {
  std::vector<Event*> events;
  events.reserve(storage.size());
  for (KeptEvent& kept : storage) events.push_back(kept.mutable_event());
  std::stable_sort(events.begin(), events.end(), Earlier);
  return events;
}

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

Correlator::Correlator(const Matcher& matcher, ErrorFilter* filter)
    : state_(new State{matcher, filter, {}, {}, {}, {}}) {}
Correlator::~Correlator() = default;

void Correlator::Add(const Event& event) { state_->storage.emplace_back(event); }
void Correlator::Add(KeptEvent event) { state_->storage.push_back(std::move(event)); }

void Correlator::SourceCut(uint32_t source) { state_->cut_sources.insert(source); }

void Correlator::AddInputTask(InputTask input) { state_->inputs.push_back(std::move(input)); }

void Correlator::Tell(std::string task) { state_->asked = std::move(task); }

Correlation Correlator::Finish() {
  Correlation result;
  const std::vector<Event*> events = state_->InOrder();
  Attribution attribution = Attribute(events, state_->matcher, state_->asked);
  TakeUnclaimed(state_->inputs, events, state_->matcher, &attribution, &state_->storage);
  std::vector<std::vector<RunDraft>> drafts;
  std::vector<RunDraft*> all;
  drafts.reserve(attribution.tasks.size());
  for (const Task& task : attribution.tasks) {
    drafts.push_back(task.input ? std::vector{RunOfInput(task)} : CutIntoRuns(task.events, task.doubts));
    for (RunDraft& draft : drafts.back()) all.push_back(&draft);
  }
  const DoubtfulRecoveries doubtful = PlaceOrphans(attribution.orphans, all);
  std::vector<Timed> runs;
  runs.reserve(all.size());
  if (!state_->asked.empty()) {
    result.story = std::make_unique<Story>();
    result.story->held_back = std::move(attribution.held_back);
    result.story->more_held_back = attribution.more_held_back;
    result.story->silent = std::move(attribution.silent);
  }
  for (size_t i = 0; i < drafts.size(); ++i) {
    uint32_t number = 0;
    const size_t first = runs.size();
    for (const RunDraft& draft : drafts[i]) {
      Run run = state_->Judge(attribution.tasks[i], draft, ++number, doubtful);
      const Event* of_time = run.terminal != nullptr ? run.terminal : events[draft.first];
      runs.push_back({of_time->time_ns, std::move(run)});
    }
    if (result.story == nullptr || attribution.tasks[i].id != state_->asked) continue;
    std::vector<Run> judged;
    for (size_t run = first; run < runs.size(); ++run) judged.push_back(runs[run].run);
    TellRuns(attribution.tasks[i], drafts[i], judged, doubtful, attribution.orphans, result.story.get());
  }
  std::stable_sort(runs.begin(), runs.end(), ReportedEarlier);
  result.runs.reserve(runs.size());
  for (Timed& timed : runs) {
    ++result.verdicts[static_cast<size_t>(timed.run.verdict)];
    result.runs.push_back(std::move(timed.run));
  }
  result.unattributed = EventsOf(attribution.unattributed);
  result.errors = EventsOf(attribution.errors);
  result.terminals = attribution.terminals;
  result.storage = std::move(state_->storage);
  return result;
}

}  // namespace gainsay
