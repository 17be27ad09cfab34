// Findings as people and programs read them. One file per format; each is a function from
// a Report to text.
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

namespace gainsay {

// All that a format may print. Pointers must stay valid while it writes.
struct Report {
  const Correlation* correlation = nullptr;
  const Findings* findings = nullptr;
  const Summary* summary = nullptr;
  const Matcher* matcher = nullptr;  // names of rules and reasons
};

struct ReportStyle {
  bool all_tasks = false;  // a line for every run
  bool color = false;      // ANSI colours (text only)
  bool quiet = false;      // text: findings only, no summary
  int verbosity = 0;       // -v: text shows every case of a cause, not only the first ones
  size_t width = 100;      // columns, text only
};

enum class Format : uint8_t { kText, kJsonl };
std::optional<Format> FormatByName(std::string_view name);
std::vector<std::string> FormatNames();

void Write(Format format, const Report& report, const ReportStyle& style, std::ostream& out);

}  // namespace gainsay

#endif  // GAINSAY_REPORT_REPORT_H_
