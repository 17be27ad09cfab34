#include "task/lives.h"

#include <algorithm>

namespace gainsay {
namespace {

// Of a system that logs no starts, each terminal says that its task ran before it, even where it says what
// the one before said.
std::vector<RunDraft> RunsOf(const std::vector<Placed>& events) {
  const bool any_start = std::any_of(events.begin(), events.end(), [](const Placed& placed) {
    return placed.event->kind == RuleKind::kStart;
  });
  if (any_start) return CutIntoRuns(events);
  std::vector<RunDraft> runs;
  for (const Placed& placed : events) {
    if (placed.event->kind != RuleKind::kTerminal) continue;
    runs.emplace_back().attempts.emplace_back().terminal = placed;
  }
  return runs.empty() ? CutIntoRuns(events) : runs;
}

// Where the attempt behind this one begins, kNever if there is none.
uint64_t NextBegins(const RunDraft& run, size_t attempt) {
  if (attempt + 1 == run.attempts.size()) return kNever;
  const Attempt& next = run.attempts[attempt + 1];
  if (next.start.event != nullptr) return next.start.order;
  return next.Ended() ? next.terminal.order : kNever;
}

// The first order after the task's terminal before the attempt's, 0 if there is none.
uint64_t AfterPrevious(const Attempt& attempt, const std::vector<uint64_t>& ends) {
  if (!attempt.Ended()) return 0;
  auto own = std::upper_bound(ends.begin(), ends.end(), attempt.terminal.order);
  return own == ends.begin() ? 0 : *(own - 1);
}

bool IsOuter(const Attempt& attempt) {
  const Event* any = attempt.Ended() ? attempt.terminal.event : attempt.start.event;
  return any != nullptr && any->outer;
}

}  // namespace

void Lives::Learn(const std::vector<Task>& tasks, Lanes* lanes) {
  lives_.resize(tasks.size());
  for (uint32_t task = 0; task < lives_.size(); ++task) {
    Life& life = lives_[task];
    life.outer = tasks[task].outer;
    std::vector<uint64_t> ends;  // order after each of the task's terminals
    for (const Placed& placed : tasks[task].events) {
      if (placed.event->kind == RuleKind::kTerminal) ends.push_back(placed.order + 1);
    }
    for (const RunDraft& run : RunsOf(tasks[task].events)) {
      const Stay stay = OfRun(task, run, ends, lanes);
      life.apart =
          life.apart && stay.from <= stay.to && (life.runs.empty() || life.runs.back().to <= stay.from);
      life.runs.push_back(stay);
    }
  }
  lanes->Finish();
}

Stay Lives::OfRun(uint32_t task, const RunDraft& run, const std::vector<uint64_t>& ends, Lanes* lanes) {
  Stay stay{kNever, run.back().Ended() ? run.back().terminal.order : kNever, task};
  for (size_t i = 0; i < run.attempts.size(); ++i) {
    const Attempt& attempt = run.attempts[i];
    const uint64_t after = AfterPrevious(attempt, ends);
    if (!IsOuter(attempt)) lanes->AddAttempt(task, attempt, after, NextBegins(run, i));
    stay.from = std::min(stay.from, lanes->BeganAt(attempt, after));
  }
  // One that is only mentioned exists from then on.
  if (run.back().start.event == nullptr && !run.back().Ended()) stay.from = run.first;
  return stay;
}

// Null if there is none.
const Stay* Lives::At(const Life& life, uint64_t order) {
  auto holds = [order](const Stay& run) { return run.from <= order && order < run.to; };
  if (life.apart) {
    auto next = std::upper_bound(life.runs.begin(), life.runs.end(), order,
                                 [](uint64_t o, const Stay& run) { return o < run.from; });
    return next != life.runs.begin() && holds(*(next - 1)) ? &*(next - 1) : nullptr;
  }
  auto found = std::find_if(life.runs.begin(), life.runs.end(), holds);
  return found == life.runs.end() ? nullptr : &*found;
}

// The one that ended last; null if there is none.
const Stay* Lives::EndedBefore(const Life& life, uint64_t order) {
  if (life.apart) {
    auto next = std::lower_bound(life.runs.begin(), life.runs.end(), order,
                                 [](const Stay& run, uint64_t o) { return run.to < o; });
    return next == life.runs.begin() ? nullptr : &*(next - 1);
  }
  const Stay* last = nullptr;
  for (const Stay& run : life.runs) {
    if (run.to < order && (last == nullptr || run.to > last->to)) last = &run;
  }
  return last;
}

std::vector<Stay> Lives::RunningAmong(const std::vector<uint32_t>& tasks, uint64_t order) const {
  std::vector<Stay> inner, outer;
  for (uint32_t task : tasks) {
    if (task >= lives_.size()) continue;  // made since, of a write error's id: nothing tells when it ran
    const Life& life = lives_[task];
    if (const Stay* run = At(life, order)) (life.outer ? outer : inner).push_back(*run);
  }
  return inner.empty() ? outer : inner;
}

std::vector<Stay> Lives::LastEndedAmong(const std::vector<uint32_t>& tasks, uint64_t order) const {
  std::vector<Stay> last;
  for (uint32_t task : tasks) {
    const Stay* run = task < lives_.size() ? EndedBefore(lives_[task], order) : nullptr;
    if (run != nullptr && (last.empty() || run->to > last[0].to)) last = {*run};
  }
  return last;
}

}  // namespace gainsay
