// Threads change nothing: the same report, byte by byte, for any number of them, several files at once.
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "archive_maker.h"
#include "pipeline.h"
#include "rule/loader.h"
#include "temporary_directory.h"

namespace gainsay {
namespace {

std::string Report(const Engine& engine, const ScanInput& input) {
  const absl::StatusOr<ScanResult> result = Scan(engine, input);
  EXPECT_TRUE(result.ok()) << result.status().message();
  std::ostringstream out;
  ReportStyle style;
  style.all_tasks = true;
  if (result.ok()) {
    Write(Format::kJsonl, MakeDocument(MakeReport(engine, *result), style.all_tasks), style, out);
  }
  return out.str();
}

const std::string kFolder = GAINSAY_SOURCE_DIR "/tests/corpus/";

std::string Report(const Engine& engine, size_t jobs, size_t chunk_bytes) {
  ScanInput input;
  for (const char* log :
       {"celery-prefork-json.jsonl", "journald-celery.jsonl", "rq-text.log", "sidekiq-json.jsonl"}) {
    input.sources.push_back({log, kFolder + log + ".gz"});
  }
  input.jobs = jobs;
  input.chunk_bytes = chunk_bytes;
  input.prefilter_after = 0;
  return Report(engine, input);
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

// Inputs of all kinds and sizes: small ones behind a large one, archives, cut and missing ones.
TEST(Jobs, ReadSourcesAtOnceAndTellThemInOrder) {
  LoadResult rules = LoadRuleSet({});
  const absl::StatusOr<Engine> engine = Engine::Compile(std::move(rules.rules));
  ASSERT_TRUE(engine.ok());
  const TemporaryDirectory directory;
  const std::string celery = Contents(kFolder + "celery-prefork-json.jsonl.gz");
  Put(directory.At("cut.gz"), celery.substr(0, celery.size() / 2));
  Put(directory.At("empty"), "");
  Put(directory.At("twice.gz"), celery + celery);
  Put(directory.At("untimed"), "no time here\nnor here\n");
  const std::string sidekiq = Contents(GAINSAY_SOURCE_DIR "/samples/schema-drift/incident.jsonl");
  const std::vector<MemberText> members = {
      {"a.log", sidekiq}, {"b.log", "no json\n"}, {"picture", std::string(5000, '\1')}};
  const std::string tar = MakeArchive(members, "ustar", "gzip");
  Put(directory.At("some.tar.gz"), tar);
  Put(directory.At("cut.tar"), MakeArchive(members, "ustar").substr(0, 1500));
  for (const std::string format : {"ustar", "zip"}) {
    std::string damaged = MakeArchive(members, format);
    damaged[damaged.find(format == "zip" ? "PK\x03\x04" : "b.log", 1)] = 'x';  // the second member's header
    Put(directory.At("damaged." + format), damaged);
  }

  ScanInput input;
  input.sources.push_back({"first", kFolder + "journald-celery.jsonl.gz"});
  for (const char* name : {"cut.gz", "empty", "missing", "twice.gz", "untimed", "some.tar.gz", "cut.tar",
                           "damaged.ustar", "damaged.zip"}) {
    input.sources.push_back({name, directory.At(name)});
  }
  for (int i = 0; i < 24; ++i) {
    input.sources.push_back(
        {"small" + std::to_string(i), directory.At(i % 2 == 0 ? "untimed" : "some.tar.gz")});
  }
  input.prefilter_after = 0;
  input.chunk_bytes = 20'000;
  for (const State reported : {State::kNone, State::kSucceeded}) {
    input.reported = reported;
    input.jobs = 1;
    input.tick = nullptr;
    const std::string one = Report(*engine, input);
    EXPECT_GT(one.size(), 10000u);
    for (const size_t jobs : {2, 5, 16}) {
      input.jobs = jobs;
      uint64_t ticks = 0;
      input.tick = [&ticks](bool) { ++ticks; };
      EXPECT_EQ(Report(*engine, input), one) << jobs << " jobs";
      EXPECT_GT(ticks, input.sources.size());
    }
  }
}

}  // namespace
}  // namespace gainsay
