// The idea: each lane keeps its stays by where they begin, under a tree of their latest ends, so that those
// that hold a place are found without looking at the others. A record with all parts of a lane asks the lane
// of just these, then the lanes of those that have fewer; one with fewer parts asks all lanes that agree, as
// one.
#include "task/lanes.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <tuple>

#include "absl/strings/str_cat.h"

namespace gainsay {
namespace {

std::string_view Worker(const Event& event) { return event.lane.empty() ? event.thread : event.lane; }

bool HasLane(const Event& event) { return !event.pid.empty() || !Worker(event).empty(); }

// Lifecycle events that say where their task runs; in a source without lanes, that it is there.
bool SaysWhere(const Event* event) { return event != nullptr && event->lane_allowed; }
bool IsHere(const Event* event) { return SaysWhere(event) && HasLane(*event); }

std::string KeyOf(const Event& event, bool with_pid, bool with_worker) {
  std::string key(event.host);
  if (!HasLane(event)) return absl::StrCat(key, "\n", event.position.source);
  key += '\0';
  if (with_pid) key += event.pid;
  key += '\0';
  if (with_worker) key += Worker(event);
  return key;
}

}  // namespace

void Lanes::Ask(const Event& event) {
  asked_.insert(KeyOf(event, true, true));
  asked_.insert(KeyOf(event, true, false));
  asked_.insert(KeyOf(event, false, true));
}

uint32_t Lanes::LaneOf(const Event& event) {
  const auto [found, fresh] =
      exact_.try_emplace(KeyOf(event, true, true), static_cast<uint32_t>(lanes_.size()));
  if (fresh) {
    Lane& lane = lanes_.emplace_back();
    lane.nameless = !HasLane(event);
    lane.asked = asked_.contains(found->first) || asked_.contains(KeyOf(event, true, false)) ||
                 asked_.contains(KeyOf(event, false, true));
    if (!event.pid.empty()) unions_[KeyOf(event, true, false)].members.push_back(found->second);
    if (!Worker(event).empty()) unions_[KeyOf(event, false, true)].members.push_back(found->second);
  }
  return found->second;
}

void Lanes::AddStay(const Event& event, const Stay& stay) {
  Lane& lane = lanes_[LaneOf(event)];
  if (lane.asked) lane.stays.push_back(stay);
}

void Lanes::SeeTerminal(const Placed& terminal) {
  if (!IsHere(terminal.event)) return;
  lanes_[LaneOf(*terminal.event)].terminals.push_back(order_.PlaceOf(terminal.order));
}

void Lanes::TerminalsSeen() {
  for (Lane& lane : lanes_) std::sort(lane.terminals.begin(), lane.terminals.end());
}

// The first place after the lane's terminal before this one; 0 if it has none.
uint64_t Lanes::AfterPrevious(const Event& terminal, uint64_t place) const {
  auto lane = exact_.find(KeyOf(terminal, true, true));
  if (lane == exact_.end()) return 0;
  const std::vector<uint64_t>& terminals = lanes_[lane->second].terminals;
  auto own = std::lower_bound(terminals.begin(), terminals.end(), place);
  return own == terminals.begin() ? 0 : *(own - 1) + 1;
}

uint64_t Lanes::BeganAt(const Attempt& attempt, uint64_t after) const {
  const uint64_t began = attempt.start.event != nullptr ? attempt.start.order : after;
  if (IsHere(attempt.start.event) || !IsHere(attempt.terminal.event)) return began;
  const uint64_t previous = AfterPrevious(*attempt.terminal.event, order_.PlaceOf(attempt.terminal.order));
  return previous == 0 ? began : std::max(began, order_.OrderOf(previous - 1) + 1);
}

void Lanes::AddAttempt(uint32_t task, const Attempt& attempt, uint64_t after, uint64_t superseded) {
  auto place_of = [&](uint64_t order) { return order == kNever ? kNever : order_.PlaceOf(order); };
  const Event *start = attempt.start.event, *terminal = attempt.terminal.event;
  const uint64_t to = place_of(attempt.Ended() ? attempt.terminal.order : superseded);
  const bool in_source = SaysWhere(start) && !HasLane(*start) && (!attempt.Ended() || !HasLane(*terminal));
  if (IsHere(start) || in_source) {
    const uint64_t from = place_of(attempt.start.order);
    AddStay(*start, {from, to, task});
    const bool over_sources = in_source && attempt.Ended() && LaneOf(*start) != LaneOf(*terminal);
    if (over_sources || (IsHere(terminal) && RanInItsOwn(*start, *terminal))) {
      AddStay(*terminal, {from, to, task});
    }
  } else if (IsHere(terminal)) {
    uint64_t from = after == 0 ? 0 : place_of(after - 1) + 1;
    if (start != nullptr) from = place_of(attempt.start.order);
    from = std::max(from, AfterPrevious(*terminal, to));
    AddStay(*terminal, {from, to, task});
  } else if (terminal != nullptr && !HasLane(*terminal)) {
    lanes_[LaneOf(*terminal)].shared = true;
  }
}

// A process that a worker has forked for this task (RQ's work-horse): it tells of this end and of no other.
bool Lanes::RanInItsOwn(const Event& start, const Event& terminal) {
  return start.host == terminal.host && !start.pid.empty() && !terminal.pid.empty() &&
         start.pid != terminal.pid && lanes_[LaneOf(terminal)].terminals.size() == 1;
}

bool Lanes::HoldsTwoAtOnce(const Lane& lane) {
  uint64_t end = 0;
  for (const Stay& stay : lane.stays) {
    if (stay.from < end) return true;
    if (stay.to != kNever) end = std::max(end, stay.to);
  }
  return false;
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

void Lanes::SortStays(Lane* lane) {
  std::sort(lane->stays.begin(), lane->stays.end(), [](const Stay& a, const Stay& b) {
    return std::tie(a.from, a.to, a.task) < std::tie(b.from, b.to, b.task);
  });
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
    SortStays(&lane);
    if (lane.nameless && (lane.shared || HoldsTwoAtOnce(lane))) lane.stays.clear();
    EndAtNextStart(&lane);
    CloseDangling(&lane);
    BuildTree(&lane);
  }
}

// Visits the stays that hold the place, the latest begun first, until `visit` returns false.
template <typename Visit>
void Lanes::VisitOpen(const Lane& lane, uint64_t place, Visit visit) {
  const size_t leaves = lane.latest_end.size() / 2;
  const auto begun =
      static_cast<size_t>(std::upper_bound(lane.stays.begin(), lane.stays.end(), place,
                                           [](uint64_t p, const Stay& stay) { return p < stay.from; }) -
                          lane.stays.begin());
  std::vector<size_t> nodes = {1};
  while (!nodes.empty()) {
    const size_t node = nodes.back();
    nodes.pop_back();
    const size_t depth = static_cast<size_t>(std::bit_width(node)) - 1;
    const size_t width = leaves >> depth;
    const size_t first = (node << (static_cast<size_t>(std::bit_width(leaves)) - 1 - depth)) - leaves;
    if (first >= begun || lane.latest_end[node] <= place) continue;
    if (width == 1) {
      if (!visit(lane.stays[first])) return;
      continue;
    }
    nodes.push_back(2 * node);
    nodes.push_back(2 * node + 1);
  }
}

Lanes::Lane* Lanes::Exact(const std::string& key) {
  auto found = exact_.find(key);
  return found == exact_.end() ? nullptr : &lanes_[found->second];
}

Lanes::Lane* Lanes::UnionOf(const std::string& key) {
  auto found = unions_.find(key);
  if (found == unions_.end()) return nullptr;
  Union& one = found->second;
  if (one.members.size() == 1) return &lanes_[one.members[0]];
  if (!one.built) {
    for (uint32_t member : one.members) {
      const std::vector<Stay>& stays = lanes_[member].stays;
      one.all.stays.insert(one.all.stays.end(), stays.begin(), stays.end());
    }
    SortStays(&one.all);
    BuildTree(&one.all);
    one.built = true;
  }
  return &one.all;
}

// The lane of the event's own parts, else the lanes of those with fewer; for an event that has but one part,
// all lanes that have it, too.
Lanes::Lane* Lanes::OpenLane(const Event& event, uint64_t place) {
  auto is_open = [place](const Lane* lane) {
    bool open = false;
    if (lane != nullptr) VisitOpen(*lane, place, [&](const Stay&) { return !(open = true); });
    return open;
  };
  std::vector<Lane*> lanes;
  if (!HasLane(event)) {
    lanes = {Exact(KeyOf(event, true, true))};
  } else if (event.pid.empty() || Worker(event).empty()) {
    lanes = {UnionOf(KeyOf(event, true, true))};
  } else {
    lanes = {Exact(KeyOf(event, true, true)), Exact(KeyOf(event, true, false)),
             Exact(KeyOf(event, false, true))};
  }
  auto open = std::find_if(lanes.begin(), lanes.end(), is_open);
  return open == lanes.end() ? nullptr : *open;
}

std::vector<uint32_t> Lanes::OpenAt(const Event& event, uint64_t order, size_t most) {
  const uint64_t place = order_.PlaceOf(order);
  std::vector<uint32_t> open;
  const Lane* lane = OpenLane(event, place);
  if (lane == nullptr) return open;
  VisitOpen(*lane, place, [&](const Stay& stay) {
    if (std::find(open.begin(), open.end(), stay.task) == open.end()) open.push_back(stay.task);
    return open.size() < most;
  });
  return open;
}

bool Lanes::IsOpen(const Event& event, uint64_t order, uint32_t task) {
  const uint64_t place = order_.PlaceOf(order);
  bool found = false;
  const Lane* lane = OpenLane(event, place);
  if (lane == nullptr) return false;
  VisitOpen(*lane, place, [&](const Stay& stay) { return !(found = stay.task == task); });
  return found;
}

bool Lanes::HoldsFollowed(const Event& event, uint64_t order) {
  if (follow_.empty()) return false;
  const uint64_t place = order_.PlaceOf(order);
  const Lane* lane = OpenLane(event, place);
  if (lane == nullptr) return false;
  const auto [followed, fresh] = followed_.try_emplace(lane);
  Lane& some = followed->second;
  if (fresh) {
    std::copy_if(
        lane->stays.begin(), lane->stays.end(), std::back_inserter(some.stays),
        [&](const Stay& stay) { return std::binary_search(follow_.begin(), follow_.end(), stay.task); });
    BuildTree(&some);
  }
  bool found = false;
  VisitOpen(some, place, [&](const Stay&) { return !(found = true); });
  return found;
}

void Lanes::AddDoubt(const Event& event, uint64_t order) {
  const uint64_t place = order_.PlaceOf(order);
  if (Lane* lane = OpenLane(event, place)) lane->doubts.push_back(place);
}

void Lanes::AddDoubts(const Lane& lane, const LaneOrder& order, std::vector<Doubt>* doubts) {
  if (lane.doubts.empty()) return;
  std::vector<uint64_t> places = lane.doubts;
  std::sort(places.begin(), places.end());
  for (const Stay& stay : lane.stays) {
    auto first = std::lower_bound(places.begin(), places.end(), stay.from);
    if (first == places.end() || *first >= stay.to) continue;
    doubts->push_back({stay.task, order.OrderOf(stay.to == kNever ? stay.from : stay.to)});
  }
}

std::vector<Doubt> Lanes::Doubts() const {
  std::vector<Doubt> doubts;
  for (const Lane& lane : lanes_) AddDoubts(lane, order_, &doubts);
  for (const auto& [key, one] : unions_) AddDoubts(one.all, order_, &doubts);
  return doubts;
}

}  // namespace gainsay
