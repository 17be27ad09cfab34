#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "rule/loader.h"
#include "rule_text.h"

namespace gainsay {
namespace {

// What is wrong, and what of the rendered text must say so.
struct BadCase {
  std::string toml;
  std::vector<std::string> says;
};

void ExpectEach(const std::vector<BadCase>& cases) {
  for (const BadCase& c : cases) {
    const Parsed parsed = Parse(c.toml);
    const std::string text = parsed.Text();
    ASSERT_EQ(parsed.diagnostics.size(), 1u) << c.toml << "\n" << text;
    EXPECT_EQ(parsed.diagnostics[0].severity, Diagnostic::Severity::kError) << text;
    for (const std::string& part : c.says) {
      EXPECT_NE(text.find(part), std::string::npos) << "no " << part << " in\n" << text;
    }
  }
}

TEST(ParsePackErrorTest, SyntaxAndHead) {
  const std::string rule = "[[start]]\nid='s'\npattern='x'\nexamples=[{log='x'}]\n";
  ExpectEach({
      {"format = 1\nid = \n", {"mine.toml:2:6: error: ", "    2 | id = \n", "      |      ^\n"}},
      {"format = 1\nx = '\xff'\n",
       {"mine.toml:2:5: error: ", "utf-8", "    2 | x = '\\xff'\n", "      |     ^\n"}},
      {"format = 1\nformat = 1\n", {"mine.toml:2:10: error: ", "redefine"}},
      {"[fields]\ntask = 'x'\n", {"missing 'format'", "help: begin the file with format = 1"}},
      {"format = 2\nwhatever = 1\n", {"mine.toml:1:10: error: unknown format: this program reads 1"}},
      {"format = '1'\n", {"mine.toml:1:10: error: unknown format"}},
      {"format = 1\ntitle = 't'\n" + rule, {"mine.toml:1:1: error: missing 'id'"}},
      {"format = 1\nid = 't'\n" + rule, {"missing 'title'"}},
      {"format = 1\nid = 'Big'\ntitle = 't'\n" + rule,
       {"mine.toml:2:6: error: bad pack id 'Big'", "lower-case"}},
      {"format = 1\nid = ''\ntitle = 't'\n" + rule, {"mine.toml:2:6: error: 'id' is empty"}},
      {"format = 1\nid = 3\ntitle = 't'\n" + rule,
       {"'id' must be a string, not an integer", "help: write it in quotes"}},
      {kHead + std::string("outer = 'yes'\n") + rule,
       {"mine.toml:4:9: error: 'outer' must be true or false, not a string"}},
      {kHead + std::string("scope = 'queue'\n") + rule,
       {"'scope' must be an array of strings, not a string", "scope = [\"…\"]"}},
      {kHead + std::string("scope = ['queu']\n") + rule,
       {"4:10: error: unknown field 'queu' in 'scope'", "'queue'?"}},
      {kHead + std::string("titel = 'queue'\n") + rule,
       {"4:1: error: unknown key 'titel' at the top level", "'title'?"}},
      {kHead + rule + "[[eror]]\nid = 'x'\n",
       {"8:3: error: unknown table 'eror' at the top level", "      |   ^~~~\n", "'error'?"}},
      {kHead + rule + "[error]\nid = 'x'\n",
       {"8:1: error: 'error' must be an array of tables, not a table", "help: write [[error]]"}},
      {"format = 1\nsuppress = [1]\n[fields]\ntask = 'x'\n",
       {"each element of 'suppress' must be a table, not an integer"}},
  });
}

TEST(ParsePackErrorTest, FieldsAndPatterns) {
  const std::string head = "format = 1\n";
  ExpectEach({
      {head + "[fields]\ntask = 3\n[[test]]\nname='n'\nlog='l'\nexpect={}\n",
       {"3:8: error: 'task' in [fields] must be a string or an array of strings, not an integer"}},
      {head + "[fields]\ntask = ['x', 3]\n",
       {"each element of 'task' in [fields] must be a string, not an integer"}},
      {head + "[fields]\nlane = 'x'\nouter_task = 'x'\n", {"4:1: error: unknown field 'outer_task'"}},
      {head + "fields = 'x'\n[[test]]\nname='n'\nlog='l'\nexpect={}\n",
       {"'fields' must be a table, not a string"}},
      {ErrorRule("pattern = '%{uid}'\n[patterns]\nuuid = "
                 "'x'\n[[mention]]\nid='m'\npattern='%{uuid}'\nexamples=[{log='x'}]"),
       {"7:11: error: unknown pattern '%{uid}'", "      |           ^~~~~~~~\n", "did you mean 'uuid'?"}},
      {ErrorRule("pattern = '%{ b.c }'"), {"unknown pattern '%{ b.c }'"}},
      {ErrorRule("pattern = '%{a}'\n[patterns]\na = 'x%{b}'\nb = '%{c}'\nc = '%{a}'"),
       {"11:5: error: pattern 'a' is circular: a -> b -> c -> a\n"}},
      {ErrorRule("pattern = '%{a}'\n[patterns]\na = '%{a}'"),
       {"9:5: error: pattern 'a' is circular: a -> a\n"}},
      {ErrorRule("pattern = '%{a}%{a}'\n[patterns]\na = '(x'"), {"9:5: error: bad regex: missing )"}},
      {ErrorRule("pattern = 'x%{a}'\n[patterns]\na = 3"),
       {"9:5: error: pattern 'a' must be a string, not an integer"}},
      {ErrorRule("pattern = 'x'\n[patterns]\n\"a b\" = 'x'"), {"9:1: error: bad pattern name 'a b'"}},
      {ErrorRule("pattern = '%{a}%{a}'\n[patterns]\na = '(?P<task>x)'"),
       {"7:11: error: two groups named 'task' in one regex"}},
  });
}

TEST(ParsePackErrorTest, RegexesOfOtherEngines) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"x(?=y)", "RE2 has no lookahead"},
      {"x(?!y)", "'unless'"},
      {"(?<=x)y", "RE2 has no lookbehind"},
      {"(?<!x)y", "RE2 has no lookbehind"},
      {"(?<task>x)", "(?P<name>…)"},
      {"(x)\\1", "RE2 has no backreferences"},
      {"(?P<n>x)(?P=n)", "RE2 has no backreferences"},
      {"(?>x)", "write (?:…)"},
      {"x++", "leave out the second '+'"},
      {"x\\Z", "write \\z"},
      {"x{1001}", "bad regex: invalid repetition size: {1001}"},
      {"[z-a]", "bad regex: invalid character class range: z-a"},
      {"x{1000}{1000}", "bad regex: "},
      {"((x{100}){100}){100}", "bad regex: "},
  };
  for (const auto& [regex, says] : cases) {
    ExpectEach({{ErrorRule("pattern = '" + regex + "'"), {"mine.toml:7:11: error: bad regex: ", says}},
                {ErrorRule("where = { x = 1 }\nmatch = { a.b = '" + regex + "' }"),
                 {"mine.toml:8:17: error: bad regex: ", says}}});
  }
}

