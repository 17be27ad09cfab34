// The settler against the batch correlator: the same findings in the end, whatever order within the lateness
// the events come in, and nothing kept that is not needed.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "random_events.h"
#include "watch/settler.h"

namespace gainsay {
namespace {

using tiny::TestMatcher;

class Collected : public SettlerSink {
 public:
  void Found(const Correlation&, const Finding& finding) override {
    EXPECT_TRUE(verdicts.emplace(finding.id, Verdict::kContradiction).second) << "told twice";
    log.push_back(finding.id);
  }
  void Changed(const std::string& id, const std::string&, Verdict verdict) override {
    EXPECT_NE(verdicts.at(id), verdict) << "no change";
    verdicts[id] = verdict;
    log.push_back(id + " " + std::string(VerdictName(verdict)));
  }
  void Forgotten(const Run& run) override { ++forgotten[std::string(VerdictName(run.verdict))]; }

  std::vector<std::string> Contradictions() const {
    std::vector<std::string> ids;
    for (const auto& [id, verdict] : verdicts) {
      if (verdict == Verdict::kContradiction) ids.push_back(id);
    }
    return ids;
  }

  std::map<std::string, Verdict> verdicts;
  std::map<std::string, uint64_t> forgotten;
  std::vector<std::string> log;
};

std::vector<std::string> InOneGo(const std::vector<Event>& events) {
  Correlator correlator(TestMatcher());
  for (const Event& event : events) correlator.Add(event);
  const Correlation correlation = correlator.Finish();
  std::vector<std::string> ids;
  for (const Finding& finding : BuildFindings(correlation, TestMatcher()).findings) ids.push_back(finding.id);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());  // one id, told once
  return ids;
}

// Adds the events in the order they come in, and lets event time pass as far as the lateness allows. The
// greatest time.
int64_t Feed(const tiny::Sequence& sequence, int64_t lateness_ns, Settler* settler) {
  int64_t greatest = kNoTime;
  for (const Event& event : sequence.events) {
    settler->Add(KeptEvent(event));
    greatest = std::max(greatest, event.time_ns);
    settler->Advance(greatest - lateness_ns);
  }
  return greatest;
}

TEST(Settler, TellsWhatTheCorrelatorSaysInTheEnd) {
  size_t contradictions = 0, before_the_end = 0, changes = 0;
  for (uint64_t seed = 1; seed <= 20'000; ++seed) {
    tiny::Generator generator(seed);
    const tiny::Sequence sequence = generator.Next();
    SCOPED_TRACE(tiny::ToText(sequence));
    Collected told;
    SettlerOptions options;
    options.settle_ns = static_cast<int64_t>(seed % 4) * kSecond;
    Settler settler(TestMatcher(), nullptr, options, &told);
    Feed(sequence, static_cast<int64_t>(seed % 6) * kSecond, &settler);
    before_the_end += told.log.size();
    settler.Finish();
    EXPECT_EQ(told.Contradictions(), InOneGo(sequence.events));
    contradictions += told.Contradictions().size();
    changes += told.log.size() - told.verdicts.size();
    if (HasFailure()) return;
  }
  EXPECT_GT(contradictions, 2000u);
  EXPECT_GT(before_the_end, 1000u);
  EXPECT_GT(changes, 10u);
}

// What a settler tells of a sequence, fed so that all of it is due before the end.
Collected ToldOf(const tiny::Sequence& sequence, const SettlerOptions& options, int64_t lateness_ns) {
  Collected told;
  Settler settler(TestMatcher(), nullptr, options, &told);
  settler.Advance(Feed(sequence, lateness_ns, &settler) + 100 * kSecond);
  return told;
}

// What is judged together is enough: the same is told, in the same order, where everything is judged; and it
// is what a scan says. A few of these sequences, where several sources, units and stray ids meet within
// seconds, come out otherwise, until the next sweep judges all.
TEST(Settler, TellsTheSameWhereItJudgesOnlyWhatMatters) {
  size_t told_of = 0, differ = 0, wrong = 0;
  for (uint64_t seed = 1; seed <= 4'000; ++seed) {
    tiny::Generator generator(seed);
    const tiny::Sequence sequence = generator.Next();
    SettlerOptions options;
    options.settle_ns = static_cast<int64_t>(seed % 4) * kSecond;
    const int64_t lateness = static_cast<int64_t>(seed % 6) * kSecond;
    options.few_events = 0;
    const Collected some = ToldOf(sequence, options, lateness);
    options.all_at_once = true;
    const Collected all = ToldOf(sequence, options, lateness);
    told_of += some.log.size();
    if (some.log != all.log) ++differ;
    if (some.Contradictions() != InOneGo(sequence.events)) ++wrong;
  }
  EXPECT_GT(told_of, 1000u);
  EXPECT_LT(differ, 5u);
  EXPECT_LT(wrong, 5u);
}

// What is judged together, of a few sequences that once went wrong: a task whose events lie in several
// sources, an end that is no success behind one that is, and an id that becomes known late.
TEST(Settler, JudgesWithWhatStandsInEachSource) {
  for (const char* text :
       {"20 error - secondary y=w @1; 21 cancel b d=2 p=store; 22 ok long-0001 p=store @1; 21 ok - p=store "
        "@2; "
        "23 error - t=t1 w=w; 26 error - d=2 y=w c=doc1 p=store; 26 ok b d=1 w=w m=long-0001 p=store @1",
        "20 fix a d=2 field p=store @2; 18 fix a d=1 @2; 22 ok a d=1 @2; 21 error - d=1; 24 error - d=2 @2; "
        "25 ok a d=2 p=store; 25 fix - d=1 p=store @2; 26 error - p=store @1; 27 fix a d=2 p=store",
        "21 error a h=g field p=store; 21 start a h=g p=store @1; 22 error a h=h; 23 ok a h=h p=store @1; "
        "23 error a h=h field p=store @1; 24 fix a h=g field p=store; 25 fix a h=g; 25 retry a @1; "
        "25 start a h=h p=store @2",
        "21 fix long-0001 secondary n=10 d=1 @1; 22 error - replica d=1; "
        "23 fix long-0001 secondary d=1 field p=store @1; 24 ok a d=1 @1; 25 ok - n=1 d=1 p=store; "
        "26 fix - d=1 p=store; 27 ok b n=10 d=1; 28 ok long-0001 d=2 @1"}) {
    const tiny::Sequence sequence = tiny::Parse(text);
    for (const int64_t settle : {0, 1, 2}) {
      SettlerOptions options;
      options.settle_ns = settle * kSecond;
      options.few_events = 0;
      EXPECT_EQ(ToldOf(sequence, options, 2 * kSecond).Contradictions(), InOneGo(sequence.events)) << text;
    }
  }
}

// `count` tasks, one after the other, every fifth a lie.
std::string Busy(size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    const std::string id = "task-" + std::to_string(i) + " ", time = std::to_string(10 + i);
    text += time + " start " + id + "; ";
    if (i % 5 == 0) text += time + " error " + id + "; ";
    text += time + " ok " + id + (i + 1 < count ? "; " : "");
  }
  return text;
}

