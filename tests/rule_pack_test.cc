#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "rule/loader.h"
#include "rule_text.h"

namespace gainsay {
namespace {

const char kPack[] = R"toml(format = 1
id     = "celery-5"
title  = "Celery"
scope  = ["queue"]

[fields]
task = ["celery_task_id", "ctx.jid"]
lane = "worker"

[patterns]
uuid = '[0-9a-f-]{36}'
task = '(?P<task>%{uuid})'

[[text]]
id = "line"
pattern = '^\[(?P<time>[^\]]*)\] (?P<message>.*)$'
examples = [{ log = '[10:00:00] x', message = "x" }]

[[start]]
id = "received"
pattern = '^Task \[%{task}\] received'
examples = [{ log = 'Task [..] received', task = "7c3d", match = true }, { log = "no", match = false }]

[[mention]]
id = "args"
where = { state = "PROGRESS", "a.b" = 3, c.d = true, c.e.f = "" }
capture = { task = "ctx.jid", subject = "ctx.doc" }
examples = [{ log = '{}' }]

[[error]]
id = "primary"
pattern = '(?P<role>primary|secondary) write failed: (?P<cause>.*)'
unless = 'failed over'
match = { "error.type" = 'Timeout|%{uuid}' }
extract = { collection = 'relation "([^"]+)"' }
operation = "write"
cause = true
lane = false
role = "primary"
collection = "docs"
target = "t"
subject = "s"
name = "n"
reason = "busy"
examples = [{ log = 'x', cause = "f", attempt = 3, lane = true }]

[[error]]
id = "any"
operation = "any"
level = "any"
examples = [{ log = 'x' }]

[[resolution]]
id = "retried"
pattern = 'ok after retry'
level = "<warn"
examples = [{ log = 'x' }]

[[terminal]]
id = "retry"
state = "retrying"
pattern = 'retry'
examples = [{ log = 'x' }]

[[reason]]
id = "busy"
pattern = 'busy'
store = 'SQLITE_BUSY'
before = ["other"]
examples = [{ log = 'x' }]

[[suppress]]
id = "OPS-1"
why = "by design"
where = { name = "cache.warm", reason = "busy" }
match = { message = '^cache %{uuid}' }
expires = 2027-03-31

[[test]]
name = "a scenario"
log = '''
one
two
'''
expect = { contradiction = ["7c3d", "8"], clean = [], unattributed = 2 }
)toml";

TEST(ParsePackTest, ReadsEveryKindAndKey) {
  const Parsed parsed = Parse(kPack);
  ASSERT_EQ(parsed.Text(), "");
  const Pack& pack = parsed.pack;
  EXPECT_EQ(pack.id, "celery-5");
  EXPECT_EQ(pack.title, "Celery");
  EXPECT_EQ(pack.file, "mine.toml");
  EXPECT_FALSE(pack.outer);
  EXPECT_EQ(pack.scope, std::vector<std::string>{"queue"});
  const auto paths = [&](Field field) { return pack.fields.paths[static_cast<size_t>(field)]; };
  EXPECT_EQ(paths(Field::kTask), (std::vector<std::string>{"celery_task_id", "ctx.jid"}));
  EXPECT_EQ(paths(Field::kLane), std::vector<std::string>{"worker"});
  EXPECT_TRUE(paths(Field::kOuterTask).empty());

  ASSERT_EQ(pack.texts.size(), 1u);
  EXPECT_EQ(pack.texts[0].pack, "celery-5");
  EXPECT_EQ(pack.texts[0].id, "line");
  EXPECT_EQ(pack.texts[0].examples.at(0).expect.at("message"), "x");

  ASSERT_EQ(pack.rules.size(), 6u);
  const Rule& start = pack.rules[0];
  EXPECT_EQ(start.kind, RuleKind::kStart);
  EXPECT_EQ(start.FullId(), "celery-5/received");
  EXPECT_EQ(start.pattern, R"(^Task \[(?:(?P<task>(?:[0-9a-f-]{36})))\] received)");
  EXPECT_EQ(start.level.compare, LevelTest::Compare::kAny);
  EXPECT_EQ(start.at.line, 19);
  ASSERT_EQ(start.examples.size(), 2u);
  EXPECT_TRUE(start.examples[0].match);
  EXPECT_EQ(start.examples[0].expect, (std::map<std::string, std::string>{{"task", "7c3d"}}));
  EXPECT_FALSE(start.examples[1].match);

  const Rule& mention = pack.rules[1];
  EXPECT_EQ(mention.kind, RuleKind::kMention);
  ASSERT_EQ(mention.where.size(), 4u);
  const std::vector<std::pair<std::string, std::string>> wheres = {
      {"state", "PROGRESS"}, {"a.b", "3"}, {"c.d", "true"}, {"c.e.f", ""}};
  for (size_t i = 0; i < wheres.size(); ++i) {
    EXPECT_EQ(mention.where[i].path, wheres[i].first);
    EXPECT_EQ(mention.where[i].text, wheres[i].second);
    EXPECT_EQ(mention.where[i].at.line, 26);
  }
  ASSERT_EQ(mention.capture.size(), 2u);
  EXPECT_EQ(mention.capture[0].group, "task");
  EXPECT_EQ(mention.capture[0].path, "ctx.jid");

  const Rule& error = pack.rules[2];
  EXPECT_EQ(error.kind, RuleKind::kError);
  EXPECT_EQ(error.unless, "failed over");
  ASSERT_EQ(error.match.size(), 1u);
  EXPECT_EQ(error.match[0].path, "error.type");
  EXPECT_EQ(error.match[0].text, "Timeout|(?:[0-9a-f-]{36})");
  ASSERT_EQ(error.extract.size(), 1u);
  EXPECT_EQ(error.extract[0].path, "collection");
  EXPECT_EQ(error.operation, Operation::kWrite);
  EXPECT_TRUE(error.cause);
  EXPECT_FALSE(error.lane);
  EXPECT_EQ(error.role + error.collection + error.target + error.subject + error.name + error.reason,
            "primarydocstsnbusy");
  EXPECT_EQ(error.level.compare, LevelTest::Compare::kAtLeast);
  EXPECT_EQ(error.level.severity, 17);
  EXPECT_EQ(error.examples.at(0).expect,
            (std::map<std::string, std::string>{{"cause", "f"}, {"attempt", "3"}, {"lane", "true"}}));
  EXPECT_EQ(pack.rules[3].operation, Operation::kUnknown);
  EXPECT_EQ(pack.rules[3].level.compare, LevelTest::Compare::kAny);
  EXPECT_TRUE(pack.rules[3].lane);
  EXPECT_EQ(pack.rules[4].level.compare, LevelTest::Compare::kBelow);
  EXPECT_EQ(pack.rules[4].level.severity, 13);
  EXPECT_FALSE(pack.rules[4].operation.has_value());
  EXPECT_EQ(pack.rules[5].state, State::kRetrying);

  ASSERT_EQ(pack.reasons.size(), 1u);
  EXPECT_EQ(pack.reasons[0].store, "SQLITE_BUSY");
  EXPECT_EQ(pack.reasons[0].before, std::vector<std::string>{"other"});

  ASSERT_EQ(pack.suppressions.size(), 1u);
  const Suppression& suppression = pack.suppressions[0];
  EXPECT_EQ(suppression.id, "OPS-1");
  EXPECT_EQ(suppression.why, "by design");
  EXPECT_EQ(suppression.where.size(), 2u);
  EXPECT_EQ(suppression.match.at(0).text, "^cache (?:[0-9a-f-]{36})");
  EXPECT_EQ(suppression.expires, "2027-03-31");
  EXPECT_EQ(suppression.expires_ns, 1'806'537'600'000'000'000 - 1);  // 2027-04-01 less 1 ns

  ASSERT_EQ(pack.scenarios.size(), 1u);
  EXPECT_EQ(pack.scenarios[0].log, "one\ntwo\n");
  EXPECT_EQ(pack.scenarios[0].unattributed, 2);
  EXPECT_EQ(pack.scenarios[0].expect.at("contradiction"), (std::vector<std::string>{"7c3d", "8"}));
  EXPECT_TRUE(pack.scenarios[0].expect.at("clean").empty());
}

TEST(ParsePackTest, OuterPacksHaveOuterTasksAndRuns) {
  const Parsed parsed =
      Parse(std::string(kHead) + "outer = true\n[fields]\ntask = 'UNIT'\nrun = 'INVOCATION'\nhost = 'H'\n");
  EXPECT_EQ(parsed.Text(), "");
  const auto paths = [&](Field field) { return parsed.pack.fields.paths[static_cast<size_t>(field)]; };
  EXPECT_TRUE(parsed.pack.outer);
  EXPECT_EQ(paths(Field::kOuterTask), std::vector<std::string>{"UNIT"});
  EXPECT_EQ(paths(Field::kOuterRun), std::vector<std::string>{"INVOCATION"});
  EXPECT_EQ(paths(Field::kHost), std::vector<std::string>{"H"});
  EXPECT_TRUE(paths(Field::kTask).empty());
  EXPECT_TRUE(paths(Field::kRun).empty());
}

TEST(ParsePackTest, SuppressionsAndFieldsNeedNoHead) {
  const Parsed parsed =
      Parse("format = 1\n[fields]\ntask = 'x'\n[[suppress]]\nid = 'a'\nwhy = 'b'\nwhere = { task = 'c' }\n");
  EXPECT_EQ(parsed.Text(), "");
  EXPECT_EQ(parsed.pack.id, "mine");
  EXPECT_EQ(parsed.pack.suppressions.at(0).pack, "mine");
}

TEST(ParsePackTest, ReadsLevels) {
  using C = LevelTest::Compare;
  const std::vector<std::tuple<std::string, C, int>> cases = {
      {"any", C::kAny, 0},        {">=error", C::kAtLeast, 17}, {">= error", C::kAtLeast, 17},
      {"<=warn", C::kAtMost, 13}, {">info", C::kAbove, 9},      {"<debug", C::kBelow, 5},
      {"=trace", C::kEqual, 1},   {"fatal", C::kEqual, 21},     {"critical", C::kEqual, 21},
      {"warning", C::kEqual, 13}};
  for (const auto& [text, compare, severity] : cases) {
    const Parsed parsed = Parse(WithPattern("error", "level = '" + text + "'"));
    ASSERT_EQ(parsed.Text(), "") << text;
    EXPECT_EQ(parsed.pack.rules[0].level.compare, compare) << text;
    EXPECT_EQ(int{parsed.pack.rules[0].level.severity}, severity) << text;
  }
}

TEST(ParsePackTest, ReadsExpiries) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  const std::vector<std::pair<std::string, int64_t>> cases = {{"1970-01-01", 86'399'999'999'999},
                                                              {"'1970-01-01'", 86'399'999'999'999},
                                                              {"'2024-02-29'", 1'709'251'200'000'000'000 - 1},
                                                              {"9999-12-31", kMost},
                                                              {"0001-01-01", -kMost}};
  for (const auto& [text, ns] : cases) {
    const Parsed parsed =
        Parse("format = 1\n[[suppress]]\nid = 'a'\nwhy = 'b'\nwhere = {task='c'}\nexpires = " + text);
    ASSERT_EQ(parsed.Text(), "") << text;
    EXPECT_EQ(parsed.pack.suppressions[0].expires_ns, ns) << text;
  }
}

