// gainsay gate [PATH…]
#include <algorithm>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "ci_outputs.h"
#include "command.h"
#include "output.h"
#include "report/escape.h"
#include "report/gate.h"
#include "report_file.h"
#include "scan_option.h"
#include "stats.h"

namespace gainsay {
namespace {

struct GateFlags {
  ScanFlags scan;
  std::vector<std::string> baselines;
  std::string write_baseline, fail_on = "new";
  uint64_t max_findings = 0;
  bool allow_inconclusive = false;
};

void DeclareFlags(CLI::App* gate, GateFlags* flags) {
  flags->scan.reported = "succeeded";
  AddScanOptions(gate, &flags->scan);
  gate->add_option("--baseline", flags->baselines,
                   "Causes that may pass: an earlier report (-o jsonl), or what --write-baseline wrote")
      ->allow_extra_args(false)
      ->envname("GAINSAY_BASELINE")
      ->type_name("FILE");
  gate->add_option("--write-baseline", flags->write_baseline,
                   "Write the causes found as a baseline; without --baseline, accept them")
      ->envname("GAINSAY_WRITE_BASELINE")
      ->type_name("FILE");
  gate->add_option("--fail-on", flags->fail_on,
                   "Which findings fail it: new (no baseline knows the cause), any, never")
      ->envname("GAINSAY_FAIL_ON")
      ->type_name("WHICH")
      ->check(CLI::IsMember({"new", "any", "never"}));
  gate->add_option("--max-findings", flags->max_findings, "Pass with as many of them")
      ->envname("GAINSAY_MAX_FINDINGS")
      ->type_name("N");
  gate->add_flag("--allow-inconclusive", flags->allow_inconclusive,
                 "Pass also where a lost write can't be ruled out")
      ->envname("GAINSAY_ALLOW_INCONCLUSIVE");
}

absl::StatusOr<Baseline> ReadBaselines(const std::vector<std::string>& paths) {
  Baseline baseline;
  for (const std::string& path : paths) {
    const absl::StatusOr<std::string> text = ReadWhole({path, path});
    if (!text.ok()) return text.status();
    if (absl::Status s = ReadBaseline(path, *text, &baseline); !s.ok()) return s;
  }
  return baseline;
}

GateOptions MakeOptions(const GateFlags& flags, const Document& document) {
  GateOptions options;
  for (const FailOn fail_on : {FailOn::kNew, FailOn::kAny, FailOn::kNever}) {
    if (FailOnName(fail_on) == flags.fail_on) options.fail_on = fail_on;
  }
  options.max_findings = flags.max_findings;
  options.allow_inconclusive = flags.allow_inconclusive;
  for (const SourceSummary& source : document.summary.sources) {
    options.written_ns = std::max(options.written_ns, source.modified_ns);
  }
  return options;
}

// Writes the new baseline, and makes it the one that is judged by where there was none.
absl::Status Accept(const GateFlags& flags, const Document& document, Baseline* baseline) {
  if (flags.write_baseline.empty()) return absl::OkStatus();
  std::ostringstream text;
  WriteBaseline(document, *baseline, text);
  if (absl::Status s =
          WriteFile(flags.write_baseline, false, [&](std::ostream& file) { file << text.str(); });
      !s.ok())
    return s;
  return flags.baselines.empty() ? ReadBaseline(flags.write_baseline, text.str(), baseline)
                                 : absl::OkStatus();
}

int RunGate(const GateFlags& flags, const Streams& streams) {
  const auto could_not = [&streams](const absl::Status& status) {
    return CouldNotRun(streams, EscapeText(std::string(status.message())));
  };
  const absl::StatusOr<CiOutputs> outputs = ChooseOutputs(flags.scan.output.outputs);
  if (!outputs.ok()) return could_not(outputs.status());
  absl::StatusOr<Baseline> baseline = ReadBaselines(flags.baselines);
  if (!baseline.ok()) return could_not(baseline.status());
  ScanStats stats;
  std::optional<Document> document = RunScan(flags.scan, streams, flags.scan.stats ? &stats : nullptr);
  if (!document) return kExitCouldNotRun;
  if (const absl::Status s = Accept(flags, *document, &*baseline); !s.ok()) return could_not(s);
  ApplyGate(*baseline, MakeOptions(flags, *document), &*document);
  const absl::Status written =
      WriteCiOutputs(*outputs, *document, MakeStyle(flags.scan.output, streams), streams);
  if (!written.ok()) return could_not(written);
  if (flags.scan.stats) TellStats(stats, document->summary, streams.err);
  return flags.scan.exit_zero ? kExitClean : document->summary.exit_code;
}

}  // namespace

void AddGateCommand(CLI::App* app, Action* action) {
  auto flags = std::make_shared<GateFlags>();
  CLI::App* gate = app->add_subcommand(
      "gate", "In CI: each input is the log of a job that went green, unless it holds a lost write");
  DeclareFlags(gate, flags.get());
  gate->footer(
      "Exit codes: 0 passed, 1 failed, 2 could not run, 3 nothing new was found but inconclusive. Without "
      "-o, reports go where the CI system that it runs in (GitHub Actions, GitLab, Jenkins) shows them.");
  gate->callback(
      [flags, action] { *action = [flags](const Streams& streams) { return RunGate(*flags, streams); }; });
}

}  // namespace gainsay
