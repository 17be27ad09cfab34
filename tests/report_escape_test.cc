// Text from a log may hold anything; what leaves may not.
#include <gtest/gtest.h>

#include <vector>

#include "report/escape.h"

namespace gainsay {
namespace {

using std::string_view_literals::operator""sv;

struct EscapeCase {
  std::string_view raw, text, json;
};

TEST(Escape, TextAndJson) {
  const EscapeCase cases[] = {
      {"", "", R"("")"},
      {"plain text", "plain text", R"("plain text")"},
      {"a\nb\r\tc", R"(a\nb\r\tc)", R"("a\nb\r\tc")"},
      {"\x1b[31mred\x1b[0m", R"(\x1b[31mred\x1b[0m)", R"("\u001b[31mred\u001b[0m")"},
      {"nul \0 in it"sv, R"(nul \x00 in it)", R"("nul \u0000 in it")"},
      {"\x01\x1f\x7f", R"(\x01\x1f\x7f)", R"("\u0001\u001f\u007f")"},
      {R"(say "hi" c:\dir)", R"(say "hi" c:\dir)", R"("say \"hi\" c:\\dir")"},
      {"C1 \xc2\x85 and \xc2\x9b", R"(C1 \u0085 and \u009b)", R"("C1 \u0085 and \u009b")"},
      {"\xc2\xa0 stays", "\xc2\xa0 stays", "\"\xc2\xa0 stays\""},
      {"a\xe2\x80\xae"
       "b",
       R"(a\u202eb)", R"("a\u202eb")"},
      {"\xe2\x81\xa6x\xe2\x81\xa9\xe2\x80\x8e\xd8\x9c", R"(\u2066x\u2069\u200e\u061c)",
       R"("\u2066x\u2069\u200e\u061c")"},
      {"line\xe2\x80\xa8separator", R"(line\u2028separator)", R"("line\u2028separator")"},
      {"Größe 東京 🙂", "Größe 東京 🙂", "\"Größe 東京 🙂\""},
      {"\xff\xfe", R"(\xff\xfe)", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
      {"cut \xe6\x9d", R"(cut \xe6\x9d)", "\"cut \xef\xbf\xbd\xef\xbf\xbd\""},
      {"overlong \xc0\xaf", R"(overlong \xc0\xaf)", "\"overlong \xef\xbf\xbd\xef\xbf\xbd\""},
      {"\xe0\x80\xaf", R"(\xe0\x80\xaf)", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
      {"surrogate \xed\xa0\x80", R"(surrogate \xed\xa0\x80)",
       "\"surrogate \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
      {"beyond \xf4\x90\x80\x80", R"(beyond \xf4\x90\x80\x80)",
       "\"beyond \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
      {"no \xef\xbf\xbe \xef\xbf\xbf", R"(no \ufffe \uffff)", R"("no \ufffe \uffff")"},
      {"##[error]x ##vso[y] ###[z]", R"(\x23#[error]x \x23#vso[y] #\x23#[z])",
       R"("\u0023#[error]x \u0023#vso[y] #\u0023#[z]")"},
      {"## [x] #[y] ##1[z] ##", "## [x] #[y] ##1[z] ##", R"("## [x] #[y] ##1[z] ##")"},
      {"::error::x", R"(\x3a:error::x)", R"("::error::x")"},
      {" ::set-output name=a::b", R"( \x3a:set-output name=a::b)", R"(" ::set-output name=a::b")"},
      {"\xc2\xa0::warning::x", "\xc2\xa0\\x3a:warning::x", "\"\xc2\xa0::warning::x\""},
      {"a::b std::move(::ffff:1.2.3.4) ::1 ::", "a::b std::move(::ffff:1.2.3.4) ::1 ::",
       R"("a::b std::move(::ffff:1.2.3.4) ::1 ::")"},
      {"\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf", "\"\xf4\x8f\xbf\xbf\""},
      {"\x80x", R"(\x80x)", "\"\xef\xbf\xbdx\""},
  };
  for (const EscapeCase& c : cases) {
    EXPECT_EQ(EscapeText(c.raw), c.text);
    EXPECT_EQ(JsonString(c.raw), c.json);
  }
}

// No byte sequence of up to three bytes gets a control character through.
TEST(Escape, NothingControlsTheTerminal) {
  std::string raw(3, ' ');
  for (int a = 0; a < 256; ++a) {
    for (int b : {0x00, 0x0a, 0x1b, 0x41, 0x80, 0x85, 0x9b, 0xae, 0xbf, 0xc2, 0xe2, 0xff}) {
      for (int c : {0x00, 0x07, 0x22, 0x5c, 0x80, 0x85, 0xa8, 0xae, 0xff}) {
        raw[0] = static_cast<char>(a);
        raw[1] = static_cast<char>(b);
        raw[2] = static_cast<char>(c);
        for (const std::string& out : {EscapeText(raw), JsonString(raw)}) {
          for (const char ch : out) {
            ASSERT_GE(static_cast<unsigned char>(ch), 0x20) << a << " " << b << " " << c;
            ASSERT_NE(ch, 0x7f);
          }
          ASSERT_EQ(EscapeText(out), out) << "not valid UTF-8, or a control character";
        }
      }
    }
  }
}

TEST(Shorten, CountsCodePoints) {
  struct Case {
    std::string_view text;
    size_t length;
    std::string_view out;
  };
  const Case cases[] = {
      {"", 0, ""},
      {"", 5, ""},
      {"abc", 3, "abc"},
      {"abcd", 3, "ab…"},
      {"abc", 1, "…"},
      {"a", 1, "a"},
      {"abc", 0, ""},
      {"äöüß", 4, "äöüß"},
      {"äöüß", 3, "äö…"},
      {"\xff\xfe\xfd", 2, "\xff…"},
      {"日本語です", 2, "日…"},
      {"abc", SIZE_MAX, "abc"},
  };
  for (const Case& c : cases) EXPECT_EQ(Shorten(c.text, c.length), c.out) << c.text << " " << c.length;
}

TEST(ShortenToColumns, KnowsWideCharacters) {
  struct Case {
    std::string_view text;
    size_t columns;
    std::string_view out;
  };
  const Case cases[] = {
      {"", 0, ""},
      {"", 5, ""},
      {"abc", 3, "abc"},
      {"abcd", 3, "ab…"},
      {"abc", 1, "…"},
      {"a", 1, "a"},
      {"abc", 0, ""},
      {"äöüß", 4, "äöüß"},
      {"äöüß", 3, "äö…"},
      {"\xff\xfe\xfd", 2, "\xff…"},
      {"日本語です", 2, "…"},
      {"日本語です", 3, "日…"},
      {"日本語です", 4, "日…"},
      {"日本語です", 10, "日本語です"},
      {"e\u0301e\u0301", 2, "e\u0301e\u0301"},
      {"e\u0301xyz", 2, "e\u0301…"},
      {"abc", SIZE_MAX, "abc"},
  };
  for (const Case& c : cases)
    EXPECT_EQ(ShortenToColumns(c.text, c.columns), c.out) << c.text << " " << c.columns;
}

}  // namespace
}  // namespace gainsay
