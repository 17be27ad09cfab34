// The prefilter and its slow twin: a scan gives the same with and without it, whatever the log. And its
// parts: the literals of a regex against the regex, the search for literals against a naive one, each kernel
// against the plain one.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "event/failure_signs.h"
#include "event/literals.h"
#include "event/operation.h"
#include "event/prefilter_scan.h"
#include "event/raw_match.h"
#include "event/words.h"
#include "pipeline.h"
#include "re2/re2.h"
#include "rule/loader.h"

namespace gainsay {
namespace {

namespace fs = std::filesystem;

const Engine& BuiltinEngine() {
  static const Engine engine = [] {
    LoadResult rules = LoadRuleSet({});
    return std::move(*Engine::Compile(std::move(rules.rules)));
  }();
  return engine;
}

std::string ReadAll(const std::string& path) {
  absl::StatusOr<std::unique_ptr<ByteStream>> stream = OpenStream({path, path});
  std::string text, block(size_t{1} << 16, '\0');
  while (stream.ok()) {
    const absl::StatusOr<size_t> n = (*stream)->Read(block.data(), block.size());
    if (!n.ok() || *n == 0) break;
    text.append(block, 0, *n);
  }
  return text;
}

struct Outcome {
  std::string report;  // without the line counters
  uint64_t skipped = 0;
};

Outcome ScanText(const Engine& engine, const std::string& log, bool prefilter) {
  ScanInput input;
  input.sources = {{"log", "log"}};
  input.open = [&](const Source& source, const PathFilter&) {
    return OnlyMember(source.name, MemoryStream(log));
  };
  input.prefilter = prefilter;
  input.prefilter_after = 0;
  input.chunk_bytes = size_t{64} << 10;
  const absl::StatusOr<ScanResult> result = Scan(engine, input);
  EXPECT_TRUE(result.ok()) << result.status().message();
  Outcome outcome;
  if (!result.ok()) return outcome;
  std::ostringstream out;
  ReportStyle style;
  style.all_tasks = true;
  Write(Format::kJsonl, MakeDocument(MakeReport(engine, *result), style.all_tasks), style, out);
  outcome.report = out.str();
  for (const SourceSummary& source : result->summary.sources) outcome.skipped += source.skipped;
  for (const char* counter : {"records", "malformed", "blank", "folded", "packed", "skipped", "invalid_utf8",
                              "null_messages", "first_malformed_line"}) {
    RE2::GlobalReplace(&outcome.report, "\"" + std::string(counter) + "\":[0-9]+", "");
  }
  return outcome;
}

// Whether both are the same; the lines skipped.
uint64_t ExpectTwins(const Engine& engine, const std::string& log, const std::string& name) {
  const Outcome fast = ScanText(engine, log, true), slow = ScanText(engine, log, false);
  EXPECT_EQ(slow.skipped, 0u);
  EXPECT_EQ(fast.report, slow.report) << name;
  return fast.skipped;
}

std::vector<fs::path> Logs() {
  std::vector<fs::path> logs;
  for (const char* folder : {"/tests/corpus", "/samples", "/tests/data"}) {
    for (const auto& entry : fs::recursive_directory_iterator(std::string(GAINSAY_SOURCE_DIR) + folder)) {
      const std::string name = entry.path().filename().string();
      const bool log = name.find(".jsonl") != std::string::npos || name.find(".log") != std::string::npos;
      if (log && name.find("labels") == std::string::npos) logs.push_back(entry.path());
    }
  }
  std::sort(logs.begin(), logs.end());
  return logs;
}

TEST(Prefilter, EveryBuiltinRuleHasSomethingToLookFor) {
  EXPECT_EQ(BuiltinEngine().prefilter().without_literal(), std::vector<std::string>{});
}

TEST(Prefilter, GivesTheSameOnRealLogs) {
  uint64_t skipped = 0;
  for (const fs::path& log : Logs()) skipped += ExpectTwins(BuiltinEngine(), ReadAll(log), log);
  EXPECT_GT(skipped, 500u) << "nothing was skipped: the test compares a thing with itself";
}

std::string JsonString(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (c == '\t') {
      json += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned char>(c));
      json += escape;
    } else {
      json += c;
    }
  }
  return json + '"';
}

