// The idea: what decides is event time alone. Each event that may change what was told is due once the
// watermark has passed it by the settling time; what is due within one tick is decided together, by the batch
// correlator, over those events before the tick that can have to do with it (selection.h). So there is one
// set of semantics, and neither threads nor the sizes of reads can change an answer. As long as no write
// error is near, nothing is judged at all.
#include "watch/settler.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/strings/string_view.h"
#include "watch/task_life.h"

namespace gainsay {
namespace {

constexpr int64_t kTick = kSecond / 20;
constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

absl::string_view Key(std::string_view text) { return {text.data(), text.size()}; }

int64_t SaturatedAdd(int64_t a, int64_t b) { return a > kNever - b ? kNever : a + b; }

// The first tick at or behind this time.
int64_t TickOf(int64_t ns) {
  const int64_t past = ((ns % kTick) + kTick) % kTick;
  return past == 0 ? ns : SaturatedAdd(ns, kTick - past);
}

}  // namespace

Settler::Settler(const Matcher& matcher, ErrorFilter* filter, SettlerOptions options, SettlerSink* sink)
    : matcher_(matcher), filter_(filter), options_(options), sink_(sink) {}

void Settler::Add(KeptEvent event) {
  Schedule(*store_.Add(std::move(event)));
  if (store_.events().size() > options_.max_events) MakeRoom();
}

// Untimed events are due at the end, or when everything is settled.
void Settler::Schedule(const EventStore::Item& item) {
  const Event& event = EventOf(item);
  const int64_t due = event.time_ns == kNoTime ? kNever : SaturatedAdd(event.time_ns, options_.settle_ns);
  const bool matters = event.kind == RuleKind::kTerminal || event.kind == RuleKind::kError ||
                       store_.errors() > 0 || !known_.empty();
  if (matters) due_.emplace(due, item.first);
}

// Whether a verdict that was told, or is due to be, may hang on it.
bool Settler::MayMatter(const EventStore::Item& item, bool late) const {
  const Event& event = EventOf(item);
  const std::string_view task = EventStore::TaskOf(event);
  if (!found_in_.empty() && found_in_.contains(Key(task))) return true;
  if (store_.errors() == 0) return false;
  const bool any_floating = store_.reach().AnyFloating();
  switch (event.kind) {
    case RuleKind::kTerminal: {
      const EventStore::TaskEvents* kept = store_.Find(task);
      return event.state == State::kSucceeded || any_floating ||
             (kept != nullptr && EndedWell(*kept, kNever));
    }
    case RuleKind::kStart:
    case RuleKind::kMention:
      return any_floating;
    case RuleKind::kResolution:
      return late || any_floating;
    case RuleKind::kError:
      break;
  }
  return true;
}

int64_t Settler::NextDecision() const {
  if (due_.empty() || due_.begin()->first == kNever) return kNever;
  return std::max(decided_ns_, TickOf(due_.begin()->first));
}

void Settler::Advance(int64_t watermark_ns) {
  if (watermark_ns == kNoTime) return;
  watermark_ns_ = watermark_ns;
  while (true) {
    const int64_t decision = NextDecision();
    if (std::min(decision, next_sweep_ns_) > watermark_ns) return;
    if (next_sweep_ns_ == kNoTime || next_sweep_ns_ < decision) {
      const int64_t at = next_sweep_ns_ == kNoTime ? watermark_ns : next_sweep_ns_;
      const int64_t period = std::max(options_.retain_ns / 8, kSecond);
      next_sweep_ns_ = SaturatedAdd(at, period);
      // A leap of the clock: one sweep is as good as many.
      if (next_sweep_ns_ <= watermark_ns && decision == kNever)
        next_sweep_ns_ = SaturatedAdd(watermark_ns, period);
      const bool long_ago = at > std::numeric_limits<int64_t>::min() + options_.retain_ns + 1;
      if (long_ago) Sweep(at, at - options_.retain_ns);
    } else {
      Decide(decision, false);
    }
  }
}

void Settler::SettleAll() { Decide(kNever, true); }

// Takes what is due, and may matter.
std::vector<DueEvent> Settler::TakeDue(int64_t at_ns) {
  std::vector<DueEvent> due;
  while (!due_.empty() && due_.begin()->first <= at_ns) {
    const auto item = store_.events().find(due_.begin()->second);
    const bool late = due_.begin()->first <= decided_ns_;
    if (item != store_.events().end() && MayMatter(*item, late)) due.push_back({&*item, late});
    due_.erase(due_.begin());
  }
  return due;
}

void Settler::Decide(int64_t at_ns, bool all) {
  const std::vector<DueEvent> due = TakeDue(at_ns);
  if (!all) decided_ns_ = at_ns;
  if (due.empty()) return;
  if (store_.events().size() <= options_.few_events) {
    const Selection selection = SelectAll(store_, at_ns);
    TellFound(selection, Judge(selection), at_ns, all);
    return;
  }
  const int64_t settled_ns = all || at_ns < std::numeric_limits<int64_t>::min() + options_.settle_ns
                                 ? at_ns
                                 : at_ns - options_.settle_ns;
  Selection selection =
      Select(store_, due,
             {at_ns, settled_ns, [this](std::string_view task) { return found_in_.contains(Key(task)); }});
  if (options_.all_at_once) selection.items = SelectAll(store_, at_ns).items;
  if (selection.any_error || !found_in_.empty()) TellFound(selection, Judge(selection), at_ns, all);
}

Correlation Settler::Judge(const Selection& selection) const {
  Correlator correlator(matcher_, filter_);
  for (const EventStore::Item* item : selection.items) correlator.Add(EventOf(*item));
  Correlation correlation = correlator.Finish();
  for (Run& run : correlation.runs) {
    const EventStore::TaskEvents* events = store_.Find(run.task);
    if (events != nullptr) run.run += events->runs_forgotten;
    const auto part = selection.tasks.find(Key(run.task));
    if (part != selection.tasks.end()) run.run += part->second.runs_before;
  }
  DoubtLost(&correlation);
  return correlation;
}

std::string_view Settler::Words(LossKind kind) {
  switch (kind) {
    case LossKind::kSource:
      return "records of its source were lost";
    case LossKind::kUnit:
      return "journald kept messages of its unit back";
    case LossKind::kEvicted:
      return "more was going on than there is room for, and its events were dropped";
  }
  return "";
}

// A run that was open when records were lost is never clean, and never merely unfinished.
void Settler::DoubtLost(Correlation* correlation) const {
  if (lost_.empty()) return;
  for (Run& run : correlation->runs) {
    const auto loss = lost_.find(LossKey(run.task));
    if (loss == lost_.end() || (run.terminal != nullptr && run.terminal->time_ns < loss->second.time_ns))
      continue;
    if (run.start != nullptr && run.start->time_ns > loss->second.time_ns) continue;
    if (run.verdict != Verdict::kClean && run.verdict != Verdict::kRecovered &&
        run.verdict != Verdict::kUnfinished)
      continue;
    --correlation->verdicts[static_cast<size_t>(run.verdict)];
    ++correlation->verdicts[static_cast<size_t>(Verdict::kInconclusive)];
    run.verdict = Verdict::kInconclusive;
    run.inconclusive_because = Words(loss->second.why);
  }
}

void Settler::TellFound(const Selection& selection, const Correlation& correlation, int64_t at_ns, bool all) {
  std::vector<Finding> fresh;
  absl::flat_hash_set<std::string> still;
  for (const Run& run : correlation.runs) {
    if (run.verdict != Verdict::kContradiction || !selection.Tells(run.task)) continue;
    const int64_t time_ns = run.terminal->time_ns;
    Finding finding = FindingOf(run, matcher_);
    still.insert(finding.id);
    const bool due = all || SaturatedAdd(time_ns, options_.settle_ns) <= at_ns;
    const auto told = known_.find({time_ns, finding.id});
    if (!due && (told == known_.end() || told->second.again)) continue;
    const auto [known, added] =
        known_.try_emplace({time_ns, finding.id}, Known{std::string(run.task), Verdict::kContradiction});
    const bool again = std::exchange(known->second.again, false);
    if (added || (again && known->second.verdict == Verdict::kContradiction)) {
      found_in_[Key(run.task)].insert(known->first);
      fresh.push_back(std::move(finding));
    } else if (known->second.verdict != Verdict::kContradiction) {
      known->second.verdict = Verdict::kContradiction;
      sink_->Changed(finding.id, known->second.task, Verdict::kContradiction);
    }
  }
  std::sort(fresh.begin(), fresh.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.run->terminal->time_ns, a.id) < std::tie(b.run->terminal->time_ns, b.id);
  });
  for (const Finding& finding : fresh) sink_->Found(correlation, finding);
  TellGone(selection, correlation, still, at_ns);
}

