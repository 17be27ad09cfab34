#include "report/figures.h"

namespace gainsay {

Figures FiguresOf(const Document& document) {
  const Summary& summary = document.summary;
  Figures figures;
  figures.lines = summary.total.lines;
  figures.records = summary.total.records;
  figures.malformed = summary.total.malformed;
  figures.null_messages = summary.total.null_messages;
  figures.bytes = summary.total.bytes;
  figures.terminals = summary.total.terminals;
  figures.write_errors = summary.total.write_errors;
  figures.unattributed = summary.total.unattributed;
  for (const SuppressionUse& use : summary.suppressions) figures.suppressed += use.errors;
  figures.runs = summary.runs;
  figures.write_errors_by_reason = summary.write_errors_by_target;
  if (figures.write_errors_by_reason.series().empty()) {
    for (const auto& [reason, errors] : summary.write_errors_by_reason) {
      figures.write_errors_by_reason.Add({"", reason}, errors);
    }
  }
  for (const Cause& cause : document.causes) {
    // A finding with several causes counts under its first, so that the series add up.
    uint64_t first = 0;
    for (const size_t finding : cause.findings) {
      if (finding < document.findings.size() && document.findings[finding].cause == cause.id) ++first;
    }
    if (first > 0) figures.contradictions.Add({cause.id}, first);
  }
  figures.inconclusive = !summary.inconclusive.empty();
  return figures;
}

}  // namespace gainsay
