// A watch tells what a scan tells: on real logs, however their bytes arrive, and on random events in
// disorder.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "builtin_engine.h"
#include "pipeline_watch.h"
#include "real_logs.h"
#include "report/format.h"

namespace gainsay {
namespace {

namespace fs = std::filesystem;

// What is told of the findings in the end.
std::string Told(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) all += line + '\n';
  return all;
}

struct Answer {
  std::vector<std::string> lines;                     // all that was told, in order
  std::map<std::string, std::string> contradictions;  // by id; the finding
  std::string summary;
};

void Apply(const std::vector<WatchLine>& told, Answer* answer) {
  for (const WatchLine& line : told) {
    answer->lines.push_back(line.json);
    if (line.kind == WatchLine::kFinding) {
      EXPECT_TRUE(answer->contradictions.emplace(line.id, line.json).second) << "told twice: " << line.json;
    } else if (line.kind == WatchLine::kUpdate && line.verdict != Verdict::kContradiction) {
      answer->contradictions.erase(line.id);
    }
  }
}

std::string SummaryOf(const Document& document) {
  std::string text;
  const SourceSummary& total = document.summary.total;
  for (const uint64_t count : {total.lines, total.records, total.folded, total.blank, total.malformed,
                               total.bytes, total.terminals, total.write_errors, total.unattributed}) {
    text += std::to_string(count) + " ";
  }
  for (const uint64_t runs : document.summary.runs) text += std::to_string(runs) + " ";
  for (const std::string& why : document.summary.inconclusive) text += why + "\n";
  for (const Cause& cause : document.causes) text += cause.id + " " + std::to_string(cause.tasks) + "\n";
  return text + std::to_string(document.summary.exit_code);
}

// Fed in pieces of random sizes up to `most`.
Answer WatchText(const std::string& text, size_t most, uint64_t seed) {
  Answer answer;
  WatchOptions options;
  options.prefilter = false;  // which changes what lines are counted as
  auto fold = WatchFold::Make(BuiltinEngine(), options);
  EXPECT_TRUE(fold.ok());
  LivePosition from;
  from.source = "log";
  const uint32_t stream = (*fold)->AddStream(from, std::nullopt);
  std::mt19937_64 random(seed);
  for (size_t at = 0; at < text.size();) {
    const size_t size = std::min<size_t>(1 + random() % most, text.size() - at);
    (*fold)->Feed(stream, std::string_view(text).substr(at, size));
    Apply((*fold)->Take(), &answer);
    at += size;
  }
  const absl::StatusOr<Document> rest = (*fold)->Finish();
  EXPECT_TRUE(rest.ok()) << rest.status();
  Apply((*fold)->Take(), &answer);
  if (rest.ok()) answer.summary = SummaryOf(*rest);
  return answer;
}

Answer ScanText(const std::string& text) {
  Answer answer;
  ScanInput input;
  input.sources = {{"log", ""}};
  input.prefilter = false;  // which changes what lines are counted as
  input.open = [&](const Source& source, const PathFilter&) -> absl::StatusOr<std::unique_ptr<Members>> {
    return OnlyMember(source.name, MemoryStream(text));
  };
  const absl::StatusOr<ScanResult> result = Scan(BuiltinEngine(), input);
  EXPECT_TRUE(result.ok());
  const Document document = MakeDocument(MakeReport(BuiltinEngine(), *result));
  for (const DocumentFinding& finding : document.findings) {
    answer.contradictions[finding.id] = FindingLine(finding);
  }
  answer.summary = SummaryOf(document);
  return answer;
}

std::vector<fs::path> Logs() {
  std::vector<fs::path> logs;
  for (const fs::directory_entry& entry : fs::directory_iterator(GAINSAY_SOURCE_DIR "/tests/corpus")) {
    if (entry.path().extension() == ".gz") logs.push_back(entry.path());
  }
  std::sort(logs.begin(), logs.end());
  return logs;
}

TEST(Watch, TellsWhatAScanTells) {
  size_t found = 0, logs = 0, early = 0;
  for (const fs::path& path : Logs()) {
    SCOPED_TRACE(path.filename());
    const std::string text = Unpacked(path);
    const Answer scan = ScanText(text), watch = WatchText(text, 100'000, 1);
    EXPECT_EQ(watch.contradictions, scan.contradictions);
    EXPECT_EQ(watch.summary, scan.summary);
    found += scan.contradictions.size();
    early += watch.lines.size();
    ++logs;
  }
  EXPECT_GE(logs, 20u);
  EXPECT_GT(found, 900u);
  EXPECT_GE(early, found);
}

TEST(Watch, ItDoesNotMatterHowBytesArrive) {
  size_t logs = 0;
  for (const fs::path& path : Logs()) {
    SCOPED_TRACE(path.filename());
    if (++logs % 4 != 0) continue;  // each takes a second
    std::string text = Unpacked(path);
    if (text.size() > 300'000) text.resize(300'000);
    const std::string whole = Told(WatchText(text, SIZE_MAX, 1).lines);
    EXPECT_GT(whole.size(), 1000u);
    EXPECT_EQ(Told(WatchText(text, 5000, 2).lines), whole);
    EXPECT_EQ(Told(WatchText(text, 60, 3).lines), whole);
    EXPECT_EQ(Told(WatchText(text, 1, 4).lines), whole);
  }
}

}  // namespace
}  // namespace gainsay