TEST(ParsePackErrorTest, Rules) {
  ExpectEach({
      {ErrorRule("patern = 'x'\nwhere = {x=1}"),
       {"7:1: error: unknown key 'patern' in [[error]]", "did you mean 'pattern'?"}},
      {ErrorRule(""),
       {"4:1: error: this [[error]] would match every record",
        "pattern, where, match, capture, operation, cause"}},
      {ErrorRule("unless = 'x'"), {"this [[error]] would match every record"}},
      {ErrorRule("pattern = ''"), {"7:11: error: 'pattern' in [[error]] is empty"}},
      {ErrorRule("pattern = ['x']"), {"'pattern' in [[error]] must be a string, not an array"}},
      {ErrorRule("pattern = 'x'\nstate = 'failed'"),
       {"8:1: error: unknown key 'state' in [[error]]", "only [[terminal]] takes 'state'"}},
      {WithPattern("start", "cause = true"),
       {"unknown key 'cause' in [[start]]", "only [[error]] takes 'cause'"}},
      {WithPattern("terminal", ""), {"4:1: error: missing 'state' in [[terminal]]"}},
      {WithPattern("terminal", "state = 'canceled'"),
       {"8:9: error: unknown state 'canceled'", "did you mean 'cancelled'?"}},
      {WithPattern("terminal", "state = 'ok'"), {"one of: succeeded, failed, cancelled, retrying"}},
      {WithPattern("error", "operation = 'writ'"), {"unknown operation 'writ'", "did you mean 'write'?"}},
      {WithPattern("error", "level = '>=eror'"), {"8:9: error: bad level '>=eror'", "did you mean 'error'?"}},
      {WithPattern("error", "level = '=>error'"), {"bad level '=>error'"}},
      {WithPattern("error", "level = 17"), {"'level' in [[error]] must be a string, not an integer"}},
      {WithPattern("error", "lane = 0"), {"'lane' in [[error]] must be true or false"}},
      {WithPattern("error", "where = 'x'"), {"'where' in [[error]] must be a table, not a string"}},
      {WithPattern("error", "where = {}"), {"'where' is empty"}},
      {WithPattern("error", "where = { a.b = 1.5 }"),
       {"8:17: error: 'a.b' in 'where' must be a string, an integer or a boolean, not a float"}},
      {WithPattern("error", "where = { a = [1] }"), {"not an array"}},
      {WithPattern("error", "match = { a = 1 }"), {"'a' in 'match' must be a string, not an integer"}},
      {WithPattern("error", "capture = { a.b = 'x' }"), {"8:15: error: bad group name 'a.b'"}},
      {WithPattern("error", "capture = { task = '' }"), {"'task' in 'capture' is empty"}},
      {WithPattern("error", "extract = { role = 'x' }"), {"must have a capturing group"}},
      {ErrorRule("pattern = '(?P<task>x)'\ncapture = { task = 'x' }"),
       {"8:13: error: 'task' is captured by 'pattern' and by 'capture'"}},
      {ErrorRule("pattern = '(?P<a>x)|(?P<a>y)'"), {"7:11: error: two groups named 'a' in one regex"}},
      {ErrorRule("pattern = '" + std::string(33, '(') + "x" + std::string(33, ')') + "'"),
       {"more than 32 groups"}},
      {std::string(kHead) + "[[error]]\npattern='x'\nexamples=[{log='x'}]\n",
       {"4:1: error: missing 'id' in [[error]]"}},
      {std::string(kHead) + "[[error]]\nid='a b'\npattern='x'\nexamples=[{log='x'}]\n",
       {"5:4: error: bad id 'a b'"}},
      {WithPattern("error", "[[error]]\nid = 'r'\npattern='y'\nexamples=[{log='y'}]"),
       {"9:6: error: duplicate id 'r' in [[error]], first on line 5"}},
  });
  // The same id in two kinds is fine.
  EXPECT_EQ(Parse(WithPattern("error", "[[start]]\nid = 'r'\npattern='y'\nexamples=[{log='y'}]")).Text(), "");
}

