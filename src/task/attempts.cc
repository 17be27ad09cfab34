// The idea: segments go from start to start; within one, each further terminal closes what lies
// before it. What follows a terminal is held in the attempt's tail until the next terminal claims it,
// or the segment ends and it is late. Where a log names runs (a systemd invocation), events are first
// dealt out to these, and nothing within one of them opens another.
#include "task/attempts.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <string>

namespace gainsay {
namespace {

bool EndsRun(State state) { return state == State::kSucceeded || state == State::kCancelled; }

// Builds the attempts of one segment.
class Segment {
 public:
  // `named_run`: the log itself says that all these events are of one run.
  explicit Segment(bool named_run) : named_run_(named_run) {}

  void Add(const Placed& placed) {
    switch (placed.event->kind) {
      case RuleKind::kStart:
        SetStart(placed, current_.Ended() ? &tail_ : &current_);
        break;
      case RuleKind::kTerminal:
        AddTerminal(placed);
        return;
      case RuleKind::kError:
        (current_.Ended() ? tail_ : current_).errors.push_back(placed);
        break;
      case RuleKind::kResolution:
        (current_.Ended() ? tail_ : current_).resolutions.push_back(placed);
        break;
      case RuleKind::kMention:
        return;
    }
    quiet_ = false;
  }

  // The attempts; what followed the last terminal is late to its attempt.
  std::vector<Attempt> Finish() {
    TakeTail();
    attempts_.push_back(std::move(current_));
    return std::move(attempts_);
  }

 private:
  void AddTerminal(const Placed& placed) {
    if (!current_.Ended()) {
      current_.terminal = placed;
    } else if (placed.event->state == current_.terminal.event->state && (quiet_ || named_run_)) {
      TakeTail();  // the same report once more: what stands between is of its attempt
      return;
    } else if (named_run_ && EndsRun(current_.terminal.event->state)) {
      TakeTail();
      current_.terminal = placed;  // the last word on the same attempt
    } else {
      attempts_.push_back(std::move(current_));
      current_ = std::move(tail_);
      tail_ = Attempt();
      current_.terminal = placed;
    }
    quiet_ = true;
  }

  static void SetStart(const Placed& placed, Attempt* attempt) {
    if (attempt->start.event == nullptr) attempt->start = placed;
  }

  void TakeTail() {
    SetStart(tail_.start, &current_);
    current_.errors.insert(current_.errors.end(), tail_.errors.begin(), tail_.errors.end());
    current_.resolutions.insert(current_.resolutions.end(), tail_.resolutions.begin(),
                                tail_.resolutions.end());
    tail_ = Attempt();
  }

