// What the formats have in common: their entry points, and what several of them look up.
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

void WriteText(const Document& document, const ReportStyle& style, std::ostream& out);
void WriteJsonl(const Document& document, const ReportStyle& style, std::ostream& out);
void WriteSarif(const Document& document, const ReportStyle& style, std::ostream& out);
void WriteJunit(const Document& document, const ReportStyle& style, std::ostream& out);
void WriteGithub(const Document& document, const ReportStyle& style, std::ostream& out);
void WriteGitlab(const Document& document, const ReportStyle& style, std::ostream& out);
void WriteMarkdown(const Document& document, const ReportStyle& style, std::ostream& out);
void WriteHtml(const Document& document, const ReportStyle& style, std::ostream& out);
void WriteJournal(const Document& document, const ReportStyle& style, std::ostream& out);
void WritePrometheus(const Document& document, const ReportStyle& style, std::ostream& out);

// One line of JSON, without its newline: what the file of all lines holds of it.
std::string FindingLine(const DocumentFinding& finding);
std::string TaskLine(const DocumentTask& task);

std::string_view OutcomeName(Outcome outcome);  // "contradiction", "clean", "inconclusive"

// Write errors that the rule set accepts.
uint64_t SuppressedErrors(const Summary& summary);

}  // namespace gainsay

#endif  // GAINSAY_REPORT_FORMAT_H_