TEST(ParsePackErrorTest, Examples) {
  const auto rule = [](const std::string& kind, const std::string& lines) {
    return std::string(kHead) + "[[" + kind + "]]\nid='r'\npattern='(?P<message>x)'\n" + lines;
  };
  for (const std::string kind : {"start", "mention", "error", "resolution", "text", "reason"}) {
    // `rules check` asks for an example that fires; a scan does without.
    EXPECT_EQ(Parse(rule(kind, "")).Text(), "");
    EXPECT_EQ(Parse(rule(kind, "examples=[]")).Text(), "");
  }
  ExpectEach({
      {rule("start", "examples=['x']"), {"an example must be a table, not a string"}},
      {rule("start", "examples={log='x'}"), {"'examples' must be an array of tables, not a table"}},
      {rule("start", "examples=[{match=true}]"), {"7:11: error: missing 'log' in an example"}},
      {rule("start", "examples=[{log=3}]"), {"'log' in an example must be a string, not an integer"}},
      {rule("start", "examples=[{log='x', task=1.5}]"),
       {"'task' in an example must be a string, an integer or a boolean"}},
      {rule("start", "examples=[{log='x', match=1}]"),
       {"'match' in an example must be true or false, not an integer"}},
  });
}

TEST(ParsePackErrorTest, TextsReasonsSuppressionsTests) {
  const auto text = [](const std::string& pattern) {
    return std::string(kHead) + "[[text]]\nid='r'\nexamples=[{log='x'}]\npattern='" + pattern + "'\n";
  };
  const std::string suppress = "format = 1\n[[suppress]]\nid = 's'\n";
  const std::string test = "format = 1\n[[test]]\nname = 'n'\n";
  ExpectEach({
      {text("(?P<time>x)"), {"7:9: error: this [[text]] pattern has no group 'message'"}},
      {text("(?P<mesage>x)(?P<message>x)"), {"unknown field 'mesage'", "did you mean 'message'?"}},
      {std::string(kHead) + "[[text]]\nid='r'\nexamples=[{log='x'}]\n", {"missing 'pattern' in [[text]]"}},
      {std::string(kHead) + "[[reason]]\nid='r'\nexamples=[{log='x'}]\n",
       {"4:1: error: this [[reason]] matches nothing", "pattern, store"}},
      {WithPattern("reason", "before = 'x'"), {"'before' in [[reason]] must be an array of strings"}},
      {WithPattern("reason", "beforr = ['x']"), {"unknown key 'beforr' in [[reason]]", "'before'?"}},
      {WithPattern("reason", "why = 'x'"), {"only [[suppress]] takes 'why'"}},
      {suppress + "where = {task='x'}", {"2:1: error: missing 'why' in [[suppress]]", "help: say who"}},
      {suppress + "where = {task='x'}\nwhy = ''", {"'why' in [[suppress]] is empty"}},
      {suppress + "why = 'x'", {"2:1: error: this [[suppress]] would suppress every error", "where, match"}},
      {suppress + "why = 'x'\nwhere = {reson='x'}",
       {"5:10: error: unknown key 'reson' in 'where'", "'reason'?"}},
      {suppress + "why = 'x'\nmatch = {level='x'}",
       {"unknown key 'level' in 'match'", "one of: rule, reason"}},
      {suppress + "why = 'x'\nmatch = {task='('}", {"5:15: error: bad regex: missing )"}},
      {suppress + "why = 'x'\nwhere = {task='x'}\nexpires = '2027-02-29'",
       {"6:11: error: 'expires' must be a day, not '2027-02-29'", "2027-03-31"}},
      {suppress + "why = 'x'\nwhere = {task='x'}\nexpires = '27-2-9'", {"'expires' must be a day"}},
      {suppress + "why = 'x'\nwhere = {task='x'}\nexpires = 2027-03-31T10:00:00Z",
       {"'expires' must be a day, not a date-time"}},
      {suppress + "why = 'x'\nwhere = {task='x'}\nexpires = 2027-02-30", {"6:"}},  // TOML's own complaint
      {suppress + "why = 'x'\nwhere = {task='x'}\npattern = 'x'", {"unknown key 'pattern' in [[suppress]]"}},
      {test + "log = 'x'", {"missing 'expect' in [[test]]", "help: write expect ="}},
      {test + "expect = {}", {"missing 'log' in [[test]]"}},
      {test + "log = 'x'\nexpect = 'clean'", {"'expect' in [[test]] must be a table"}},
      {test + "log = 'x'\nexpect = {contradicton=['x']}",
       {"5:11: error: unknown verdict 'contradicton'", "'contradiction'?"}},
      {test + "log = 'x'\nexpect = {clean='x'}",
       {"'clean' in 'expect' must be an array of strings, not a string"}},
      {test + "log = 'x'\nexpect = {clean=[1]}",
       {"each element of 'clean' in 'expect' must be a string", "in quotes"}},
      {test + "log = 'x'\nexpect = {unattributed=-1}", {"'unattributed' must be a number of errors"}},
      {test + "log = 'x'\nexpect = {}\nunattributed = 'x'", {"'unattributed' must be a number of errors"}},
      {test + "log = 'x'\nexpect = {unattributed=1}\nunattributed = 1", {"'unattributed' is given twice"}},
      {test + "log = 'x'\nexpect = {}\n[[test]]\nname = 'n'\nlog = 'x'\nexpect = {}",
       {"duplicate name 'n' in [[test]], first on line 3"}},
  });
  EXPECT_EQ(Parse(test + "log = 'x'\nexpect = {}\nunattributed = 1").pack.scenarios.at(0).unattributed, 1);
}

