#include "watch/reach.h"

#include <algorithm>

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"
#include "task/event_roles.h"
#include "task/subjects.h"

namespace gainsay {
namespace {

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

enum class Of : uint8_t { kToken, kTrace, kUnit, kHouse, kLane, kLanesOfPid, kLanesOfWorker, kSource };

template <typename... Parts>
Handle HandleOf(Of what, const Parts&... parts) {
  const Handle handle = absl::HashOf(static_cast<uint8_t>(what), parts...);
  return std::max<Handle>(handle, ReachIndex::kErrors + 1);
}

std::string_view Worker(const Event& event) { return event.lane.empty() ? event.thread : event.lane; }
bool HasLane(const Event& event) { return !event.pid.empty() || !Worker(event).empty(); }

Handle Exact(std::string_view host, std::string_view pid, std::string_view worker) {
  return HandleOf(Of::kLane, View(host), View(pid), View(worker));
}

Handle Source(const Event& event) { return HandleOf(Of::kSource, View(event.host), event.position.source); }

// As task/lanes.cc has it: who has all parts asks the lane of these, and those with fewer; who has only one,
// all lanes with it.
void AskLanes(const Event& event, std::vector<Handle>* handles) {
  const std::string_view worker = Worker(event);
  if (!HasLane(event)) {
    handles->push_back(Source(event));
  } else if (worker.empty()) {
    handles->push_back(HandleOf(Of::kLanesOfPid, View(event.host), View(event.pid)));
  } else if (event.pid.empty()) {
    handles->push_back(HandleOf(Of::kLanesOfWorker, View(event.host), View(worker)));
  } else {
    handles->push_back(Exact(event.host, event.pid, worker));
    handles->push_back(Exact(event.host, event.pid, {}));
    handles->push_back(Exact(event.host, {}, worker));
  }
}

void OfferLanes(const Event& event, std::vector<Handle>* handles) {
  handles->push_back(LaneOf(event));
  const std::string_view worker = Worker(event);
  if (!event.pid.empty()) handles->push_back(HandleOf(Of::kLanesOfPid, View(event.host), View(event.pid)));
  if (!worker.empty()) handles->push_back(HandleOf(Of::kLanesOfWorker, View(event.host), View(worker)));
}

void AddTokens(std::string_view text, std::string_view (*part)(std::string_view),
               std::vector<Handle>* handles) {
  for (std::string_view token : SubjectTokens(text)) {
    handles->push_back(TokenHandle(token));
    if (const std::string_view some = part(token); !some.empty()) handles->push_back(TokenHandle(some));
  }
}

void MakeUnique(std::vector<Handle>* handles) {
  std::sort(handles->begin(), handles->end());
  handles->erase(std::unique(handles->begin(), handles->end()), handles->end());
}

bool IsStartOrEnd(const Event& event) {
  return event.kind == RuleKind::kStart || event.kind == RuleKind::kTerminal;
}

}  // namespace

Handle TokenHandle(std::string_view token) { return HandleOf(Of::kToken, View(token)); }

Handle LaneOf(const Event& event) {
  if (!IsStartOrEnd(event) || !event.lane_allowed || event.outer) return 0;
  return HasLane(event) ? Exact(event.host, event.pid, Worker(event)) : Source(event);
}

bool MayFloat(const Event& event) {
  return event.kind == RuleKind::kError || event.kind == RuleKind::kResolution || IsNamelessHint(event);
}

Handles Offered(const Event& event) {
  Handles handles;
  if (!event.trace.empty() && !event.task.empty()) {
    handles.names.push_back(HandleOf(Of::kTrace, View(event.trace)));
  }
  if (IsNamelessHint(event)) AddTokens(event.subject, NumberBehindWords, &handles.names);
  if (IsLifecycle(event) && !event.task.empty()) {
    handles.names.push_back(TokenHandle(event.task));
    for (std::string_view text : {event.subject, event.message, event.task}) {
      AddTokens(text, NumberBehindWords, &handles.names);
    }
    if (event.outer) handles.places.push_back(HandleOf(Of::kUnit, View(event.task)));
    if (IsStartOrEnd(event) && !event.outer && !event.outer_task.empty()) {
      handles.house = HandleOf(Of::kHouse, View(event.host), View(event.outer_task));
    }
    if (LaneOf(event) != 0) OfferLanes(event, &handles.places);
  }
  MakeUnique(&handles.names);
  return handles;
}

Handles Asked(const Event& event) {
  Handles handles;
  for (std::string_view text : {event.subject, event.message, event.error, event.context}) {
    AddTokens(text, NumberBehindLetters, &handles.names);
  }
  for (std::string_view name : {event.task, event.subject, event.outer_task}) {
    if (!name.empty()) handles.names.push_back(TokenHandle(name));
  }
  if (!event.trace.empty()) handles.names.push_back(HandleOf(Of::kTrace, View(event.trace)));
  if (!event.outer_task.empty()) {
    handles.places.push_back(HandleOf(Of::kUnit, View(event.outer_task)));
    handles.house = HandleOf(Of::kHouse, View(event.host), View(event.outer_task));
  }
  if (event.lane_allowed) AskLanes(event, &handles.places);
  MakeUnique(&handles.names);
  return handles;
}

void ReachIndex::Add(const Item& item) {
  Offered(item.second.event()).ForEach([&](Handle handle) { offered_.insert({handle, &item}); });
  if (item.second.event().kind == RuleKind::kError) offered_.insert({kErrors, &item});
}

void ReachIndex::Drop(const Item& item) {
  Offered(item.second.event()).ForEach([&](Handle handle) { offered_.erase(Place{handle, item.first}); });
  if (item.second.event().kind == RuleKind::kError) offered_.erase(Place{kErrors, item.first});
  SetFloating(item, false);
}

void ReachIndex::SetFloating(const Item& item, bool floating) {
  const Event& event = item.second.event();
  if (!MayFloat(event)) return;
  auto set = [&](Handle handle) {
    if (floating) {
      floating_.insert({handle, &item});
    } else {
      floating_.erase(Place{handle, item.first});
    }
  };
  Asked(event).ForEach(set);
  if (event.kind == RuleKind::kResolution) set(kResolutions);
}

}  // namespace gainsay
