// Reports over correlations made by hand: JSON lines byte by byte, text as a person sees it.
#include "report/report.h"

#include <gtest/gtest.h>

#include <sstream>

#include "finding/id.h"
#include "handmade.h"

namespace gainsay {
namespace {

std::string Render(const Handmade& made, Format format, const ReportStyle& style = {}) {
  std::ostringstream out;
  Write(format, MakeDocument(made.report(), style.all_tasks), style, out);
  return out.str();
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

bool Has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// One contradicted run with an error before and one after its terminal.
void AddContradiction(Handmade* made, std::string_view task = "7c3d") {
  Event error = made->Error(8.7, "primary write failed: no such field 'tenant_id'", "schema_mismatch");
  error.matched_by = MatchedBy::kField;
  error.captures = {{"field", "tenant_id"}};
  Event late = made->Error(10, "flush failed", "unavailable");
  late.role = "mirror";
  late.collection = "docs";
  late.error = "UNAVAILABLE: no backend";
  late.matched_by = MatchedBy::kLane;
  made->Succeed(task, 9.113, {error, late});
}

TEST(Formats, ByName) {
  EXPECT_EQ(FormatByName("text"), Format::kText);
  EXPECT_EQ(FormatByName("jsonl"), Format::kJsonl);
  EXPECT_EQ(FormatByName("xml"), std::nullopt);
  for (const std::string& name : FormatNames()) EXPECT_TRUE(FormatByName(name).has_value()) << name;
}

// --- JSON lines --------------------------------------------------------------------------------

TEST(Jsonl, Contract) {
  Handmade made;
  AddContradiction(&made);
  made.Succeed("b", 20).verdict = Verdict::kInconclusive;
  made.correlation.runs.back().inconclusive_because = "two candidates";
  made.summary.suppressions = {{"OPS-1", "why", "", 2, 0}, {"OPS-2", "why", "", 1, 4}};
  made.Complete();
  const Finding& f = made.findings.findings.at(0);
  ReportStyle style;
  style.all_tasks = true;
  const std::vector<std::string> lines = Lines(Render(made, Format::kJsonl, style));
  ASSERT_EQ(lines.size(), 6u);
  EXPECT_EQ(
      lines[0],
      R"({"type":"finding","id":")" + f.id + R"(","cause":")" + f.causes[0] +
          R"(","verdict":"contradiction","task":"7c3d","name":"media.reindex","system":"celery","run":1,"attempt":1,)"
          R"("reported":{"state":"succeeded","time":"2026-05-31T04:12:09.113Z","rule":"celery/succeeded",)"
          R"("message":"Task media.reindex[7c3d] succeeded in 0.2s: None","level":"info",)"
          R"("source":"worker.log.gz","line":109,"offset":27250},"errors":[)"
          R"({"rule":"writes/primary","reason":"schema_mismatch","target":"primary","cause":")" +
          f.causes[0] +
          R"(","message":"primary write failed: no such field 'tenant_id'","level":"error",)"
          R"("time":"2026-05-31T04:12:08.700Z","source":"worker.log.gz","line":108,"offset":27000,)"
          R"("matched_by":"field","late":false,"captures":{"field":"tenant_id"}},)"
          R"({"rule":"writes/primary","reason":"unavailable","target":"secondary/docs","cause":")" +
          f.causes[1] +
          R"(","message":"flush failed","error":"UNAVAILABLE: no backend","level":"error",)"
          R"("time":"2026-05-31T04:12:10Z","source":"worker.log.gz","line":110,"offset":27500,)"
          R"("matched_by":"lane","late":true,"captures":{}}]})");
  EXPECT_EQ(
      lines[1],
      R"({"type":"task","task":"7c3d","run":1,"attempt":1,"verdict":"contradiction","name":"media.reindex","system":"celery"})");
  EXPECT_EQ(
      lines[2],
      R"({"type":"task","task":"b","run":1,"attempt":1,"verdict":"inconclusive","name":"media.reindex",)"
      R"("system":"celery","because":"two candidates"})");
  EXPECT_EQ(
      lines[3],
      R"({"type":"cause","id":")" + f.causes[0] +
          R"(","reason":"schema_mismatch","target":"primary","template":"primary write failed: no such field '?'",)"
          R"("tasks":1,"first":"2026-05-31T04:12:08.700Z","last":"2026-05-31T04:12:08.700Z"})");
  EXPECT_EQ(
      lines[5],
      R"({"type":"summary","verdict":"contradiction","lines":1204,"records":1204,"malformed":0,"blank":0,"folded":0,)"
      R"("skipped":0,"bytes":120400,"runs":{"contradiction":1,"recovered":0,"clean":0,"failed":0,"cancelled":0,)"
      R"("unfinished":0,"inconclusive":1},"write_errors":2,"write_errors_by_reason":{"schema_mismatch":1,"unavailable":1},)"
      R"("unattributed_write_errors":0,"inconclusive":["1 run is inconclusive (two candidates): gainsay can't tell )"
      R"(whether it lost a write; look at it by hand, and log the task id with each error"],)"
      R"("packs":["celery","writes"],"suppressed":3,"sources":1,"tasks":2,"terminals":2,"overlong":0,"invalid_utf8":0,"inconclusive_runs":[{"task":"b","run":1,"attempt":1,)"
      R"("verdict":"inconclusive","name":"media.reindex","system":"celery","because":"two candidates"}],)"
      R"("inputs":[{"name":"worker.log.gz","lines":1204,"malformed":0,"first_malformed_line":0,"null_messages":0,)"
      R"("problem":"","cut":false}],"passed_over":[],"suppressions":[{"id":"OPS-1","why":"why","expires":"","errors":2,"expired":0},)"
      R"({"id":"OPS-2","why":"why","expires":"","errors":1,"expired":4}],"version":"0.1.0","exit":1})");
}

