#include "task/judge.h"

#include "task/recovery.h"

namespace gainsay {
namespace {

// `sure`: some unresolved error can't have been taken back.
Verdict VerdictOf(const RunDraft& draft, const Run& run, bool sure) {
  if (!draft.back().Ended()) return Verdict::kUnfinished;
  const Verdict verdict = VerdictOf(run.terminal->state);
  if (verdict != Verdict::kClean) return verdict;
  if (!run.unresolved.empty()) return sure ? Verdict::kContradiction : Verdict::kInconclusive;
  return run.errors > run.suppressed ? Verdict::kRecovered : Verdict::kClean;
}

// The name and the system that the run's own events tell.
void Describe(const RunDraft& draft, Run* run) {
  auto take_name = [run](const Event* event) {
    if (event != nullptr && run->name.empty()) run->name = event->name;
  };
  take_name(run->terminal);
  for (const Attempt& attempt : draft.attempts) {
    take_name(attempt.terminal.event);
    take_name(attempt.start.event);
    for (const Placed& error : attempt.errors) take_name(error.event);
  }
}

}  // namespace

Verdict VerdictOf(State state) {
  switch (state) {
    case State::kSucceeded:
      return Verdict::kClean;
    case State::kFailed:
      return Verdict::kFailed;
    case State::kCancelled:
      return Verdict::kCancelled;
    case State::kRetrying:
    case State::kNone:
      break;
  }
  return Verdict::kUnfinished;
}

void JudgeRun(const RunDraft& draft, const DoubtfulRecoveries& doubtful, ErrorFilter* filter, Run* run) {
  const Attempt& last = draft.back();
  run->attempt = static_cast<uint32_t>(draft.attempts.size());
  run->start = last.start.event;
  run->terminal = last.terminal.event;
  for (const Attempt& attempt : draft.attempts) run->errors += static_cast<uint32_t>(attempt.errors.size());
  Describe(draft, run);
  bool sure = false;
  if (run->terminal != nullptr && run->terminal->state == State::kSucceeded && !last.errors.empty()) {
    Recoveries recoveries;
    for (const Attempt& attempt : draft.attempts) {
      for (const Placed& resolution : attempt.resolutions) recoveries.Add(resolution);
    }
    for (const Placed& error : last.errors) {
      if (recoveries.Resolves(error)) continue;
      if (filter != nullptr && filter->Suppressed(*error.event, *run)) {
        ++run->suppressed;
      } else {
        const bool late = error.order > last.terminal.order;
        run->unresolved.push_back({error.event, late});
        sure = sure || !doubtful.MayResolve(error, last.terminal.order, draft.input);
      }
    }
  }
  run->verdict = VerdictOf(draft, *run, sure);
  if (run->verdict == Verdict::kInconclusive) {
    run->inconclusive_because = "a resolution may be of this run's write error or of another's";
  }
}

}  // namespace gainsay