TEST(Settler, KeepsNoMoreThanWhatIsRetained) {
  constexpr size_t kTasks = 5000;
  const std::string text = Busy(kTasks);
  const tiny::Sequence sequence = tiny::Parse(text);
  Collected told;
  SettlerOptions options;
  options.retain_ns = 30 * kSecond;
  Settler settler(TestMatcher(), nullptr, options, &told);
  size_t most = 0;
  for (const Event& event : sequence.events) {
    settler.Add(KeptEvent(event));
    settler.Advance(event.time_ns - 5 * kSecond);
    most = std::max(most, settler.store().events().size());
  }
  EXPECT_LT(most, 100u);
  const Correlation rest = settler.Finish();
  EXPECT_EQ(told.Contradictions().size(), kTasks / 5);
  EXPECT_EQ(told.log.size(), kTasks / 5);
  Tally tally = settler.forgotten();
  tally.Add(TallyOf(rest, TestMatcher()));
  EXPECT_EQ(tally.tasks, kTasks);
  EXPECT_EQ(tally.terminals, kTasks);
  EXPECT_EQ(tally.errors, kTasks / 5);
  EXPECT_EQ(tally.runs[static_cast<size_t>(Verdict::kContradiction)], kTasks / 5);
  EXPECT_EQ(tally.runs[static_cast<size_t>(Verdict::kClean)], kTasks - kTasks / 5);
  EXPECT_EQ(settler.evicted(), 0u);
}

// Tasks that never end fill the table: the oldest go, are counted, and are nobody's clean run.
TEST(Settler, WhatFallsOutIsCountedAndInconclusive) {
  std::string text;
  for (size_t i = 0; i < 1000; ++i)
    text += std::to_string(10 + i) + " start open-" + std::to_string(i) + "; ";
  text += "1100 ok open-0; 1101 ok open-999";
  const tiny::Sequence sequence = tiny::Parse(text);
  Collected told;
  SettlerOptions options;
  options.max_events = 200;
  Settler settler(TestMatcher(), nullptr, options, &told);
  for (const Event& event : sequence.events) {
    settler.Add(KeptEvent(event));
    settler.Advance(event.time_ns - 5 * kSecond);
    EXPECT_LE(settler.store().events().size(), 200u);
  }
  EXPECT_GT(settler.evicted(), 700u);
  const Correlation rest = settler.Finish();
  std::map<std::string_view, Verdict> verdicts;
  for (const auto& run : rest.runs) verdicts[run.task] = run.verdict;
  EXPECT_EQ(verdicts.at("open-0"), Verdict::kInconclusive);
  EXPECT_EQ(verdicts.at("open-999"), Verdict::kClean);
  Tally tally = settler.forgotten();
  tally.Add(TallyOf(rest, TestMatcher()));
  EXPECT_GE(tally.runs[static_cast<size_t>(Verdict::kInconclusive)], 700u);
}

// A job that runs again and again under one id, for ever.
TEST(Settler, ARunIsForgottenThoughItsTaskGoesOn) {
  std::string text;
  for (size_t i = 0; i < 2000; ++i) {
    const std::string time = std::to_string(10 + 10 * i);
    text += time + " start nightly; " + (i % 4 == 0 ? time + " error nightly; " : "") + time + " ok nightly" +
            (i < 1999 ? "; " : "");
  }
  const tiny::Sequence sequence = tiny::Parse(text);
  Collected told;
  SettlerOptions options;
  options.retain_ns = 100 * kSecond;
  Settler settler(TestMatcher(), nullptr, options, &told);
  size_t most = 0;
  for (const Event& event : sequence.events) {
    settler.Add(KeptEvent(event));
    settler.Advance(event.time_ns - 5 * kSecond);
    most = std::max(most, settler.store().events().size());
  }
  EXPECT_LT(most, 60u);
  const Correlation rest = settler.Finish();
  EXPECT_EQ(told.Contradictions().size(), 500u);
  EXPECT_EQ(rest.runs.back().run, 2000u);
}

}  // namespace
}  // namespace gainsay
