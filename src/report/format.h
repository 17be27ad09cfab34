// What the formats have in common: their entry points, and the names that a report looks up.
//
// Thread rules: free functions without state.
#ifndef GAINSAY_REPORT_FORMAT_H_
#define GAINSAY_REPORT_FORMAT_H_

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

#include "report/report.h"

namespace gainsay {

void WriteText(const Report& report, const ReportStyle& style, std::ostream& out);
void WriteJsonl(const Report& report, const ReportStyle& style, std::ostream& out);

// Of the source that the position is in; "" if the summary does not know it. A view into the report.
std::string_view SourceName(const Report& report, const Position& position);

// "pack/id"; "" for an event that no rule made.
std::string RuleName(const Report& report, const Event& event);

// Write errors that the rule set accepts.
uint64_t SuppressedErrors(const Summary& summary);

}  // namespace gainsay

#endif  // GAINSAY_REPORT_FORMAT_H_
