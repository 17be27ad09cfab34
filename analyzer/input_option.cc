#include "input_option.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <utility>

#include "progress.h"
#include "record/time.h"
#include "report/escape.h"

namespace gainsay {
namespace {

// One flag that may be repeated, each time with one value, and that an environment variable mirrors.
void AddGlobs(CLI::App* command, const std::string& name, std::vector<std::string>* values,
              const char* variable, const char* help) {
  command->add_option(name, *values, help)->allow_extra_args(false)->envname(variable)->type_name("GLOB");
}

// "" leaves `ns` alone.
absl::Status ParseMoment(const std::string& flag, const std::string& text, const Zone& zone,
                         std::optional<int64_t>* ns) {
  if (text.empty()) return absl::OkStatus();
  const std::optional<ParsedTime> time = ParseTime(text, zone);
  if (!time || !time->has_date || !time->has_year) {
    return absl::InvalidArgumentError(flag + " '" + text + "' is no time; write it as 2026-05-31T04:12:09Z");
  }
  *ns = time->ns;
  return absl::OkStatus();
}

absl::Status SetTimes(const InputFlags& flags, ScanInput* input) {
  const absl::StatusOr<Zone> zone = ZoneOf(flags.timezone);
  if (!zone.ok()) return zone.status();
  input->zone = *zone;
  std::optional<int64_t> since;
  if (absl::Status s = ParseMoment("--since", flags.since, *zone, &since); !s.ok()) return s;
  if (absl::Status s = ParseMoment("--until", flags.until, *zone, &input->window.until_ns); !s.ok()) return s;
  if (since) input->window.since_ns = *since;
  return absl::OkStatus();
}

}  // namespace

void AddInputOptions(CLI::App* command, InputFlags* flags) {
  command
      ->add_option("PATH", flags->paths,
                   "Files, directories, globs, archives; '-' or nothing: standard input")
      ->type_name("");
  AddGlobs(command, "--include", &flags->include, "GAINSAY_INCLUDE",
           "In directories, globs and archives, read only these");
  AddGlobs(command, "--exclude", &flags->exclude, "GAINSAY_EXCLUDE", "Don't read these");
  command
      ->add_option("--timezone", flags->timezone, "Zone of times that name none: UTC, +02:00, Europe/Berlin")
      ->envname("GAINSAY_TIMEZONE")
      ->type_name("ZONE");
  command->add_option("--since", flags->since, "Only runs that ended at this time or later")
      ->envname("GAINSAY_SINCE")
      ->type_name("TIME");
  command->add_option("--until", flags->until, "Only runs that ended before this time")
      ->envname("GAINSAY_UNTIL")
      ->type_name("TIME");
  AddProgressOption(command, &flags->progress);
}

void AddReportedOption(CLI::App* command, std::string* reported) {
  command
      ->add_option("--reported", *reported,
                   "Each input is a task of its own that ended so: succeeded, failed, cancelled")
      ->envname("GAINSAY_REPORTED")
      ->type_name("STATE")
      ->check(CLI::IsMember({"succeeded", "failed", "cancelled"}));
}

State ReportedState(const std::string& reported) {
  for (const State state : {State::kSucceeded, State::kFailed, State::kCancelled}) {
    if (StateName(state) == reported) return state;
  }
  return State::kNone;
}

absl::StatusOr<Zone> ZoneOf(const std::string& name) {
  const std::optional<Zone> zone = ParseZone(name);
  if (zone) return *zone;
  return absl::InvalidArgumentError(
      "--timezone '" + name +
      "' is not known; write UTC, +02:00 or a name like Europe/Berlin (which needs "
      "the system's tzdata)");
}

absl::StatusOr<ScanInput> MakeInput(const InputFlags& flags, const Streams& streams) {
  if (flags.paths.empty() && streams.in_is_terminal) {
    return absl::InvalidArgumentError(
        "nothing to read: name files or directories, or pipe a log into it "
        "(journalctl -o json -a | gainsay scan)");
  }
  ScanInput input;
  if (absl::Status s = SetTimes(flags, &input); !s.ok()) return s;
  const std::vector<std::string> paths = flags.paths.empty() ? std::vector<std::string>{"-"} : flags.paths;
  input.members = {flags.include, flags.exclude};
  input.sources = ExpandPaths(paths, input.members, &input.problems);
  if (input.sources.empty() && input.problems.empty()) {
    return absl::InvalidArgumentError(
        "nothing to read: the directories and patterns hold no file that is asked for");
  }
  ShowProgress(flags.progress, streams, &input);
  return input;
}

void TellProblems(const Summary& summary, const Streams& streams) {
  constexpr size_t kNamed = 5;
  const size_t passed_over = summary.passed_over.size();
  for (size_t i = 0; i < std::min(passed_over, kNamed); ++i) {
    const auto& [name, why] = summary.passed_over[i];
    streams.err << "gainsay: " << EscapeText(name) << ": " << why << ", not read\n";
  }
  if (passed_over > kNamed) {
    streams.err << "gainsay: " << passed_over - kNamed << " more members of archives are not read\n";
  }
  for (const SourceSummary& source : summary.sources) {
    if (source.problem.empty()) continue;
    streams.err << "gainsay: " << EscapeText(source.name) << ": " << EscapeText(source.problem) << '\n';
  }
}

void AddColorOption(CLI::App* command, std::string* color) {
  command->add_option("--color", *color, "Colours in text on a terminal: auto, always, never")
      ->envname("GAINSAY_COLOR")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}));
}

bool WantsColor(const std::string& color, const Streams& streams) {
  const char* no_color = std::getenv("NO_COLOR");
  const bool plain = no_color != nullptr && *no_color != '\0';
  return color == "always" || (color == "auto" && streams.out_is_terminal && !plain);
}

size_t WidthOf(const Streams& streams) {
  constexpr size_t kLeast = 40;
  winsize size{};
  if (!streams.out_is_terminal || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return ReportStyle().width;
  }
  return std::max<size_t>(size.ws_col, kLeast);
}

}  // namespace gainsay