// Findings that were told, and are none any more.
void Settler::TellGone(const Selection& selection, const Correlation& correlation,
                       const absl::flat_hash_set<std::string>& still, int64_t at_ns) {
  std::set<KnownKey> gone;
  auto look = [&](const KnownKey& key) {
    const Verdict verdict = known_.at(key).verdict;
    if (verdict == Verdict::kContradiction && !still.contains(key.second)) gone.insert(key);
  };
  if (selection.whole) {
    for (auto known = known_.begin(); known != known_.end() && known->first.first <= at_ns; ++known)
      look(known->first);
  }
  for (const auto& [task, part] : selection.tasks) {
    const auto found = part.told ? found_in_.find(task) : found_in_.end();
    if (found == found_in_.end()) continue;
    const int64_t to_ns = std::min(at_ns, part.to_ns);
    for (auto key = found->second.lower_bound({part.from_ns, ""});
         key != found->second.end() && key->first <= to_ns; ++key) {
      look(*key);
    }
  }
  if (gone.empty()) return;
  absl::flat_hash_map<int64_t, std::vector<const Run*>> runs;  // by terminal time
  for (const Run& run : correlation.runs) {
    if (run.terminal != nullptr) runs[run.terminal->time_ns].push_back(&run);
  }
  for (const KnownKey& key : gone) TellChange(key, runs[key.first]);
}

