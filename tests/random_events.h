// Random sequences of events for the correlator: few ids, lanes, traces and subjects, so that they
// meet, and only some kinds of things in one sequence.
#ifndef GAINSAY_TESTS_RANDOM_EVENTS_H_
#define GAINSAY_TESTS_RANDOM_EVENTS_H_

#include <algorithm>
#include <map>
#include <random>
#include <string_view>
#include <vector>

#include "tiny_events.h"

namespace gainsay::tiny {

class Generator {
 public:
  explicit Generator(uint64_t seed) : random_(seed) {}

  // `of_sources`: false if the sources mean nothing: no clock goes back, and no source is a lane.
  Sequence Next(bool of_sources = true) {
    Choose();
    here_ = here_ && of_sources;
    const size_t sources = 1 + Below(3);
    const bool jitter = Chance(25) && of_sources, no_times = Chance(3);
    Sequence sequence;
    int64_t time = 20;
    for (size_t left = 1 + Below(12); left > 0; --left) {
      if (!Chance(30) && !no_times) ++time;
      const int64_t back = jitter && Chance(30) ? static_cast<int64_t>(Below(5)) : 0;
      sequence.events.push_back(NextEvent(time - back));
      sequence.events.back().position.source = static_cast<uint32_t>(Below(sources));
    }
    SortSources(&sequence.events);
    if (Chance(15)) sequence.cut_sources.insert(static_cast<uint32_t>(Below(sources)));
    Number(&sequence.events);
    return sequence;
  }

  // Input order is by source first: of events of equal time, the sources must not go back.
  static void SortSources(std::vector<Event>* events) {
    std::map<int64_t, std::vector<uint32_t>> sources;
    for (const Event& e : *events) sources[e.time_ns].push_back(e.position.source);
    for (auto& [time, some] : sources) std::sort(some.begin(), some.end(), std::greater<>());
    for (Event& e : *events) {
      e.position.source = sources[e.time_ns].back();
      sources[e.time_ns].pop_back();
    }
  }

  size_t Below(size_t n) { return static_cast<size_t>(random_() % n); }

 private:
  bool Chance(size_t percent) { return Below(100) < percent; }
  template <size_t N>
  std::string_view OneOf(const char* const (&words)[N]) {
    return words[Below(N)];
  }

  void Choose() {
    roles_ = Chance(30), targets_ = Chance(20), subjects_ = Chance(40), runs_ = Chance(30);
    attempts_ = Chance(30), scopes_ = Chance(20), units_ = Chance(30), hosts_ = Chance(30);
    here_ = Chance(25), lanes_ = !here_ ? Chance(70) : Chance(20), threads_ = Chance(40), away_ = Chance(30),
    traces_ = Chance(25);
    texts_ = Chance(40), hints_ = Chance(25), no_starts_ = Chance(20);
    no_ids_ = Chance(40) ? 20 : lanes_ || here_ || subjects_ || traces_ || texts_ ? 80 : 0;
    tasks_ = 1 + Below(4);
    only_writes_ = Chance(15);
    if (only_writes_) runs_ = scopes_ = units_ = false, no_ids_ = 20;
  }

  Event NextEvent(int64_t time) {
    // start mention error fix ok fail cancel retry, as often as interesting.
    static constexpr size_t kWordOf[] = {0, 0, 0, 0, 1, 2, 2, 2, 2, 2, 3, 3, 4, 4, 4, 5, 6, 7};
    // Errors, resolutions and succeeded only: what becomes of resolutions without a task.
    size_t word = only_writes_ ? 2 + Below(3) : kWordOf[Below(std::size(kWordOf))];
    if (no_starts_ && word == 0) word = 4;
    const bool write = word == 2 || word == 3;
    size_t pack = 0;
    Event e;
    e.time_ns = time * kSecond;
    if (hosts_) e.host = OneOf({"", "g", "h"});
    if (units_ && Chance(60)) {
      e.outer_task = OneOf({"u", "v"});
      if (runs_ && Chance(80)) e.outer_run = OneOf({"i", "j"});
      if (!write && Chance(50)) pack = kUnitPack;
    }
    if (pack != kUnitPack) NameTask(word, &pack, &e);
    NamePlace(&e);
    NameSubject(write, &e);
    if (write) NameTarget(&e);
    Complete(pack, word, &e);
    if (!HasLane(e) && here_ && !Chance(10)) e.lane_allowed = true;
    return e;
  }

  void NameTask(size_t word, size_t* pack, Event* e) {
    static constexpr const char* kIds[] = {"a", "long-0001", "b", "long-0002"};
    const bool write = word == 2 || word == 3;
    const size_t none = write ? no_ids_ : word == 1 && hints_ ? 60 : no_ids_ / 4;
    if (!Chance(e->outer_task.empty() ? none : std::max<size_t>(none, 40))) {
      e->task = kIds[(Below(tasks_) + (texts_ ? 1 : 0)) % 4];
      if (write && Chance(10)) e->task = "stray";
      if (write && texts_ && Chance(40)) e->task_in_text = true;
      if (hints_ && word != 0 && word < 4 && !e->task_in_text && Chance(50))
        e->matched_by = MatchedBy::kField;
    }
    if (scopes_) {
      *pack = write ? 2 * Below(2) : Chance(85) ? 2 : 0;
      if (Chance(*pack == 2 ? 90 : 60)) e->queue = OneOf({"m", "n"});
    } else {
      *pack = Below(2);
    }
    if (runs_ && Chance(75)) e->run = OneOf({"x", "y", "z"});
    if (attempts_ && Chance(60)) e->attempt = OneOf({"1", "2", "10"});
  }

  void NamePlace(Event* e) {
    if (lanes_ && Chance(85)) {
      if (!threads_ || Chance(70)) e->pid = OneOf({"1", "1", "2"});
      if (threads_ && Chance(60)) (Chance(50) ? e->lane : e->thread) = OneOf({"w", "w", "k", "Main"});
      if (away_ && Chance(25)) e->lane_allowed = false;
    }
    if (traces_ && Chance(60)) e->trace = OneOf({"p", "q"});
  }

  void NameSubject(bool write, Event* e) {
    if (subjects_ && Chance(60)) e->subject = OneOf({"doc1", "doc2", "4711", "7", "1.25", "long-0001"});
    if (!texts_) return;
    if (Chance(50))
      e->message = OneOf(
          {"doc1", "k4711", "4711,doc1", "1.25,doc2", "long-0001", "long-0002,4711", "long-0001,long-0002"});
    if (write && Chance(20)) e->error = OneOf({"k4711", "doc2"});
    if (write && Chance(20)) e->context = OneOf({"doc1", "{long-0001}", "0002"});
  }

  void NameTarget(Event* e) {
    if (roles_) e->role = OneOf({"", "primary", "secondary", "replica"});
    if (targets_) e->target = OneOf({"", "t1", "t2"});
  }

  std::mt19937_64 random_;
  bool roles_ = false, targets_ = false, subjects_ = false, runs_ = false, attempts_ = false;
  bool scopes_ = false, units_ = false, hosts_ = false, only_writes_ = false;
  bool lanes_ = false, threads_ = false, away_ = false, traces_ = false, texts_ = false, hints_ = false;
  bool no_starts_ = false, here_ = false;
  size_t no_ids_ = 0, tasks_ = 1;
};

}  // namespace gainsay::tiny

#endif  // GAINSAY_TESTS_RANDOM_EVENTS_H_