TEST(ParsePackTest, ExpandsOnlyWhatIsAnInsertion) {
  const std::string patterns = "[patterns]\na = 'x|y'\nb-2 = '%{a}+'\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"%{a}", "(?:x|y)"},      {"%{b-2}%{a}", "(?:(?:x|y)+)(?:x|y)"},
      {"%{2}", "%{2}"},         {"%{2,}%{a}", "%{2,}(?:x|y)"},
      {R"(\%{a})", R"(\%{a})"}, {R"(\\%{a})", R"(\\(?:x|y))"},
      {"100%", "100%"},         {"[%{]%{a}", "[%{](?:x|y)"},
  };
  for (const auto& [regex, expanded] : cases) {
    const Parsed parsed = Parse(ErrorRule("pattern = '" + regex + "'\nunless = '%{b-2}'\n" + patterns));
    ASSERT_EQ(parsed.Text(), "") << regex;
    EXPECT_EQ(parsed.pack.rules[0].pattern, expanded);
  }
}

TEST(ParsePackTest, TakesTheByteOrderMarkAndCarriageReturns) {
  EXPECT_EQ(Parse("\xEF\xBB\xBF"
                  "format = 1\r\n[fields]\r\ntask = 'x'\r\n")
                .Text(),
            "");
  EXPECT_EQ(Parse("\xEF\xBB\xBF"
                  "format = 1\r\n[fields]\r\ntsk = 'x'\r\n")
                .Text(),
            "mine.toml:3:1: error: unknown field 'tsk' in [fields]\n    3 | tsk = 'x'\n      | ^~~\n"
            "  help: did you mean 'task'?\n");
}

TEST(FieldTest, NamesGoBothWaysButNeverOut) {
  for (size_t i = 0; i < kNamedFieldCount; ++i) {
    const Field field = static_cast<Field>(i);
    EXPECT_EQ(FieldByName(FieldName(field)), field);
  }
  EXPECT_EQ(FieldName(Field::kQueue), "queue");
  EXPECT_EQ(FieldName(Field::kTask), "task");
  EXPECT_FALSE(FieldByName(FieldName(Field::kOuterTask)));
  EXPECT_FALSE(FieldByName(FieldName(Field::kOuterRun)));
  EXPECT_FALSE(FieldByName(""));
  EXPECT_EQ(KindName(RuleKind::kResolution), "resolution");
  EXPECT_EQ(StateName(State::kCancelled), "cancelled");
  EXPECT_EQ(StateName(State::kNone), "");
}

}  // namespace
}  // namespace gainsay
