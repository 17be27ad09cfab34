#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "rule/diagnostic.h"

namespace gainsay {
namespace {

Diagnostic At(int line, int column, int length, std::string source_line) {
  Diagnostic d;
  d.at = {"mine.toml", line, column};
  d.length = length;
  d.message = "wrong";
  d.source_line = std::move(source_line);
  return d;
}

std::string Lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

TEST(DiagnosticTest, ShowsPlaceLineCaretAndHelp) {
  Diagnostic d = At(12, 1, 6, "patern = 'x'");
  d.message = "unknown key 'patern' in [[error]]";
  d.help = "did you mean 'pattern'?";
  EXPECT_EQ(Render(d), Lines({"mine.toml:12:1: error: unknown key 'patern' in [[error]]",  //
                              "   12 | patern = 'x'",                                      //
                              "      | ^~~~~~",                                            //
                              "  help: did you mean 'pattern'?"}));
}

TEST(DiagnosticTest, WithoutALineShowsOnlyTheName) {
  Diagnostic d = At(0, 0, 1, "");
  d.at.file = "celry";
  d.help = "did you mean 'celery'?";
  EXPECT_EQ(Render(d), "celry: error: wrong\n  help: did you mean 'celery'?\n");
  d.help = "";
  d.severity = Diagnostic::Severity::kWarning;
  EXPECT_EQ(Render(d), "celry: warning: wrong\n");
}

TEST(DiagnosticTest, WithoutASourceLineShowsNoCaret) {
  EXPECT_EQ(Render(At(7, 3, 2, "")), "mine.toml:7:3: error: wrong\n");
}

struct CaretCase {
  const char* what;
  int column, length;
  std::string line, shown, caret;
};

TEST(DiagnosticTest, CaretStandsUnderItsColumn) {
  const std::vector<CaretCase> cases = {
      {"plain", 5, 3, "ab = xyz", "ab = xyz", "    ^~~"},
      {"tab before", 2, 2, "\tab = 1", "    ab = 1", "    ^~"},
      {"tab within", 1, 3, "a\tb", "a    b", "^~~~~~"},
      {"two-byte letters before", 4, 1, "éüß!", "éüß!", "   ^"},
      {"wide letters before", 3, 2, "日本xy", "日本xy", "    ^~"},
      {"wide letters within", 2, 2, "a日本b", "a日本b", " ^~~~"},
      {"combining mark before", 3, 1, "e\u0301x", "e\u0301x", " ^"},
      {"emoji before", 2, 1, "\U0001F600x", "\U0001F600x", "  ^"},
      {"escape before", 2, 1, "\x1bx", "\\x1bx", "    ^"},
      {"bidirectional mark before", 2, 1, "\u202ex", "\\u202ex", "      ^"},
      {"invalid UTF-8 before", 3, 1, "\xff\xc3x", "\\xff\\xc3x", "        ^"},
      {"surrogate, overlong", 7, 1, "\xed\xa0\x80\xc0\xaf.x", "\\xed\\xa0\\x80\\xc0\\xaf.x",
       std::string(21, ' ') + "^"},
      {"cut UTF-8 at the end", 1, 1, "a\xe6\x97", "a\\xe6\\x97", "^"},
      {"NUL", 2, 1, std::string("\0x", 2), "\\x00x", "    ^"},
      {"behind the end", 4, 1, "abc", "abc", "   ^"},
      {"far behind the end", 40, 9, "abc", "abc", "   ^"},
      {"longer than the line", 2, 40, "abc", "abc", " ^~"},
      {"nonsense", -3, -3, "abc", "abc", "^"},
  };
  for (const CaretCase& c : cases) {
    SCOPED_TRACE(c.what);
    EXPECT_EQ(Render(At(3, c.column, c.length, c.line)),
              "mine.toml:3:" + std::to_string(std::max(c.column, 1)) + ": error: wrong\n    3 | " + c.shown +
                  "\n      | " + c.caret + "\n");
  }
}

TEST(DiagnosticTest, ShowsOnlyThePartOfALongLineAroundTheCaret) {
  const std::string text = Render(At(1, 5001, 3, std::string(5000, 'a') + "bad" + std::string(5000, 'c')));
  EXPECT_EQ(text, "mine.toml:1:5001: error: wrong\n    1 | ..." + std::string(70, 'a') + "bad" +
                      std::string(67, 'c') + "...\n      | " + std::string(73, ' ') + "^~~\n");
}

TEST(DiagnosticTest, WideLineNumbersKeepTheGutterStraight) {
  EXPECT_EQ(Render(At(1234567, 2, 1, "ab")),
            "mine.toml:1234567:2: error: wrong\n1234567 | ab\n        |  ^\n");
}

TEST(DiagnosticTest, EscapesWhatMessagesQuote) {
  Diagnostic d = At(1, 1, 1, "");
  d.at.file = "a\nb";
  d.message = "unknown key '\x1b[31m'";
  d.help = "not\x07 that";
  EXPECT_EQ(Render(d), "a\\x0ab:1:1: error: unknown key '\\x1b[31m'\n  help: not\\x07 that\n");
}

TEST(DiagnosticTest, RendersSeveralOneAfterTheOther) {
  EXPECT_EQ(Render(std::vector<Diagnostic>{At(0, 0, 1, ""), At(2, 1, 1, "")}),
            "mine.toml: error: wrong\nmine.toml:2:1: error: wrong\n");
  EXPECT_EQ(Render(std::vector<Diagnostic>{}), "");
}

TEST(NearestWordTest, SuggestsSlipsOfTheHandOnly) {
  const std::vector<std::string> words = {"pattern",  "unless",    "where",   "match",     "id",
                                          "examples", "cancelled", "message", "succeeded", "role"};
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"patern", "pattern"},
      {"pattren", "pattern"},
      {"PATTERN", "pattern"},
      {"wheer", "where"},
      {"example", "examples"},
      {"canceled", "cancelled"},
      {"succeded", "succeeded"},
      {"rol", "role"},
      {"roles", "role"},
      {"messages", "message"},
      {"msg", ""},
      {"xx", ""},
      {"i", ""},
      {"", ""},
      {"something", ""},
      {"matching", "match"},
      {"whose", ""},
  };
  for (const auto& [word, nearest] : cases) EXPECT_EQ(NearestWord(word, words), nearest) << word;
}

TEST(NearestWordTest, TakesTheNearestAndTheFirstOfEquals) {
  EXPECT_EQ(NearestWord("celery2", {"celery5", "celery2x", "celery3"}), "celery5");
  EXPECT_EQ(NearestWord("targte", {"targets", "target"}), "target");
}

TEST(NearestWordTest, IsBoundedOnHugeWords) {
  const std::string huge(1 << 20, 'a');
  EXPECT_EQ(NearestWord(huge, {huge, "a"}), "");
  EXPECT_EQ(NearestWord("aaaa", {huge, "aaab"}), "aaab");
  EXPECT_EQ(NearestWord(std::string(64, 'a'), {std::string(64, 'b')}), "");
}

}  // namespace
}  // namespace gainsay
