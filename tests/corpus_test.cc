// Real logs with labels, tests/corpus: streams captured from real runs of task systems, and what their
// tasks themselves wrote down of how they ended. Prints what comes out right, and holds it.
//
// A label is what really happened. `observable` no: nothing in the log tells the truth, not counted; partly:
// the log does not say whose an error is, so anything but a sure verdict is right, reported apart.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "builtin_engine.h"
#include "pipeline.h"

namespace gainsay {
namespace {

struct Label {
  std::string task, verdict, observable;
};

void PrintTo(const struct Stream& stream, std::ostream* out);

struct Stream {
  const char* log;
  int missed;  // contradictions that are known not to be found yet
};

void PrintTo(const Stream& stream, std::ostream* out) { *out << stream.log; }

// Every false contradiction is one too many; what is missed is named, with its reason, and may not grow.
constexpr Stream kStreams[] = {
    {"apscheduler-text.log", 0},
    {"asynq-zap.jsonl", 0},
    {"beequeue-winston.jsonl", 0},
    {"bull-console.log", 0},
    {"bullmq-pino.jsonl", 0},
    {"bullmq-pinopretty.log", 1},  // the text of one S3 error alone
    {"celery-prefork-json.jsonl", 0},
    {"celery-prefork-text.log", 0},
    {"celery-two-hosts-skew.jsonl", 0},
    {"django-q2-text.log", 0},
    {"dramatiq-structlog.jsonl", 1},  // a traceback alone, of an HTTP 507: nothing says that it was a write
    {"futures-text.log", 0},
    {"journald-celery.jsonl", 0},
    {"journald-oneshot.jsonl", 0},
    {"journald-shell.jsonl", 0},
    {"pgboss-bunyan.jsonl", 0},
    {"pgboss-winstontext.log", 0},
    {"procrastinate-text.log", 0},
    {"rq-text.log", 0},
    {"rq2-workers.jsonl", 0},
    {"sidekiq-json.jsonl", 0},
};

const std::string kFolder = GAINSAY_SOURCE_DIR "/tests/corpus/";

std::vector<Label> ReadLabels(const std::string& path) {
  std::vector<Label> labels;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    Label label;
    std::getline(words, label.task, '\t');
    std::getline(words, label.verdict, '\t');
    std::getline(words, label.observable, '\t');
    labels.push_back(label);
  }
  return labels;
}

// What the last run of each task came out as; a contradiction of any run counts.
std::map<std::string, Verdict> VerdictsOf(const ScanResult& result) {
  std::map<std::string, Verdict> verdicts;
  for (const Run& run : result.correlation.runs) {
    Verdict& verdict = verdicts.try_emplace(std::string(run.task), run.verdict).first->second;
    if (verdict != Verdict::kContradiction) verdict = run.verdict;
  }
  return verdicts;
}

bool IsRight(const std::string& label, Verdict verdict) {
  if (label == "clean") return verdict == Verdict::kClean || verdict == Verdict::kRecovered;
  return label == VerdictName(verdict);
}

class Corpus : public testing::TestWithParam<Stream> {};

TEST_P(Corpus, SaysWhatTheTasksSaid) {
  const std::string log = GetParam().log;
  ScanInput input;
  input.sources = {{log, kFolder + log + ".gz"}};
  const absl::StatusOr<ScanResult> result = Scan(BuiltinEngine(), input);
  ASSERT_TRUE(result.ok()) << result.status().message();
  const std::map<std::string, Verdict> verdicts = VerdictsOf(*result);
  const std::vector<Label> labels = ReadLabels(kFolder + log.substr(0, log.rfind('.')) + ".labels.tsv");
  ASSERT_FALSE(labels.empty());

  int counted = 0, right = 0, expected = 0, found = 0, wrong = 0, partly = 0, partly_found = 0;
  for (const Label& label : labels) {
    const auto entry = verdicts.find(label.task);
    const bool contradicted = entry != verdicts.end() && entry->second == Verdict::kContradiction;
    if (label.observable == "no") continue;
    if (label.observable == "partly") {
      ++partly;
      partly_found += contradicted ? 1 : 0;
      wrong += contradicted && label.verdict != "contradiction" ? 1 : 0;
      continue;
    }
    ++counted;
    right += entry != verdicts.end() && IsRight(label.verdict, entry->second) ? 1 : 0;
    expected += label.verdict == "contradiction" ? 1 : 0;
    found += label.verdict == "contradiction" && contradicted ? 1 : 0;
    if (contradicted && label.verdict != "contradiction") {
      ++wrong;
      std::printf("  false: %s\n", label.task.c_str());
    }
  }
  std::printf(
      "%-28s tasks %4d  right %4d  contradictions %3d  found %3d  missed %2d  false %d  partly %d (%d found) "
      " "
      "unattributed %zu\n",
      log.c_str(), counted, right, expected, found, expected - found, wrong, partly, partly_found,
      result->correlation.unattributed.size());
  EXPECT_EQ(wrong, 0);
  EXPECT_LE(expected - found, GetParam().missed);
  EXPECT_EQ(result->summary.total.malformed, 0u);
}

INSTANTIATE_TEST_SUITE_P(Streams, Corpus, testing::ValuesIn(kStreams), [](const auto& stream) {
  std::string name = stream.param.log;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
});

// Any cut into chunks and files, and any order of the files, gives the same runs.
TEST(CorpusSplit, ChunksDoNotMatter) {
  for (const char* log : {"celery-prefork-text.log", "journald-oneshot.jsonl", "sidekiq-json.jsonl"}) {
    ScanInput input;
    input.sources = {{log, kFolder + std::string(log) + ".gz"}};
    input.prefilter = false;  // it begins with a chunk, and this counts records
    const absl::StatusOr<ScanResult> whole = Scan(BuiltinEngine(), input);
    ASSERT_TRUE(whole.ok());
    for (size_t chunk_bytes : {1, 700, 4096}) {
      input.chunk_bytes = chunk_bytes;
      const absl::StatusOr<ScanResult> cut = Scan(BuiltinEngine(), input);
      ASSERT_TRUE(cut.ok());
      EXPECT_EQ(VerdictsOf(*cut), VerdictsOf(*whole)) << log << " in chunks of " << chunk_bytes;
      EXPECT_EQ(cut->summary.total.records, whole->summary.total.records);
    }
  }
}

}  // namespace
}  // namespace gainsay