// Texts that rules and reasons are for.
const std::vector<std::string>& ExampleTexts() {
  static const std::vector<std::string> texts = [] {
    std::vector<std::string> found;
    const auto add = [&found](const std::vector<Example>& examples) {
      for (const Example& example : examples) {
        if (example.log.size() < 300) found.push_back(example.log);
      }
    };
    for (const Pack& pack : BuiltinEngine().rules().packs) {
      for (const Rule& rule : pack.rules) add(rule.examples);
      for (const Reason& reason : pack.reasons) add(reason.examples);
    }
    return found;
  }();
  return texts;
}

// GAINSAY_PREFILTER_SEEDS=100: so many logs instead of each one; for a long hunt by hand.
size_t Seeds() {
  const char* seeds = std::getenv("GAINSAY_PREFILTER_SEEDS");
  return seeds == nullptr ? 1 : static_cast<size_t>(std::atoi(seeds));
}

// What nobody would write, and what might slip through.
void Mutate(std::string* line, std::mt19937* random) {
  if (line->empty()) return;
  const auto pick = [&](size_t n) { return (*random)() % n; };
  const size_t at = pick(line->size());
  switch (pick(12)) {
    case 0:
      (*line)[at] = static_cast<char>(pick(256));
      break;
    case 1:
      line->resize(at);
      break;
    case 2: {  // a character as an escape
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned char>((*line)[at]));
      line->replace(at, 1, escape);
      break;
    }
    case 3:
      line->insert(at, line->substr(pick(line->size()), 40));
      break;
    case 4:
      line->insert(at, "\x1b[31m");
      break;
    case 5: {
      static constexpr const char* kPieces[] = {"\"level\":null,",
                                                "\"level\":\"error\",",
                                                "\"severityNumber\":17,",
                                                "ERROR",
                                                "primary write failed: disk full",
                                                "{",
                                                "}",
                                                "\"",
                                                "\\",
                                                "\"ctx\":{\"level\":\"info\"},",
                                                "\"time\":\"2026-05-31T04:00:00Z\",",
                                                "E0102 ",
                                                "<3>",
                                                " level=50 task_id=t7",
                                                " jobId=7 err=\\\"disk full\\\"",
                                                "[2026-05-31 04:12:09,000: INFO/W-1] "};
      line->insert(at, kPieces[pick(std::size(kPieces))]);
      break;
    }
    case 6:  // another level
      RE2::Replace(line, R"re((?i)"(level|levelname|severity)":"?(info|debug|30|20|warn|error|50)"?)re",
                   pick(2) == 0 ? "\"level\":\"error\"" : "\"x\":\"y\"");
      break;
    case 8: {  // what a rule is for, in a string or instead of one
      std::string text = ExampleTexts()[pick(ExampleTexts().size())];
      if (pick(2) == 0) text = JsonString(text).substr(1, JsonString(text).size() - 2);
      const size_t quote = line->find("\":\"", at);
      line->insert(quote == std::string::npos ? at : quote + 3, text);
      break;
    }
    case 9:  // the whole line, one string deeper
      *line = "{\"time\":\"2026-05-31T04:00:00Z\",\"level\":\"info\",\"message\":" + JsonString(*line) + "}";
      break;
    case 10: {  // several texts in a value's place
      static constexpr const char* kKeys[] = {"message", "error", "MESSAGE", "exception"};
      const std::string& one = ExampleTexts()[pick(ExampleTexts().size())];
      const size_t half = pick(one.size() + 1);
      const std::string value = "\"" + std::string(kKeys[pick(4)]) + "\":[" +
                                JsonString(one.substr(0, half)) + ", " + JsonString(one.substr(half)) + "],";
      if (line->starts_with('{')) line->insert(1, value);
      break;
    }
    case 7:  // no time of its own, or a coarse one
      RE2::Replace(line, R"re(\.\d{3}(?:\d{3})?Z)re", pick(2) == 0 ? "Z" : "x");
      break;
    default:
      RE2::Replace(line, R"re((?i)\b(info|debug)\b)re", "failed to write document 7: duplicate key");
  }
}

