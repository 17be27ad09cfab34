// The correlator: hand-written cases for the sentences of DESIGN.md section 3. correlator_random_test.cc
// holds it to its slow twin.
#include "task/correlator.h"

#include <algorithm>

#include "correlator_answer.h"
#include "gtest/gtest.h"
#include "tiny_events.h"

namespace gainsay {
namespace {

constexpr Case kVerdicts[] = {
    {"succeeded with an unresolved error", "10 start a; 20 error a primary; 30 ok a",
     "a#1.1 contradiction 30 [20]"},
    {"succeeded without", "10 start a; 30 ok a", "a#1.1 clean 30"},
    {"succeeded with errors all resolved", "10 start a; 20 error a; 25 fix a; 30 ok a", "a#1.1 recovered 30"},
    {"one of two errors resolved", "10 error a; 20 fix a; 30 error a; 40 ok a",
     "a#1.1 contradiction 40 [30]"},
    {"failed", "10 start a; 20 error a; 30 fail a", "a#1.1 failed 30"},
    {"cancelled", "10 start a; 30 cancel a", "a#1.1 cancelled 30"},
    {"no terminal", "10 start a; 20 error a", "a#1.1 unfinished"},
    {"retrying as the last", "10 start a; 30 retry a", "a#1.1 unfinished 30"},
    {"an error alone makes a task", "20 error a", "a#1.1 unfinished"},
    {"a mention alone makes a task", "20 mention a", "a#1.1 unfinished"},
    {"a terminal alone", "30 ok a", "a#1.1 clean 30"},
    {"an error after the terminal counts, late", "10 start a; 30 ok a; 40 error a",
     "a#1.1 contradiction 30 [40!]"},
    {"late and in time", "10 start a; 20 error a; 30 ok a; 40 error a", "a#1.1 contradiction 30 [20 40!]"},
    {"tasks don't mix", "10 start a; 11 start b; 20 error b; 30 ok a; 31 ok b",
     "a#1.1 clean 30; b#1.1 contradiction 31 [20]"},
    {"an error without a task", "10 start a; 20 error -; 30 ok a", "a#1.1 clean 30; lost 20"},
    {"nothing at all", "", ""},
    {"other events without a task mean nothing", "10 start -; 20 mention -; 25 fix -; 30 ok -", ""},
    {"an unfinished run in a cut source", "10 start a @1; cut 1", "a#1.1 inconclusive"},
    {"a run seen retrying in a cut source", "10 start a @1; 20 retry a @1; cut 1", "a#1.1 inconclusive 20"},
    {"a finished run in a cut source", "10 start a @1; 20 ok a @1; cut 1", "a#1.1 clean 20"},
    {"another source is cut", "10 start a @1; 20 start b; cut 1", "a#1.1 inconclusive; b#1.1 unfinished"},
    {"an earlier run in a cut source", "10 start a @1; 20 ok a @1; 30 start a; cut 1",
     "a#1.1 clean 20; a#2.1 unfinished"},
    {"only mentioned, in a cut source", "10 mention a @1; cut 1", "a#1.1 inconclusive"},
    {"an event elsewhere, a mention in a cut source", "10 mention a @1; 20 start a; cut 1",
     "a#1.1 unfinished"},
};

constexpr Case kOrder[] = {
    {"by event time", "30 ok a; 20 error a; 10 start a", "a#1.1 contradiction 30 [20]"},
    {"ties keep input order: the error first", "10 start a; 30 error a; 30 ok a",
     "a#1.1 contradiction 30b [30]"},
    {"ties keep input order: the terminal first", "10 start a; 30 ok a; 30 error a",
     "a#1.1 contradiction 30 [30b!]"},
    {"ties: a start before the terminal", "10 start a; 20 ok a; 30 start a; 30 ok a",
     "a#1.1 clean 20; a#2.1 clean 30b"},
    {"runs by terminal time, then id", "30 ok b; 30 ok a; 10 start c; 20 ok d",
     "c#1.1 unfinished; d#1.1 clean 20; a#1.1 clean 30b; b#1.1 clean 30"},
    {"a resolution before the error", "10 fix a; 20 error a; 30 ok a", "a#1.1 contradiction 30 [20]"},
};

constexpr Case kSegments[] = {
    {"a start after succeeded opens a run", "10 start a; 20 error a; 30 ok a; 40 start a; 50 ok a",
     "a#1.1 contradiction 30 [20]; a#2.1 clean 50"},
    {"a start after cancelled opens a run", "10 start a; 30 cancel a; 40 start a; 50 ok a",
     "a#1.1 cancelled 30; a#2.1 clean 50"},
    {"a start after failed opens an attempt", "10 start a; 20 error a; 30 fail a; 40 start a; 50 ok a",
     "a#1.2 recovered 50"},
    {"a start after retrying opens an attempt", "10 start a; 30 retry a; 40 start a; 50 ok a",
     "a#1.2 clean 50"},
    {"a start after no terminal opens an attempt", "10 start a; 20 error a; 40 start a; 50 ok a",
     "a#1.2 recovered 50"},
    {"events before the first start are a segment", "5 error a; 10 start a; 50 ok a", "a#1.2 recovered 50"},
    {"a terminal before the first start, too", "5 error a; 7 ok a; 10 start a; 50 ok a",
     "a#1.1 contradiction 7 [5]; a#2.1 clean 50"},
    {"a mention cuts nothing", "5 mention a; 10 start a; 20 ok a; 25 mention a; 30 ok a", "a#1.1 clean 20"},
    {"superseded, whatever it ended with",
     "10 start a; 20 error a; 30 retry a; 40 start a; 45 error a; 50 ok a", "a#1.2 contradiction 50 [45]"},
    {"no starts: a further terminal ends an attempt",
     "10 error a; 20 retry a; 30 error a; 40 fail a; 50 ok a", "a#1.3 recovered 50"},
    {"no starts: a further terminal ends a run", "10 error a; 20 ok a; 30 error a; 40 fail a",
     "a#1.1 contradiction 20 [10]; a#2.1 failed 40"},
    {"between terminals: the attempt that the next one ends", "10 ok a; 20 error a; 30 ok a",
     "a#1.1 clean 10; a#2.1 contradiction 30 [20]"},
    {"a repeated report", "10 start a; 20 ok a; 21 ok a", "a#1.1 clean 20"},
    {"a repeated report makes the rest late", "10 start a; 20 ok a; 21 ok a; 30 error a",
     "a#1.1 contradiction 20 [30!]"},
    {"no repeated report across a resolution", "10 start a; 20 ok a; 25 fix a; 30 ok a",
     "a#1.1 clean 20; a#2.1 clean 30"},
    {"a repeated failure is one attempt", "20 fail a; 21 fail a; 30 ok a", "a#1.2 clean 30"},
    {"late errors of a superseded attempt", "10 start a; 20 fail a; 25 error a; 30 start a; 40 ok a",
     "a#1.2 recovered 40"},
    {"late to the run before", "10 start a; 20 ok a; 25 error a; 30 start a; 40 ok a",
     "a#1.1 contradiction 20 [25!]; a#2.1 clean 40"},
};

constexpr Case kNamedRuns[] = {
    {"an equal run forms one run", "10 start a r=x; 20 ok a r=x; 30 start a r=y; 35 error a r=x; 40 ok a r=y",
     "a#1.1 contradiction 20 [35!]; a#2.1 clean 40"},
    {"starts within a run are attempts, whatever the state",
     "10 start a r=x; 15 error a r=x; 20 ok a r=x; 30 start a r=x; 40 ok a r=x", "a#1.2 recovered 40"},
    {"interleaved", "10 start a r=x; 11 start a r=y; 20 error a r=x; 30 ok a r=y; 40 ok a r=x",
     "a#2.1 clean 30; a#1.1 contradiction 40 [20]"},
    {"without a run: the one open", "10 start a r=x; 15 error a; 20 ok a r=x; 30 start a r=y; 40 ok a r=y",
     "a#1.1 contradiction 20 [15]; a#2.1 clean 40"},
    {"without a run: the latest started of several open",
     "10 start a r=x; 15 start a r=y; 20 error a; 30 ok a r=x; 40 ok a r=y",
     "a#1.1 clean 30; a#2.1 contradiction 40 [20]"},
    {"without a run: none open, the last before",
     "10 start a r=x; 20 ok a r=x; 25 error a; 30 start a r=y; 40 ok a r=y",
     "a#1.1 contradiction 20 [25!]; a#2.1 clean 40"},
    {"without a run: before all", "5 error a; 10 start a r=x; 20 ok a r=x", "a#1.2 recovered 20"},
    {"a run without a terminal is open for ever", "10 start a r=x; 20 start a r=y; 30 ok a r=y; 40 error a",
     "a#1.1 unfinished; a#2.1 clean 30"},
    {"succeeded, then failed: the last word", "10 start a r=x; 20 ok a r=x; 25 error a r=x; 30 fail a r=x",
     "a#1.1 failed 30"},
    {"cancelled, then succeeded: the last word", "10 error a r=x; 20 cancel a r=x; 30 ok a r=x",
     "a#1.1 contradiction 30 [10]"},
    {"an equal state, whatever stands between", "10 start a r=x; 20 ok a r=x; 25 error a r=x; 30 ok a r=x",
     "a#1.1 contradiction 20 [25!]"},
    {"failed, then succeeded: an attempt", "10 error a r=x; 20 fail a r=x; 30 ok a r=x",
     "a#1.2 recovered 30"},
    {"failed twice, with an error between: the same attempt's",
     "10 fail a r=x; 20 error a r=x; 25 fail a r=x; 30 ok a r=x", "a#1.2 recovered 30"},
    {"a run is open to its last terminal, whatever it says",
     "10 start a r=x; 20 retry a r=x; 25 error a; 30 start a r=y; 40 ok a r=y",
     "a#1.1 unfinished 20; a#2.1 clean 40"},
    {"none open, the last before of several",
     "1 start a r=w; 2 ok a r=w; 10 start a r=x; 20 ok a r=x; 25 error a",
     "a#1.1 clean 2; a#2.1 contradiction 20 [25!]"},
    {"attempts by number", "10 start a r=x n=1; 15 error a r=x n=1; 20 start a r=x n=2; 30 ok a r=x n=2",
     "a#1.2 recovered 30"},
    {"numbers win over starts", "10 start a r=x n=1; 12 start a r=x n=1; 20 start a r=x n=2; 30 ok a r=x n=2",
     "a#1.2 clean 30"},
    {"ordered by number, not by time",
     "10 error a r=x n=10; 15 error a r=x n=9; 20 ok a r=x n=10; 30 fail a r=x n=9",
     "a#1.2 contradiction 20 [10]"},
    {"without a number: with the event before",
     "10 start a r=x n=1; 20 start a r=x n=2; 25 error a r=x; 30 ok a r=x", "a#1.2 contradiction 30 [25]"},
    {"without a number, leading: to the first",
     "5 error a r=x; 10 start a r=x n=1; 20 start a r=x n=2; 30 ok a r=x", "a#1.2 recovered 30"},
    {"one number only: starts", "10 start a r=x n=1; 15 error a r=x; 20 start a r=x n=1; 30 ok a r=x",
     "a#1.2 recovered 30"},
    {"numbers mean nothing without a run", "10 start a n=1; 15 error a n=2; 30 ok a n=3",
     "a#1.1 contradiction 30 [15]"},
    {"a mention's run is none", "5 mention a r=z; 10 start a; 20 ok a; 30 start a; 40 ok a",
     "a#1.1 clean 20; a#2.1 clean 40"},
};

constexpr Case kResolved[] = {
    {"an unnamed role is primary", "10 error a; 20 fix a primary; 30 ok a", "a#1.1 recovered 30"},
    {"of a resolution, too", "10 error a primary; 20 fix a; 30 ok a", "a#1.1 recovered 30"},
    {"a secondary never resolves the primary", "10 error a primary; 20 fix a secondary; 30 ok a",
     "a#1.1 contradiction 30 [10]"},
    {"nor an unnamed one", "10 error a; 20 fix a replica; 30 ok a", "a#1.1 contradiction 30 [10]"},
    {"nor the other way round", "10 error a shadow; 20 fix a; 30 ok a", "a#1.1 contradiction 30 [10]"},
    {"all names of a secondary are one", "10 error a shadow; 20 fix a mirror; 30 ok a", "a#1.1 recovered 30"},
    {"an equal target", "10 error a t=x; 20 fix a t=x; 30 ok a", "a#1.1 recovered 30"},
    {"another target", "10 error a t=x; 20 fix a t=y; 30 ok a", "a#1.1 contradiction 30 [10]"},
    {"none equals only none", "10 error a t=x; 20 fix a; 30 ok a", "a#1.1 contradiction 30 [10]"},
    {"none equals only none, again", "10 error a; 20 fix a t=x; 30 ok a", "a#1.1 contradiction 30 [10]"},
    {"another subject", "10 error a s=7; 20 fix a s=8; 30 ok a", "a#1.1 contradiction 30 [10]"},
    {"an equal subject", "10 error a s=7; 20 fix a s=7; 30 ok a", "a#1.1 recovered 30"},
    {"only the error names a subject", "10 error a s=7; 20 fix a; 30 ok a", "a#1.1 recovered 30"},
    {"only the resolution names one", "10 error a; 20 fix a s=7; 30 ok a", "a#1.1 recovered 30"},
    {"all earlier errors", "10 error a s=7; 11 error a s=8; 20 fix a; 30 ok a", "a#1.1 recovered 30"},
    {"a late resolution", "10 error a; 20 ok a; 30 fix a", "a#1.1 recovered 20"},
    {"a late error, resolved later", "20 ok a; 25 error a; 30 fix a", "a#1.1 recovered 20"},
    {"a resolution of another run", "10 start a; 20 error a; 30 ok a; 40 start a; 45 fix a; 50 ok a",
     "a#1.1 contradiction 30 [20]; a#2.1 clean 50"},
    {"a resolution of another task", "20 error a; 25 fix b; 30 ok a",
     "b#1.1 unfinished; a#1.1 contradiction 30 [20]"},
    {"a resolution of an earlier attempt, behind the error",
     "10 start a r=x n=1; 20 error a r=x n=2; 30 fix a r=x n=1; 40 ok a r=x n=2", "a#1.2 recovered 40"},
};

constexpr Case kOrphans[] = {
    {"the only running task with an open error", "10 start a; 20 error a; 25 fix -; 30 ok a",
     "a#1.1 recovered 30"},
    {"others without an error don't matter", "10 start a; 11 start b; 20 error a; 25 fix -; 30 ok a; 31 ok b",
     "a#1.1 recovered 30; b#1.1 clean 31"},
    {"that it fits", "10 error a; 11 error b secondary; 25 fix - secondary; 30 ok a; 31 ok b",
     "a#1.1 contradiction 30 [10]; b#1.1 recovered 31"},
    {"several: inconclusive", "10 error a; 11 error b; 25 fix -; 30 ok a; 31 ok b",
     "a#1.1 inconclusive 30 [10]; b#1.1 inconclusive 31 [11]"},
    {"several, but only one would be a contradiction", "10 error a; 11 error b; 25 fix -; 30 ok a; 31 fail b",
     "a#1.1 inconclusive 30 [10]; b#1.1 failed 31"},
    {"several, but resolved in the end", "10 error a; 11 error b; 25 fix -; 26 fix a; 30 ok a; 31 ok b",
     "a#1.1 recovered 30; b#1.1 inconclusive 31 [11]"},
    {"resolved already: not open", "10 error a; 11 error b; 12 fix b; 25 fix -; 30 ok a; 31 ok b",
     "a#1.1 recovered 30; b#1.1 recovered 31"},
    {"one after the other", "10 error a; 15 fix -; 20 error b; 25 fix -; 30 ok a; 31 ok b",
     "a#1.1 recovered 30; b#1.1 recovered 31"},
    {"not running any more", "10 error a; 20 ok a; 25 fix -", "a#1.1 contradiction 20 [10]"},
    {"late errors are never open", "10 start a; 20 ok a; 22 error a; 25 fix -",
     "a#1.1 contradiction 20 [22!]"},
    {"before the error", "5 fix -; 10 error a; 20 ok a", "a#1.1 contradiction 20 [10]"},
    {"an error of a superseded attempt is open: the retry may be what recovered",
     "10 error a; 15 retry a; 20 error b; 25 fix -; 30 ok a; 31 ok b",
     "a#1.2 recovered 30; b#1.1 inconclusive 31 [20]"},
    {"unless it was late", "10 fail a; 15 error a; 17 start a; 20 error b; 25 fix -; 30 ok a; 31 ok b",
     "a#1.2 recovered 30; b#1.1 recovered 31"},
    {"closed by a resolution of some subject",
     "10 error a; 12 fix a s=7; 20 error b; 25 fix -; 30 ok a; 31 ok b",
     "a#1.1 recovered 30; b#1.1 recovered 31"},
    {"subjects pick", "10 error a s=7; 11 error b s=8; 25 fix - s=8; 30 ok a; 31 ok b",
     "a#1.1 contradiction 30 [10]; b#1.1 recovered 31"},
    {"for ever without a terminal", "10 error a; 11 error b; 20 ok b; 40 fix -",
     "a#1.1 unfinished; b#1.1 contradiction 20 [11]"},
    {"it resolves like its own: all that fit", "10 error a s=1; 11 error a s=2; 20 fix -; 30 ok a",
     "a#1.1 recovered 30"},
};

TEST(Correlator, Verdicts) { std::for_each(std::begin(kVerdicts), std::end(kVerdicts), Check); }
TEST(Correlator, Order) { std::for_each(std::begin(kOrder), std::end(kOrder), Check); }
TEST(Correlator, Segments) { std::for_each(std::begin(kSegments), std::end(kSegments), Check); }
TEST(Correlator, NamedRuns) { std::for_each(std::begin(kNamedRuns), std::end(kNamedRuns), Check); }
TEST(Correlator, Resolved) { std::for_each(std::begin(kResolved), std::end(kResolved), Check); }
TEST(Correlator, Orphans) { std::for_each(std::begin(kOrphans), std::end(kOrphans), Check); }

// Accepts the errors of one target.
class AcceptTarget : public ErrorFilter {
 public:
  explicit AcceptTarget(std::string_view target) : target_(target) {}
  bool Suppressed(const Event& error, const Run& run) override {
    asked.push_back(std::string(run.task) + " " + std::string(error.target));
    return error.target == target_;
  }
  std::vector<std::string> asked;

