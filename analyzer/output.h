// `-o FORMAT[=PATH]`: which reports to write, and where to.
#ifndef GAINSAY_ANALYZER_OUTPUT_H_
#define GAINSAY_ANALYZER_OUTPUT_H_

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "command.h"
#include "report/report.h"

namespace gainsay {

struct Output {
  Format format = Format::kText;
  std::string path;     // "" is standard output
  bool append = false;  // to what the file holds already
};

// What a report says and how: the same for every subcommand that writes one.
struct OutputFlags {
  std::vector<std::string> outputs;
  std::string color = "auto";
  bool all_tasks = false, quiet = false;
  int verbosity = 0;
};

void AddOutputOptions(CLI::App* command, OutputFlags* flags);
ReportStyle MakeStyle(const OutputFlags& flags, const Streams& streams);

// Text on standard output where nothing is asked for. Errors: an unknown format, an empty path, more than one
// output without a path, one path twice.
absl::StatusOr<std::vector<Output>> ParseOutputs(const std::vector<std::string>& arguments);

// Writes a file under a temporary name beside its place and renames it, so that nobody reads half of it; what
// is appended to, or is no plain file, is written as it is.
absl::Status WriteFile(const std::string& path, bool append, const std::function<void(std::ostream&)>& write);

// Writes all reports, standard output last.
absl::Status WriteOutputs(const std::vector<Output>& outputs, const Document& document, ReportStyle style,
                          const Streams& streams);

}  // namespace gainsay

#endif  // GAINSAY_ANALYZER_OUTPUT_H_
