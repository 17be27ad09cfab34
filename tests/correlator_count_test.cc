// Runs that are only counted: the counts, and the runs that are kept all the same, are those of a correlator
// that keeps every run.
#include <algorithm>
#include <map>
#include <set>

#include "correlator_answer.h"
#include "gtest/gtest.h"
#include "random_events.h"

namespace gainsay {
namespace {

using tiny::Generator;

// What the two must agree on.
struct Count {
  VerdictCounts verdicts{};
  std::map<std::string, uint64_t> inconclusive;
  uint64_t tasks = 0;
  std::vector<std::string> runs;  // that need a look
  std::vector<std::string> errors;

  bool operator==(const Count&) const = default;
};

Correlation Correlate(const Sequence& sequence, const Window* counted, const CorrelatorRoom& room) {
  Correlator correlator(TestMatcher(), nullptr, room);
  for (const Event& event : sequence.events) correlator.Add(event);
  for (uint32_t source : sequence.cut_sources) correlator.SourceCut(source);
  if (counted != nullptr) correlator.CountOnly(*counted);
  return correlator.Finish();
}

void AddErrors(const Correlation& result, const Labels& labels, Count* count) {
  for (const Event* e : result.errors) count->errors.push_back(labels.Of(*e) + " " + std::string(e->task));
  for (const Event* e : result.unattributed) count->errors.push_back("lost " + labels.Of(*e));
}

std::vector<std::string> Worded(const Correlation& result, const Labels& labels, const Window& window) {
  Answer answer;
  for (const Run& run : result.runs) {
    const bool look = run.verdict == Verdict::kContradiction || run.verdict == Verdict::kInconclusive;
    if (look && window.Holds(run)) AddRun(run, labels, &answer);
  }
  // Runs of equal time, id and number (of two scopes) are in no order.
  std::sort(answer.details.begin(), answer.details.end());
  return answer.details;
}

Count Counted(const Sequence& sequence, const Window& window, const CorrelatorRoom& room = {}) {
  const Correlation result = Correlate(sequence, &window, room);
  Count count{result.verdicts, result.counted->inconclusive, result.counted->tasks, {}, {}};
  const Labels labels(sequence.events);
  count.runs = Worded(result, labels, window);
  EXPECT_EQ(count.runs.size(), result.runs.size()) << "none but these are kept";
  AddErrors(result, labels, &count);
  return count;
}

Count CountedOneByOne(const Sequence& sequence, const Window& window, const CorrelatorRoom& room = {}) {
  const Correlation result = Correlate(sequence, nullptr, room);
  Count count;
  std::set<std::string> tasks;
  for (const Run& run : result.runs) {
    if (!window.Holds(run)) continue;
    ++count.verdicts[static_cast<size_t>(run.verdict)];
    if (run.verdict == Verdict::kInconclusive) ++count.inconclusive[std::string(run.inconclusive_because)];
    tasks.emplace(run.task);
  }
  count.tasks = tasks.size();
  const Labels labels(sequence.events);
  count.runs = Worded(result, labels, window);
  AddErrors(result, labels, &count);
  return count;
}

// Tasks that start and end between the others' events, and some that don't end or are done once more.
void AddPlainTasks(Generator* generator, size_t tasks, std::deque<std::string>* ids, Sequence* sequence) {
  std::vector<Event> all;
  const auto add = [&](size_t word, std::string_view id, int64_t time_ns) {
    Event event;
    event.task = id;
    event.time_ns = time_ns;
    if (generator->Below(2) == 0) event.pid = "1";
    tiny::Complete(0, word, &event);
    all.push_back(event);
  };
  for (size_t i = 0; i < tasks; ++i) {
    const std::string& id = ids->emplace_back("plain-" + std::to_string(i));
    const auto time_ns = static_cast<int64_t>(20 + generator->Below(12)) * kSecond;
    add(0, id, time_ns);
    if (generator->Below(8) > 0)
      add(4 + generator->Below(4), id, time_ns + static_cast<int64_t>(generator->Below(5)) * kSecond);
    if (generator->Below(8) == 0) add(4, id, time_ns + 5 * kSecond);
  }
  for (Event& event : all) {
    const size_t at = generator->Below(sequence->events.size() + 1);
    sequence->events.insert(sequence->events.begin() + static_cast<std::ptrdiff_t>(at), event);
  }
  tiny::Number(&sequence->events);
}

TEST(CorrelatorCount, IsThatOfEveryRun) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    Generator generator(seed);
    for (int i = 0; i < 500; ++i) {
      Sequence sequence = generator.Next();
      std::deque<std::string> ids;
      if (i % 2 == 0) AddPlainTasks(&generator, generator.Below(30), &ids, &sequence);
      Window window;
      if (i % 3 == 1) window.since_ns = static_cast<int64_t>(20 + generator.Below(10)) * kSecond;
      if (i % 3 == 2) window.until_ns = static_cast<int64_t>(20 + generator.Below(10)) * kSecond;
      const Count counted = Counted(sequence, window), one_by_one = CountedOneByOne(sequence, window);
      ASSERT_EQ(counted.runs, one_by_one.runs) << tiny::ToText(sequence);
      ASSERT_EQ(counted.errors, one_by_one.errors) << tiny::ToText(sequence);
      ASSERT_EQ(counted.verdicts, one_by_one.verdicts) << tiny::ToText(sequence);
      ASSERT_EQ(counted.inconclusive, one_by_one.inconclusive) << tiny::ToText(sequence);
      ASSERT_EQ(counted.tasks, one_by_one.tasks) << tiny::ToText(sequence);
    }
  }
}