 private:
  std::string target_;
};

TEST(Correlator, SuppressedErrorsAreNotUnresolved) {
  AcceptTarget filter("cache");
  const Sequence sequence = tiny::Parse(
      "10 error a t=cache; 11 error a t=db; 12 fix a t=db; 13 error b t=cache; 14 error b t=db; 15 error c "
      "t=db;"
      "20 ok a; 21 ok b; 22 fail c");
  const std::string text = Ask(sequence, 0, &filter).Text();
  EXPECT_EQ(text, "a#1.1 recovered 20; b#1.1 contradiction 21 [14]; c#1.1 failed 22");
  std::sort(filter.asked.begin(), filter.asked.end());
  EXPECT_EQ(filter.asked, (std::vector<std::string>{"a cache", "b cache", "b db"}))
      << "once for each unresolved error of a run that reported success";
}

TEST(Correlator, TellsWhatItWasAsked) {
  const Sequence sequence = tiny::Parse(
      "5 error 1; 10 start - p=unit u=w i=x; 15 error - u=w i=x; 20 ok - p=unit u=w i=x; 25 ok 1 q=m "
      "p=queued;"
      "30 start b p=store; 31 start b; 35 error b; 40 start c @1; cut 1");
  Correlator correlator(TestMatcher());
  for (const Event& e : sequence.events) correlator.Add(e);
  for (uint32_t source : sequence.cut_sources) correlator.SourceCut(source);
  const Correlation result = correlator.Finish();
  ASSERT_EQ(result.runs.size(), 4u);
  EXPECT_EQ(result.runs[0].system, "unit");
  EXPECT_EQ(result.runs[0].unresolved.at(0).event->matched_by, MatchedBy::kField);
  EXPECT_EQ(result.runs[1].system, "queued");
  EXPECT_EQ(result.runs[1].unresolved.at(0).event->matched_by, MatchedBy::kTask);
  EXPECT_EQ(result.runs[2].task, "b");
  EXPECT_EQ(result.runs[2].start->time_ns, 31 * kSecond) << "of the last attempt";
  EXPECT_EQ(result.runs[3].verdict, Verdict::kInconclusive);
  EXPECT_FALSE(result.runs[3].inconclusive_because.empty());
  EXPECT_EQ(result.errors.size(), 3u);
  EXPECT_EQ(result.terminals, 2u);
  EXPECT_EQ(result.verdicts[static_cast<size_t>(Verdict::kContradiction)], 2u);
  EXPECT_EQ(result.verdicts[static_cast<size_t>(Verdict::kUnfinished)], 1u);
  EXPECT_EQ(result.verdicts[static_cast<size_t>(Verdict::kInconclusive)], 1u);
}

}  // namespace
}  // namespace gainsay
