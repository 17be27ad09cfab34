// What to read and how its times are to be taken: the same for every subcommand that reads logs.
#ifndef GAINSAY_ANALYZER_INPUT_OPTION_H_
#define GAINSAY_ANALYZER_INPUT_OPTION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "command.h"
#include "pipeline.h"

namespace gainsay {

struct InputFlags {
  std::vector<std::string> paths, include, exclude;
  std::string timezone = "UTC", since, until, progress = "auto";
};

void AddInputOptions(CLI::App* command, InputFlags* flags);

// `--reported STATE`, and the state that it means; kNone for "".
void AddReportedOption(CLI::App* command, std::string* reported);
State ReportedState(const std::string& reported);

// The sources and the window that the flags ask for. Errors: nothing to read (no path on a terminal, empty
// directories), a zone or a time that is none.
absl::StatusOr<ScanInput> MakeInput(const InputFlags& flags, const Streams& streams);

// The zone of that name. Error: it is not known.
absl::StatusOr<Zone> ZoneOf(const std::string& name);

// What is unreadable is told on err at once, whatever is reported of the rest.
void TellProblems(const Summary& summary, const Streams& streams);

// `--color`, and whether it means colours here (NO_COLOR, and what `auto` is on this output).
void AddColorOption(CLI::App* command, std::string* color);
bool WantsColor(const std::string& color, const Streams& streams);
// Columns of text: the terminal's, else what suits a file.
size_t WidthOf(const Streams& streams);

}  // namespace gainsay

#endif  // GAINSAY_ANALYZER_INPUT_OPTION_H_