uint64_t ScanBroken(unsigned seed) {
  std::mt19937 random(seed);
  uint64_t skipped = 0;
  for (const fs::path& path : Logs()) {
    const std::string log = ReadAll(path);
    for (int round = 0; round < 6; ++round) {
      std::string broken;
      std::istringstream lines(log);
      for (std::string line; std::getline(lines, line) && broken.size() < 150000;) {
        if (random() % 4 == 0) Mutate(&line, &random);
        if (random() % 50 == 0) broken += "    at line.of(traceback:7)\n";
        if (random() % 50 != 0) broken += line + '\n';
      }
      const std::string name = path.string() + " broken " + std::to_string(round);
      skipped += ExpectTwins(BuiltinEngine(), broken, name + " of " + std::to_string(seed));
      if (testing::Test::HasFailure()) return skipped;
    }
  }
  return skipped;
}

TEST(Prefilter, GivesTheSameOnBrokenLogs) {
  uint64_t skipped = 0;
  for (unsigned seed = 0; seed < Seeds() && !HasFailure(); ++seed)
    skipped += ScanBroken(20261121 + seed * 1000);
  EXPECT_GT(skipped, 500u);
}

// ---- lines wrapped one by one, among those of others

// Some are parts of a line; some have a level.
std::string InDocker(std::string_view line, size_t stream, std::mt19937* random) {
  std::string text = JsonString(line);
  if ((*random)() % 40 != 0) text.insert(text.size() - 1, "\\n");
  return "{\"log\":" + text + ",\"stream\":\"" + (stream == 0 ? "stdout" : "stderr") +
         "\",\"time\":\"2026-05-31T04:00:" + (stream == 0 ? "00" : "01.5") + "Z\"}";
}

std::string InJournal(std::string_view line, size_t stream, std::mt19937* random) {
  static constexpr const char* kExtras[] = {
      "", "", "", "", "", ",\"PRIORITY\":\"5\"", ",\"_LINE_BREAK\":\"line-max\""};
  const std::string id = std::to_string(stream);
  return "{\"_TRANSPORT\":\"stdout\",\"PRIORITY\":\"6\",\"_PID\":\"40" + id + "\",\"_STREAM_ID\":\"f" + id +
         "\",\"__REALTIME_TIMESTAMP\":\"17802000000" + std::to_string(10000 + (*random)() % 90000) + "\"" +
         kExtras[(*random)() % std::size(kExtras)] + ",\"MESSAGE\":" + JsonString(line) + "}";
}

uint64_t ScanWoven(unsigned seed) {
  std::mt19937 random(seed);
  uint64_t skipped = 0;
  for (const fs::path& path : Logs()) {
    const std::string log = ReadAll(path);
    for (size_t round = 0; round < 4; ++round) {
      const size_t streams = 1 + round;
      std::vector<std::istringstream> from(streams);
      for (std::istringstream& stream : from)
        stream.str(log.substr(log.find('\n', random() % (log.size() / 2 + 1)) + 1));
      std::string woven, line;
      for (size_t lines = 0; lines < 300 && woven.size() < 100000; ++lines) {
        const size_t stream = random() % streams;
        // A process prints several lines at once.
        for (size_t burst = 1 + random() % 4; burst > 0 && std::getline(from[stream], line); --burst) {
          line.resize(std::min<size_t>(line.size(), 1500));
          if (random() % 6 == 0) Mutate(&line, &random);
          if (random() % 30 == 0) line = "    at line.of(traceback:7)";
          if (random() % 60 == 0) line = "Traceback (most recent call last):";
          if (random() % 60 == 0) line = "OSError: [Errno 28] No space left on device";
          if (random() % 60 == 0) line.clear();
          woven += (round % 2 == 0 ? InDocker : InJournal)(line, stream, &random);
          if (random() % 100 == 0) Mutate(&woven, &random);
          woven += '\n';
        }
        if (random() % 80 == 0) woven += "plain text between\n";
      }
      const std::string name = path.string() + " woven " + std::to_string(round);
      skipped += ExpectTwins(BuiltinEngine(), woven, name + " of " + std::to_string(seed));
      if (testing::Test::HasFailure()) return skipped;
    }
  }
  return skipped;
}

