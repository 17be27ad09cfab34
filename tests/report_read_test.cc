// Reports read back: what was written comes back as it was, and what others wrote does no harm.
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "case_file.h"
#include "handmade.h"
#include "report/read_document.h"
#include "report/report.h"

namespace gainsay {
namespace {

namespace fs = std::filesystem;

std::string Jsonl(const Document& document) {
  std::ostringstream out;
  Write(Format::kJsonl, document, {}, out);
  return out.str();
}

std::string Text(const Document& document) {
  std::ostringstream out;
  ReportStyle style;
  style.all_tasks = true;
  style.verbosity = 1;
  Write(Format::kText, document, style, out);
  return out.str();
}

// Errors are thrown as what they say.
Document Read(const std::vector<std::string>& texts, DocumentReader* reader) {
  for (size_t i = 0; i < texts.size(); ++i) {
    const absl::Status read = reader->Read("f" + std::to_string(i + 1), texts[i]);
    if (!read.ok()) throw std::runtime_error(std::string(read.message()));
  }
  return reader->Finish();
}

Document Read(const std::vector<std::string>& texts) {
  DocumentReader reader;
  return Read(texts, &reader);
}

std::string ErrorOf(const std::string& text) {
  DocumentReader reader;
  return std::string(reader.Read("f", text).message());
}

bool Has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// Every kind of thing that a report may hold, with a text in all its places.
Handmade Everything(std::string_view text) {
  Handmade made;
  Event error = made.Error(8, text, "schema_mismatch");
  error.role = error.collection = error.error = text;
  error.captures = {{"field", text}, {"x", ""}};
  Event late = made.Error(12, "flush failed", "unavailable");
  made.Succeed(text, 10, {error, late}).name = text;
  Event timeless = made.Error(9, text);
  timeless.time_ns = kNoTime;
  timeless.rule = UINT16_MAX;
  Event terminal = made.Terminal(11, "b");
  terminal.time_ns = kNoTime;
  gainsay::Run& run = made.Add(terminal, {timeless, error});
  run.start = made.Keep(made.Terminal(3, "b"));
  run.run = 3;
  made.Succeed("c", 20).verdict = Verdict::kInconclusive;
  made.correlation.runs.back().inconclusive_because = text;
  made.AddSource(std::string(text), 7).problem = text;
  made.AddSource("quiet.log", 3);
  made.summary.sources[1].cut = true;
  made.summary.sources[0].malformed = made.summary.sources[0].first_malformed_line = 2;
  made.summary.sources[0].null_messages = made.summary.sources[0].overlong = 2;
  made.summary.passed_over = {{std::string(text), "holds no text"}, {std::string(text), "holds no text"}};
  made.summary.suppressions = {{std::string(text), std::string(text), "2027-03-31", 2, 1},
                               {"B", "w", "", 0, 0}};
  made.Complete();
  return made;
}

TEST(ReadDocument, WhatWasWrittenComesBack) {
  const std::string hostile = "\"},{\"x\":\\ \x1b[2J\n\r\t\xff\xe2\x80\xae\x7f\xc2\x9b \xf0\x9f\x99\x82 end";
  for (const std::string& text :
       {std::string("primary write failed: no such field 'a'"), hostile, std::string("\0x\0", 3),
        std::string(5000, '{'), std::string("\xed\xa0\x80")}) {
    for (const bool all_tasks : {false, true}) {
      const Handmade made = Everything(text);
      const std::string written = Jsonl(MakeDocument(made.report(), all_tasks));
      DocumentReader reader;
      const Document read = Read({written}, &reader);
      EXPECT_EQ(Jsonl(read), written);
      EXPECT_EQ(reader.foreign() + reader.unknown(), 0u);
      if (text.find('\xff') == std::string::npos && text.find('\xed') == std::string::npos) {
        EXPECT_EQ(Text(read), Text(MakeDocument(made.report(), all_tasks)));
      }
    }
  }
}

// Over the corpus, by the program itself: other formats made later are the ones made at once.
TEST(ReadDocument, TheCorpusComesBack) {
  std::vector<fs::path> logs;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(GAINSAY_SOURCE_DIR) / "tests/corpus")) {
    if (entry.path().extension() == ".gz") logs.push_back(entry.path());
  }
  ASSERT_GT(logs.size(), 5u);
  const std::string directory = MakeDirectory();
  std::sort(logs.begin(), logs.end());
  for (size_t i = 0; i < logs.size(); i += 4) {
    const fs::path& log = logs[i];
    const std::string scan = std::string(GAINSAY_BINARY) +
                             " scan --all-tasks -v -o jsonl=a.jsonl -o text=a.txt '" + log.string() + "'";
    RunCommand(scan, directory, {}, std::nullopt);
    const std::string written = ReadFile(directory + "/a.jsonl");
    const Document read = Read({written});
    EXPECT_EQ(Jsonl(read), written) << log;
    EXPECT_EQ(Text(read), ReadFile(directory + "/a.txt")) << log;
  }
  fs::remove_all(directory);
}

std::string Finding(const std::string& id, const std::string& verdict = "contradiction") {
  return R"({"type":"finding","id":")" + id + R"(","cause":"c","verdict":")" + verdict +
         R"(","task":"t","errors":[{"cause":"c","reason":"no_space","target":"primary","message":"lost 7",)"
         R"("time":"2026-05-31T04:12:09Z"}]})" +
         "\n";
}

