// What the correlator and its slow twin answer for a sequence of tiny events, as text.
#ifndef GAINSAY_TESTS_CORRELATOR_ANSWER_H_
#define GAINSAY_TESTS_CORRELATOR_ANSWER_H_

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "reference_correlator.h"
#include "task/correlator.h"
#include "tiny_events.h"

namespace gainsay {

using tiny::Labels;
using tiny::Sequence;
using tiny::TestMatcher;

// One run is "task#run.attempt verdict terminal [unresolved late!]"; `details`, sorted, adds what only
// the comparison looks at.
struct Answer {
  std::vector<std::string> runs;
  std::vector<std::string> order;  // of the runs, as far as it is defined
  std::string lost;
  std::vector<std::string> details;

  std::string Text() const {
    std::string text;
    for (const std::string& run : runs) text += (text.empty() ? "" : "; ") + run;
    return text + (lost.empty() ? "" : "; lost" + lost);
  }
};

template <typename Run>
void AddRun(const Run& run, const Labels& labels, Answer* answer) {
  const std::string key = std::string(run.task) + "#" + std::to_string(run.run);
  std::string text = key + "." + std::to_string(run.attempt) + " " + std::string(VerdictName(run.verdict));
  if (run.terminal != nullptr) text += " " + labels.Of(*run.terminal);
  std::string unresolved;
  for (const auto& error : run.unresolved) {
    unresolved += (unresolved.empty() ? "" : " ") + labels.Of(*error.event) + (error.late ? "!" : "");
  }
  if (!unresolved.empty()) text += " [" + unresolved + "]";
  answer->runs.push_back(text);
  answer->order.push_back(key);
  answer->details.push_back(text + " of " + std::to_string(run.errors) + " " + std::string(run.system));
}

inline void AddPlace(const Event& e, std::string_view task, MatchedBy by, const Labels& labels,
                     Answer* answer) {
  answer->details.push_back("error " + labels.Of(e) + " " + std::string(MatchedByName(by)) + " " +
                            std::string(by == MatchedBy::kNone ? "" : task));
}
inline void AddPlace(const Event* e, const Labels& labels, Answer* answer) {
  AddPlace(*e, e->task, e->matched_by, labels, answer);
}
inline void AddPlace(const ReferencePlace& e, const Labels& labels, Answer* answer) {
  AddPlace(*e.event, e.task, e.by, labels, answer);
}

template <typename Result>
Answer ToAnswer(const Result& result, const Labels& labels) {
  Answer answer;
  for (const auto& run : result.runs) AddRun(run, labels, &answer);
  for (const Event* e : result.unattributed) answer.lost += " " + labels.Of(*e);
  for (const auto& error : result.errors) AddPlace(error, labels, &answer);
  // Runs of equal time, id and number (of two scopes) are in no order.
  std::sort(answer.details.begin(), answer.details.end());
  answer.details.push_back("lost:" + answer.lost);
  answer.details.push_back("terminals: " + std::to_string(result.terminals));
  return answer;
}

// Adds in an order shuffled by `seed` (0: as they are); events of equal time keep theirs.
inline std::vector<size_t> AddOrder(const std::vector<Event>& events, uint64_t seed) {
  std::vector<size_t> order(events.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  if (seed == 0) return order;
  std::mt19937_64 random(seed);
  std::shuffle(order.begin(), order.end(), random);
  std::map<int64_t, std::vector<size_t>> of_time;
  for (size_t i = 0; i < events.size(); ++i) of_time[events[i].time_ns].push_back(i);
  std::map<int64_t, size_t> used;
  for (size_t& i : order) {
    const int64_t time = events[i].time_ns;
    i = of_time[time][used[time]++];
  }
  return order;
}

inline Answer Ask(const Sequence& sequence, uint64_t shuffle_seed = 0, ErrorFilter* filter = nullptr) {
  Correlator correlator(TestMatcher(), filter);
  for (size_t i : AddOrder(sequence.events, shuffle_seed)) correlator.Add(sequence.events[i]);
  for (uint32_t source : sequence.cut_sources) correlator.SourceCut(source);
  return ToAnswer(correlator.Finish(), Labels(sequence.events));
}

inline Answer AskTwin(const Sequence& sequence) {
  return ToAnswer(CorrelateSlowly(sequence.events, sequence.cut_sources, TestMatcher()),
                  Labels(sequence.events));
}

inline bool Agree(const Sequence& sequence, uint64_t shuffle_seed) {
  const Answer answer = Ask(sequence, shuffle_seed), twin = AskTwin(sequence);
  return answer.details == twin.details && answer.order == twin.order;
}

// A hand-written case: what it says, the events, the answer.
struct Case {
  const char* says;
  const char* events;
  const char* runs;
};

inline void Check(const Case& c) {
  SCOPED_TRACE(std::string(c.says) + "\n  " + c.events);
  const Sequence sequence = tiny::Parse(c.events);
  EXPECT_EQ(AskTwin(sequence).Text(), c.runs) << "(the slow twin)";
  const std::string text = Ask(sequence).Text();
  EXPECT_EQ(text, c.runs);
  for (uint64_t seed = 1; seed <= 5; ++seed) EXPECT_EQ(Ask(sequence, seed).Text(), text) << "(shuffled)";
}

}  // namespace gainsay

#endif  // GAINSAY_TESTS_CORRELATOR_ANSWER_H_
