// Laws of an explanation, held over the real logs of tests/corpus: to be asked about a task changes no
// verdict, and what is told of a run agrees with how it was judged. What it says is in tests/cases/explain-*.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "pipeline.h"
#include "rule/loader.h"

namespace gainsay {
namespace {

using RunKey = std::pair<std::string, uint32_t>;

class Explained : public testing::TestWithParam<const char*> {
 protected:
  static const Engine& engine() {
    static const Engine kEngine = [] {
      absl::StatusOr<Engine> engine = Engine::Compile(LoadRuleSet({}).rules);
      if (!engine.ok()) std::abort();
      return std::move(*engine);
    }();
    return kEngine;
  }

  static ScanInput Input() {
    ScanInput input;
    const std::string path = std::string(GAINSAY_SOURCE_DIR "/tests/corpus/") + GetParam() + ".gz";
    input.sources = ExpandPaths({path}, {}, &input.problems);
    return input;
  }
};

std::map<RunKey, Verdict> VerdictsOf(const Correlation& correlation) {
  std::map<RunKey, Verdict> verdicts;
  for (const Run& run : correlation.runs) verdicts[{std::string(run.task), run.run}] = run.verdict;
  return verdicts;
}

void CheckFates(const StoryRun& told) {
  size_t standing = 0, errors = 0;
  for (const StoryEvent& event : told.events) {
    const bool is_error = event.event->kind == RuleKind::kError;
    EXPECT_EQ(is_error, event.fate != Fate::kNone);
    errors += is_error ? 1 : 0;
    standing += event.fate == Fate::kStands || event.fate == Fate::kDoubtful ? 1 : 0;
    if (event.fate == Fate::kResolved) {
      ASSERT_NE(event.resolved_by, nullptr);
      EXPECT_GE(event.resolved_by->time_ns, event.event->time_ns);
    }
  }
  EXPECT_EQ(errors, told.run.errors);
  const State state = told.run.terminal == nullptr ? State::kNone : told.run.terminal->state;
  if (state == State::kSucceeded) {
    EXPECT_EQ(standing, told.run.unresolved.size());
  }
}

TEST_P(Explained, AgreesWithTheScan) {
  const absl::StatusOr<ScanResult> scan = Scan(engine(), Input());
  ASSERT_TRUE(scan.ok());
  const std::map<RunKey, Verdict> verdicts = VerdictsOf(scan->correlation);
  std::map<Verdict, std::string> one_of_each;
  for (const auto& [key, verdict] : verdicts) one_of_each.try_emplace(verdict, key.first);
  ASSERT_FALSE(one_of_each.empty());
  for (const auto& [verdict, task] : one_of_each) {
    const absl::StatusOr<TaskAnswer> answer = ExplainTask(engine(), Input(), task);
    ASSERT_TRUE(answer.ok());
    EXPECT_EQ(VerdictsOf(answer->result->correlation), verdicts) << task;
    bool told = false;
    for (const RunExplanation& run : answer->explanation.runs) {
      CheckFates(*run.told);
      told = told || run.told->run.verdict == verdict;
      EXPECT_FALSE(run.because.empty());
      if (run.told->run.verdict != Verdict::kInconclusive) continue;
      EXPECT_TRUE(std::any_of(run.near.begin(), run.near.end(),
                              [](const NearMiss& miss) { return miss.kind == Near::kShared; }))
          << task << ": what makes it doubtful is not told";
    }
    EXPECT_TRUE(told) << task;
    if (verdict == Verdict::kContradiction) {
      EXPECT_EQ(answer->explanation.exit_code, 1);
    }
  }
}

std::string NameOf(const testing::TestParamInfo<const char*>& info) {
  std::string name = info.param;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Streams, Explained,
                         testing::Values("apscheduler-text.log", "bullmq-pino.jsonl",
                                         "celery-prefork-text.log", "celery-two-hosts-skew.jsonl",
                                         "journald-celery.jsonl", "journald-oneshot.jsonl", "rq-text.log",
                                         "sidekiq-json.jsonl"),
                         NameOf);

TEST(NamesId, NeedsAWordOfItsOwn) {
  EXPECT_TRUE(NamesId("job-1001 failed", "job-1001"));
  EXPECT_TRUE(NamesId("\"jobId\":\"7c3d\",", "7c3d"));
  EXPECT_FALSE(NamesId("job-10012 failed", "job-1001"));
  EXPECT_FALSE(NamesId("x7c3d", "7c3d"));
  EXPECT_TRUE(NamesId("x7c3d 7c3d", "7c3d"));
  EXPECT_FALSE(NamesId("task 18 of 20", "18"));  // may be any number
  EXPECT_FALSE(NamesId("", "7c3d"));
}

}  // namespace
}  // namespace gainsay
