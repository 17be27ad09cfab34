// Known causes: what was looked at before and may pass. Read from any earlier report in JSON lines, or from a
// file that `gainsay gate --write-baseline` wrote and people edited.
//
//   Baseline baseline;
//   if (absl::Status s = ReadBaseline(name, text, &baseline); !s.ok()) …
//   const auto known = baseline.ById();
//
// One JSON object a line. Those of type `cause` are entries; beside what a report's hold they may bear `why`,
// `expires` ("2027-03-31", the last day) and `max_tasks`. Where a report has no line for a cause, its
// findings make the entry. A cause is known by its id, which comes from reason, target and message template,
// never from a path or a line number. Thread rules: plain values.
#ifndef GAINSAY_REPORT_BASELINE_H_
#define GAINSAY_REPORT_BASELINE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "report/document.h"

namespace gainsay {

struct KnownCause {
  std::string id, reason, target, message_template;
  std::string why;
  std::string expires;                // as written
  std::optional<int64_t> expires_ns;  // the end of that day, UTC
  std::optional<uint64_t> max_tasks;  // more findings than that are new
  std::string file;                   // where it stands
  uint64_t line = 0;

  bool ExpiredAt(int64_t time_ns) const { return expires_ns && time_ns > *expires_ns; }
};

struct Baseline {
  std::vector<KnownCause> entries;  // in order of files and lines; an id may stand in several

  // Views into it.
  std::map<std::string_view, std::vector<const KnownCause*>> ById() const;
};

// Adds a file's entries. An error says "NAME:LINE: what is wrong" (a line that is no JSON object, a date that
// is none) and leaves `baseline` as it was.
absl::Status ReadBaseline(const std::string& name, std::string_view text, Baseline* baseline);

// The causes of the document as a baseline, sorted by reason, target and template, so that two versions
// differ where their causes do. What `old` says of those that are still there (why, expires, max_tasks) is
// kept.
void WriteBaseline(const Document& document, const Baseline& old, std::ostream& out);

}  // namespace gainsay

#endif  // GAINSAY_REPORT_BASELINE_H_
