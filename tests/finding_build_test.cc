// Runs in, findings, causes, suppressions and the verdict of the whole out.
#include <gtest/gtest.h>

#include "finding/build.h"
#include "finding/id.h"
#include "finding/phrase.h"
#include "finding/suppress.h"
#include "handmade.h"

namespace gainsay {
namespace {

bool Holds(const std::vector<std::string>& reasons, std::string_view part) {
  for (const std::string& reason : reasons) {
    if (reason.find(part) != std::string::npos) return true;
  }
  return false;
}

TEST(BuildFindings, OneForEachContradictionInOrderOfTimeAndId) {
  Handmade made;
  made.Succeed("c", 30, {made.Error(29, "write failed")});
  made.Succeed("ok", 20);
  made.Succeed("a", 10, {made.Error(9, "write failed")});
  made.Succeed("b", 10, {made.Error(9, "write failed")});
  made.Succeed("failed", 5).verdict = Verdict::kFailed;
  made.Complete();
  const std::vector<Finding>& findings = made.findings.findings;
  ASSERT_EQ(findings.size(), 3u);
  EXPECT_LT(findings[0].id, findings[1].id);  // equal times
  EXPECT_EQ(findings[2].run->task, "c");
  EXPECT_EQ(findings[2].id,
            FindingId("c", kEpoch + 30 * kSecond, "Task media.reindex[c] succeeded in 1s: None"));
}

TEST(BuildFindings, CausesGroupAndCountEachFindingOnce) {
  Handmade made;
  const auto schema = [&](double s) {
    return made.Error(s, "primary write failed: no such field 'x'", "schema_mismatch");
  };
  made.Succeed("a", 10, {made.Error(7, "flush failed", "unavailable"), schema(8), schema(9)});
  made.Succeed("b", 20, {schema(19), schema(21)});
  made.Succeed("c", 30, {made.Error(29, "push failed", "unavailable")});
  made.Complete();
  const std::vector<Cause>& causes = made.findings.causes;
  ASSERT_EQ(causes.size(), 3u);
  EXPECT_EQ(causes[0].reason, "schema_mismatch");
  EXPECT_EQ(causes[0].target, "primary");
  EXPECT_EQ(causes[0].message_template, "primary write failed: no such field '?'");
  EXPECT_EQ(causes[0].tasks, 2u);
  EXPECT_EQ(causes[0].findings, (std::vector<size_t>{0, 1}));
  EXPECT_EQ(causes[0].first_ns, kEpoch + 8 * kSecond);
  EXPECT_EQ(causes[0].last_ns, kEpoch + 21 * kSecond);
  EXPECT_EQ(causes[1].message_template, "flush failed");  // of one finding each: the first seen first
  EXPECT_EQ(causes[2].message_template, "push failed");
  ASSERT_EQ(made.findings.findings[0].causes.size(), 3u);
  EXPECT_EQ(made.findings.findings[0].causes[0], causes[1].id);
  EXPECT_EQ(made.findings.findings[0].causes[1], causes[0].id);
}

TEST(BuildFindings, UnknownReasonsAndTimes) {
  Handmade made;
  Event error = made.Error(1, "write failed");
  error.reason = kNoReason;
  error.time_ns = kNoTime;
  made.Succeed("a", 10, {error});
  made.Complete();
  ASSERT_EQ(made.findings.causes.size(), 1u);
  EXPECT_EQ(made.findings.causes[0].reason, "other");
  EXPECT_EQ(made.findings.causes[0].first_ns, kNoTime);
  EXPECT_EQ(made.findings.causes[0].last_ns, kNoTime);
}

TEST(Window, HoldsFromSinceToBeforeUntil) {
  Handmade made;
  for (double s : {10, 20, 30}) made.Succeed("a", s);
  made.correlation.runs.emplace_back();  // without a time: always in
  gainsay::Run& unfinished = made.correlation.runs.emplace_back();
  unfinished.start = made.correlation.runs[0].terminal;
  made.Complete();
  ApplyWindow({kEpoch + 20 * kSecond, kEpoch + 30 * kSecond}, &made.correlation);
  ASSERT_EQ(made.correlation.runs.size(), 2u);
  EXPECT_EQ(made.correlation.runs[0].terminal->time_ns, kEpoch + 20 * kSecond);
  EXPECT_EQ(made.correlation.verdicts[static_cast<size_t>(Verdict::kClean)], 1u);
  EXPECT_EQ(made.correlation.verdicts[static_cast<size_t>(Verdict::kUnfinished)], 1u);
}

// --- the whole -------------------------------------------------------------------------------

void ExpectWhole(const Handmade& made, Outcome verdict, int exit_code, size_t reasons) {
  EXPECT_EQ(made.summary.verdict, verdict);
  EXPECT_EQ(made.summary.exit_code, exit_code);
  EXPECT_EQ(made.summary.inconclusive.size(), reasons) << testing::PrintToString(made.summary.inconclusive);
}

TEST(Whole, Clean) {
  Handmade made;
  made.Succeed("a", 10);
  made.Succeed("a", 20);
  made.Complete();
  ExpectWhole(made, Outcome::kClean, 0, 0);
  EXPECT_EQ(made.summary.tasks, 1u);
  EXPECT_EQ(made.summary.total.terminals, 2u);
}

TEST(Whole, ContradictionWhateverElse) {
  Handmade made;
  made.summary.sources[0].null_messages = 1;
  made.AddSource("gone.log", 0).problem = "no such file or directory";
  made.Succeed("a", 10, {made.Error(9, "write failed", "unavailable")});
  made.Complete();
  ExpectWhole(made, Outcome::kContradiction, 1, 2);
  EXPECT_EQ(made.summary.write_errors_by_reason.at("unavailable"), 1u);
  EXPECT_EQ(made.summary.total.write_errors, 1u);
  EXPECT_EQ(made.summary.total.lines, 1204u);
}

TEST(Whole, WhatFoundNoRoom) {
  Handmade made;
  made.Succeed("a", 10);
  made.correlation.lost = 1204;
  made.Complete();
  ExpectWhole(made, Outcome::kInconclusive, 3, 1);
  EXPECT_TRUE(Holds(made.summary.inconclusive, "1,204 events found no room"));
}

TEST(Whole, NothingReadable) {
  Handmade made;
  made.summary.sources.clear();
  made.AddSource("a.log", 0).problem = "no such file or directory";
  made.AddSource("b.log", 0).problem = "permission denied";
  made.Complete();
  ExpectWhole(made, Outcome::kInconclusive, 2, 2);
  EXPECT_TRUE(Holds(made.summary.inconclusive, "b.log: can't be read (permission denied)"));
}

TEST(Whole, NoInputAtAll) {
  Handmade made;
  made.summary.sources.clear();
  made.Complete();
  ExpectWhole(made, Outcome::kInconclusive, 2, 1);
}

TEST(Whole, SomeUnreadable) {
  Handmade made;
  made.AddSource("gone.log", 0).problem = "no such file or directory";
  made.Succeed("a", 10);
  made.Complete();
  ExpectWhole(made, Outcome::kInconclusive, 3, 1);
}

TEST(Whole, CutCountsAsRead) {
  Handmade made;
  made.summary.sources[0].cut = true;
  made.summary.sources[0].problem = "unexpected end of gzip data";
  made.Succeed("a", 10);
  made.Complete();
  ExpectWhole(made, Outcome::kInconclusive, 3, 1);
  EXPECT_TRUE(Holds(made.summary.inconclusive,
                    "worker.log.gz: ends early, after 1,204 lines (unexpected end of gzip data)"));
}

TEST(Whole, NoTerminal) {
  Handmade made;
  made.Unattributed(made.Error(1, "write failed"));
  made.Complete();
  ExpectWhole(made, Outcome::kInconclusive, 3, 1);
  EXPECT_TRUE(
      Holds(made.summary.inconclusive,
            "no terminal event was recognised in 1,204 lines, but 1 write error: gainsay can't tell"));
}

TEST(Whole, EmptyInput) {
  Handmade made;
  made.summary.sources.clear();
  made.AddSource("-", 0);
  made.Complete();
  ExpectWhole(made, Outcome::kInconclusive, 3, 1);
  EXPECT_TRUE(Holds(made.summary.inconclusive, "holds no records"));
}

TEST(Whole, OneInputWithErrorsAndNoTerminal) {
  Handmade made;
  made.AddSource("store.log");
  made.Succeed("a", 10);
  Event error = made.Error(9, "write failed");
  error.position.source = 1;
  made.Unattributed(error);
  made.Complete();
  ExpectWhole(made, Outcome::kInconclusive, 3, 1);
  EXPECT_TRUE(Holds(made.summary.inconclusive, "store.log: holds 1 write error"));
  EXPECT_EQ(made.summary.sources[1].unattributed, 1u);
  EXPECT_EQ(made.summary.sources[0].terminals, 1u);
}

TEST(Whole, UnattributedErrorsBesideTerminalsAreOnlyCounted) {
  Handmade made;
  made.Succeed("a", 10);
  made.Unattributed(made.Error(9, "write failed"));
  made.Complete();
  ExpectWhole(made, Outcome::kClean, 0, 0);
  EXPECT_EQ(made.summary.total.unattributed, 1u);
}

TEST(Whole, NullMessages) {
  Handmade made;
  made.summary.sources[0].name = "-";
  made.summary.sources[0].null_messages = 3;
  made.Succeed("a", 10);
  made.Complete();
  ExpectWhole(made, Outcome::kInconclusive, 3, 1);
  EXPECT_EQ(made.summary.inconclusive[0],
            "-: 3 messages were null: journalctl cuts them; pass -a (journalctl -o json -a)");
}

TEST(Whole, InconclusiveRuns) {
  Handmade made;
  for (double s : {1, 2, 3}) {
    gainsay::Run& run = made.Succeed("a", s);
    run.verdict = Verdict::kInconclusive;
    run.inconclusive_because = s == 1 ? "its input was cut" : "two candidates";
  }
  made.Complete();
  ExpectWhole(made, Outcome::kInconclusive, 3, 2);
  EXPECT_TRUE(Holds(made.summary.inconclusive, "1 run is inconclusive (its input was cut)"));
  EXPECT_TRUE(Holds(made.summary.inconclusive, "2 runs are inconclusive (two candidates)"));
}

TEST(Whole, ManyInputsAreNotAllNamed) {
  Handmade made;
  made.Succeed("a", 10);
  for (int i = 0; i < 1000; ++i) made.AddSource("gone.log", 0).problem = "no such file or directory";
  made.Complete();
  ExpectWhole(made, Outcome::kInconclusive, 3, 6);
  EXPECT_TRUE(Holds(made.summary.inconclusive, "995 more inputs can't be read"));
}

// --- suppressions ----------------------------------------------------------------------------

struct SuppressionCase {
  std::vector<FieldTest> where, match;
  bool suppressed;
};

RuleSet WithSuppression(const std::vector<FieldTest>& where, const std::vector<FieldTest>& match,
                        std::optional<int64_t> expires_ns = {}) {
  Suppression entry;
  entry.pack = "mine";
  entry.id = "OPS-1";
  entry.why = "best effort";
  entry.where = where;
  entry.match = match;
  entry.expires_ns = expires_ns;
  RuleSet rules;
  rules.packs.emplace_back().suppressions.push_back(entry);
  return rules;
}

TEST(Suppressions, AllTestsMustHold) {
  Handmade made;
  Event error = made.Error(9, "shadow write of doc 7 failed", "unavailable");
  error.role = "shadow";
  error.collection = "docs";
  error.subject = "7";
  error.queue = "bulk";
  gainsay::Run& run = made.Succeed("job-1", 10, {error});
  const SuppressionCase cases[] = {
      {{{"rule", "writes/primary", {}}}, {}, true},
      {{{"rule", "primary", {}}}, {}, false},
      {{{"reason", "unavailable", {}}, {"role", "secondary", {}}}, {}, true},
      {{{"role", "shadow", {}}}, {}, true},
      {{{"role", "primary", {}}}, {}, false},
      {{{"collection", "docs", {}}, {"target", "secondary/docs", {}}}, {}, true},
      {{{"task", "job-1", {}}, {"name", "media.reindex", {}}, {"system", "celery", {}}}, {}, true},
      {{{"task", "job-1", {}}, {"name", "cache.warm", {}}}, {}, false},
      {{{"subject", "7", {}}, {"queue", "bulk", {}}}, {}, true},
      {{}, {{"message", "doc \\d+ failed$", {}}}, true},
      {{}, {{"message", "^doc", {}}}, false},
      {{{"reason", "unavailable", {}}}, {{"task", "^job-", {}}, {"name", "cache", {}}}, false},
  };
  for (const SuppressionCase& c : cases) {
    const RuleSet rules = WithSuppression(c.where, c.match);
    auto suppressions = Suppressions::Compile(rules, HandmadeMatcher());
    ASSERT_TRUE(suppressions.ok()) << suppressions.status();
    EXPECT_EQ((*suppressions)->Suppressed(*run.unresolved[0].event, run), c.suppressed);
    EXPECT_EQ((*suppressions)->Uses().at(0).errors, c.suppressed ? 1u : 0u);
  }
}

TEST(Suppressions, ExpireByTheRunsTime) {
  Handmade made;
  const RuleSet rules = WithSuppression({{"reason", "other", {}}}, {}, kEpoch + 20 * kSecond);
  auto suppressions = Suppressions::Compile(rules, HandmadeMatcher());
  ASSERT_TRUE(suppressions.ok());
  for (double s : {10, 20, 21, 30}) {
    const gainsay::Run run = made.Succeed("a", s, {made.Error(9, "write failed")});
    EXPECT_EQ((*suppressions)->Suppressed(*run.unresolved[0].event, run), s <= 20) << s;
  }
  const SuppressionUse use = (*suppressions)->Uses().at(0);
  EXPECT_EQ(use.errors, 2u);
  EXPECT_EQ(use.expired, 2u);
  EXPECT_EQ(use.why, "best effort");
}

TEST(Suppressions, RefusesWhatItCannotTest) {
  for (const RuleSet& rules : {WithSuppression({}, {}), WithSuppression({{"colour", "red", {}}}, {}),
                               WithSuppression({}, {{"message", "(", {}}})}) {
    EXPECT_FALSE(Suppressions::Compile(rules, HandmadeMatcher()).ok());
  }
}

// --- numbers as sentences hold them ------------------------------------------------------------

TEST(Phrase, Numbers) {
  EXPECT_EQ(Thousands(0), "0");
  EXPECT_EQ(Thousands(999), "999");
  EXPECT_EQ(Thousands(1204), "1,204");
  EXPECT_EQ(Thousands(UINT64_MAX), "18,446,744,073,709,551,615");
  EXPECT_EQ(Counted(1, "run"), "1 run");
  EXPECT_EQ(Counted(0, "run"), "0 runs");
  EXPECT_EQ(Counted(2, "run is", "runs are"), "2 runs are");
  EXPECT_EQ(ByteSize(1), "1 byte");
  EXPECT_EQ(ByteSize(9'999), "9,999 bytes");
  EXPECT_EQ(ByteSize(10'000), "10.0 KB");
  EXPECT_EQ(ByteSize(999'999), "999.9 KB");
  EXPECT_EQ(ByteSize(1'000'000), "1.0 MB");
  EXPECT_EQ(ByteSize(UINT64_MAX), "18,446.7 PB");
}

TEST(Phrase, Spans) {
  EXPECT_EQ(Span(0), "0 s");
  EXPECT_EQ(Span(1), "<1 ms");
  EXPECT_EQ(Span(12'000'000), "12 ms");
  EXPECT_EQ(Span(412'000'000), "0.4 s");
  EXPECT_EQ(Span(59'999'000'000), "59.9 s");
  EXPECT_EQ(Span(185ULL * 1'000'000'000), "3 min 5 s");
  EXPECT_EQ(Span(7'800ULL * 1'000'000'000), "2 h 10 min");
  EXPECT_EQ(Span(86'400ULL * 1'000'000'000), "1 d");
}

}  // namespace
}  // namespace gainsay