// The events that find no room, and the ids that they name.
uint64_t Lost(const Sequence& sequence, const CorrelatorRoom& room, std::set<std::string_view>* named) {
  uint64_t packed = 0, whole = 0, lost = 0;
  for (const Event& event : sequence.events) {
    if (Correlator::Packs(event) ? packed++ < room.packed : whole++ < room.whole) continue;
    ++lost;
    named->insert(event.task);
  }
  return lost;
}

// What is dropped is counted, and nothing that it may bear on is called clean.
TEST(CorrelatorCount, WhatFindsNoRoomIsNobodysCleanRun) {
  uint64_t lost_of_all = 0, calm_runs = 0, doubted = 0;
  for (uint64_t seed = 1; seed <= 3000; ++seed) {
    Generator generator(seed);
    Sequence sequence = generator.Next();
    std::deque<std::string> ids;
    if (seed % 2 == 0) AddPlainTasks(&generator, generator.Below(30), &ids, &sequence);
    const CorrelatorRoom room{generator.Below(sequence.events.size() + 1), generator.Below(8)};
    SCOPED_TRACE(tiny::ToText(sequence));
    const Count counted = Counted(sequence, {}, room), one_by_one = CountedOneByOne(sequence, {}, room);
    ASSERT_EQ(counted.verdicts, one_by_one.verdicts);
    ASSERT_EQ(counted.runs, one_by_one.runs);
    ASSERT_EQ(counted.inconclusive, one_by_one.inconclusive);

    const Correlation result = Correlate(sequence, nullptr, room);
    std::set<std::string_view> named;  // by what was lost
    const uint64_t lost = Lost(sequence, room, &named);
    ASSERT_EQ(result.lost, lost);
    for (const auto& run : result.runs) {
      const bool calm = run.verdict == Verdict::kClean || run.verdict == Verdict::kRecovered ||
                        run.verdict == Verdict::kUnfinished;
      ASSERT_FALSE(calm && named.count(run.task) > 0) << run.task;
      calm_runs += calm ? 1 : 0;
      doubted += run.verdict == Verdict::kInconclusive ? 1 : 0;
    }
    lost_of_all += lost;
  }
  EXPECT_GT(lost_of_all, 1000u);
  EXPECT_GT(calm_runs, 1000u);
  EXPECT_GT(doubted, 1000u);
}

// The twin looks at the same log, plain tasks and all.
TEST(CorrelatorCount, PlainTasksAmongOthersEqualTheTwin) {
  Generator generator(3);
  for (int i = 0; i < 1000; ++i) {
    Sequence sequence = generator.Next();
    std::deque<std::string> ids;
    AddPlainTasks(&generator, 1 + generator.Below(12), &ids, &sequence);
    Generator::SortSources(&sequence.events);
    tiny::Number(&sequence.events);
    ASSERT_TRUE(Agree(sequence, 0)) << tiny::ToText(sequence);
  }
}

// Of the runs whose end a cut may have taken, the first are kept; all are counted.
TEST(CorrelatorCount, KeepsTheFirstOfManyInconclusiveRuns) {
  constexpr size_t kTasks = 2500;
  Correlator correlator(TestMatcher());
  for (size_t i = kTasks; i-- > 0;) {
    const std::string id = "task-" + std::to_string(10'000 + i);
    Event start;
    start.task = id;
    start.time_ns = static_cast<int64_t>(i / 100) * kSecond;
    start.position.offset = kTasks - i;
    tiny::Complete(0, 0, &start);
    correlator.Add(start);
  }
  correlator.SourceCut(0);
  correlator.CountOnly({});
  const Correlation result = correlator.Finish();
  EXPECT_EQ(result.verdicts[static_cast<size_t>(Verdict::kInconclusive)], kTasks);
  EXPECT_EQ(result.counted->tasks, kTasks);
  ASSERT_EQ(result.runs.size(), 1000U);
  for (size_t i = 0; i < result.runs.size(); ++i) {
    EXPECT_EQ(result.runs[i].task, "task-" + std::to_string(10'000 + i));
    EXPECT_EQ(result.runs[i].start->task, result.runs[i].task);
  }
}

}  // namespace
}  // namespace gainsay