TEST(Prefilter, GivesTheSameOnWovenLogs) {
  uint64_t skipped = 0;
  for (unsigned seed = 0; seed < Seeds() && !HasFailure(); ++seed)
    skipped += ScanWoven(20261122 + seed * 1000);
  EXPECT_GT(skipped, 500u);
}

// ---- failures

bool Shows(const FailureSign& sign, const std::string& text) {
  std::string lower = text;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return std::all_of(sign.begin(), sign.end(), [&](const SignPart& part) {
    return Prefilter::Meets({part.any, false, part.words}, text, lower);
  });
}

TEST(FailureSigns, AreInWhateverIsJudgedAFailure) {
  std::vector<std::string> words = {"the",    "row",    "is",       "was",     "not",
                                    "ran",    "out",    "of",       "timed",   "up",
                                    "no",     "ack",    "outbox",   "in",      "3",
                                    "10",     "will",   "retry",    "can't",   "couldn\xE2\x80\x99t",
                                    "giving", "more",   "attempts", "left",    "locally",
                                    "queued", "rolled", "back",     "written", "never",
                                    "dead",   "letter", "save"};
  for (const WordList list : {WordList::kFailure, WordList::kGaveUp, WordList::kUnit, WordList::kRole}) {
    for (const std::string_view word : WordsIn(list)) words.emplace_back(word);
  }
  static constexpr const char* kBetween[] = {" ",  " ", "_", "-",  ": ", "",  ".",
                                             "\"", "'", "=", " (", "\n", ", "};
  const std::vector<FailureSign> signs = FailureSigns();
  std::mt19937 random(3);
  size_t failures = 0, silent = 0;
  for (int round = 0; round < 60000; ++round) {
    std::string text;
    for (size_t i = 0, n = 1 + random() % 5; i < n; ++i) {
      std::string word = words[random() % words.size()];
      if (random() % 4 == 0) word[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(word[0])));
      if (random() % 9 == 0) {
        for (char& c : word) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      }
      if (random() % 30 == 0) word.insert(random() % word.size(), random() % 2 == 0 ? "'" : "x");
      text += word + kBetween[random() % std::size(kBetween)];
    }
    const Judgement judged = Judge(text);
    const bool told = judged.failed || judged.gave_up || judged.partial;
    const bool shown =
        std::any_of(signs.begin(), signs.end(), [&](const auto& sign) { return Shows(sign, text); });
    ASSERT_TRUE(shown || !told) << text;
    failures += told ? 1 : 0;
    silent += shown ? 0 : 1;
  }
  EXPECT_GT(failures, 1000u);
  EXPECT_GT(silent, 1000u);
}

// ---- literals
// ------------------------------------------------------------------------------------------------

bool HasOne(std::string text, const std::vector<std::string>& literals) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return std::any_of(literals.begin(), literals.end(),
                     [&](const std::string& literal) { return text.find(literal) != std::string::npos; });
}