TEST(Jsonl, WithoutAllTasksAndFindings) {
  Handmade made;
  made.Succeed("a", 10);
  made.Complete();
  const std::vector<std::string> lines = Lines(Render(made, Format::kJsonl));
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_TRUE(lines[0].starts_with(R"({"type":"summary","verdict":"clean",)"));
  EXPECT_TRUE(lines[0].ends_with(
      R"("inconclusive":[],"packs":["celery","writes"],"suppressed":0,"sources":1,"tasks":1,"terminals":1,"overlong":0,"invalid_utf8":0,"inconclusive_runs":[],)"
      R"("inputs":[{"name":"worker.log.gz","lines":1204,"malformed":0,"first_malformed_line":0,"null_messages":0,)"
      R"("problem":"","cut":false}],"passed_over":[],"suppressions":[],"version":"0.1.0","exit":0})"));
}

// What is unknown is "", and a time that no record gave is left out.
TEST(Jsonl, UnknownIsEmpty) {
  Handmade made;
  Event error = made.Error(8, "write failed");
  error.time_ns = kNoTime;
  error.severity = kNoSeverity;
  error.rule = UINT16_MAX;
  error.position.source = 7;
  gainsay::Run& run = made.Succeed("a", 10, {error});
  run.name = run.system = "";
  made.Complete();
  const std::string line = Lines(Render(made, Format::kJsonl))[0];
  EXPECT_TRUE(Has(line, R"("task":"a","name":"","system":"","run":1)")) << line;
  EXPECT_TRUE(Has(line, R"([{"rule":"","reason":"other")")) << line;
  EXPECT_TRUE(Has(line, R"("level":"","source":"","line":108)")) << line;
}

constexpr std::string_view kHostile = "\"},{\"x\":\\ \x1b[2J\n\r\t\xff\xe2\x80\xae\x7f\xc2\x9b end";

void AddHostile(Handmade* made) {
  Event error = made->Error(8, kHostile);
  error.role = error.collection = kHostile;
  error.error = kHostile;
  error.captures = {{"field", kHostile}};
  gainsay::Run& run = made->Succeed(kHostile, 10, {error});
  run.name = kHostile;
  made->Succeed("b", 11).verdict = Verdict::kInconclusive;
  made->correlation.runs.back().inconclusive_because = kHostile;
  made->summary.sources[0].name = kHostile;
  made->summary.sources[0].null_messages = 1;
  made->summary.sources[0].first_malformed_line = made->summary.sources[0].malformed = 1;
  made->summary.packs = {std::string(kHostile)};
  made->summary.suppressions = {{std::string(kHostile), std::string(kHostile), std::string(kHostile), 1, 1},
                                {std::string(kHostile), std::string(kHostile), "", 0, 0}};
  made->Complete();
}

TEST(Reports, NothingFromALogGetsThroughUnescaped) {
  Handmade made;
  AddHostile(&made);
  for (const Format format : {Format::kText, Format::kJsonl, Format::kJournal, Format::kPrometheus}) {
    for (const size_t width : {size_t{0}, size_t{1}, size_t{40}, size_t{100}}) {
      ReportStyle style;
      style.all_tasks = width != 100;
      style.width = width;
      const std::string text = Render(made, format, style);
      for (const char c : text) ASSERT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
      for (const char* bad : {"\x7f", "\xff", "\xe2\x80\xae", "\xc2\x9b"}) ASSERT_FALSE(Has(text, bad));
    }
  }
  for (const std::string& line : Lines(Render(made, Format::kJsonl))) {
    EXPECT_TRUE(line.starts_with("{\"type\":\"") && line.ends_with("}")) << line;
    EXPECT_FALSE(Has(line, R"("x":)")) << line;  // the quote of the hostile text is escaped
  }
}

