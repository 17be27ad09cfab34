// gainsay scan [PATH…]
#include <memory>
#include <string>
#include <vector>

#include "command.h"
#include "output.h"
#include "scan_option.h"
#include "stats.h"

namespace gainsay {
namespace {

int RunScanCommand(const ScanFlags& flags, const Streams& streams) {
  const absl::StatusOr<std::vector<Output>> outputs = ParseOutputs(flags.output.outputs);
  if (!outputs.ok()) return CouldNotRun(streams, std::string(outputs.status().message()));
  ScanStats stats;
  const std::optional<Document> document = RunScan(flags, streams, flags.stats ? &stats : nullptr);
  if (!document) return kExitCouldNotRun;
  absl::Status written;
  {
    const StageTimer timer(flags.stats ? &stats : nullptr, Stage::kReport);
    written = WriteOutputs(*outputs, *document, MakeStyle(flags.output, streams), streams);
  }
  if (flags.stats) TellStats(stats, document->summary, streams.err);
  if (!written.ok()) return CouldNotRun(streams, std::string(written.message()));
  return flags.exit_zero ? kExitClean : document->summary.exit_code;
}

}  // namespace

void AddScanCommand(CLI::App* app, Action* action) {
  auto flags = std::make_shared<ScanFlags>();
  CLI::App* scan = app->add_subcommand("scan", "Read logs to their end and report the contradictions");
  AddScanOptions(scan, flags.get());
  scan->footer(
      "Exit codes: 0 nothing found, 1 contradictions found, 2 could not run, 3 nothing found but "
      "inconclusive.");
  scan->callback([flags, action] {
    *action = [flags](const Streams& streams) { return RunScanCommand(*flags, streams); };
  });
}

}  // namespace gainsay
