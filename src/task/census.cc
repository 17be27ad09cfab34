// The idea: nearly every task starts once, ends once and bears no write error. Such a one is told by the
// shapes of its two events, and is counted without being unpacked; the others are cut into runs and judged as
// ever, one by one.
#include "task/census.h"

#include <utility>

#include "task/judge.h"

namespace gainsay {

bool Census::Count(const Run& run) {
  if (!window_.Holds(run)) return false;
  CountOne(run.verdict, kNoTime);
  if (run.verdict == Verdict::kInconclusive) ++counts_.inconclusive[std::string(run.inconclusive_because)];
  return run.verdict == Verdict::kContradiction || run.verdict == Verdict::kInconclusive;
}

void Census::CountOne(Verdict verdict, int64_t time_ns) {
  if (!window_.Holds(time_ns)) return;
  ++counts_.verdicts[static_cast<size_t>(verdict)];
  in_window_ = true;
}

void Census::EndTask(std::string_view id, bool shared) {
  if (!std::exchange(in_window_, false)) return;
  if (!shared || shared_.emplace(id).second) ++counts_.tasks;
}

void Census::EndTask(const Task& task) {
  if (task.input) return EndTask(task.id, true);
  EndTask(task.id, all_.table().SharesId(task.number));
}

std::vector<uint32_t> Census::CountOthers(const std::vector<Task>& tasks, const Judge& judge) {
  auto next = tasks.begin();
  for (uint32_t number = 0; number < all_.table().known(); ++number) {
    while (next != tasks.end() && !next->input && next->number < number) ++next;
    if (next != tasks.end() && !next->input && next->number == number) continue;
    CountOther(number, judge);
  }
  std::set<uint32_t> remembered;
  for (const Told& told : inconclusive_) remembered.insert(std::get<3>(told));
  return {remembered.begin(), remembered.end()};
}

void Census::CountOther(uint32_t number, const Judge& judge) {
  if (!CountPlain(number)) {
    Task task;
    task.number = number;
    task.events = unpacked_.Of(number, PackedEvents::Detail::kAll);
    task.id = unpacked_.id();
    for (const TimedRun& timed : judge(task)) {
      if (Count(timed.run)) Remember(timed, number);
    }
  }
  std::string scratch;
  const bool shared = all_.table().SharesId(number);
  EndTask(shared ? all_.table().IdOf(number, &scratch) : std::string_view(), shared);
}

// False if the task is more than one start and one end, or events of it may have been lost.
bool Census::CountPlain(uint32_t number) {
  if (doubts_.lost->MayBeOf(number)) return false;
  const PackedEvents& packed = all_.timeline().packed();
  State state = State::kNone;
  int64_t time_ns = kNoTime;
  bool started = false, ended = false;
  const auto ranks = all_.RanksOf(number);
  for (const uint32_t rank : ranks) {
    const size_t i = all_.timeline().IndexOf(rank);
    const Event& shape = packed.shape(i);
    if (shape.kind == RuleKind::kMention) continue;
    const bool again = shape.kind == RuleKind::kStart ? started : ended;
    if (again || ended || packed.names_run(i)) return false;
    (shape.kind == RuleKind::kStart ? started : ended) = true;
    state = shape.state;
    time_ns = packed.time_ns(i);
  }
  const Verdict verdict = ended ? VerdictOf(state) : Verdict::kUnfinished;
  if (verdict == Verdict::kUnfinished && doubts_.any_cut) return false;
  if (!ranks.empty()) CountOne(verdict, time_ns);
  return true;
}

void Census::Remember(const TimedRun& timed, uint32_t number) {
  Told told(timed.time_ns, timed.run.task, timed.run.run, number);
  if (inconclusive_.size() == kMostInconclusive) {
    if (*inconclusive_.rbegin() < told) return;
    inconclusive_.erase(std::prev(inconclusive_.end()));
  }
  inconclusive_.insert(std::move(told));
}

}  // namespace gainsay