  const bool named_run_;
  bool quiet_ = false;  // no other event since the last terminal
  Attempt current_, tail_;
  std::vector<Attempt> attempts_;
};

using Span = std::vector<Placed>;

std::vector<Span> SplitAtStarts(const Span& events) {
  std::vector<Span> segments;
  bool any = false;  // the segment holds an event that a start would end
  for (const Placed& placed : events) {
    if (placed.event->kind == RuleKind::kMention) continue;
    if (segments.empty() || (placed.event->kind == RuleKind::kStart && any)) segments.emplace_back();
    segments.back().push_back(placed);
    any = true;
  }
  return segments;
}

// Attempts that the log numbers; events without a number go with the one before them.
std::vector<Span> SplitAtNumbers(const Span& events) {
  std::map<uint64_t, Span> by_number;
  uint64_t current = std::numeric_limits<uint64_t>::max();
  Span unnumbered;
  for (const Placed& placed : events) {
    if (placed.event->kind == RuleKind::kMention) continue;
    const std::string_view text = placed.event->attempt;
    uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (!text.empty() && error == std::errc() && end == text.data() + text.size()) current = number;
    if (current == std::numeric_limits<uint64_t>::max()) {
      unnumbered.push_back(placed);
    } else {
      by_number[current].push_back(placed);
    }
  }
  std::vector<Span> segments;
  if (by_number.size() < 2) return SplitAtStarts(events);
  Span& first = by_number.begin()->second;
  first.insert(first.begin(), unnumbered.begin(), unnumbered.end());
  segments.reserve(by_number.size());
  for (auto& [number, span] : by_number) segments.push_back(std::move(span));
  return segments;
}

void Append(std::vector<Attempt> attempts, RunDraft* run) {
  run->attempts.insert(run->attempts.end(), std::make_move_iterator(attempts.begin()),
                       std::make_move_iterator(attempts.end()));
}

// An unnamed run's first and last event.
void SetBounds(RunDraft* run) {
  run->first = std::numeric_limits<uint64_t>::max();
  auto widen = [run](const Placed& placed) {
    run->first = std::min(run->first, placed.order);
    run->last = std::max(run->last, placed.order);
  };
  for (const Attempt& attempt : run->attempts) {
    if (attempt.Ended()) widen(attempt.terminal);
    for (const Placed& placed : attempt.errors) widen(placed);
    for (const Placed& placed : attempt.resolutions) widen(placed);
    if (attempt.start.event != nullptr) widen(attempt.start);
  }
}

// A doubt falls into the run that began last before it: at its start, or after the terminal before it.
void SpreadDoubts(const std::vector<uint64_t>& doubts, std::vector<RunDraft>* runs) {
  size_t at = 0;
  for (uint64_t doubt : doubts) {
    auto next_began = [&] {
      const Placed& start = (*runs)[at + 1].attempts.front().start;
      return start.event != nullptr ? start.order : (*runs)[at].back().terminal.order + 1;
    };
    while (at + 1 < runs->size() && next_began() <= doubt) ++at;
    if (!runs->empty()) (*runs)[at].in_doubt = true;
  }
}

// Runs of a task whose log names none.
std::vector<RunDraft> RunsByState(const Span& events, const std::vector<uint64_t>& doubts) {
  std::vector<RunDraft> runs;
  for (const Span& span : SplitAtStarts(events)) {
    Segment segment(false);
    for (const Placed& placed : span) segment.Add(placed);
    for (Attempt& attempt : segment.Finish()) {
      const bool next_run =
          runs.empty() || (runs.back().back().Ended() && EndsRun(runs.back().back().terminal.event->state));
      if (next_run) runs.emplace_back();
      runs.back().attempts.push_back(std::move(attempt));
    }
  }
  for (RunDraft& run : runs) SetBounds(&run);
  SpreadDoubts(doubts, &runs);
  return runs;
}

// A run that the log names.
struct NamedRun {
  std::string_view id;
  Span events;
  uint64_t first = 0;
  uint64_t closed = std::numeric_limits<uint64_t>::max();  // order of its last terminal
  bool in_doubt = false;
};

std::vector<NamedRun> CollectNamedRuns(const Span& events) {
  std::vector<NamedRun> runs;
  std::map<std::string_view, size_t> index;
  for (const Placed& placed : events) {
    const Event& event = *placed.event;
    if (event.run.empty() || event.kind == RuleKind::kMention) continue;
    const auto [found, fresh] = index.try_emplace(event.run, runs.size());
    if (fresh) runs.push_back({.id = event.run, .events = {}, .first = placed.order});
    NamedRun& run = runs[found->second];
    run.events.push_back(placed);
    if (event.kind == RuleKind::kTerminal) run.closed = placed.order;
  }
  return runs;
}

// Finds, for one moment after the other, the run open then: the latest started of several; else the last one
// before; else the first.
class OpenRuns {
 public:
  // In order of their first event.
  explicit OpenRuns(std::vector<NamedRun>* runs) : runs_(runs) {}

  NamedRun& At(uint64_t order) {
    while (begun_ < runs_->size() && (*runs_)[begun_].first <= order) open_.push_back(begun_++);
    while (!open_.empty() && (*runs_)[open_.back()].closed < order) open_.pop_back();
    if (!open_.empty()) return (*runs_)[open_.back()];
    return begun_ == 0 ? runs_->front() : (*runs_)[begun_ - 1];
  }

 private:
  std::vector<NamedRun>* runs_;
  size_t begun_ = 0;
  std::vector<size_t> open_;  // what is closed and not on top is dropped once it is
};

std::vector<RunDraft> RunsByName(const Span& events, const std::vector<uint64_t>& doubts) {
  std::vector<NamedRun> named = CollectNamedRuns(events);
  OpenRuns open(&named);
  for (const Placed& placed : events) {
    if (!placed.event->run.empty() || placed.event->kind == RuleKind::kMention) continue;
    open.At(placed.order).events.push_back(placed);
  }
  OpenRuns open_in_doubt(&named);
  for (uint64_t doubt : doubts) open_in_doubt.At(doubt).in_doubt = true;
  std::vector<RunDraft> runs;
  for (NamedRun& one : named) {
    std::sort(one.events.begin(), one.events.end(),
              [](const Placed& a, const Placed& b) { return a.order < b.order; });
    RunDraft& run = runs.emplace_back();
    run.first = one.events.front().order;
    run.last = one.events.back().order;
    run.in_doubt = one.in_doubt;
    for (const Span& span : SplitAtNumbers(one.events)) {
      Segment segment(true);
      for (const Placed& placed : span) segment.Add(placed);
      Append(segment.Finish(), &run);
    }
  }
  return runs;
}

}  // namespace

std::vector<RunDraft> CutIntoRuns(const std::vector<Placed>& events, const std::vector<uint64_t>& doubts) {
  const bool named = std::any_of(events.begin(), events.end(), [](const Placed& p) {
    return !p.event->run.empty() && p.event->kind != RuleKind::kMention;
  });
  std::vector<RunDraft> runs = named ? RunsByName(events, doubts) : RunsByState(events, doubts);
  if (runs.empty() && !events.empty()) {  // only mentioned
    RunDraft& run = runs.emplace_back();
    run.attempts.emplace_back();
    run.first = events.front().order;
    run.last = events.back().order;
  }
  return runs;
}

}  // namespace gainsay