TEST(Literals, AreInWhatTheRegexMatches) {
  struct Case {
    const char* regex;
    const char* match;
  };
  for (const auto& [regex, match] :
       {Case{R"(^Task (\S+)\[([^\]]+)\] succeeded in)", "Task a.b[7] succeeded in 0.2s"},
        Case{R"((?i)\b(?:retry|retries) exhausted)", "All RETRIES exhausted"},
        Case{R"(job (?:done|ended) (?:ok|well))", "job ended well"}, Case{R"(^s → )", "s → x"},
        Case{R"(a/b"c\\d literal)", R"(a/b"c\d literal)"}}) {
    ASSERT_TRUE(RE2::PartialMatch(match, regex)) << regex;
    const auto sets = RequiredLiterals(regex);
    EXPECT_FALSE(sets.empty()) << regex;
    for (const auto& set : sets) EXPECT_TRUE(HasOne(match, set)) << regex;
  }
  for (const char* regex : {".*", "[a-z]+", "a|b", "(?:x)?", "^[IWEF]\\d{4}"}) {
    EXPECT_TRUE(RequiredLiterals(regex).empty()) << regex;
  }
}

TEST(Literals, AreInTheExamplesOfAllRules) {
  for (const Pack& pack : BuiltinEngine().rules().packs) {
    for (const Rule& rule : pack.rules) {
      if (rule.pattern.empty()) continue;
      const RE2 regex(rule.pattern);
      const auto sets = RequiredLiterals(rule.pattern);
      for (const Example& example : rule.examples) {
        if (!RE2::PartialMatch(example.log, regex)) continue;  // it matches a part of the line only
        for (const auto& set : sets)
          EXPECT_TRUE(HasOne(example.log, set)) << rule.FullId() << ": " << example.log;
      }
    }
  }
}

// ---- regexes on raw lines

bool MayMatch(const std::string& line, const std::string& regex) {
  RawTexts texts;
  texts.Open(line);
  return texts.MayMatch(UnboundRegex(regex));
}

TEST(RawTexts, AreMatchedAsDeepAsTheyAreWrapped) {
  std::string line = "job \"seven\"\tended in C:\\tmp";
  for (int depth = 0; depth < 3; ++depth) {
    EXPECT_TRUE(MayMatch(line, R"(^Job "\w+"\tended in C:\\tmp$)")) << line;
    EXPECT_FALSE(MayMatch(line, "^job ended")) << line;
    line = "{\"message\":" + JsonString(line) + "}";
  }
  EXPECT_TRUE(MayMatch(line, "^job ended")) << "too deep to be told";
}

TEST(RawTexts, LetThroughWhatIsNotTold) {
  EXPECT_TRUE(MayMatch("a\xFF", "b")) << "no UTF-8";
  EXPECT_TRUE(MayMatch(R"({"a":"\q"})", "b")) << "no escape";
  EXPECT_TRUE(MayMatch("a", "\\Qb\\E"));
  EXPECT_TRUE(MayMatch(R"({"message":["job","ended"]})", R"(job\sended)"));
  EXPECT_FALSE(MayMatch(R"({"message":["job","ended"]})", "job ended"));
  EXPECT_TRUE(MayMatch("a^$b", R"([$^]\$b)")) << "an anchor is none in a class, or behind a backslash";
  EXPECT_TRUE(MayMatch("a]^1", R"([]^]\^[[:digit:]^$]$)"));
}

// ---- the search
// ----------------------------------------------------------------------------------------------

using Hits = std::vector<std::pair<size_t, uint32_t>>;

Hits NaiveHits(const std::vector<std::string>& literals, std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  Hits hits;
  for (uint32_t i = 0; i < literals.size(); ++i) {
    for (size_t at = text.find(literals[i]); at != std::string::npos; at = text.find(literals[i], at + 1)) {
      hits.emplace_back(at, i);
    }
  }
  std::sort(hits.begin(), hits.end());
  return hits;
}

Hits FastHits(const LiteralSearch& search, const std::string& text) {
  const std::string padded = text + std::string(kKernelOverread, 'x');
  LiteralSearch::Cursor cursor(search, std::string_view(padded).substr(0, text.size()));
  Hits hits;
  for (LiteralHit hit = cursor.Next(0); hit.literal != kNoLiteral; hit = cursor.Next(0)) {
    hits.emplace_back(hit.at, hit.literal);
  }
  std::sort(hits.begin(), hits.end());
  return hits;
}

