// What a watch forgets. Closed tasks go once they are older than what is retained, and so do the closed runs
// of tasks that go on; before that they are judged once more and counted. Where there is no room, the closed
// ones go early; where that is not enough, the oldest events go, and the runs that lose them are
// inconclusive.
#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <tuple>

#include "absl/strings/string_view.h"
#include "watch/settler.h"
#include "watch/task_part.h"

namespace gainsay {
namespace {

constexpr size_t kMostLost = 1'000'000;  // tasks

uint64_t Forgotten(const Tally& tally) {
  return std::accumulate(tally.runs.begin(), tally.runs.end(), uint64_t{0});
}

absl::string_view Key(std::string_view text) { return {text.data(), text.size()}; }

auto PlaceOf(const Event& event) {
  return std::tuple(event.time_ns, event.position.source, event.position.offset);
}

}  // namespace

struct Settler::Plan {
  // Of each task that loses events: how many, and the place of the last one.
  struct Cut {
    size_t events = 0;
    bool whole = false;
    std::tuple<int64_t, uint32_t, uint64_t> last;
  };
  absl::flat_hash_map<std::string, Cut> cuts;

  const Cut* Find(std::string_view task) const {
    const auto found = cuts.find(Key(task));
    return found == cuts.end() ? nullptr : &found->second;
  }
};

Settler::Plan Settler::PlanSweep(int64_t horizon_ns) const {
  Plan plan;
  for (const auto& [task, kept] : store_.tasks()) {
    const Selection::Items& events = kept.events;
    if (events.front()->first.time_ns > horizon_ns) continue;
    const bool whole = events.back()->first.time_ns <= horizon_ns && !kept.OpenAt(horizon_ns);
    const size_t count = whole ? events.size() : ClosedEvents(events, 0, horizon_ns, false);
    if (count > 0) plan.cuts[task] = {count, whole, PlaceOf(EventOf(*events[count - 1]))};
  }
  return plan;
}

void Settler::CountEvent(const Event& event) {
  if (event.kind == RuleKind::kTerminal && !event.task.empty()) ++forgotten_.terminals;
  if (event.kind == RuleKind::kError) forgotten_.CountError(event, matcher_);
}

// Counts and tells the runs that go.
void Settler::CountForgotten(const Plan& plan, const Correlation& correlation) {
  for (const Run& run : correlation.runs) {
    const Plan::Cut* cut = plan.Find(run.task);
    if (cut == nullptr) continue;
    const bool goes = cut->whole || (run.terminal != nullptr && PlaceOf(*run.terminal) <= cut->last);
    if (!goes) continue;
    ++forgotten_.runs[static_cast<size_t>(run.verdict)];
    if (run.verdict == Verdict::kInconclusive)
      ++forgotten_.inconclusive[std::string(run.inconclusive_because)];
    if (!cut->whole) store_.SetRunsForgotten(run.task, run.run);
    sink_->Forgotten(run);
  }
  for (const auto& [task, cut] : plan.cuts) {
    const EventStore::TaskEvents* kept = store_.Find(task);
    if (cut.whole) ++forgotten_.tasks;
    for (size_t i = 0; i < cut.events; ++i) CountEvent(EventOf(*kept->events[i]));
    store_.DropFirst(task, cut.events);
    if (cut.whole) lost_.erase(LossKey(task));
  }
}

// The events without a task of their own that go: by their age, unless the task that they were found to
// belong to stays. Counts the write errors among all that goes that nobody was found for.
std::vector<EventKey> Settler::FloatingToDrop(const Plan& plan, const Correlation& correlation,
                                              const Selection::Items& judged, int64_t horizon_ns) {
  const absl::flat_hash_set<const Event*> unattributed(correlation.unattributed.begin(),
                                                       correlation.unattributed.end());
  auto stays = [&](const Event& as_judged) {
    const Plan::Cut* cut = plan.Find(as_judged.task);
    return !as_judged.task.empty() && store_.Find(as_judged.task) != nullptr &&
           (cut == nullptr || PlaceOf(as_judged) > cut->last);
  };
  std::vector<EventKey> keys;
  size_t stored = 0;
  for (size_t i = 0; i < judged.size() && judged[i]->first.time_ns <= horizon_ns; ++i) {
    const Event& added = EventOf(*judged[i]);
    const Event& as_judged = Correlator::Packs(added) ? added : correlation.storage[stored++].event();
    const std::string_view task = EventStore::TaskOf(added);
    const Plan::Cut* cut = plan.Find(task);
    const bool floats = task.empty();
    if (floats ? stays(as_judged) : cut == nullptr || PlaceOf(as_judged) > cut->last) continue;
    if (floats) keys.push_back(judged[i]->first);
    if (unattributed.contains(&as_judged)) ++forgotten_.unattributed;
  }
  return keys;
}

// Unless `judge_all`, only if something goes.
void Settler::Sweep(int64_t at_ns, int64_t horizon_ns, bool judge_all) {
  if (store_.events().empty() || store_.events().begin()->first.time_ns > horizon_ns) return;
  const Plan plan = PlanSweep(horizon_ns);
  if (!judge_all && plan.cuts.empty() && !store_.reach().AnyFloating()) return;
  const Selection selection = SelectAll(store_, at_ns);
  const Correlation correlation = Judge(selection);
  TellFound(selection, correlation, at_ns, false);
  const std::vector<EventKey> floating = FloatingToDrop(plan, correlation, selection.items, horizon_ns);
  CountForgotten(plan, correlation);
  for (const EventKey& key : floating) {
    CountEvent(store_.events().find(key)->second.event());
    store_.Drop(key);
  }
  ForgetFindings(horizon_ns);
}

void Settler::MakeRoom() {
  const size_t aim = options_.max_events - options_.max_events / 4;
  const int64_t oldest_ns =
      std::next(store_.events().begin(), static_cast<ptrdiff_t>(options_.max_events / 4))->first.time_ns;
  if (watermark_ns_ > std::numeric_limits<int64_t>::min() + options_.settle_ns) {
    const uint64_t before = Forgotten(forgotten_);
    Sweep(watermark_ns_, std::min(oldest_ns, watermark_ns_ - options_.settle_ns), false);
    forgotten_early_ += Forgotten(forgotten_) - before;
  }
  if (store_.events().size() > aim) Evict(store_.events().size() - aim);
}

// The oldest ones, whatever they are. What loses events is never clean.
void Settler::Evict(size_t count) {
  std::map<std::string, size_t> counts;  // by task
  std::vector<EventKey> floating;
  int64_t last_ns = kNoTime;
  for (const EventStore::Item& item : store_.events()) {
    if (count-- == 0) break;
    last_ns = item.first.time_ns;
    CountEvent(EventOf(item));
    const std::string_view task = EventStore::TaskOf(EventOf(item));
    if (task.empty()) {
      floating.push_back(item.first);
    } else {
      ++counts[std::string(task)];
    }
  }
  for (const EventKey& key : floating) store_.Drop(key);
  for (const auto& [task, events] : counts) {
    Lose(task, {last_ns, LossKind::kEvicted});
    ++evicted_;
    if (events == store_.Find(task)->events.size()) {
      ++forgotten_.tasks;
      ++forgotten_.runs[static_cast<size_t>(Verdict::kInconclusive)];
      ++forgotten_.inconclusive[std::string(Words(LossKind::kEvicted))];
    }
    store_.DropFirst(task, events);
  }
}

uint64_t Settler::LossKey(std::string_view task) {
  uint64_t hash = 0xCBF29CE484222325u;  // FNV-1a: the same wherever the state is read
  for (const char c : task) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return hash;
}

void Settler::Lose(std::string_view task, Loss loss) {
  lost_[LossKey(task)] = loss;
  if (lost_.size() > kMostLost) ForgetLosses();
}

// The older half.
void Settler::ForgetLosses() {
  std::vector<int64_t> times;
  times.reserve(lost_.size());
  for (const auto& [task, loss] : lost_) times.push_back(loss.time_ns);
  const auto middle = times.begin() + static_cast<ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  absl::erase_if(lost_, [median = *middle](const auto& one) { return one.second.time_ns <= median; });
}

void Settler::ForgetFindings(int64_t horizon_ns) {
  bool any = false;
  for (auto known = known_.begin(); known != known_.end() && known->first.first <= horizon_ns;) {
    const EventStore::TaskEvents* kept = store_.Find(known->second.task);
    const bool there = kept != nullptr && std::any_of(kept->events.begin(), kept->events.end(),
                                                      [&](const EventStore::Item* item) {
                                                        return item->first.time_ns == known->first.first;
                                                      });
    any = any || !there;
    known = there ? std::next(known) : known_.erase(known);
  }
  if (!any) return;
  found_in_.clear();
  for (const auto& [key, known] : known_) found_in_[known.task].insert(key);
}

}  // namespace gainsay
