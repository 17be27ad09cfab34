// Which task the slow twin gives an event to. DESIGN.md section 3, "Which task".
#ifndef GAINSAY_TESTS_REFERENCE_ATTRIBUTION_H_
#define GAINSAY_TESTS_REFERENCE_ATTRIBUTION_H_

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "event/event.h"
#include "event/matcher.h"
#include "reference_lanes.h"
#include "reference_order.h"

namespace gainsay::reference {

// A write error and where it went.
struct PlacedError {
  const Event* event = nullptr;
  std::string task;
  MatchedBy by = MatchedBy::kNone;
};

class Attribution {
 public:
  Attribution(const Items& events, const Matcher& matcher);

  KnownTasks tasks;
  std::vector<const Event*> unattributed;
  std::vector<PlacedError> errors;
  Items orphans;  // resolutions without a task
  size_t terminals = 0;

 private:
  // What one of the ways to a task led to: several candidates, one, or none.
  struct Found {
    std::vector<Key> tasks;
    MatchedBy by = MatchedBy::kNone;
    std::vector<Span> spans;  // of several: the runs or stays that are candidates, if not the tasks as such
    bool in_lane = false;     // the spans are stays
    bool unit = false;        // the run is the unit's
  };

  Key NamedBy(const Event& e) const;
  Key KeyOf(const Event& e) const;
  bool NamesKey(const Event& e) const;
  bool NamesScope(const Event& e) const;
  bool IsKnown(std::string_view id) const { return known_ids_.count(std::string(id)) > 0; }
  std::vector<Key> Candidates(const Event& e) const;

  void LearnLifecycle(Item item);
  void LearnSubjects();
  void LearnNamelessHints();
  bool NamesSubject(const Key& task, const std::string& subject) const;
  bool IsKnownSubject(std::string_view subject) const;
  std::vector<Span> Running(const std::set<std::string>& subjects, size_t order) const;

  Found Search(const Item& item) const;
  Found ById(const Item& item) const;
  Found ByNamedId(const Item& item) const;
  Found ByTrace(const Item& item) const;
  Found ByUnit(const Item& item) const;
  Found ByCapturedId(const Item& item) const;
  Found BySubject(const Item& item) const;
  Found ByLane(const Item& item) const;
  Found ByWeakSubject(const Item& item) const;
  bool IsLaneMaterial(const Event& of) const;

  void Place(Item item);
  void Doubt(const Item& item, const Found& found);

  const Items& events_;
  const Matcher& matcher_;
  std::set<std::string> known_ids_;  // that their own system names
  std::set<Key> known_;
  std::map<std::string, std::set<Key>> named_;  // by id: the keys with a scope
  std::map<Key, std::set<std::string>> subjects_;
  std::vector<Span> lives_;
  Stays stays_;
};

}  // namespace gainsay::reference

#endif  // GAINSAY_TESTS_REFERENCE_ATTRIBUTION_H_