// --- text --------------------------------------------------------------------------------------

TEST(Text, Contradiction) {
  Handmade made;
  AddContradiction(&made);
  for (int i = 0; i < 13; ++i) made.Succeed("ok", 20 + i);
  made.Complete();
  const Finding& f = made.findings.findings.at(0);
  EXPECT_EQ(
      Render(made, Format::kText),
      "schema_mismatch on primary: 1 run\n"
      "  primary write failed: no such field '?'\n"
      "  cause " +
          f.causes[0] +
          ", at 2026-05-31T04:12:08.700Z\n"
          "\n"
          "  7c3d  media.reindex  celery  2026-05-31  finding " +
          f.id +
          "\n"
          "    worker.log.gz:108  04:12:08.700  ERROR  primary write failed: no such field 'tenant_id'\n"
          "                                            field=tenant_id\n"
          "    worker.log.gz:109  04:12:09.113  INFO   Task media.reindex[7c3d] succeeded in 0.2s: None\n"
          "                                            reported succeeded, +0.4 s\n"
          "    worker.log.gz:110  04:12:10      ERROR  flush failed\n"
          "                                            UNAVAILABLE: no backend\n"
          "                                            late, +0.8 s; unavailable on secondary/docs; matched "
          "by\n"
          "                                            lane\n"
          "\n"
          "unavailable on secondary/docs: 1 run\n"
          "  flush failed\n"
          "  cause " +
          f.causes[1] +
          ", at 2026-05-31T04:12:10Z\n"
          "\n"
          "  1 run is shown under another cause\n"
          "\n"
          "read          1,204 lines, 120.4 KB, from worker.log.gz\n"
          "runs          14 of 2 tasks: 1 contradiction, 13 clean\n"
          "write errors  2: 1 schema_mismatch, 1 unavailable\n"
          "rules         celery, writes\n"
          "verdict: CONTRADICTION: 1 of 14 runs reported success over a lost write\n");
}

TEST(Text, CleanIsCalm) {
  Handmade made;
  made.Succeed("a", 10);
  made.Complete();
  EXPECT_EQ(Render(made, Format::kText),
            "read          1,204 lines, 120.4 KB, from worker.log.gz\n"
            "runs          1: 1 clean\n"
            "rules         celery, writes\n"
            "verdict: clean: 1 run ended, none reported success over a lost write\n");
  ReportStyle style;
  style.quiet = true;
  EXPECT_EQ(Render(made, Format::kText, style), "");
}

TEST(Text, CleanSaysWhatItLeavesOut) {
  Handmade made;
  made.Succeed("a", 10);
  made.Succeed("b", 11).verdict = Verdict::kUnfinished;
  made.Unattributed(made.Error(9, "write failed"));
  made.Complete();
  const std::string text = Render(made, Format::kText);
  EXPECT_TRUE(Has(
      text, "verdict: clean: 1 run ended, none reported success over a lost write; 1 had not ended; 1 write"))
      << text;
  EXPECT_TRUE(Has(text, "1: 1 other; 1 without a task that gainsay could find")) << text;
}

TEST(Text, Inconclusive) {
  Handmade made;
  for (int i = 0; i < 8; ++i) {
    gainsay::Run& run = made.Succeed("a", i);
    run.verdict = Verdict::kInconclusive;
    run.inconclusive_because = "two candidates";
  }
  made.Complete();
  const std::string text = Render(made, Format::kText);
  EXPECT_TRUE(text.starts_with("inconclusive: 8 runs\n  a  media.reindex  celery  two candidates\n")) << text;
  EXPECT_TRUE(Has(text, "\n  … and 3 more (-v shows all)\n")) << text;
  EXPECT_TRUE(
      Has(text, "verdict: INCONCLUSIVE: no contradiction found, but it can't be ruled out\n  - 8 runs are"))
      << text;
}

TEST(Text, FewCasesUnlessVerbose) {
  Handmade made;
  std::vector<Event> errors(9, made.Error(1, "write failed"));
  for (int i = 0; i < 5; ++i) made.Succeed("job-" + std::to_string(i), 10, errors);
  made.Complete();
  ReportStyle style;
  const std::string few = Render(made, Format::kText, style);
  EXPECT_TRUE(Has(few, "other on primary: 5 runs")) << few;
  EXPECT_TRUE(Has(few, "    … and 4 more write errors (-v shows all)\n")) << few;
  EXPECT_TRUE(Has(few, "  … and 2 more (-v shows all)\n")) << few;
  style.verbosity = 1;
  const std::string all = Render(made, Format::kText, style);
  EXPECT_FALSE(Has(all, "more")) << all;
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(Has(all, "job-" + std::to_string(i))) << all;
}

