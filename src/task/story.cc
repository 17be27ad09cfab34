// The idea: the verdicts are not made a second time. The drafts say which run and attempt each of the
// task's events went to, the judged run which errors nothing took back; what is left of an error's fate
// follows from these two. Events that no draft holds (mentions, a report told once more) stand with the run
// before them.
#include "task/story.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace gainsay {
namespace {

constexpr size_t kMissedErrors = 3;  // of a run, as many are compared with its resolutions

bool IsWord(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

// Where the drafts have an event.
struct Seat {
  uint32_t run = 0, attempt = 0;  // indices
};
using Seats = absl::flat_hash_map<uint64_t, Seat>;

template <typename Visit>
void ForEachEvent(const Attempt& attempt, Visit visit) {
  if (attempt.start.event != nullptr) visit(attempt.start);
  if (attempt.Ended()) visit(attempt.terminal);
  for (const Placed& error : attempt.errors) visit(error);
  for (const Placed& resolution : attempt.resolutions) visit(resolution);
}

// What became of the errors of one run.
class Fates {
 public:
  Fates(const RunDraft& draft, const Run& run, const DoubtfulRecoveries& doubtful,
        const std::vector<Placed>& orphans)
      : draft_(draft), doubtful_(doubtful), orphans_(orphans) {
    for (const Attempt& attempt : draft.attempts) {
      resolutions_.insert(resolutions_.end(), attempt.resolutions.begin(), attempt.resolutions.end());
    }
    std::sort(resolutions_.begin(), resolutions_.end(),
              [](const Placed& a, const Placed& b) { return a.order < b.order; });
    for (const Placed& resolution : resolutions_) own_.Add(resolution);
    for (const Unresolved& error : run.unresolved) standing_.insert_or_assign(error.event, true);
  }

  void Tell(const Placed& error, uint32_t attempt, StoryEvent* told) const {
    const Attempt& of = draft_.attempts[attempt];
    told->late = of.Ended() && error.order > of.terminal.order;
    if (attempt + 1 < draft_.attempts.size()) {
      told->fate = Fate::kSuperseded;
    } else if (standing_.contains(error.event)) {
      const bool doubtful = !told->late && doubtful_.MayResolve(error, of.terminal.order);
      told->fate = doubtful ? Fate::kDoubtful : Fate::kStands;
      if (doubtful) told->resolved_by = At(orphans_, doubtful_.FirstFor(error));
    } else if (told->resolved_by = At(resolutions_, own_.FirstFor(error)); told->resolved_by != nullptr) {
      told->fate = Fate::kResolved;
    } else {
      // Only runs that report success ask what they may leave open.
      const bool asked = of.Ended() && of.terminal.event->state == State::kSucceeded;
      told->fate = asked ? Fate::kSuppressed : Fate::kStands;
    }
  }

  // The first resolution of each kind that does not fit the error.
  void TellMissed(const Placed& error, std::vector<Missed>* missed) const {
    constexpr size_t kMisfits = static_cast<size_t>(Misfit::kSubject) + 1;
    bool seen[kMisfits] = {};
    for (const Placed& resolution : resolutions_) {
      const Misfit why = WhyUnfit(resolution, error);
      if (why == Misfit::kNone || std::exchange(seen[static_cast<size_t>(why)], true)) continue;
      missed->push_back({error.event, resolution.event, why});
    }
  }

 private:
  static const Event* At(const std::vector<Placed>& placed, uint64_t order) {
    auto found = std::lower_bound(placed.begin(), placed.end(), order,
                                  [](const Placed& p, uint64_t o) { return p.order < o; });
    return found == placed.end() ? nullptr : found->event;
  }

  const RunDraft& draft_;
  const DoubtfulRecoveries& doubtful_;
  const std::vector<Placed>& orphans_;
  std::vector<Placed> resolutions_;  // in order
  DoubtfulRecoveries own_;           // the same, by what they fit
  absl::flat_hash_map<const Event*, bool> standing_;
};

}  // namespace

std::string_view FateName(Fate fate) {
  switch (fate) {
    case Fate::kNone:
      return "";
    case Fate::kStands:
      return "stands";
    case Fate::kDoubtful:
      return "doubtful";
    case Fate::kResolved:
      return "resolved";
    case Fate::kSuperseded:
      return "superseded";
    case Fate::kSuppressed:
      return "suppressed";
  }
  return "";
}

bool NamesId(std::string_view text, std::string_view id) {
  constexpr size_t kLeastId = 4;
  if (id.size() < kLeastId) return false;
  for (size_t at = text.find(id); at != std::string_view::npos; at = text.find(id, at + 1)) {
    const size_t end = at + id.size();
    if ((at == 0 || !IsWord(text[at - 1])) && (end == text.size() || !IsWord(text[end]))) return true;
  }
  return false;
}

void TellRuns(const Task& task, const std::vector<RunDraft>& drafts, const std::vector<Run>& runs,
              const DoubtfulRecoveries& doubtful, const std::vector<Placed>& orphans, Story* story) {
  Seats seats;
  std::vector<Placed> events = task.events;
  for (uint32_t run = 0; run < drafts.size(); ++run) {
    for (uint32_t attempt = 0; attempt < drafts[run].attempts.size(); ++attempt) {
      ForEachEvent(drafts[run].attempts[attempt], [&](const Placed& placed) {
        seats.insert_or_assign(placed.order, Seat{run, attempt});
        events.push_back(placed);  // those adopted by the run alone
      });
    }
  }
  std::sort(events.begin(), events.end(), [](const Placed& a, const Placed& b) { return a.order < b.order; });
  events.erase(std::unique(events.begin(), events.end(),
                           [](const Placed& a, const Placed& b) { return a.order == b.order; }),
               events.end());

  std::vector<Fates> fates;
  std::vector<size_t> compared(drafts.size());
  fates.reserve(drafts.size());
  const size_t first = story->runs.size();
  for (size_t i = 0; i < drafts.size(); ++i) {
    fates.emplace_back(drafts[i], runs[i], doubtful, orphans);
    story->runs.push_back({runs[i], {}, {}});
  }
  uint32_t last = 0;
  for (const Placed& placed : events) {
    StoryEvent told;
    told.event = placed.event;
    const auto seat = seats.find(placed.order);
    if (seat != seats.end()) {
      last = seat->second.run;
      told.attempt = seat->second.attempt + 1;
    }
    StoryRun& run = story->runs[first + last];
    if (placed.event->kind == RuleKind::kError && told.attempt > 0) {
      fates[last].Tell(placed, told.attempt - 1, &told);
      if (told.fate == Fate::kStands && compared[last]++ < kMissedErrors) {
        fates[last].TellMissed(placed, &run.missed);
      }
    }
    run.events.push_back(told);
  }
}

}  // namespace gainsay