TEST(ReadDocument, WhatOthersWroteIsPassedOver) {
  DocumentReader reader;
  const Document read = Read({"gainsay: warning\n\n[1,2]\n{\"level\":\"info\"}\n{broken\n" + Finding("a") +
                              "{\"type\":\"watermark\",\"time\":\"x\"}\n{\"type\":\"new\"}\r\n"
                              "{\"type\":\"task\",\"run\":\"7\",\"task\":[1],\"later\":{}}\n"},
                             &reader);
  EXPECT_EQ(reader.foreign(), 4u);
  EXPECT_EQ(reader.unknown(), 2u);
  EXPECT_EQ(read.findings.size(), 1u);
  ASSERT_EQ(read.tasks.size(), 1u);
  EXPECT_EQ(read.tasks[0].run, 1u);
}

TEST(ReadDocument, ErrorsSayWhere) {
  EXPECT_EQ(ErrorOf("x\n{\"type\":\"finding\",\"id\":\n{}\n"), "f:2: the line is no whole JSON object");
  EXPECT_EQ(ErrorOf("{\"type\":\"finding\",\"id\":7}\n"), "f:1: a finding without an id");
  EXPECT_EQ(ErrorOf("{\"type\":\"update\"}\n"), "f:1: an update without an id");
  EXPECT_TRUE(ErrorOf("").starts_with("f:1: holds no line of a report"));
  EXPECT_TRUE(ErrorOf("some log\n{\"level\":\"info\"}\n").starts_with("f:1: holds no line of a report"));
}

TEST(ReadDocument, WithoutASummaryItIsWhatTheFindingsSay) {
  const Document read = Read({Finding("a") + Finding("b")});
  EXPECT_EQ(read.summary.exit_code, 1);
  EXPECT_EQ(read.summary.verdict, Outcome::kContradiction);
  EXPECT_EQ(read.summary.runs[static_cast<size_t>(Verdict::kContradiction)], 2u);
  ASSERT_EQ(read.causes.size(), 1u);
  EXPECT_EQ(read.causes[0].tasks, 2u);
  EXPECT_EQ(read.causes[0].message_template, "lost #");
  EXPECT_EQ(FormatTime(read.causes[0].first_ns), "2026-05-31T04:12:09Z");
  EXPECT_EQ(read.causes[0].findings, (std::vector<size_t>{0, 1}));
  EXPECT_TRUE(Has(read.summary.inconclusive.at(0), "holds no summary"));
}

TEST(ReadDocument, ACutLastLineMakesItInconclusive) {
  Document calm;
  calm.summary.exit_code = 0;
  const std::string whole = Finding("a", "recovered") + Jsonl(calm);
  EXPECT_EQ(Read({whole}).summary.exit_code, 0);
  const Document read = Read({whole + "{\"type\":\"finding\",\"id\":\"b"});
  EXPECT_EQ(read.summary.exit_code, 3);
  EXPECT_EQ(read.summary.inconclusive.at(0), "f1:3: the report is cut here: what came behind is unknown");
  EXPECT_EQ(Read({"{\"type\":\"finding\""}).summary.exit_code, 3);
}

TEST(ReadDocument, UpdatesAreApplied) {
  const std::string update = R"({"type":"update","id":"a","verdict":"recovered"})"
                             "\n";
  EXPECT_EQ(Read({Finding("a") + Finding("b") + update}).findings.size(), 1u);
  EXPECT_EQ(Read({Finding("a") + update + Finding("a")}).findings.size(), 1u);
  EXPECT_EQ(Read({Finding("b") + update}).findings.size(), 1u);
  std::string whole = Finding("a");
  whole.replace(whole.find("finding"), 7, "update");
  whole.replace(whole.find("lost 7"), 6, "gone 8");
  const Document read = Read({Finding("a") + update + whole});
  ASSERT_EQ(read.findings.size(), 1u);
  EXPECT_EQ(read.findings[0].errors[0].message, "gone 8");
}

TEST(ReadDocument, SeveralReportsBecomeOne) {
  const std::string one = Jsonl(MakeDocument(Everything("a").report(), true));
  const std::string two = Jsonl(MakeDocument(Everything("b").report(), true));
  for (const std::vector<std::string>& texts : {std::vector{one, two}, {one + two}}) {
    const Document read = Read(texts);
    EXPECT_EQ(read.findings.size(), 3u) << "one stands in both";
    EXPECT_EQ(read.summary.runs[static_cast<size_t>(Verdict::kContradiction)], 3u);
    EXPECT_EQ(read.summary.total.lines, 2u * (1204 + 7 + 3));
    EXPECT_EQ(read.summary.sources.size(), 6u);
    EXPECT_EQ(read.summary.suppressions.size(), 3u);
    uint64_t tasks = 0;
    for (const Cause& cause : read.causes) tasks += cause.tasks;
    EXPECT_EQ(tasks, 7u) << "a finding is counted once for each of its causes";
    EXPECT_EQ(read.causes[0].tasks, 2u);
  }
  const Document twice = Read({one, one});
  EXPECT_EQ(twice.findings.size(), 2u);
  EXPECT_EQ(twice.summary.runs[static_cast<size_t>(Verdict::kContradiction)], 2u);
}

}  // namespace
}  // namespace gainsay
