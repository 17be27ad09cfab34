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

Lives::Lives(const TaskEvents& events, Lanes* lanes) : events_(events), lanes_(lanes), unpacked_(events) {
  for (uint32_t task = 0; task < events.table().known(); ++task) AddAttempts(task);
  lanes->Finish();
}

std::vector<uint64_t> Lives::EndsOf(const std::vector<Placed>& events) {
  std::vector<uint64_t> ends;
  for (const Placed& placed : events) {
    if (placed.event->kind == RuleKind::kTerminal) ends.push_back(placed.order + 1);
  }
  return ends;
}

void Lives::AddAttempts(uint32_t task) {
  const std::vector<Placed>& events = unpacked_.Of(task, PackedEvents::Detail::kLife);
  const std::vector<uint64_t> ends = EndsOf(events);
  for (const RunDraft& run : RunsOf(events)) {
    for (size_t i = 0; i < run.attempts.size(); ++i) {
      const Attempt& attempt = run.attempts[i];
      if (!IsOuter(attempt)) {
        lanes_->AddAttempt(task, attempt, AfterPrevious(attempt, ends), NextBegins(run, i));
      }
    }
  }
}

const Lives::Life& Lives::LifeOf(uint32_t task) {
  const auto [found, fresh] = lives_.try_emplace(task);
  Life& life = found->second;
  if (!fresh) return life;
  life.outer = events_.IsOuter(task);
  const std::vector<Placed>& events = unpacked_.Of(task, PackedEvents::Detail::kLife);
  const std::vector<uint64_t> ends = EndsOf(events);
  for (const RunDraft& run : RunsOf(events)) {
    const Stay stay = OfRun(task, run, ends);
    life.apart =
        life.apart && stay.from <= stay.to && (life.runs.empty() || life.runs.back().to <= stay.from);
    life.runs.push_back(stay);
  }
  return life;
}

Stay Lives::OfRun(uint32_t task, const RunDraft& run, const std::vector<uint64_t>& ends) const {
  Stay stay{kNever, run.back().Ended() ? run.back().terminal.order : kNever, task};
  for (const Attempt& attempt : run.attempts) {
    stay.from = std::min(stay.from, lanes_->BeganAt(attempt, AfterPrevious(attempt, ends)));
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

std::vector<Stay> Lives::RunningAmong(const std::vector<uint32_t>& tasks, uint64_t order) {
  std::vector<Stay> inner, outer;
  for (uint32_t task : tasks) {
    const Life& life = LifeOf(task);
    if (const Stay* run = At(life, order)) (life.outer ? outer : inner).push_back(*run);
  }
  return inner.empty() ? outer : inner;
}

std::vector<Stay> Lives::LastEndedAmong(const std::vector<uint32_t>& tasks, uint64_t order) {
  std::vector<Stay> last;
  for (uint32_t task : tasks) {
    const Stay* run = EndedBefore(LifeOf(task), order);
    if (run != nullptr && (last.empty() || run->to > last[0].to)) last = {*run};
  }
  return last;
}

}  // namespace gainsay
