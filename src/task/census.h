// Counts runs that nobody wants to see: of most tasks a scan says no more than how many there were.
#ifndef GAINSAY_TASK_CENSUS_H_
#define GAINSAY_TASK_CENSUS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "task/lost_events.h"
#include "task/run.h"
#include "task/task.h"
#include "task/task_events.h"
#include "task/window.h"

namespace gainsay {

class Census {
 public:
  // Of inconclusive runs of tasks without write errors, so many are kept: the first ones.
  static constexpr size_t kMostInconclusive = 1000;
  using Judge = std::function<std::vector<TimedRun>(const Task&)>;

  // Why a run may be other than its events say.
  struct Doubts {
    bool any_cut;  // one without an end may have lost it
    const LostEvents* lost;
  };
  // `all` and what was lost must outlive the census.
  Census(const Window& window, const TaskEvents& all, const Doubts& doubts)
      : window_(window), all_(all), doubts_(doubts) {}

  // Counts a run of the current task. Whether it is to be kept, too.
  bool Count(const Run& run);
  // The current task has no more runs.
  void EndTask(const Task& task);

  // Counts the runs of all tasks but these, which are in order. `judge` judges the lifecycle of a task.
  // Returns the numbers of those of whose runs some should be kept, ascending.
  std::vector<uint32_t> CountOthers(const std::vector<Task>& tasks, const Judge& judge);

  RunCounts Take() { return std::move(counts_); }

 private:
  // By time, id and run: the order in which they are told of.
  using Told = std::tuple<int64_t, std::string, uint32_t, uint32_t>;  // and the task

  void CountOther(uint32_t number, const Judge& judge);
  bool CountPlain(uint32_t number);
  void CountOne(Verdict verdict, int64_t time_ns);
  void EndTask(std::string_view id, bool shared);
  void Remember(const TimedRun& timed, uint32_t number);

  const Window window_;
  const TaskEvents& all_;
  const Doubts doubts_;
  bool in_window_ = false;  // some run of the current task was
  RunCounts counts_;
  absl::flat_hash_set<std::string> shared_;  // ids of several tasks that were counted
  std::set<Told> inconclusive_;
  Unpacked unpacked_{all_};
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_CENSUS_H_
