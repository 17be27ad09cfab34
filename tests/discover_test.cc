// gainsay discover, on real logs and on hostile ones: what it proposes without the pack of a system must find
// what that pack finds, unedited, and accuse nobody else; whatever the log holds, the pack must load.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "pipeline_discover.h"
#include "pipeline_rules.h"
#include "rule/loader.h"

namespace gainsay {
namespace {

struct Stream {
  const char* log;
  const char* pack;  // that knows the system, and is taken away; with it "tasks", which knows a bit of any
};

void PrintTo(const Stream& stream, std::ostream* out) { *out << stream.log; }

constexpr Stream kStreams[] = {
    {"apscheduler-text.log", "apscheduler"}, {"beequeue-winston.jsonl", "bullmq"},
    {"bullmq-pino.jsonl", "bullmq"},         {"celery-prefork-json.jsonl", "celery"},
    {"celery-prefork-text.log", "celery"},   {"celery-two-hosts-skew.jsonl", "celery"},
    {"journald-celery.jsonl", "celery"},     {"journald-oneshot.jsonl", "systemd"},
    {"pgboss-bunyan.jsonl", "bullmq"},       {"rq-text.log", "rq"},
    {"sidekiq-json.jsonl", "sidekiq"},
};

const std::string kFolder = GAINSAY_SOURCE_DIR "/tests/corpus/";

// Task -> what really happened; only those whose log tells it.
std::map<std::string, std::string> ReadLabels(const std::string& path) {
  std::map<std::string, std::string> labels;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    std::string task, verdict, observable;
    std::getline(words, task, '\t');
    std::getline(words, verdict, '\t');
    std::getline(words, observable, '\t');
    if (observable == "yes") labels[task] = verdict;
    if (observable == "partly" && verdict != "contradiction") labels[task] = verdict;
  }
  return labels;
}

// The known rules with the proposed pack, as `-r builtin -r mine.toml` would load them.
RuleSet With(const std::string& toml, const RuleSet& known) {
  std::vector<Diagnostic> diagnostics;
  RuleSet rules;
  rules.packs.push_back(ParsePack(toml, "proposed.toml", &diagnostics));
  EXPECT_TRUE(diagnostics.empty()) << Render(diagnostics) << toml;
  rules.packs.insert(rules.packs.end(), known.packs.begin(), known.packs.end());
  return rules;
}

class DiscoverCorpus : public testing::TestWithParam<Stream> {};

TEST_P(DiscoverCorpus, FindsWhatThePackFinds) {
  const std::string log = GetParam().log;
  const LoadResult known = LoadRuleSet({"builtin", std::string("!") + GetParam().pack, "!tasks"});
  ASSERT_TRUE(known.ok()) << Render(known.diagnostics);
  ScanInput input;
  input.sources = {{log, kFolder + log + ".gz"}};
  const absl::StatusOr<Discovery> found = Discover(known.rules, input);
  ASSERT_TRUE(found.ok()) << found.status().message();
  ASSERT_TRUE(found->proposed);

  const absl::StatusOr<Engine> engine = Engine::Compile(With(found->toml, known.rules));
  ASSERT_TRUE(engine.ok());
  const absl::StatusOr<RuleTestCounts> counts = TestRules(*engine, false, {"discovered"});
  ASSERT_TRUE(counts.ok());
  EXPECT_GT(counts->examples, 0u);
  EXPECT_TRUE(counts->failures.empty());

  const absl::StatusOr<ScanResult> result = Scan(*engine, input);
  ASSERT_TRUE(result.ok());
  std::map<std::string, std::string> labels =
      ReadLabels(kFolder + log.substr(0, log.rfind('.')) + ".labels.tsv");
  int expected = 0, right = 0, wrong = 0;
  for (const auto& [task, verdict] : labels) expected += verdict == "contradiction" ? 1 : 0;
  for (const auto& run : result->correlation.runs) {
    const auto label = labels.find(std::string(run.task));
    if (run.verdict != Verdict::kContradiction || label == labels.end()) continue;
    ++(label->second == "contradiction" ? right : wrong);
    label->second = "found";  // counted once
  }
  std::printf("%-28s contradictions %3d  found %3d  false %d\n", log.c_str(), expected, right, wrong);
  EXPECT_GE(right * 10, expected * 9);
  EXPECT_EQ(wrong, 0);
}

INSTANTIATE_TEST_SUITE_P(Streams, DiscoverCorpus, testing::ValuesIn(kStreams), [](const auto& stream) {
  std::string name = stream.param.log;
  for (char& c : name) c = isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
});

Discovery DiscoverText(const std::string& log) {
  static const RuleSet known = LoadRuleSet({"builtin"}).rules;
  ScanInput input;
  input.sources = {{"a.log", "a.log"}};
  input.open = [&](const Source& source, const PathFilter&) {
    return OnlyMember(source.name, MemoryStream(log));
  };
  absl::StatusOr<Discovery> found = Discover(known, input);
  EXPECT_TRUE(found.ok()) << found.status().message();
  return found.ok() ? std::move(*found) : Discovery{};
}

// Two hundred imports, each begun, worked on and finished in words of its own; some lose a write.
std::string Imports(const std::string& quirk) {
  std::string log;
  for (int i = 0; i < 200; ++i) {
    const std::string id = "imp-" + std::to_string(7000 + 13 * i), time = "2026-08-01 10:00:00,000 ";
    log += time + "INFO shop.jobs: Begun " + id + quirk + "\n";
    if (i % 5 == 0) log += time + "ERROR shop.store: " + id + ": upsert refused: disk full\n";
    log += time + "INFO shop.jobs: Finished " + id + ", it took " + std::to_string(i) + " ms\n";
  }
  return log;
}

TEST(Discover, TheSameLogGivesTheSamePack) {
  const std::string log = Imports("");
  const Discovery first = DiscoverText(log);
  EXPECT_TRUE(first.proposed);
  EXPECT_EQ(first.toml, DiscoverText(log).toml);
}

TEST(Discover, WhatALogHoldsStaysInItsStrings) {
  for (const std::string quirk : {" '''", " \"\"\" \\", " \x1b[31m\x01\x7f", " %{name} (?P<x>) [",
                                  " it's \xe2\x80\xae reversed", " # comment ]"}) {
    const Discovery found = DiscoverText(Imports(quirk));
    EXPECT_TRUE(found.proposed) << quirk;
    With(found.toml, {});
    for (const char c : found.toml) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
    EXPECT_EQ(found.toml.find("\xe2\x80\xae"), std::string::npos);
  }
}

TEST(Discover, AnyBytesGiveAPackThatLoadsOrNone) {
  std::mt19937 random(7);
  const std::string clean = Imports("");
  for (int round = 0; round < 12; ++round) {
    std::string log = clean.substr(0, 6000);
    for (int i = 0; i < 40 << (round % 4); ++i) log[random() % log.size()] = static_cast<char>(random());
    const Discovery found = DiscoverText(log);
    if (found.proposed) With(found.toml, {});
  }
}

TEST(Discover, NothingComesOfNothing) {
  EXPECT_FALSE(DiscoverText("").proposed);
  EXPECT_FALSE(DiscoverText("\n\n").proposed);
  EXPECT_FALSE(DiscoverText(std::string(100000, '[')).proposed);
  EXPECT_FALSE(DiscoverText(std::string(50000, '{')).proposed);
}

}  // namespace
}  // namespace gainsay