TEST(LiteralSearch, FindsWhatANaiveSearchFinds) {
  std::mt19937 random(7);
  constexpr std::string_view kLetters = "abcABC \"\\[]:,01.\n\xC3";
  const auto text = [&](size_t size) {
    std::string made;
    for (size_t i = 0; i < size; ++i) made += kLetters[random() % kLetters.size()];
    return made;
  };
  for (const NamedKernel& kernel : Kernels()) {
    if (kernel.run == nullptr) continue;
    for (int round = 0; round < 60; ++round) {
      std::vector<std::string> literals;
      for (size_t i = 0, n = 1 + random() % 60; i < n; ++i) {
        std::string literal = text(2 + random() % 14);
        std::transform(literal.begin(), literal.end(), literal.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        if (std::find(literals.begin(), literals.end(), literal) == literals.end())
          literals.push_back(literal);
      }
      const std::string sample = text(500);
      const LiteralSearch search(literals, round % 2 == 0 ? sample : "", kernel.run);
      std::string log = text(random() % 9000);
      for (size_t i = 0; i < 20 && !log.empty(); ++i) {
        log.insert(random() % log.size(), literals[random() % literals.size()]);
      }
      ASSERT_EQ(FastHits(search, log), NaiveHits(literals, log)) << kernel.name << " round " << round;
    }
  }
}

// ---- the automaton

TEST(LiteralAutomaton, FindsWhatANaiveSearchFinds) {
  std::mt19937 random(11);
  constexpr std::string_view kLetters = "abcABC 01.";  // no two of a class
  const auto text = [&](size_t size) {
    std::string made;
    for (size_t i = 0; i < size; ++i) made += kLetters[random() % kLetters.size()];
    return made;
  };
  for (int round = 0; round < 60; ++round) {
    std::vector<std::string> literals;
    for (size_t i = 0, n = 1 + random() % 60; i < n; ++i) {
      std::string literal = text(1 + random() % 6);
      std::transform(literal.begin(), literal.end(), literal.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
      if (std::find(literals.begin(), literals.end(), literal) == literals.end()) literals.push_back(literal);
    }
    const std::string log = text(random() % 900);
    const LiteralAutomaton automaton(literals);
    Hits hits;
    EXPECT_FALSE(automaton.Find(log, [&](uint32_t literal, size_t at) {
      hits.emplace_back(at, literal);
      return false;
    }));
    std::sort(hits.begin(), hits.end());
    ASSERT_EQ(hits, NaiveHits(literals, log)) << "round " << round;
  }
}

TEST(Literals, AlternativesAreTakenApart) {
  EXPECT_EQ(Alternatives("a|(?:b|(c|d))|e[|)]"), (std::vector<std::string>{"a", "b", "(c|d)", "e[|)]"}));
  EXPECT_EQ(Alternatives("(?i:x|y)"), (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(Alternatives("(?:x|y)z"), (std::vector<std::string>{"(?:x|y)z"}));
  EXPECT_EQ(Alternatives("(?P<n>x|y)"), (std::vector<std::string>{"(?P<n>x|y)"}));
}

TEST(Literals, KnowWhatMayGoOverALine) {
  for (const char* regex :
       {"a[^ ]", R"(a\sb)", R"([^\\n])", R"([\n])", "[^a]b[^\\n]", R"([[:space:]])", R"(\[^\n])"}) {
    EXPECT_TRUE(MayMatchNewline(regex)) << regex;
  }
  for (const char* regex : {R"(a[^ \n]+:)", R"([^]\n]x)", "[^\\]\\n]", "a.*b", R"(\S[ \t])"}) {
    EXPECT_FALSE(MayMatchNewline(regex)) << regex;
  }
}

}  // namespace
}  // namespace gainsay
