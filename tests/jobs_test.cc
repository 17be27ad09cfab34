// Threads change nothing: the same report, byte by byte, for any number of them, several files at once.
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "pipeline.h"
#include "rule/loader.h"

namespace gainsay {
namespace {

std::string Report(const Engine& engine, size_t jobs, size_t chunk_bytes) {
  const std::string folder = GAINSAY_SOURCE_DIR "/tests/corpus/";
  ScanInput input;
  for (const char* log :
       {"celery-prefork-json.jsonl", "journald-celery.jsonl", "rq-text.log", "sidekiq-json.jsonl"}) {
    input.sources.push_back({log, folder + log + ".gz"});
  }
  input.jobs = jobs;
  input.chunk_bytes = chunk_bytes;
  input.prefilter_after = 0;
  const absl::StatusOr<ScanResult> result = Scan(engine, input);
  EXPECT_TRUE(result.ok()) << result.status().message();
  std::ostringstream out;
  ReportStyle style;
  style.all_tasks = true;
  if (result.ok())
    Write(Format::kJsonl, MakeDocument(MakeReport(engine, *result), style.all_tasks), style, out);
  return out.str();
}

TEST(Jobs, GiveTheSameReport) {
  LoadResult rules = LoadRuleSet({});
  const absl::StatusOr<Engine> engine = Engine::Compile(std::move(rules.rules));
  ASSERT_TRUE(engine.ok());
  for (const size_t chunk_bytes : {size_t{3000}, size_t{1} << 20}) {
    const std::string one = Report(*engine, 1, chunk_bytes);
    EXPECT_GT(one.size(), 10000u);
    for (const size_t jobs : {0, 2, 3, 7}) {
      EXPECT_EQ(Report(*engine, jobs, chunk_bytes), one) << jobs << " jobs, chunks of " << chunk_bytes;
    }
  }
}

}  // namespace
}  // namespace gainsay
