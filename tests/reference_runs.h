// The slow twin's runs and attempts. DESIGN.md section 3, "Runs and attempts".
#ifndef GAINSAY_TESTS_REFERENCE_RUNS_H_
#define GAINSAY_TESTS_REFERENCE_RUNS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "reference_order.h"

namespace gainsay::reference {

struct Attempt {
  std::optional<Item> start, terminal;
  Items errors, resolutions;
  State state() const { return terminal ? terminal->state() : State::kNone; }
  bool IsLate(const Item& item) const { return terminal && item.order > terminal->order; }
};

struct DraftRun {
  std::string task;
  size_t number = 1;
  std::vector<Attempt> attempts;
  Items events;  // all of them; the mentions of a task that has nothing else
  bool ambiguous_error = false;
  Items doubtful_resolutions;  // that may be this run's or another's
  const Attempt& last() const { return attempts.back(); }
};

// One task's runs: of its events and mentions, both in order.
std::vector<DraftRun> CutIntoDraftRuns(const Items& events, const Items& mentions);

// The run that something at that order falls into.
size_t RunAt(const std::vector<DraftRun>& runs, size_t order);

}  // namespace gainsay::reference

#endif  // GAINSAY_TESTS_REFERENCE_RUNS_H_
