#include "task/recovery.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace gainsay {
namespace {

std::string TargetKey(const Event& event) {
  std::string key(RoleOf(event.role) == Role::kPrimary ? "p" : "s");
  key += event.target;
  key += '\0';
  return key;
}

std::string SubjectKey(const Event& event, std::string_view subject) {
  std::string key = TargetKey(event);
  key += '=';
  key += subject;
  return key;
}

// What a key ends with where only records of this input fit.
std::string InputKey(std::optional<uint32_t> input) {
  return input ? "@" + std::to_string(*input) + '\0' : std::string();
}

// The keys under which a resolution is kept: of its own subject, and of any.
std::array<std::string, 2> KeysOf(const Event& resolution) {
  return {SubjectKey(resolution, resolution.subject), TargetKey(resolution)};
}

// Whether `holds` is true of a key whose resolutions fit the error: all of its target where the error names
// no subject, else those of the same subject and of none.
template <typename Holds>
bool HoldsForError(const Event& error, Holds holds) {
  if (error.subject.empty()) return holds(TargetKey(error));
  return holds(SubjectKey(error, error.subject)) || holds(SubjectKey(error, ""));
}

// A run is running from its first event to its last attempt's terminal.
uint64_t RunningUntil(const RunDraft& draft) {
  return draft.back().Ended() ? draft.back().terminal.order : std::numeric_limits<uint64_t>::max();
}

// What happens to open errors, in order.
struct Step {
  enum Kind : uint8_t { kOpen, kResolve, kEnd, kOrphan };
  uint64_t order;
  Kind kind;
  uint32_t run;
  const Placed* placed;
};

// The open errors of all running runs: by role and target, then subject, the runs that have one.
class OpenErrors {
 public:
  explicit OpenErrors(const std::vector<RunDraft*>& runs)
      : runs_(runs), ambiguous_(runs.size()), keys_(runs.size()) {}

  DoubtfulRecoveries TakeDoubtful() { return std::move(doubtful_); }

  void Take(const Step& step) {
    const Event* event = step.placed->event;
    switch (step.kind) {
      case Step::kOpen:
        Open(step.run, *event);
        break;
      case Step::kResolve:
        Close(step.run, *event);
        break;
      case Step::kEnd:
        CloseAll(step.run);
        break;
      case Step::kOrphan:
        Adopt(*step.placed);
        break;
    }
  }

 private:
  using Runs = std::set<uint32_t>;
  // Runs already found ambiguous need no second look: they are only counted.
  struct Holders {
    Runs clear, ambiguous;
    bool empty() const { return clear.empty() && ambiguous.empty(); }
  };
  using BySubject = std::map<std::string, Holders, std::less<>>;

  std::string KeyOf(uint32_t run, const Event& event) const {
    return TargetKey(event) + InputKey(runs_[run]->input);
  }

  void Open(uint32_t run, const Event& error) {
    Holders& holders = open_[KeyOf(run, error)][std::string(error.subject)];
    (ambiguous_[run] ? holders.ambiguous : holders.clear).insert(run);
    keys_[run].emplace(KeyOf(run, error), std::string(error.subject));
  }

  void Forget(uint32_t run, const std::string& target, const std::string& subject) {
    auto group = open_.find(target);
    if (group == open_.end()) return;
    auto holders = group->second.find(subject);
    if (holders == group->second.end()) return;
    holders->second.clear.erase(run);
    holders->second.ambiguous.erase(run);
    if (holders->second.empty()) group->second.erase(holders);
    if (group->second.empty()) open_.erase(group);
  }

  // The run's own resolution: what it fits is no longer open.
  void Close(uint32_t run, const Event& resolution) {
    const std::string target = KeyOf(run, resolution);
    for (auto key = keys_[run].lower_bound({target, ""}); key != keys_[run].end() && key->first == target;) {
      const bool fits =
          resolution.subject.empty() || key->second.empty() || key->second == resolution.subject;
      if (fits) Forget(run, key->first, key->second);
      key = fits ? keys_[run].erase(key) : std::next(key);
    }
  }

  void CloseAll(uint32_t run) {
    for (const auto& [target, subject] : keys_[run]) Forget(run, target, subject);
    keys_[run].clear();
  }

