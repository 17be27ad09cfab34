// Where tasks run: a lane is host + pid + thread or worker name, as far as records have them. A task
// holds its lane from its start there to its terminal; where a system logs no start (or one that says nothing
// of the lane: `lane = false`), from the lane's previous terminal. A terminal printed elsewhere closes it by
// id; where all of a lane's terminals are, so does the next start. A task whose end a process of its own
// tells was in that one too. Where records name no lane at all (console.log), their source is one, as long
// as it shows one worker at work: every task with its start, and never two tasks at once.
//
//   lanes.SeeTerminal(...)   for all terminals, in order; then
//   lanes.AddAttempt(...)    for all attempts; then
//   lanes.Finish();          and ask.
#ifndef GAINSAY_TASK_LANES_H_
#define GAINSAY_TASK_LANES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "task/attempts.h"

namespace gainsay {

inline constexpr uint64_t kNever = UINT64_MAX;

// A task in a lane, between two places in the order of events; `to` is its terminal's, or kNever.
struct Stay {
  uint64_t from = 0, to = kNever;
  uint32_t task = 0;
};

class Lanes {
 public:
  void SeeTerminal(const Placed& terminal);
  void AddAttempt(uint32_t task, const Attempt& attempt);
  void Finish();

  // When the attempt began: its start, else the terminal before its own in the same lane, else 0.
  uint64_t BeganAt(const Attempt& attempt) const;

  // The tasks in the event's lane at that place, of at most two different tasks (or `most` stays).
  std::vector<Stay> OpenAt(const Event& event, uint64_t order, size_t most = 2) const;
  // Whether this task is in the event's lane then; its stay goes to `stay`.
  bool IsOpen(const Event& event, uint64_t order, uint32_t task, Stay* stay) const;

  // After Finish: whether one of these tasks (ascending) is in the event's lane then, found without a look at
  // the others.
  void Follow(const std::vector<uint32_t>& tasks);
  bool HoldsFollowed(const Event& event, uint64_t order) const;

  // An error that may be any open task's: all stays in its lane then are doubtful.
  void Doubt(const Event& event, uint64_t order);
  std::vector<Stay> DoubtfulStays() const;

 private:
  struct Lane {
    std::vector<uint64_t> terminals;   // in order
    std::vector<Stay> stays;           // by `from`, after Finish
    std::vector<uint64_t> latest_end;  // a tree over `stays`: the greatest `to` below each node
    std::vector<uint64_t> doubts;
    bool nameless = false;  // its records name none: it is their source
    bool shared = false;    // a nameless one that is not known to be one worker's
  };

  static std::string KeyOf(const Event& event, bool with_pid, bool with_worker);
  uint32_t LaneOf(const Event& event);  // made if new
  std::vector<uint32_t> LanesOf(const Event& event) const;
  static bool HoldsTwoAtOnce(const Lane& lane);
  bool RanInItsOwn(const Event& start, const Event& terminal);
  static void EndAtNextStart(Lane* lane);
  static void CloseDangling(Lane* lane);
  static void BuildTree(Lane* lane);
  template <typename Visit>
  static void VisitOpen(const Lane& lane, uint64_t order, Visit visit);

  std::vector<Lane> lanes_;
  absl::flat_hash_map<uint32_t, Lane> followed_;                     // by index of their lanes_
  absl::flat_hash_map<std::string, uint32_t> exact_;                 // all parts
  absl::flat_hash_map<std::string, std::vector<uint32_t>> partial_;  // one part left out
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_LANES_H_
