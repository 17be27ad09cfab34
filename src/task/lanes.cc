#include "task/lanes.h"

#include <algorithm>
#include <bit>

#include "absl/strings/str_cat.h"

namespace gainsay {
namespace {

std::string_view Worker(const Event& event) { return event.lane.empty() ? event.thread : event.lane; }

bool HasLane(const Event& event) { return !event.pid.empty() || !Worker(event).empty(); }

// Starts that say where their task runs.
bool StartsHere(const Event* start) { return start != nullptr && start->lane_allowed && HasLane(*start); }

bool BeginsEarlier(const Stay& a, const Stay& b) { return a.from < b.from; }

}  // namespace

std::string Lanes::KeyOf(const Event& event, bool with_pid, bool with_worker) {
  std::string key(event.host);
  if (!HasLane(event)) return absl::StrCat(key, "\n", event.position.source);
  key += '\0';
  if (with_pid) key += event.pid;
  key += '\0';
  if (with_worker) key += Worker(event);
  return key;
}

uint32_t Lanes::LaneOf(const Event& event) {
  const auto [found, fresh] =
      exact_.try_emplace(KeyOf(event, true, true), static_cast<uint32_t>(lanes_.size()));
  if (fresh) {
    lanes_.emplace_back().nameless = !HasLane(event);
    if (!event.pid.empty() && !Worker(event).empty()) {
      partial_[KeyOf(event, true, false)].push_back(found->second);
      partial_[KeyOf(event, false, true)].push_back(found->second);
    }
  }
  return found->second;
}

// The lanes that agree with the event in all parts that both have.
std::vector<uint32_t> Lanes::LanesOf(const Event& event) const {
  std::vector<uint32_t> lanes;
  auto add = [&](const std::string& key) {
    if (auto found = exact_.find(key); found != exact_.end()) lanes.push_back(found->second);
    return !lanes.empty();
  };
  const bool exact = add(KeyOf(event, true, true));
  if (!HasLane(event) || (exact && !event.pid.empty() && !Worker(event).empty())) return lanes;
  if (!event.pid.empty() && !Worker(event).empty()) {
    if (!add(KeyOf(event, true, false))) add(KeyOf(event, false, true));
  } else if (auto found = partial_.find(KeyOf(event, true, true)); found != partial_.end()) {
    lanes.insert(lanes.end(), found->second.begin(), found->second.end());
  }
  return lanes;
}

void Lanes::SeeTerminal(const Placed& terminal) {
  if (HasLane(*terminal.event)) lanes_[LaneOf(*terminal.event)].terminals.push_back(terminal.order);
}

uint64_t Lanes::BeganAt(const Attempt& attempt) const {
  uint64_t began = attempt.start.event != nullptr ? attempt.start.order : 0;
  if (StartsHere(attempt.start.event) || !attempt.Ended() || !HasLane(*attempt.terminal.event)) return began;
  auto lane = exact_.find(KeyOf(*attempt.terminal.event, true, true));
  if (lane == exact_.end()) return began;
  const std::vector<uint64_t>& terminals = lanes_[lane->second].terminals;
  auto own = std::lower_bound(terminals.begin(), terminals.end(), attempt.terminal.order);
  return own == terminals.begin() ? began : std::max(began, *(own - 1));
}

void Lanes::AddAttempt(uint32_t task, const Attempt& attempt) {
  const Event* start = attempt.start.event;
  const bool started = start != nullptr && start->lane_allowed;
  const Event* where = StartsHere(start) || (started && !attempt.Ended()) ? start : attempt.terminal.event;
  if (where == nullptr) return;
  Lane& lane = lanes_[LaneOf(*where)];
  if (lane.nameless && !started) lane.shared = true;
  const uint64_t to = attempt.Ended() ? attempt.terminal.order : kNever;
  lane.stays.push_back({BeganAt(attempt), to, task});
  if (where == start && attempt.Ended() && RanInItsOwn(*where, *attempt.terminal.event)) {
    lanes_[LaneOf(*attempt.terminal.event)].stays.push_back({attempt.start.order, to, task});
  }
}

bool Lanes::HoldsTwoAtOnce(const Lane& lane) {
  uint64_t end = 0;
  for (const Stay& stay : lane.stays) {
    if (stay.to == kNever) continue;
    if (stay.from < end) return true;
    end = stay.to;
  }
  return false;
}

// A process that a worker has forked for this task (RQ's work-horse): it tells of this end and of no other.
bool Lanes::RanInItsOwn(const Event& start, const Event& terminal) {
  return !start.pid.empty() && !terminal.pid.empty() && start.pid != terminal.pid &&
         lanes_[LaneOf(terminal)].terminals.size() == 1;
}

// A worker whose tasks' ends are told by another process (Django Q's monitor): the next start ends the task
// before it, whenever that is told.
void Lanes::EndAtNextStart(Lane* lane) {
  if (!lane->terminals.empty()) return;
  for (size_t i = 0; i + 1 < lane->stays.size(); ++i) {
    lane->stays[i].to = std::min(lane->stays[i].to, lane->stays[i + 1].from);
  }
}

// A lane that never holds two tasks at once is one worker's: there the next start ends a task whose end
// was never told (a killed worker).
void Lanes::CloseDangling(Lane* lane) {
  if (HoldsTwoAtOnce(*lane)) return;
  for (size_t i = 0; i + 1 < lane->stays.size(); ++i) {
    if (lane->stays[i].to == kNever) lane->stays[i].to = lane->stays[i + 1].from;
  }
}

void Lanes::BuildTree(Lane* lane) {
  const size_t leaves = std::bit_ceil(std::max<size_t>(1, lane->stays.size()));
  lane->latest_end.assign(2 * leaves, 0);
  for (size_t i = 0; i < lane->stays.size(); ++i) lane->latest_end[leaves + i] = lane->stays[i].to;
  for (size_t i = leaves - 1; i > 0; --i) {
    lane->latest_end[i] = std::max(lane->latest_end[2 * i], lane->latest_end[2 * i + 1]);
  }
}

void Lanes::Finish() {
  for (Lane& lane : lanes_) {
    std::stable_sort(lane.stays.begin(), lane.stays.end(), BeginsEarlier);
    if (lane.nameless && (lane.shared || HoldsTwoAtOnce(lane))) lane.stays.clear();
    EndAtNextStart(&lane);
    CloseDangling(&lane);
    BuildTree(&lane);
  }
}

// Visits the stays that hold `order`, the latest begun first, until `visit` returns false.
template <typename Visit>
void Lanes::VisitOpen(const Lane& lane, uint64_t order, Visit visit) {
  const size_t leaves = lane.latest_end.size() / 2;
  const auto begun =
      static_cast<size_t>(std::lower_bound(lane.stays.begin(), lane.stays.end(), order,
                                           [](const Stay& stay, uint64_t o) { return stay.from < o; }) -
                          lane.stays.begin());
  std::vector<size_t> nodes = {1};
  while (!nodes.empty()) {
    const size_t node = nodes.back();
    nodes.pop_back();
    const size_t depth = static_cast<size_t>(std::bit_width(node)) - 1;
    const size_t width = leaves >> depth;
    const size_t first = (node << (static_cast<size_t>(std::bit_width(leaves)) - 1 - depth)) - leaves;
    if (first >= begun || lane.latest_end[node] <= order) continue;
    if (width == 1) {
      if (!visit(lane.stays[first])) return;
      continue;
    }
    nodes.push_back(2 * node);
    nodes.push_back(2 * node + 1);
  }
}

std::vector<Stay> Lanes::OpenAt(const Event& event, uint64_t order, size_t most) const {
  std::vector<Stay> open;
  for (uint32_t lane : LanesOf(event)) {
    if (open.size() == most) break;
    VisitOpen(lanes_[lane], order, [&](const Stay& stay) {
      if (open.empty() || open.back().task != stay.task) open.push_back(stay);
      return open.size() < most;
    });
  }
  return open;
}

void Lanes::Follow(const std::vector<uint32_t>& tasks) {
  for (uint32_t i = 0; i < lanes_.size(); ++i) {
    for (const Stay& stay : lanes_[i].stays) {
      if (std::binary_search(tasks.begin(), tasks.end(), stay.task)) followed_[i].stays.push_back(stay);
    }
  }
  for (auto& [index, lane] : followed_) {
    std::stable_sort(lane.stays.begin(), lane.stays.end(), BeginsEarlier);
    BuildTree(&lane);
  }
}

bool Lanes::HoldsFollowed(const Event& event, uint64_t order) const {
  bool found = false;
  for (uint32_t index : LanesOf(event)) {
    auto lane = followed_.find(index);
    if (lane == followed_.end()) continue;
    VisitOpen(lane->second, order, [&](const Stay&) { return !(found = true); });
  }
  return found;
}

bool Lanes::IsOpen(const Event& event, uint64_t order, uint32_t task, Stay* stay) const {
  bool found = false;
  for (uint32_t lane : LanesOf(event)) {
    VisitOpen(lanes_[lane], order, [&](const Stay& one) {
      found = one.task == task;
      if (found) *stay = one;
      return !found;
    });
    if (found) return true;
  }
  return false;
}

void Lanes::Doubt(const Event& event, uint64_t order) {
  for (uint32_t lane : LanesOf(event)) lanes_[lane].doubts.push_back(order);
}

std::vector<Stay> Lanes::DoubtfulStays() const {
  std::vector<Stay> doubtful;
  for (const Lane& lane : lanes_) {
    for (const Stay& stay : lane.stays) {
      auto doubt = std::upper_bound(lane.doubts.begin(), lane.doubts.end(), stay.from);
      if (doubt != lane.doubts.end() && *doubt < stay.to) doubtful.push_back(stay);
    }
  }
  return doubtful;
}

}  // namespace gainsay
