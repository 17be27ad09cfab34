// What an event that names no task may have to do with tasks: they share a lane, a trace, a unit, or a word
// that may be a subject or an id. Such a thing is a handle, by its hash. Tasks' events offer handles, others
// ask by them; where nothing is shared, attribution (task/attribution.h) can't join the two.
//
// The index holds events by handle, in order. It is a function of the events that it holds; they must stay
// where they are. Thread rules: one index, one thread.
#ifndef GAINSAY_WATCH_REACH_H_
#define GAINSAY_WATCH_REACH_H_

#include <compare>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "absl/container/btree_set.h"
#include "event/event.h"

namespace gainsay {

struct EventKey {
  int64_t time_ns = kNoTime;
  uint32_t source = 0;
  uint64_t sequence = 0;  // of arrival
  friend auto operator<=>(const EventKey&, const EventKey&) = default;
};

using Handle = uint64_t;

struct Handles {
  std::vector<Handle> places;  // lanes and units: they tell of a task while it is there
  std::vector<Handle> names;   // tokens, ids and traces: of a task at any time
  Handle house = 0;            // the unit that is the house of other systems' tasks, or may be; 0 if none

  template <typename Visit>
  void ForEach(Visit visit) const {
    for (Handle handle : places) visit(handle);
    for (Handle handle : names) visit(handle);
    if (house != 0) visit(house);
  }
};

// What a task's event, or a hint, offers.
Handles Offered(const Event& event);
// By what an event that may be any task's asks.
Handles Asked(const Event& event);
// A token of a text, or an id.
Handle TokenHandle(std::string_view token);
// The lane that a start or terminal tells, all its parts taken together; 0 if it tells none.
Handle LaneOf(const Event& event);

// A write error, a resolution or a hint whose task, if it names one, need not be its own.
bool MayFloat(const Event& event);

class ReachIndex {
 public:
  using Item = std::map<EventKey, KeptEvent>::value_type;

  void Add(const Item& item);
  void Drop(const Item& item);
  // Whether an event may be any task's: not once a task is known by its id.
  void SetFloating(const Item& item, bool floating);

  bool AnyFloating() const { return !floating_.empty(); }
  // Visit the events that offer (or ask by) a handle, away from a place, until `visit` returns false.
  template <typename Visit>
  void OfferedBefore(Handle handle, const EventKey& key, Visit visit) const {
    VisitBefore(offered_, handle, key, visit);
  }
  template <typename Visit>
  void OfferedBehind(Handle handle, const EventKey& key, Visit visit) const {
    VisitBehind(offered_, handle, key, visit);
  }
  template <typename Visit>
  void FloatingBefore(Handle handle, const EventKey& key, Visit visit) const {
    VisitBefore(floating_, handle, key, visit);
  }

  // Resolutions and write errors, whoever they are of.
  static constexpr Handle kResolutions = 1, kErrors = 2;

 private:
  struct Link {
    Handle handle;
    const Item* item;
  };
  struct Place {
    Handle handle;
    EventKey key;
  };
  struct ByPlace {
    using is_transparent = void;
    static Place Of(const Link& link) { return {link.handle, link.item->first}; }
    static const Place& Of(const Place& place) { return place; }
    template <typename A, typename B>
    bool operator()(const A& a, const B& b) const {
      if (a.handle != b.handle) return a.handle < b.handle;
      return Of(a).key < Of(b).key;
    }
  };
  using Links = absl::btree_set<Link, ByPlace>;

  template <typename Visit>
  static void VisitBefore(const Links& links, Handle handle, const EventKey& key, Visit visit) {
    auto link = links.upper_bound(Place{handle, key});
    while (link != links.begin() && (--link)->handle == handle) {
      if (!visit(*link->item)) return;
    }
  }
  template <typename Visit>
  static void VisitBehind(const Links& links, Handle handle, const EventKey& key, Visit visit) {
    for (auto link = links.upper_bound(Place{handle, key}); link != links.end() && link->handle == handle;
         ++link) {
      if (!visit(*link->item)) return;
    }
  }

  Links offered_, floating_;
};

}  // namespace gainsay

#endif  // GAINSAY_WATCH_REACH_H_