// What its run is now, of those with its terminal's time. One whose terminal ends no run any more was not the
// last word; but of what only an earlier life saw, nothing is known then.
void Settler::TellChange(const KnownKey& key, const std::vector<const Run*>& runs) {
  Known& known = known_.at(key);
  std::optional<Verdict> verdict;
  for (const Run* run : runs) {
    if (run->task == known.task && FindingOf(*run, matcher_).id == key.second) verdict = run->verdict;
  }
  if (known.again && !verdict) return;
  known.again = false;
  known.verdict = verdict.value_or(Verdict::kUnfinished);
  sink_->Changed(key.second, known.task, known.verdict);
}

Correlation Settler::Finish() {
  due_.clear();
  const Selection selection = SelectAll(store_, kNever);
  Correlation correlation = Judge(selection);
  TellFound(selection, correlation, kNever, true);
  return correlation;
}

void Settler::LostFromSource(uint32_t source, int64_t time_ns) {
  for (const auto& [task, events] : store_.tasks()) {
    const bool from_here =
        std::any_of(events.events.begin(), events.events.end(),
                    [source](const EventStore::Item* item) { return item->first.source == source; });
    if (from_here && events.OpenAt(kNever)) Lose(task, {time_ns, LossKind::kSource});
  }
}

void Settler::LostFromUnit(std::string_view unit, int64_t time_ns) {
  for (const auto& [task, events] : store_.tasks()) {
    const bool of_unit =
        std::any_of(events.events.begin(), events.events.end(),
                    [unit](const EventStore::Item* item) { return EventOf(*item).outer_task == unit; });
    if (of_unit && events.OpenAt(kNever)) Lose(task, {time_ns, LossKind::kUnit});
  }
}

}  // namespace gainsay
