// Each function stands for a sentence or two of DESIGN.md section 3; its comment says which,
// in other words. Where the text leaves a choice, the comment names the one taken. Slow on purpose.
#include "reference_correlator.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "reference_attribution.h"
#include "reference_order.h"
#include "reference_runs.h"

namespace gainsay {
namespace {

using reference::Attempt;
using reference::Attribution;
using reference::DraftRun;
using reference::IsLifecycle;
using reference::Item;
using reference::Items;

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

// The pack of its terminal, else of its first start.
std::string SystemOf(const DraftRun& draft, const Matcher& matcher) {
  if (draft.last().terminal) return matcher.pack_of(draft.last().terminal->event->rule).id;
  for (const Attempt& attempt : draft.attempts) {
    if (attempt.start) return matcher.pack_of(attempt.start->event->rule).id;
  }
  return "";
}

ReferenceRun Judge(const DraftRun& draft, const std::set<uint32_t>& cut_sources, const Matcher& matcher) {
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
  run.system = SystemOf(draft, matcher);
  run.time_ns = (run.terminal != nullptr ? run.terminal : draft.events.front().event)->time_ns;
  run.verdict = VerdictBeforeDoubt(run, last.state());
  if (IsInDoubt(draft, run.verdict, cut_sources)) run.verdict = Verdict::kInconclusive;
  return run;
}

}  // namespace

ReferenceAnswer CorrelateSlowly(const std::vector<Event>& events, const std::set<uint32_t>& cut_sources,
                                const Matcher& matcher) {
  const Items ordered = reference::InOrder(events);
  const Attribution attribution(ordered, matcher);
  std::vector<DraftRun> drafts;
  for (const auto& [key, task] : attribution.tasks) {
    std::vector<DraftRun> runs = reference::CutIntoDraftRuns(task.events, task.mentions);
    for (size_t order : task.doubts) runs[reference::RunAt(runs, order)].ambiguous_error = true;
    for (size_t i = 0; i < runs.size(); ++i) {
      if (runs[i].events.empty()) continue;  // a task that only a scope names has nothing at all
      runs[i].task = key.id;
      runs[i].number = i + 1;
      drafts.push_back(std::move(runs[i]));
    }
  }
  for (const Item& resolution : attribution.orphans) PlaceOrphan(resolution, &drafts);

  ReferenceAnswer answer;
  answer.unattributed = attribution.unattributed;
  for (const reference::PlacedError& e : attribution.errors) answer.errors.push_back({e.event, e.task, e.by});
  answer.terminals = attribution.terminals;
  for (const DraftRun& draft : drafts) answer.runs.push_back(Judge(draft, cut_sources, matcher));
  std::stable_sort(answer.runs.begin(), answer.runs.end(), [](const ReferenceRun& a, const ReferenceRun& b) {
    return std::tie(a.time_ns, a.task, a.run) < std::tie(b.time_ns, b.task, b.run);
  });
  return answer;
}

}  // namespace gainsay