  void Adopt(const Placed& orphan) {
    const std::string target = TargetKey(*orphan.event);
    Runs clear;
    Runs ambiguous;  // at most two are needed
    auto collect = [&](const Holders& holders) {
      clear.insert(holders.clear.begin(), holders.clear.end());
      auto some = holders.ambiguous.begin();
      for (int i = 0; i < 2 && some != holders.ambiguous.end(); ++i) ambiguous.insert(*some++);
    };
    for (const std::string& input : {std::string(), InputKey(orphan.event->position.source)}) {
      const auto group = open_.find(target + input);
      if (group == open_.end()) continue;
      if (orphan.event->subject.empty()) {
        for (const auto& [subject, holders] : group->second) collect(holders);
        continue;
      }
      for (std::string_view subject : {std::string_view(), orphan.event->subject}) {
        if (auto found = group->second.find(subject); found != group->second.end()) collect(found->second);
      }
    }
    if (clear.size() + ambiguous.size() == 1) {
      const uint32_t run = clear.empty() ? *ambiguous.begin() : *clear.begin();
      runs_[run]->attempts.back().resolutions.push_back(orphan);
      Close(run, *orphan.event);
    } else {
      for (uint32_t run : clear) MarkAmbiguous(run);
      if (clear.size() + ambiguous.size() > 1) doubtful_.Add(orphan);
    }
  }

  void MarkAmbiguous(uint32_t run) {
    ambiguous_[run] = true;
    for (const auto& [target, subject] : keys_[run]) {
      Holders& holders = open_[target][subject];
      if (holders.clear.erase(run) > 0) holders.ambiguous.insert(run);
    }
  }

  const std::vector<RunDraft*>& runs_;
  std::vector<bool> ambiguous_;
  DoubtfulRecoveries doubtful_;
  std::map<std::string, BySubject> open_;
  std::vector<std::set<std::pair<std::string, std::string>>> keys_;  // what each run has open
};

void AddSteps(const RunDraft& draft, uint32_t run, std::vector<Step>* steps) {
  const uint64_t until = RunningUntil(draft);
  bool errors = false;
  for (const Attempt& attempt : draft.attempts) {
    for (const Placed& error : attempt.errors) {
      const bool late = attempt.Ended() && error.order > attempt.terminal.order;
      if (late || error.order > until) continue;
      steps->push_back({error.order, Step::kOpen, run, &error});
      errors = true;
    }
  }
  if (!errors) return;
  for (const Attempt& attempt : draft.attempts) {
    for (const Placed& resolution : attempt.resolutions) {
      steps->push_back({resolution.order, Step::kResolve, run, &resolution});
    }
  }
  if (draft.back().Ended()) steps->push_back({until, Step::kEnd, run, &draft.back().terminal});
}

}  // namespace

Misfit WhyUnfit(const Placed& resolution, const Placed& error) {
  const Event& of = *resolution.event;
  if (RoleOf(of.role) != RoleOf(error.event->role)) return Misfit::kRole;
  if (of.target != error.event->target) return Misfit::kTarget;
  const std::array<std::string, 2> keys = KeysOf(of);
  const bool fits =
      HoldsForError(*error.event, [&](const std::string& key) { return key == keys[0] || key == keys[1]; });
  if (!fits) return Misfit::kSubject;
  return resolution.order < error.order ? Misfit::kEarlier : Misfit::kNone;
}

void Recoveries::Add(const Placed& resolution) {
  for (const std::string& key : KeysOf(*resolution.event)) {
    uint64_t& last = last_[key];
    last = std::max(last, resolution.order);
  }
}

bool Recoveries::Resolves(const Placed& error) const {
  return !last_.empty() && HoldsForError(*error.event, [&](const std::string& key) {
    auto found = last_.find(key);
    return found != last_.end() && found->second > error.order;
  });
}

void DoubtfulRecoveries::Add(const Placed& resolution) {
  for (const std::string& key : KeysOf(*resolution.event)) {
    orders_[key].push_back(resolution.order);
    orders_[key + InputKey(resolution.event->position.source)].push_back(resolution.order);
  }
}

uint64_t DoubtfulRecoveries::FirstFor(const Placed& error, std::optional<uint32_t> input) const {
  uint64_t first = std::numeric_limits<uint64_t>::max();
  if (orders_.empty()) return first;
  HoldsForError(*error.event, [&](const std::string& key) {
    auto found = orders_.find(key + InputKey(input));
    if (found == orders_.end()) return false;
    auto next = std::upper_bound(found->second.begin(), found->second.end(), error.order);
    if (next != found->second.end()) first = std::min(first, *next);
    return false;  // the other key may have an earlier one
  });
  return first;
}

DoubtfulRecoveries PlaceOrphans(const std::vector<Placed>& orphans, const std::vector<RunDraft*>& runs) {
  if (orphans.empty()) return {};
  std::vector<Step> steps;
  for (uint32_t run = 0; run < runs.size(); ++run) AddSteps(*runs[run], run, &steps);
  for (const Placed& orphan : orphans) steps.push_back({orphan.order, Step::kOrphan, 0, &orphan});
  std::sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) { return a.order < b.order; });
  // Attempts grow while steps point into them: take copies of what they point to.
  std::vector<Placed> placed;
  placed.reserve(steps.size());
  for (Step& step : steps) {
    placed.push_back(*step.placed);
    step.placed = &placed.back();
  }
  OpenErrors open(runs);
  for (const Step& step : steps) open.Take(step);
  return open.TakeDoubtful();
}

}  // namespace gainsay
