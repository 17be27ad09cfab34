#include "task/input_tasks.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "event/build_output.h"
#include "event/matcher.h"

namespace gainsay {
namespace {

// A task that is known by its errors only: the id may be anything that a field is named after.
bool IsOnlyNamedByErrors(const Task& task) {
  return !task.events.empty() && std::all_of(task.events.begin(), task.events.end(), [](const Placed& p) {
    return p.event->kind == RuleKind::kError || p.event->kind == RuleKind::kResolution;
  });
}

// The end of the input. Its time is that of the input's last event.
Event TerminalOf(const InputTask& input, std::string_view message) {
  Event terminal;
  terminal.kind = RuleKind::kTerminal;
  terminal.state = input.state;
  terminal.rule = kNoRule;
  terminal.matched_by = MatchedBy::kInput;
  terminal.position = {input.source, input.lines, input.bytes};
  terminal.task = input.name;
  terminal.message = message;
  return terminal;
}

// Moves those events of the inputs to their tasks, and keeps the others.
class Taker {
 public:
  Taker(const std::vector<InputTask>& inputs, const Timeline& timeline, const Matcher& matcher)
      : matcher_(matcher), timeline_(timeline), taken_(inputs.size()) {
    for (size_t i = 0; i < inputs.size(); ++i) index_.emplace(inputs[i].source, i);
  }

  void TakeFrom(std::vector<Placed>* events) {
    std::erase_if(*events, [this](const Placed& placed) {
      const auto found = index_.find(placed.event->position.source);
      if (found == index_.end() || IsNoStatement(*placed.event)) return false;
      timeline_.KeptAt(placed.order)->matched_by = MatchedBy::kInput;
      taken_[found->second].push_back(placed);
      return true;
    });
  }

  // Of the input at this index, in order.
  std::vector<Placed> Take(size_t index) {
    std::vector<Placed>& taken = taken_[index];
    std::sort(taken.begin(), taken.end(), [](const Placed& a, const Placed& b) { return a.order < b.order; });
    return std::move(taken);
  }

 private:
  // Of a build's own lines only those count that state something; a rule that knows its system is never in
  // doubt.
  bool IsNoStatement(const Event& event) const {
    constexpr std::string_view kGeneric = "writes";
    return event.kind == RuleKind::kError && matcher_.pack_of(event.rule).id == kGeneric &&
           IsBuildOutput(event, matcher_);
  }

  const Matcher& matcher_;
  const Timeline& timeline_;
  absl::flat_hash_map<uint32_t, size_t> index_;  // by source
  std::vector<std::vector<Placed>> taken_;
};

absl::flat_hash_map<uint32_t, int64_t> LastTimes(const Timeline& timeline) {
  absl::flat_hash_map<uint32_t, int64_t> times;
  const PackedEvents& packed = timeline.packed();
  timeline.Visit(
      [&](uint64_t rank, uint64_t) {
        const size_t i = timeline.IndexOf(rank);
        times[packed.position(i).source] = packed.time_ns(i);
      },
      [&](const Event* event, uint64_t) {
        if (event->rule != kNoRule) times[event->position.source] = event->time_ns;
      });
  return times;
}

}  // namespace

void TakeUnclaimed(const std::vector<InputTask>& inputs, const Timeline& timeline, const Matcher& matcher,
                   Attribution* attribution, std::deque<KeptEvent>* storage) {
  if (inputs.empty()) return;
  Taker taker(inputs, timeline, matcher);
  taker.TakeFrom(&attribution->unattributed);
  for (Task& task : attribution->tasks) {
    if (IsOnlyNamedByErrors(task)) taker.TakeFrom(&task.events);
  }
  std::erase_if(attribution->tasks, [](const Task& task) { return task.events.empty(); });
  const auto times = LastTimes(timeline);
  for (size_t i = 0; i < inputs.size(); ++i) {
    const InputTask& input = inputs[i];
    const std::string message = "(--reported " + std::string(StateName(input.state)) + ")";
    Event* terminal = storage->emplace_back(TerminalOf(input, message)).mutable_event();
    if (const auto time = times.find(input.source); time != times.end()) terminal->time_ns = time->second;
    Task& task = attribution->tasks.emplace_back();
    task.id = terminal->task;
    task.input = input.source;
    task.events = taker.Take(i);
    task.events.push_back({terminal, timeline.size()});
    ++attribution->terminals;
  }
}

RunDraft RunOfInput(const Task& task) {
  RunDraft run;
  run.input = task.input;
  Attempt& attempt = run.attempts.emplace_back();
  for (const Placed& placed : task.events) {
    switch (placed.event->kind) {
      case RuleKind::kTerminal:
        attempt.terminal = placed;
        break;
      case RuleKind::kResolution:
        attempt.resolutions.push_back(placed);
        break;
      default:
        attempt.errors.push_back(placed);
        break;
    }
  }
  run.first = task.events.front().order;
  run.last = task.events.back().order;
  return run;
}

}  // namespace gainsay