TEST(ParsePackErrorTest, CaretStandsRightBehindTabsAndUtf8) {
  EXPECT_EQ(Parse(WithPattern("error", "where\t= { \"größe\" = 'é', 日 = 1.5 }")).diagnostics.size(),
            1u);  // no bare key
  EXPECT_EQ(Parse(WithPattern("error", "\twhere = { \"größe\" = '日本', x = 1.5 }")).Text(),
            "mine.toml:8:32: error: 'x' in 'where' must be a string, an integer or a boolean, not a float\n"
            "    8 |     where = { \"größe\" = '日本', x = 1.5 }\n"
            "      |                                     ^~~\n"
            "  help: write it in quotes, as the log has it\n");
}

TEST(ParsePackErrorTest, UnderlinesAMultiLineValueToItsFirstLinesEnd) {
  EXPECT_EQ(Parse(WithPattern("error", "unless = '''(x\ny'''")).Text(),
            "mine.toml:8:10: error: bad regex: missing ): (x\\x0ay\n"
            "    8 | unless = '''(x\n"
            "      |          ^~~~~\n"
            "  help: a parenthesis that is text is written \\( or \\)\n");
}

TEST(ParsePackErrorTest, FindsAllErrorsInFileOrder) {
  const Parsed parsed = Parse(std::string(kHead) +
                              "[[terminal]]\nid = 't'\nstate = 'done'\npattern = '('\n"
                              "[[error]]\nid = 'e'\npatern = 'x'\nlevel = 'loud'\n"
                              "[fields]\ntsk = 'x'\n");
  std::vector<int> lines;
  for (const Diagnostic& d : parsed.diagnostics) lines.push_back(d.at.line);
  EXPECT_EQ(lines, (std::vector<int>{6, 7, 10, 11, 13})) << parsed.Text();
}

