// One file that holds everything: what a reader needs at once is written here as plain HTML, so that it
// stands there without scripts; all findings follow as JSON lines put into an array, which the page's own
// script shows. Text from a log can't leave its place: in HTML it is escaped, in the JSON the characters that
// could end the element are \u003c and the like, and the script makes text nodes of it. A policy in the
// page's head allows the one script and the one style that it was written with, by their hashes, and nothing
// else.
#include <map>
#include <sstream>
#include <string>
#include <string_view>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "finding/phrase.h"
#include "input/digest.h"
#include "record/time.h"
#include "report/escape.h"
#include "report/format.h"
#include "report/html/page.h"
#include "report/summary_rows.h"

namespace gainsay {
namespace {

// For an element's content or a quoted attribute.
std::string Html(std::string_view text) {
  return absl::StrReplaceAll(
      EscapeText(text), {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

std::string HashSource(std::string_view text) { return "sha256-" + absl::Base64Escape(Sha256(text)); }

std::string Sure(const Summary& summary) {
  const size_t doubts = summary.inconclusive.size();
  const std::string reasons = Counted(doubts, "reason");
  if (summary.exit_code == 2) return "What is the matter, and what to do about it, stands below.";
  switch (summary.verdict) {
    case Outcome::kContradiction:
      return doubts == 0
                 ? "Each finding stands on its own lines of the log, and nothing makes the rest doubtful."
                 : "Each finding stands on its own lines of the log. Of the rest gainsay is not sure, for " +
                       reasons + ".";
    case Outcome::kClean:
      return "All that was given was read to its end, and final states were recognised in it.";
    case Outcome::kInconclusive:
      return doubts == 1 ? "The reason, and what to do about it, stands below."
                         : "The " + reasons + ", and what to do about each, stand below.";
  }
  return "";
}

std::string Headline(const Summary& summary) {
  std::string name(OutcomeName(summary.verdict));
  const std::string kind = name;
  name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return absl::StrCat("<div class=\"verdict ", kind, "\">\n<h1 class=\"", kind, "\">", name, "</h1>\n<p>",
                      Html(VerdictSentence(summary)), "</p>\n<p class=\"sure\">", Sure(summary),
                      "</p>\n</div>");
}

std::string Doubts(const Summary& summary) {
  if (summary.inconclusive.empty()) return "";
  std::string html =
      "<section aria-labelledby=\"doubts-title\">\n<h2 id=\"doubts-title\">What is not sure</h2>\n"
      "<ul class=\"doubts\">\n";
  for (const std::string& why : summary.inconclusive) absl::StrAppend(&html, "<li>", Html(why), "</li>\n");
  return html + "</ul>\n</section>";
}

// "2026-05-31 04:12:08.985".
std::string Moment(int64_t ns) {
  std::string time = FormatTime(ns);
  if (time.empty()) return "";
  time.pop_back();
  time[time.find('T')] = ' ';
  return time;
}

void AppendCell(std::string_view kind, std::string_view label, const std::string& html, std::string* row) {
  absl::StrAppend(row, "<td role=\"cell\" class=\"", std::string(kind), "\" data-label=\"",
                  std::string(label));
  absl::StrAppend(row, "\">", html, "</td>");
}

std::string CauseRow(const Cause& cause) {
  const std::string id = Html(cause.id);
  std::string row = absl::StrCat("<tr role=\"row\" id=\"cause-", id, "\">");
  AppendCell("number", "Runs", Thousands(cause.tasks), &row);
  AppendCell("what", "",
             absl::StrCat("<p class=\"kind\">", Html(cause.reason), " on ", Html(cause.target),
                          "</p><p class=\"log\">", Html(cause.message_template), "</p>"),
             &row);
  AppendCell("time", "First", Moment(cause.first_ns), &row);
  AppendCell("time", "Last", Moment(cause.last_ns), &row);
  AppendCell("id", "Cause", absl::StrCat("<a class=\"log\" href=\"#cause-", id, "\">", id, "</a>"), &row);
  return row + "</tr>\n";
}

std::string CauseTable(const std::vector<Cause>& causes, size_t begin, size_t end) {
  std::string html =
      "<div class=\"causes\"><table role=\"table\">\n<thead role=\"rowgroup\"><tr role=\"row\">"
      "<th role=\"columnheader\" scope=\"col\" class=\"number\">Runs</th>";
  for (const char* title : {"What was lost", "First seen", "Last seen", "Cause"}) {
    absl::StrAppend(&html, "<th role=\"columnheader\" scope=\"col\">", title, "</th>");
  }
  html += "</tr></thead>\n<tbody role=\"rowgroup\">\n";
  for (size_t i = begin; i < end; ++i) html += CauseRow(causes[i]);
  return html + "</tbody>\n</table></div>";
}

// The many rare ones of a large scan don't stand between the others and the findings.
std::string Causes(const Document& document) {
  constexpr size_t kShown = 12;
  const std::vector<Cause>& causes = document.causes;
  if (causes.empty()) return "<p>None was found.</p>";
  const size_t shown = causes.size() <= kShown + 3 ? causes.size() : kShown;
  std::string html = CauseTable(causes, 0, shown);
  if (shown == causes.size()) return html;
  return absl::StrCat(html, "\n<details class=\"more\"><summary>",
                      Counted(causes.size() - shown, "more cause"), "</summary>\n",
                      CauseTable(causes, shown, causes.size()), "</details>");
}

std::string Facts(const Summary& summary) {
  std::string html = "<dl class=\"facts\">\n";
  for (const SummaryRow& row : SummaryRows(summary, 1)) {
    absl::StrAppend(&html, "<dt>", Html(row.label), "</dt><dd>", Html(row.text), "</dd>\n");
  }
  return html + "</dl>";
}

// The JSON lines as one array that no HTML parser sees an end in.
std::string Data(const Document& document, const ReportStyle& style) {
  std::ostringstream lines;
  WriteJsonl(document, style, lines);
  const std::string text = std::move(lines).str();
  std::string data = "[\n";
  data.reserve(text.size() + text.size() / 16);
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '<' || c == '>' || c == '&') {
      data += c == '<' ? "\\u003c" : c == '>' ? "\\u003e" : "\\u0026";
    } else if (c == '\n' && i + 1 < text.size()) {
      data += ",\n";
    } else {
      data += c;
    }
  }
  return data + "]";
}

std::string Title(const Summary& summary) {
  return std::string(OutcomeName(summary.verdict)) + ": " + VerdictSentence(summary) + " - gainsay";
}

// In one pass: what is put in is not looked at again.
void Fill(std::string_view page, const std::map<std::string_view, std::string>& parts, std::ostream& out) {
  while (true) {
    const size_t open = page.find("{{");
    out << page.substr(0, open);
    if (open == std::string_view::npos) return;
    const size_t close = page.find("}}", open);
    out << parts.at(page.substr(open + 2, close - open - 2));
    page.remove_prefix(close + 2);
  }
}

}  // namespace

void WriteHtml(const Document& document, const ReportStyle& style, std::ostream& out) {
  const Summary& summary = document.summary;
  Fill(HtmlPage(),
       {{"script-hash", HashSource(HtmlScript())},
        {"style-hash", HashSource(HtmlStyle())},
        {"title", Html(Title(summary))},
        {"style", std::string(HtmlStyle())},
        {"verdict", Headline(summary)},
        {"doubts", Doubts(summary)},
        {"causes", Causes(document)},
        {"facts", Facts(summary)},
        {"data", Data(document, style)},
        {"script", std::string(HtmlScript())}},
       out);
}

}  // namespace gainsay
