#include "report/report.h"

#include "report/format.h"

namespace gainsay {
namespace {

struct FormatEntry {
  std::string_view name;
  Format format;
  void (*write)(const Document&, const ReportStyle&, std::ostream&);
};

constexpr FormatEntry kFormats[] = {
    {"text", Format::kText, WriteText},
    {"jsonl", Format::kJsonl, WriteJsonl},
    {"sarif", Format::kSarif, WriteSarif},
    {"junit", Format::kJunit, WriteJunit},
    {"github", Format::kGithub, WriteGithub},
    {"gitlab", Format::kGitlab, WriteGitlab},
    {"markdown", Format::kMarkdown, WriteMarkdown},
    {"html", Format::kHtml, WriteHtml},
    {"journal", Format::kJournal, WriteJournal},
#if GAINSAY_HAS_PROMETHEUS
    {"prometheus", Format::kPrometheus, WritePrometheus},
#endif
};

}  // namespace

std::optional<Format> FormatByName(std::string_view name) {
  for (const FormatEntry& entry : kFormats) {
    if (entry.name == name) return entry.format;
  }
  return std::nullopt;
}

std::vector<std::string> FormatNames() {
  std::vector<std::string> names;
  for (const FormatEntry& entry : kFormats) names.emplace_back(entry.name);
  return names;
}

void Write(Format format, const Document& document, const ReportStyle& style, std::ostream& out) {
  for (const FormatEntry& entry : kFormats) {
    if (entry.format == format) entry.write(document, style, out);
  }
}

std::string_view OutcomeName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kContradiction:
      return "contradiction";
    case Outcome::kClean:
      return "clean";
    case Outcome::kInconclusive:
      return "inconclusive";
  }
  return "inconclusive";
}

uint64_t SuppressedErrors(const Summary& summary) {
  uint64_t errors = 0;
  for (const SuppressionUse& use : summary.suppressions) errors += use.errors;
  return errors;
}

}  // namespace gainsay