TEST(ParsePackWarningTest, OddButFine) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {ErrorRule("pattern = 'x'\n[patterns]\nunused = 'x'"), "9:1: warning: pattern 'unused' is never used"},
      {ErrorRule("pattern = 'x'\nunless = '(?P<a>x)'"),
       "8:10: warning: group 'a' in 'unless' captures nothing"},
      {ErrorRule("match = { m = '(?P<a>x)' }"), "7:11: warning: group 'a' in 'match' captures nothing"},
      {WithPattern("reason", "[[reason]]\nid='other'\npattern='x'\nexamples=[{log='x'}]"),
       "9:4: warning: reason 'other' is implied and always last"},
      {std::string(kHead) +
           "[[error]]\nid='e'\npattern='x'\nexamples=[{log='x'},{log='y',match=false,task='3'}]\n",
       "7:21: warning: an example that must not match expects values"},
      {"format = 1\n", "warning: nothing but a head in this file"},
  };
  for (const auto& [toml, says] : cases) {
    const Parsed parsed = Parse(toml);
    ASSERT_EQ(parsed.diagnostics.size(), 1u) << toml << parsed.Text();
    EXPECT_EQ(parsed.diagnostics[0].severity, Diagnostic::Severity::kWarning);
    EXPECT_NE(parsed.Text().find(says), std::string::npos) << parsed.Text();
  }
}

}  // namespace
}  // namespace gainsay
