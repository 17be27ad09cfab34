// Events in, any order; runs with verdicts out. The semantics are DESIGN.md section 3;
// tests/reference_correlator.h is its slow twin.
//
//   Correlator correlator(matcher);
//   correlator.Add(event);                       // copies
//   Correlation result = correlator.Finish();
//
// Thread rules: one correlator, one thread.
#ifndef GAINSAY_TASK_CORRELATOR_H_
#define GAINSAY_TASK_CORRELATOR_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "event/event.h"
#include "event/matcher.h"
#include "task/error_filter.h"
#include "task/input_task.h"
#include "task/run.h"
#include "task/story.h"
#include "task/text_arena.h"
#include "task/window.h"

namespace gainsay {

// All that was correlated. Owns the events that the runs point to.
struct Correlation {
  std::vector<Run> runs;                   // by terminal time (else first event), task id, run
  std::optional<RunCounts> counted;        // where not all runs are kept: of all within the window
  std::vector<const Event*> unattributed;  // write errors without a task, in order
  std::vector<const Event*> errors;        // every write error, in order
  uint64_t terminals = 0;                  // terminal events, of whatever task
  uint64_t lost = 0;                       // events that found no room
  VerdictCounts verdicts{};

  std::unique_ptr<Story> story;  // of the task that was asked about; else null

  // First the events that were added and are not packed, in that order; errors and resolutions say where they
  // went. Then those that were packed and are pointed to.
  std::deque<KeptEvent> storage;
  std::unique_ptr<TextArena> texts;
};

// So many events have room. What comes beyond is dropped, counted, and makes inconclusive what it concerns.
struct CorrelatorRoom {
  uint64_t packed = uint64_t{1} << 31;  // lifecycle events that name a task: some 20 bytes each
  uint64_t whole = uint64_t{1} << 24;   // all others: some 600 bytes each
};

class Correlator {
 public:
  explicit Correlator(const Matcher& matcher, ErrorFilter* filter = nullptr, const CorrelatorRoom& room = {});
  ~Correlator();

  // Takes an event in. Events of equal time must come in input order (by source, then offset);
  // otherwise the order of calls does not matter.
  void Add(const Event& event);
  static bool Packs(const Event& event);  // lifecycle events that name a task
  void Add(KeptEvent event);

  // Source `source` ended before its end (a cut archive): its open runs can't be judged.
  void SourceCut(uint32_t source);

  // A source that is a task of its own. Call before Finish, in order of sources.
  void AddInputTask(InputTask input);

  // Asks for the story of the tasks with this id.
  void Tell(std::string task);

  // Of the runs within the window, keeps the contradictions and (of many, the first) inconclusive ones, and
  // only counts the others: they take a hundred bytes a run then. Else every run is kept.
  void CountOnly(const Window& window);

  // Judges everything. Call once.
  Correlation Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_CORRELATOR_H_
