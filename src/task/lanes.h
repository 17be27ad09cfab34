// Where tasks run: a lane is host + pid + thread or worker name, as far as records have them. A task
// holds its lane from its start there to its terminal; where a system logs no start (or one that says nothing
// of the lane: `lane = false`), from the lane's previous terminal. A terminal printed elsewhere closes it by
// id, and so does the next attempt; where all of a lane's terminals are elsewhere, so does the next start. A
// task whose end a process of its own tells was in that one too. Where records name no lane at all
// (console.log), their source is one, as long as it shows one worker at work: every task with its start, and
// never two tasks at once.
//
//   lanes.Ask(...)           for all events that will be asked about, or their lanes' stays are not kept
//   lanes.SeeTerminal(...)   for all terminals; then
//   lanes.TerminalsSeen();
//   lanes.AddAttempt(...)    for all attempts; then
//   lanes.Finish();          and ask.
//
// Orders given and returned are of time; inside, lanes go by LaneOrder.
#ifndef GAINSAY_TASK_LANES_H_
#define GAINSAY_TASK_LANES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "task/attempts.h"
#include "task/lane_order.h"

namespace gainsay {

inline constexpr uint64_t kNever = UINT64_MAX;

// A task in a lane, or running, from one place in an order to before another; `to` is its end's, or kNever.
struct Stay {
  uint64_t from = 0, to = kNever;
  uint32_t task = 0;
};

// The write error of nobody that may be the task's, as far as the run at that place matters.
struct Doubt {
  uint32_t task = 0;
  uint64_t order = 0;
};

class Lanes {
 public:
  explicit Lanes(const LaneOrder& order) : order_(order) {}  // must outlive the lanes

  void Ask(const Event& event);
  void SeeTerminal(const Placed& terminal);
  void TerminalsSeen();
  // `after`: first order after the task's terminal before this attempt's, 0 if there is none. `superseded`:
  // where the next attempt of its run begins, kNever if there is none.
  void AddAttempt(uint32_t task, const Attempt& attempt, uint64_t after, uint64_t superseded);
  void Finish();

  // When the attempt began: its start, else after the later of the task's and the lane's previous terminal.
  uint64_t BeganAt(const Attempt& attempt, uint64_t after) const;

  // The tasks in the event's lane at that time, at most that many.
  std::vector<uint32_t> OpenAt(const Event& event, uint64_t order, size_t most = 2);
  // Whether this task is in the event's lane then.
  bool IsOpen(const Event& event, uint64_t order, uint32_t task);

  // After Finish: whether one of these tasks (ascending) is in the event's lane then, found without a look at
  // the others.
  void Follow(const std::vector<uint32_t>& tasks) { follow_ = tasks; }
  bool HoldsFollowed(const Event& event, uint64_t order);

  // An error that may be any open task's: all that are in its lane then are doubtful.
  void AddDoubt(const Event& event, uint64_t order);
  // One for each stay that holds any: where it ends.
  std::vector<Doubt> Doubts() const;

 private:
  struct Lane {
    std::vector<uint64_t> terminals;   // in order
    std::vector<Stay> stays;           // by `from`, after Finish
    std::vector<uint64_t> latest_end;  // a tree over `stays`: the greatest `to` below each node
    std::vector<uint64_t> doubts;
    bool asked = false;     // some event may be asked about that is in it
    bool nameless = false;  // its records name none: it is their source
    bool shared = false;    // a nameless one that is not known to be one worker's
  };
  // Lanes that agree in one part, and all their stays as one lane once that is asked for.
  struct Union {
    std::vector<uint32_t> members;
    Lane all;
    bool built = false;
  };

  uint32_t LaneOf(const Event& event);  // made if new
  void AddStay(const Event& event, const Stay& stay);
  Lane* Exact(const std::string& key);
  Lane* UnionOf(const std::string& key);
  Lane* OpenLane(const Event& event, uint64_t place);  // null if no task is open in any
  uint64_t AfterPrevious(const Event& terminal, uint64_t place) const;
  static void AddDoubts(const Lane& lane, const LaneOrder& order, std::vector<Doubt>* doubts);
  static bool HoldsTwoAtOnce(const Lane& lane);
  bool RanInItsOwn(const Event& start, const Event& terminal);
  static void EndAtNextStart(Lane* lane);
  static void CloseDangling(Lane* lane);
  static void SortStays(Lane* lane);
  static void BuildTree(Lane* lane);
  template <typename Visit>
  static void VisitOpen(const Lane& lane, uint64_t place, Visit visit);

  const LaneOrder& order_;
  std::vector<Lane> lanes_;
  std::vector<uint32_t> follow_;
  absl::flat_hash_map<const Lane*, Lane> followed_;   // made when asked for; only the stays of follow_
  absl::flat_hash_set<std::string> asked_;            // keys of lanes, by all of their parts and by one
  absl::flat_hash_map<std::string, uint32_t> exact_;  // by all parts
  absl::flat_hash_map<std::string, Union> unions_;    // by what a record with only a pid or a worker has
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_LANES_H_