TEST(Text, NarrowLinesKeepIdsAndPlaces) {
  Handmade made;
  const std::string id = "7c3d2f8e-5f0c-4b21-9a77-1d0f6c2b9e11";
  AddContradiction(&made, id);
  made.Complete();
  ReportStyle style;
  style.width = 50;
  const std::string text = Render(made, Format::kText, style);
  EXPECT_TRUE(Has(text, "  " + id + "  media.reindex")) << text;
  EXPECT_TRUE(Has(text,
                  "    worker.log.gz:108  04:12:08.700  ERROR\n"
                  "      primary write failed: no such field 'tenant…\n"))
      << text;
}

TEST(Text, DatesOfCasesThatLastOvernight) {
  Handmade made;
  made.Succeed("a", 86'400, {made.Error(0, "write failed")});
  made.Complete();
  const std::string text = Render(made, Format::kText);
  EXPECT_TRUE(Has(text, "    worker.log.gz:100    2026-05-31 04:12:00  ERROR  write failed\n")) << text;
  EXPECT_TRUE(Has(text, "reported succeeded, +1 d\n")) << text;
}

TEST(Text, WithoutTimesAndLevels) {
  Handmade made;
  Event error = made.Error(8, "write failed"), terminal = made.Terminal(9, "a");
  error.time_ns = terminal.time_ns = kNoTime;
  error.severity = terminal.severity = kNoSeverity;
  made.Add(terminal, {error}).run = 2;
  made.Complete();
  const std::string text = Render(made, Format::kText);
  EXPECT_TRUE(Has(text, "  a  media.reindex  celery  run 2  finding ")) << text;
  EXPECT_TRUE(Has(text, "    worker.log.gz:108  write failed\n    worker.log.gz:109  Task")) << text;
  EXPECT_TRUE(Has(text, " reported succeeded\n")) << text;
}

TEST(Text, ExtremeTimesHaveNoUndefinedDifference) {
  Handmade made;
  Event error = made.Error(8, "write failed"), terminal = made.Terminal(9, "a");
  error.time_ns = INT64_MIN + 1;
  terminal.time_ns = INT64_MAX;
  made.Add(terminal, {error});
  made.Complete();
  EXPECT_TRUE(Has(Render(made, Format::kText), "reported succeeded, +213,503 d 23 h\n"));
}

TEST(Text, AllTasks) {
  Handmade made;
  made.Succeed("a", 10);
  made.Succeed("long-id", 11).verdict = Verdict::kFailed;
  made.correlation.runs.back().attempt = 3;
  made.Complete();
  ReportStyle style;
  style.all_tasks = true;
  EXPECT_TRUE(Render(made, Format::kText, style)
                  .starts_with("all runs: 2\n"
                               "  clean   a        media.reindex  celery\n"
                               "  failed  long-id  media.reindex  celery  attempt 3\n"));
}

TEST(Text, Suppressions) {
  Handmade made;
  made.Succeed("a", 10);
  made.summary.suppressions = {{"OPS-1", "best effort", "2027-03-31", 2, 0},
                               {"OPS-2", "known", "2026-01-01", 0, 1},
                               {"OPS-3", "gone", "", 0, 0}};
  made.Complete();
  EXPECT_TRUE(Has(Render(made, Format::kText),
                  "suppressed    2 write errors by OPS-1 (best effort)\n"
                  "expired       OPS-2 on 2026-01-01: 1 write error counts again (known)\n"
                  "unused        OPS-3: suppressed nothing (gone)\n"));
}

TEST(Text, MalformedLinesAndManyInputs) {
  Handmade made;
  made.AddSource("b.log", 3).malformed = 2;
  made.summary.sources[1].records = 1;
  made.summary.sources[1].first_malformed_line = 2;
  made.Succeed("a", 10);
  made.Complete();
  EXPECT_TRUE(Has(
      Render(made, Format::kText),
      "read          1,207 lines, 120.7 KB, from 2 inputs: 1,205 records, 2 malformed (first: b.log:2)\n"))
      << Render(made, Format::kText);
}

TEST(Text, ColoursOnlyWhenAsked) {
  Handmade made;
  AddContradiction(&made);
  made.Complete();
  EXPECT_FALSE(Has(Render(made, Format::kText), "\x1b"));
  ReportStyle style;
  style.color = true;
  const std::string text = Render(made, Format::kText, style);
  EXPECT_TRUE(Has(text, "verdict: \x1b[0m\x1b[1;31mCONTRADICTION\x1b[0m")) << text;
  // Without its colours it is the same report.
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      i = text.find('m', i);
    } else {
      plain += text[i];
    }
  }
  EXPECT_EQ(plain, Render(made, Format::kText));
}

}  // namespace
}  // namespace gainsay
