// Findings as people and programs read them. A scan's result becomes a Document (report/document.h), and
// each format, one file each, is a function from a Document to text.
//
// Nothing from a log reaches an output unescaped (report/escape.h).
#ifndef GAINSAY_REPORT_REPORT_H_
#define GAINSAY_REPORT_REPORT_H_

#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "event/matcher.h"
#include "finding/build.h"
#include "finding/finding.h"
#include "report/document.h"

namespace gainsay {

// What a document is made from.
struct Report {
  const Correlation* correlation = nullptr;
  const Findings* findings = nullptr;
  const Summary* summary = nullptr;
  const Matcher* matcher = nullptr;  // names of rules and reasons
};

struct ReportStyle {
  bool all_tasks = false;  // text: a line for every run
  bool color = false;      // ANSI colours (text only)
  bool quiet = false;      // text: findings only, no summary
  int verbosity = 0;       // -v: text shows every case of a cause, not only the first ones
  size_t width = 100;      // columns, text only
  std::string directory;   // the working directory, which CI formats write paths relative to; "": unknown
};

enum class Format : uint8_t {
  kText,
  kJsonl,
  kSarif,
  kJunit,
  kGithub,
  kGitlab,
  kMarkdown,
  kHtml,
  kJournal,
  kPrometheus
};
std::optional<Format> FormatByName(std::string_view name);
std::vector<std::string> FormatNames();

// Copies all that a format may print. `all_tasks`: every run too.
Document MakeDocument(const Report& report, bool all_tasks = false);

DocumentTask MakeDocumentTask(const Run& run);

void Write(Format format, const Document& document, const ReportStyle& style, std::ostream& out);

}  // namespace gainsay

#endif  // GAINSAY_REPORT_REPORT_H_
