// The HTML report as a file: whole, strict about what may run, and no text from a log can leave its place.
// What a browser makes of it is html_browser.py's to see.
#include <gtest/gtest.h>

#include <regex>
#include <sstream>

#include "absl/strings/escaping.h"
#include "handmade.h"
#include "input/digest.h"
#include "report/format.h"
#include "report/html/page.h"

namespace gainsay {
namespace {

std::string Render(const Document& document, Format format = Format::kHtml) {
  std::ostringstream out;
  Write(format, document, ReportStyle(), out);
  return out.str();
}

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

bool Has(const std::string& text, const std::string& part) { return Count(text, part) > 0; }

std::string Between(const std::string& text, const std::string& begin, const std::string& end) {
  const size_t from = text.rfind(begin);
  if (from == std::string::npos) return "";
  return text.substr(from + begin.size(), text.find(end, from) - from - begin.size());
}

// What would end the element it stands in, run, load, or turn the eye.
const char kHostile[] =
    "</script><script>alert(1)</script><!-- {{script}} <img src=x onerror=alert(1)> '\"><b style=x>& "
    "\x1b[31m\xc2\x9b \xe2\x80\xae \xff ]]> \\u003c";

Document Hostile() {
  Handmade made;
  made.summary.sources[0].name = kHostile;
  Event error = made.Error(8, kHostile, "schema_mismatch");
  error.collection = kHostile;
  error.error = kHostile;
  error.captures = {{"field", kHostile}};
  made.Succeed(kHostile, 9, {error});
  made.Complete();
  Document document = MakeDocument(made.report(), true);
  document.summary.inconclusive = {kHostile};
  document.summary.packs = {kHostile};
  document.causes.at(0).id = kHostile;
  document.causes.at(0).reason = kHostile;
  return document;
}

Document Contradicted() {
  Handmade made;
  made.Succeed("7c3d", 9, {made.Error(8, "primary write failed: no such field 'x'", "schema_mismatch")});
  made.Complete();
  return MakeDocument(made.report(), true);
}

TEST(Html, HoldsItsPolicy) {
  const std::string html = Render(Contradicted());
  const std::string policy = Between(html, "Content-Security-Policy\" content=\"", "\">");
  EXPECT_EQ(Sha256("abc").substr(0, 4), "\xba\x78\x16\xbf");
  const auto hash = [](const std::string& text) {
    return "'sha256-" + absl::Base64Escape(Sha256(text)) + "'";
  };
  EXPECT_EQ(policy, "default-src 'none'; script-src " + hash(Between(html, "<script>", "</script>")) +
                        "; style-src " + hash(Between(html, "<style>", "</style>")) +
                        "; base-uri 'none'; form-action 'none'");
}

// Nothing that a policy would have to stop, and nothing that would end the elements it stands in.
TEST(Html, ThePageIsStrict) {
  const std::string script(HtmlScript()), style(HtmlStyle()), page(HtmlPage());
  const std::regex handler("\\son[a-z]+\\s*=", std::regex::icase);
  EXPECT_FALSE(std::regex_search(page, handler));
  for (const char* bad : {"<img", " style=", "http:", "https:", "<link", "<iframe", "javascript:"}) {
    EXPECT_FALSE(Has(page, bad)) << bad;
  }
  for (const char* bad : {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
                          "new Function", "</", "<!--", "https:", "fetch(", "XMLHttpRequest", "'style'"}) {
    EXPECT_FALSE(Has(script, bad)) << bad;
  }
  for (const char* bad : {"</", "url(", "@import"}) EXPECT_FALSE(Has(style, bad)) << bad;
  EXPECT_FALSE(Has(Render(Contradicted()), "{{"));
}

TEST(Html, HostileTextStaysInItsPlace) {
  const std::string html = Render(Hostile());
  EXPECT_EQ(Count(html, "<script"), 2u);
  EXPECT_EQ(Count(html, "</script"), 2u);
  EXPECT_EQ(Count(html, "<style"), 1u);
  EXPECT_EQ(Count(html, "<!--"), 0u);
  EXPECT_FALSE(Has(html, "<img"));
  EXPECT_FALSE(Has(html, "<b "));
  EXPECT_FALSE(Has(html, "\xe2\x80\xae"));
  EXPECT_FALSE(Has(html, "\xc2\x9b"));
  EXPECT_FALSE(Has(html, "\xff"));
  for (const char c : html) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n');
  EXPECT_TRUE(Has(html, "&lt;/script&gt;&lt;script&gt;alert(1)"));
  EXPECT_TRUE(Has(html, "\\u003c/script\\u003e\\u003cscript\\u003ealert(1)"));
}

// The data is the JSON-lines report: without the commas between its lines, byte by byte.
std::string Unescaped(const std::string& json) {
  std::string text;
  for (size_t i = 0; i < json.size(); ++i) {
    const std::string escape = json[i] == '\\' ? json.substr(i, 6) : "";
    if (escape == "\\u003c" || escape == "\\u003e" || escape == "\\u0026") {
      text += escape == "\\u003c" ? '<' : escape == "\\u003e" ? '>' : '&';
      i += 5;
      continue;
    }
    text += json[i];
    if (json[i] == '\\') text += json[++i];
  }
  return text;
}

TEST(Html, TheDataIsTheJsonLines) {
  for (const Document& document : {Contradicted(), Hostile()}) {
    std::string data = Between(Render(document), "id=\"data\">", "</script>");
    ASSERT_TRUE(data.starts_with("[\n") && data.ends_with("\n]"));
    data = data.substr(2, data.size() - 3);
    data = std::regex_replace(data, std::regex("\\},\n"), "}\n");
    EXPECT_EQ(Unescaped(data), Render(document, Format::kJsonl));
  }
}

TEST(Html, StandsWithoutScripts) {
  const std::string html = Render(Contradicted());
  EXPECT_TRUE(Has(html, "<h1 class=\"contradiction\">Contradiction</h1>\n<p>1 of 1 run reported success"))
      << html;
  EXPECT_TRUE(Has(html, "<p class=\"kind\">schema_mismatch on primary</p>"));
  EXPECT_TRUE(Has(html, "primary write failed: no such field &#39;?&#39;</p>"));
  EXPECT_TRUE(Has(html, "2026-05-31 04:12:08</td>"));
  EXPECT_TRUE(Has(html, "<dt>runs</dt><dd>1: 1 contradiction</dd>"));
  EXPECT_FALSE(Has(html, "What is not sure"));
}

TEST(Html, RareCausesAreFoldedAway) {
  Document document = Contradicted();
  document.causes.resize(40, document.causes.front());
  const std::string html = Render(document);
  EXPECT_TRUE(Has(html, "<details class=\"more\"><summary>28 more causes</summary>"));
  EXPECT_EQ(Count(html, "<tr role=\"row\" id=\"cause-"), 40u);
  EXPECT_FALSE(Has(Render(Contradicted()), "<details class=\"more\">"));
}

TEST(Html, SaysHowSureItIs) {
  Handmade made;
  made.Succeed("a", 9);
  made.Complete();
  EXPECT_TRUE(Has(Render(MakeDocument(made.report())), "All that was given was read to its end"));
  made.summary.sources[0].problem = "cut";
  made.summary.sources[0].cut = true;
  made.Complete();
  const std::string html = Render(MakeDocument(made.report()));
  EXPECT_TRUE(Has(html, "<h1 class=\"inconclusive\">Inconclusive</h1>"));
  EXPECT_TRUE(Has(html, "The reason, and what to do about it"));
  EXPECT_TRUE(Has(html, "<li>worker.log.gz: ends early")) << html;
}

}  // namespace
}  // namespace gainsay
