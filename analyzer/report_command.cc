// gainsay report FINDINGS…
#include <memory>
#include <string>
#include <vector>

#include "command.h"
#include "finding/phrase.h"
#include "input/source.h"
#include "output.h"
#include "report/escape.h"
#include "report/read_document.h"
#include "report_file.h"

namespace gainsay {
namespace {

struct ReportFlags {
  std::vector<std::string> paths;
  OutputFlags output;
  bool exit_zero = false;
};

// What was passed over, which the report itself does not tell.
void TellPassedOver(const DocumentReader& reader, const Streams& streams) {
  if (reader.foreign() > 0) {
    streams.err << "gainsay: " << Counted(reader.foreign(), "line") << " of no report, passed over\n";
  }
  if (reader.unknown() > 0) {
    streams.err << "gainsay: " << Counted(reader.unknown(), "line")
                << " of a type that this gainsay does not use, passed over\n";
  }
}

absl::Status ReadAll(const ReportFlags& flags, const Streams& streams, DocumentReader* reader) {
  if (flags.paths.empty() && streams.in_is_terminal) {
    return absl::InvalidArgumentError(
        "nothing to read: name a report (gainsay scan -o jsonl=FILE writes one)");
  }
  std::vector<InputProblem> problems;
  const std::vector<std::string> paths = flags.paths.empty() ? std::vector<std::string>{"-"} : flags.paths;
  const std::vector<Source> sources = ExpandPaths(paths, {}, &problems);
  for (const InputProblem& problem : problems) {
    return absl::NotFoundError(problem.name + ": " + problem.message);
  }
  for (const Source& source : sources) {
    const absl::StatusOr<std::string> text = ReadWhole(source);
    if (!text.ok()) return text.status();
    if (absl::Status s = reader->Read(source.name, *text); !s.ok()) return s;
  }
  return absl::OkStatus();
}

int RunReport(const ReportFlags& flags, const Streams& streams) {
  const absl::StatusOr<std::vector<Output>> outputs = ParseOutputs(flags.output.outputs);
  if (!outputs.ok()) return CouldNotRun(streams, std::string(outputs.status().message()));
  DocumentReader reader;
  if (const absl::Status read = ReadAll(flags, streams, &reader); !read.ok()) {
    return CouldNotRun(streams, EscapeText(std::string(read.message())));
  }
  TellPassedOver(reader, streams);
  const Document document = reader.Finish();
  const absl::Status written = WriteOutputs(*outputs, document, MakeStyle(flags.output, streams), streams);
  if (!written.ok()) return CouldNotRun(streams, std::string(written.message()));
  return flags.exit_zero ? kExitClean : document.summary.exit_code;
}

}  // namespace

void AddReportCommand(CLI::App* app, Action* action) {
  auto flags = std::make_shared<ReportFlags>();
  CLI::App* report = app->add_subcommand("report", "JSON lines of earlier runs into any other format");
  report
      ->add_option("FINDINGS", flags->paths, "What -o jsonl wrote, packed or not; several become one report")
      ->type_name("");
  AddOutputOptions(report, &flags->output);
  report->add_flag("--exit-zero", flags->exit_zero, "Exit 0 also for findings and inconclusive reports")
      ->envname("GAINSAY_EXIT_ZERO");
  report->footer("Exit codes: those of the run that is reported, or 2: could not run.");
  report->callback(
      [flags, action] { *action = [flags](const Streams& streams) { return RunReport(*flags, streams); }; });
}

}  // namespace gainsay
