// The formats for machines and CI: what their readers demand, held without these readers (formats_check.py
// asks the readers themselves), over documents whose every text is hostile.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "pipeline.h"
#include "report/escape.h"
#include "report/headline.h"
#include "report/location.h"
#include "report/reason_help.h"
#include "report/report.h"
#include "rule/loader.h"
#include "rule/rule_set.h"

namespace gainsay {
namespace {

constexpr Format kCiFormats[] = {Format::kSarif, Format::kJunit, Format::kGithub, Format::kGitlab,
                                 Format::kMarkdown};

std::string Render(Format format, const Document& document, const std::string& directory = "/work") {
  ReportStyle style;
  style.directory = directory;
  std::ostringstream out;
  Write(format, document, style, out);
  return out.str();
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

bool Has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// 181 tasks that lost a write, each telling of it in another hostile message.
const Document& HostileLog() {
  static const Document document = [] {
    LoadResult rules = LoadRuleSet({});
    const absl::StatusOr<Engine> engine = Engine::Compile(std::move(rules.rules));
    ScanInput input;
    input.sources = {{"hostile.log", GAINSAY_SOURCE_DIR "/tests/data/hostile.log"}};
    const absl::StatusOr<ScanResult> result = Scan(*engine, input);
    return MakeDocument(MakeReport(*engine, *result), true);
  }();
  return document;
}

// The same, with the messages in every text that a document has.
Document HostileEverywhere() {
  Document document = HostileLog();
  document.summary.inconclusive.clear();
  document.tasks.clear();
  for (size_t i = 0; i < document.findings.size(); ++i) {
    DocumentFinding& finding = document.findings[i];
    DocumentError& error = finding.errors.at(0);
    const std::string bad = error.message;
    finding.task = finding.name = finding.system = bad;
    error.reason = error.target = error.rule = error.error = error.level = error.place.source = bad;
    finding.reported->state = finding.reported->message = finding.reported->place.source = bad;
    document.tasks.push_back({bad, "inconclusive", bad, bad, bad, 1, 1});
    if (i < document.causes.size()) document.causes[i].reason = document.causes[i].target = bad;
    if (i % 20 == 0) document.summary.inconclusive.push_back(bad);
  }
  document.version = document.findings[0].task;
  return document;
}

DocumentFinding FindingOf(size_t number, const std::string& message = "primary write failed") {
  DocumentFinding finding;
  finding.id = "f" + std::to_string(number);
  finding.cause = "c0";
  finding.verdict = "contradiction";
  finding.task = "task-" + std::to_string(number);
  finding.name = "media.reindex";
  finding.system = "celery";
  DocumentError error;
  error.reason = "no_space";
  error.target = "primary/docs";
  error.cause = "c0";
  error.message = message;
  error.place = {"worker.log", 8, 100};
  finding.errors.push_back(error);
  DocumentState reported;
  reported.state = "succeeded";
  reported.message = "done";
  reported.place = {"worker.log", 9, 200};
  finding.reported = reported;
  return finding;
}

Document DocumentOf(size_t findings) {
  Document document;
  document.version = "1.2.3";
  Cause cause;
  cause.id = "c0";
  cause.reason = "no_space";
  cause.target = "primary/docs";
  cause.message_template = "primary write failed";
  cause.tasks = findings;
  for (size_t i = 0; i < findings; ++i) {
    document.findings.push_back(FindingOf(i));
    cause.findings.push_back(i);
  }
  if (findings > 0) document.causes.push_back(cause);
  document.summary.verdict = findings > 0 ? Outcome::kContradiction : Outcome::kClean;
  document.summary.exit_code = findings > 0 ? 1 : 0;
  document.summary.runs[static_cast<size_t>(Verdict::kContradiction)] = findings;
  return document;
}

// --- nothing is forged -------------------------------------------------------------------------

TEST(Formats, NoControlCharacterAndValidUtf8) {
  for (const Document& document : {HostileLog(), HostileEverywhere()}) {
    for (const Format format : kCiFormats) {
      const std::string text = Render(format, document);
      for (const std::string& line : Lines(text)) {
        std::string plain = line;  // "::" may stand within a line
        std::replace(plain.begin(), plain.end(), ':', '.');
        ASSERT_EQ(EscapeText(plain), plain);
      }
    }
  }
}

// What GitHub's runner makes of a line.
struct RunnerCommand {
  std::string name, data;
  std::map<std::string, std::string> properties;
};

std::string Unescape(std::string text, bool property) {
  const std::pair<std::string, std::string> kPairs[] = {
      {"%0D", "\r"}, {"%0A", "\n"}, {"%3A", ":"}, {"%2C", ","}, {"%25", "%"}};
  for (const auto& [from, to] : kPairs) {
    if (!property && (from == "%3A" || from == "%2C")) continue;
    for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
  }
  return text;
}

bool ParseCommand(std::string line, RunnerCommand* command) {
  line.erase(0, line.find_first_not_of(" \t"));
  if (!line.starts_with("::")) return false;
  const size_t end = line.find("::", 2);
  if (end == std::string::npos) return false;
  const std::string head = line.substr(2, end - 2);
  const size_t space = head.find(' ');
  command->name = head.substr(0, space);
  if (space != std::string::npos) {
    std::istringstream properties(head.substr(space + 1));
    for (std::string pair; std::getline(properties, pair, ',');) {
      const size_t equals = pair.find('=');
      if (equals != std::string::npos) {
        command->properties[pair.substr(0, equals)] = Unescape(pair.substr(equals + 1), true);
      }
    }
  }
  command->data = Unescape(line.substr(end + 2), false);
  return true;
}

TEST(Github, EachLineIsOneOfOurs) {
  for (const Document& document : {HostileLog(), HostileEverywhere()}) {
    std::map<std::string, int> kinds;
    for (const std::string& line : Lines(Render(Format::kGithub, document))) {
      RunnerCommand command;
      ASSERT_TRUE(ParseCommand(line, &command)) << line;
      ASSERT_LE(++kinds[command.name], 10);
      ASSERT_TRUE(command.name == "error" || command.name == "warning") << line;
      for (const auto& [key, value] : command.properties) {
        ASSERT_TRUE(key == "file" || key == "line" || key == "title") << line;
        ASSERT_FALSE(value.empty());
      }
      ASSERT_LE(Lines(command.data).size(), 4u);
    }
  }
}

// No other format holds a line that a runner would obey.
TEST(Formats, NoWorkflowCommand) {
  Document document = HostileEverywhere();
  for (const Format format :
       {Format::kText, Format::kJsonl, Format::kSarif, Format::kJunit, Format::kGitlab, Format::kMarkdown}) {
    for (const std::string& line : Lines(Render(format, document))) {
      RunnerCommand command;
      ASSERT_FALSE(ParseCommand(line, &command) && !command.name.empty()) << line;
      ASSERT_FALSE(Has(line, "##[")) << line;
    }
  }
}

TEST(Junit, OnlyOurTags) {
  const std::set<std::string> known = {"?xml",     "testsuites",  "testsuite", "testcase",  "failure",
                                       "error",    "skipped",     "/failure",  "/testcase", "/testsuite",
                                       "/skipped", "/testsuites", "/error"};
  for (const Document& document : {HostileLog(), HostileEverywhere()}) {
    const std::string text = Render(Format::kJunit, document);
    for (size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at + 1)) {
      const std::string tag = text.substr(at + 1, text.find_first_of(" >", at) - at - 1);
      ASSERT_TRUE(known.count(tag) > 0) << tag;
    }
    EXPECT_EQ(Count(text, "<failure "), document.findings.size());
    EXPECT_FALSE(Has(text, "system-out>") && !Has(text, "&lt;system-out"));
    for (const char* bad : {"\xef\xbf\xbe", "\xef\xbf\xbf", "]]>"}) EXPECT_FALSE(Has(text, bad));
  }
}

// Outside of code there is nothing but ours.
TEST(Markdown, TextOfALogIsCode) {
  const std::string allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:|-#'";
  for (const Document& document : {HostileLog(), HostileEverywhere()}) {
    for (const std::string& line : Lines(Render(Format::kMarkdown, document))) {
      if (line.starts_with("    ")) continue;
      std::string rest;
      for (size_t at = 0; at < line.size();) {
        const size_t open = std::min(line.find('`', at), line.size());
        rest += line.substr(at, open - at);
        const size_t opened = std::min(line.find_first_not_of('`', open), line.size());
        if (open == line.size()) break;
        size_t close = opened, end = opened;  // the next run of the same length
        do {
          close = line.find('`', end);
          ASSERT_NE(close, std::string::npos) << line;
          end = std::min(line.find_first_not_of('`', close), line.size());
        } while (end - close != opened - open);
        ASSERT_FALSE(Has(line.substr(open, end - open), "|")) << line;
        at = end;
      }
      for (size_t dash = rest.find("\xe2\x80\x93"); dash != std::string::npos;
           dash = rest.find("\xe2\x80\x93")) {
        rest.erase(dash, 3);
      }
      ASSERT_EQ(rest.find_first_not_of(allowed), std::string::npos) << line << "\n" << rest;
    }
  }
}

// --- what was found is what is told ------------------------------------------------------------

std::string Percent(std::string_view uri) {
  std::string path;
  for (size_t i = 0; i < uri.size(); ++i) {
    if (uri[i] != '%') {
      path += uri[i];
      continue;
    }
    path += static_cast<char>(std::stoi(std::string(uri.substr(i + 1, 2)), nullptr, 16));
    i += 2;
  }
  return path;
}

std::string String(simdjson::dom::element element) { return std::string(std::string_view(element)); }

// Of a JSON string, as a reader gets it: invalid UTF-8 is replaced.
std::string AsRead(const std::string& raw) {
  simdjson::dom::parser parser;
  return String(parser.parse(JsonString(raw)).value());
}

TEST(Sarif, RoundTrip) {
  for (const Document& document : {HostileLog(), HostileEverywhere()}) {
    simdjson::dom::parser parser;
    simdjson::dom::element log = parser.parse(Render(Format::kSarif, document)).value();
    EXPECT_EQ(String(log["version"]), "2.1.0");
    simdjson::dom::element run = log["runs"].at(0).value();
    const std::vector<size_t> order = WorstFirst(document);
    simdjson::dom::array results = run["results"].get_array();
    ASSERT_EQ(results.size(), document.findings.size());
    size_t at = 0;
    for (simdjson::dom::element result : results) {
      const DocumentFinding& finding = document.findings[order[at++]];
      EXPECT_EQ(String(result["properties"]["message"]), AsRead(finding.errors[0].message));
      EXPECT_EQ(String(result["properties"]["task"]), AsRead(finding.task));
      EXPECT_EQ(String(result["partialFingerprints"]["primaryLocationLineHash"]), finding.cause);
      EXPECT_EQ(String(result["fingerprints"]["gainsayFinding/v1"]), finding.id);
      EXPECT_EQ(String(result["level"]), "error");
      const uint64_t rule = result["ruleIndex"].get_uint64();
      EXPECT_EQ(String(run["tool"]["driver"]["rules"].at(rule)["id"]), String(result["ruleId"]));
      EXPECT_EQ(result["locations"].get_array().size(), 1u);
      simdjson::dom::element place = result["locations"].at(0)["physicalLocation"].value();
      const std::string uri = String(place["artifactLocation"]["uri"]);
      EXPECT_EQ(Percent(uri), RelativePath(finding.errors[0].place.source, "/work"));
      EXPECT_EQ(
          uri.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/!%"),
          std::string::npos);
      EXPECT_EQ(place["region"]["startLine"].get_uint64().value(), finding.errors[0].place.line);
      EXPECT_GE(result["codeFlows"].at(0)["threadFlows"].at(0)["locations"].get_array().size(), 2u);
    }
  }
}

// A brace begins a placeholder and "[a](b)" is a link, wherever a SARIF reader shows a message.
TEST(Sarif, MessagesHoldNoPlaceholderAndNoLink) {
  Document document = DocumentOf(1);
  document.findings[0].errors[0].message = "lost {0} {x [click](https://evil.example)";
  const std::string text = Render(Format::kSarif, document);
  EXPECT_TRUE(Has(text, "lost {{0}} {{x [click] (https://evil.example)\"}")) << text;
}

TEST(Sarif, SaysWhatItIs) {
  Document document = DocumentOf(0);
  document.summary.inconclusive = {"no final state was recognised"};
  document.summary.verdict = Outcome::kInconclusive;
  document.summary.exit_code = 3;
  simdjson::dom::parser parser;
  simdjson::dom::element run = parser.parse(Render(Format::kSarif, document)).value()["runs"].at(0).value();
  EXPECT_EQ(run["results"].get_array().size(), 0u);
  simdjson::dom::element invocation = run["invocations"].at(0).value();
  EXPECT_EQ(invocation["exitCode"].get_int64().value(), 3);
  EXPECT_TRUE(invocation["executionSuccessful"].get_bool().value());
  EXPECT_EQ(String(invocation["toolExecutionNotifications"].at(0)["message"]["text"]),
            "inconclusive: no final state was recognised");
  simdjson::dom::element driver = run["tool"]["driver"].value();
  EXPECT_EQ(String(driver["semanticVersion"]), "1.2.3");
  size_t rules = 0;
  for (simdjson::dom::element rule : driver["rules"].get_array()) {
    ++rules;
    EXPECT_LE(String(rule["fullDescription"]["text"]).size(), 1024u);
    EXPECT_GE(String(rule["help"]["text"]).size(), 100u);
  }
  EXPECT_EQ(rules, AllReasonHelp().size());

  document.summary.sources.emplace_back().cut = true;
  invocation =
      parser.parse(Render(Format::kSarif, document)).value()["runs"].at(0)["invocations"].at(0).value();
  EXPECT_FALSE(invocation["executionSuccessful"].get_bool().value());
}

// The code flow leads from the start over the errors to the terminal; what came later stands behind it.
TEST(Sarif, CodeFlow) {
  Document document = DocumentOf(1);
  DocumentFinding& finding = document.findings[0];
  finding.started = DocumentState{"started", "", "go", "", kNoTime, {"worker.log", 7, 0}};
  finding.errors.push_back(finding.errors[0]);
  finding.errors[1].late = true;
  finding.errors[1].place.line = 10;
  simdjson::dom::parser parser;
  simdjson::dom::element result =
      parser.parse(Render(Format::kSarif, document)).value()["runs"].at(0)["results"].at(0).value();
  std::vector<uint64_t> lines;
  for (simdjson::dom::element step :
       result["codeFlows"].at(0)["threadFlows"].at(0)["locations"].get_array()) {
    lines.push_back(step["location"]["physicalLocation"]["region"]["startLine"].get_uint64());
  }
  EXPECT_EQ(lines, (std::vector<uint64_t>{7, 8, 9, 10}));
}

TEST(Gitlab, RoundTrip) {
  for (const Document& document : {HostileLog(), HostileEverywhere()}) {
    simdjson::dom::parser parser;
    simdjson::dom::array entries = parser.parse(Render(Format::kGitlab, document)).get_array();
    ASSERT_EQ(entries.size(), document.findings.size());
    std::set<std::string> fingerprints;
    size_t at = 0;
    for (simdjson::dom::element entry : entries) {
      const DocumentFinding& finding = document.findings[at++];
      EXPECT_EQ(String(entry["fingerprint"]), finding.cause + finding.id);
      EXPECT_TRUE(fingerprints.insert(String(entry["fingerprint"])).second);
      EXPECT_TRUE(Has(String(entry["description"]), AsRead(Shorten(finding.errors[0].message, 1000))));
      EXPECT_FALSE(String(entry["check_name"]).empty());
      EXPECT_EQ(String(entry["severity"]), "critical");
      EXPECT_FALSE(String(entry["location"]["path"]).starts_with("/"));
      EXPECT_EQ(entry["location"]["lines"]["begin"].get_uint64().value(), finding.errors[0].place.line);
    }
  }
}

TEST(Gitlab, OneFindingTwiceIsTwoEntries) {
  Document document = DocumentOf(2);
  document.findings[1].id = document.findings[0].id;
  const std::string text = Render(Format::kGitlab, document);
  EXPECT_TRUE(Has(text, "\"c0f0\"") && Has(text, "\"c0f0-2\"")) << text;
}

TEST(Junit, CasesAndCounts) {
  Document document = DocumentOf(2);
  document.findings[1].task = document.findings[0].task;
  document.inconclusive = {{"i", "inconclusive", "", "", "two candidates", 2, 1}};
  const std::string text = Render(Format::kJunit, document);
  EXPECT_TRUE(Has(text, "<testsuites name=\"gainsay\" tests=\"4\" failures=\"2\" errors=\"0\">")) << text;
  EXPECT_TRUE(Has(text, "<testsuite name=\"celery\" tests=\"2\" failures=\"2\" errors=\"0\" skipped=\"0\">"));
  EXPECT_TRUE(Has(text, "<testcase classname=\"media.reindex\" name=\"task-0\">"));
  EXPECT_TRUE(Has(text, "<testcase classname=\"media.reindex\" name=\"task-0 (2)\">"));  // else one is lost
  EXPECT_TRUE(Has(text, "<testcase classname=\"task\" name=\"i, run 2\">"));
  EXPECT_TRUE(
      Has(text, "<skipped type=\"not judged: inconclusive\" message=\"inconclusive: two candidates\">"));
  EXPECT_TRUE(Has(text, "<testcase classname=\"gainsay\" name=\"the log can be judged\"/>"));
}

// Names that a reader can't tell apart: cut off, or escaped to the same.
TEST(Junit, NamesAreOfOneCase) {
  Document document = DocumentOf(4);
  document.findings[0].task = std::string(5000, 'x') + "1";
  document.findings[1].task = std::string(5000, 'x') + "2";
  document.findings[2].task = "a\x1b";
  document.findings[3].task = "a\\x1b";
  std::set<std::string> names;
  for (const std::string& line : Lines(Render(Format::kJunit, document))) {
    if (!Has(line, "<testcase ")) continue;
    EXPECT_TRUE(names.insert(line).second) << line;
  }
  EXPECT_EQ(names.size(), 5u);
}

// --all-tasks: what is not a finding either passed, or was not judged.
TEST(Junit, AllRuns) {
  Document document = DocumentOf(0);
  for (const char* verdict : {"clean", "recovered", "failed", "cancelled", "unfinished", "inconclusive"}) {
    document.tasks.push_back({verdict, verdict, "n", "celery", "", 1, 1});
  }
  const std::string text = Render(Format::kJunit, document);
  EXPECT_TRUE(Has(text, "<testsuite name=\"celery\" tests=\"6\" failures=\"0\" errors=\"0\" skipped=\"4\">"))
      << text;
}

// A report that could not earn its verdict is not green.
TEST(Junit, InconclusiveIsAnError) {
  Document document = DocumentOf(0);
  document.summary.verdict = Outcome::kInconclusive;
  document.summary.inconclusive = {"first", "second"};
  const std::string text = Render(Format::kJunit, document);
  EXPECT_TRUE(Has(text, "tests=\"1\" failures=\"0\" errors=\"1\">")) << text;
  EXPECT_TRUE(Has(text, "message=\"first\">\n- first\n- second</error>")) << text;
}

// --- what a gate lets pass ---------------------------------------------------------------------

TEST(Gate, KnownIsNoFault) {
  Document document = DocumentOf(2);
  document.findings[1].cause = document.findings[1].errors[0].cause = "c1";
  Gate& gate = document.gate.emplace();
  GateCause known;
  known.id = "c0";
  known.standing = Standing::kKnown;
  known.why = "OPS-7, best effort";
  GateCause fresh;
  fresh.id = "c1";
  gate.causes = {known, fresh};
  const std::string sarif = Render(Format::kSarif, document);
  EXPECT_EQ(Count(sarif, R"("level":"note","baselineState":"unchanged","suppressions":[{"kind":"external",)"
                         R"("status":"accepted","justification":"OPS-7, best effort"}])"),
            1u)
      << sarif;
  EXPECT_EQ(Count(sarif, R"("level":"error","baselineState":"new","message")"), 1u);
  const std::string junit = Render(Format::kJunit, document);
  EXPECT_EQ(Count(junit, "<failure type=\"lost write: no_space\""), 1u) << junit;
  EXPECT_EQ(Count(junit, "<skipped type=\"known: no_space\" message=\"known (OPS-7, best effort): "), 1u);
  const std::vector<std::string> github = Lines(Render(Format::kGithub, document));
  ASSERT_EQ(github.size(), 2u);
  EXPECT_TRUE(github[0].starts_with("::error ") && Has(github[0], "task task-1"));
  EXPECT_TRUE(github[1].starts_with("::notice ") && Has(github[1], "task task-0"));
  const std::string gitlab = Render(Format::kGitlab, document);
  EXPECT_TRUE(Has(gitlab, R"("fingerprint":"c0f0","severity":"info")")) << gitlab;
  EXPECT_TRUE(Has(gitlab, R"("fingerprint":"c1f1","severity":"critical")"));
  EXPECT_TRUE(Has(Render(Format::kMarkdown, document), "finding `f0`, cause `c0`, known\n"));
  gate.fail_on = FailOn::kAny;
  EXPECT_EQ(Count(Render(Format::kJunit, document), "<failure "), 2u);
  // One of its causes is new: then it counts.
  gate.fail_on = FailOn::kNew;
  document.findings[0].errors.push_back(document.findings[1].errors[0]);
  EXPECT_EQ(Count(Render(Format::kJunit, document), "<failure "), 2u);
}

// --- limits of the readers ---------------------------------------------------------------------

TEST(Github, TenAreShownElevenAreNineAndMore) {
  EXPECT_EQ(Lines(Render(Format::kGithub, DocumentOf(0))).size(), 0u);
  EXPECT_EQ(Lines(Render(Format::kGithub, DocumentOf(10))).size(), 10u);
  const std::vector<std::string> lines = Lines(Render(Format::kGithub, DocumentOf(11)));
  ASSERT_EQ(lines.size(), 10u);
  EXPECT_TRUE(Has(lines[9], "and 2 more tasks")) << lines[9];
}

TEST(Github, EachCauseComesBeforeTheSecondOfAny) {
  Document document = DocumentOf(30);
  for (size_t i = 0; i < 3; ++i) {
    Cause rare;
    rare.id = "rare" + std::to_string(i);
    rare.findings = {27 + i};
    document.causes.push_back(rare);
    document.findings[27 + i].cause = rare.id;
  }
  const std::string text = Render(Format::kGithub, document);
  for (const char* cause : {"cause c0", "cause rare0", "cause rare1", "cause rare2"})
    EXPECT_TRUE(Has(text, cause));
}

TEST(Sarif, NoMoreResultsThanGithubTakes) {
  const std::string text = Render(Format::kSarif, DocumentOf(25001));
  EXPECT_EQ(Count(text, "\"ruleId\""), 25000u);
  EXPECT_TRUE(Has(text, "1 more finding left out"));
}

TEST(Markdown, FitsIntoAStepSummary) {
  Document document = DocumentOf(10000);
  for (DocumentFinding& finding : document.findings) finding.errors[0].message = std::string(400, 'x');
  const std::string text = Render(Format::kMarkdown, document);
  EXPECT_LE(text.size(), 1000u * 1000);
  EXPECT_GE(text.size(), 900u * 1000);
  EXPECT_TRUE(Has(text, " more findings, for which there is no room here")) << text.substr(text.size() - 200);
}

// --- documents that say little -----------------------------------------------------------------

TEST(Formats, AnEmptyDocument) {
  for (const Format format : kCiFormats) Render(format, Document());
  EXPECT_EQ(Render(Format::kGitlab, Document()), "[\n]\n");
}

TEST(Formats, AFindingThatSaysNothing) {
  Document document = DocumentOf(1);
  document.findings[0] = DocumentFinding();
  document.causes[0].findings = {0, 7};  // 7 is none
  for (const Format format : kCiFormats) EXPECT_FALSE(Render(format, document).empty());
  EXPECT_TRUE(Has(Render(Format::kSarif, document), R"("uri":"unknown"},"region":{"startLine":1,)"));
  EXPECT_TRUE(Has(Render(Format::kGitlab, document), R"("path":"unknown","lines":{"begin":1})"));
}

// --- where -------------------------------------------------------------------------------------

TEST(Location, RelativePath) {
  struct Case {
    std::string source, directory, path;
  };
  const Case cases[] = {
      {"worker.log", "/work", "worker.log"},
      {"./a//b/./worker.log", "/work", "a/b/worker.log"},
      {"/work/logs/a.log", "/work", "logs/a.log"},
      {"/work/logs/a.log", "/work/", "logs/a.log"},
      {"/workshop/a.log", "/work", "workshop/a.log"},
      {"/var/log/a.log", "/work", "var/log/a.log"},
      {"/var/log/a.log", "", "var/log/a.log"},
      {"//var/log/a.log", "/", "var/log/a.log"},
      {"../other/a.log", "/home/me/work", "home/me/other/a.log"},
      {"../work/a.log", "/home/me/work", "a.log"},
      {"../../../../../a.log", "/work", "a.log"},
      {"../a.log", "", "a.log"},
      {"logs.zip!dir/job.txt", "/work", "logs.zip!dir/job.txt"},
      {"logs.zip!../../etc/passwd", "/work", "logs.zip!../etc/passwd"},
      {"logs.zip!/etc/passwd", "/work", "logs.zip!/etc/passwd"},
      {"-", "/work", "stdin"},
      {"", "/work", "unknown"},
      {"/", "/work", "unknown"},
      {".", "/work", "work"},
      {"a\nb\x1b.log", "/work", "a\\nb\\x1b.log"},
      {"\xff.log", "/work", "\\xff.log"},
  };
  for (const Case& c : cases) EXPECT_EQ(RelativePath(c.source, c.directory), c.path) << c.source;
}

TEST(Location, PathAsUri) {
  EXPECT_EQ(PathAsUri("a/b-c_d.e~f!1"), "a/b-c_d.e~f!1");
  EXPECT_EQ(PathAsUri("a b%c:d?e#f"), "a%20b%25c%3Ad%3Fe%23f");
  EXPECT_EQ(PathAsUri("\xc3\xa4\\x1b"), "%C3%A4%5Cx1b");
}

TEST(Location, LineNumber) {
  EXPECT_EQ(LineNumber(0), 1u);
  EXPECT_EQ(LineNumber(7), 7u);
  EXPECT_EQ(LineNumber(UINT64_MAX), 2147483647u);
}

TEST(ReasonHelp, OfEachStandardReason) {
  std::vector<std::string> reasons;
  for (const ReasonHelp& help : AllReasonHelp()) reasons.emplace_back(help.reason);
  EXPECT_EQ(reasons, StandardReasons());
  EXPECT_EQ(HelpFor("of a pack").reason, "other");
}

}  // namespace
}  // namespace gainsay
