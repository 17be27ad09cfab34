#include "output.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <set>
#include <sstream>
#include <system_error>

#include "absl/strings/str_join.h"
#include "input_option.h"

namespace gainsay {
namespace {

absl::StatusOr<Output> ParseOutput(const std::string& argument) {
  const size_t equals = argument.find('=');
  const std::string name = argument.substr(0, equals);
  const std::optional<Format> format = FormatByName(name);
  if (!format) {
    return absl::InvalidArgumentError("--output: unknown format '" + name + "'; the formats are " +
                                      absl::StrJoin(FormatNames(), ", "));
  }
  Output output{*format, equals == std::string::npos ? "-" : argument.substr(equals + 1)};
  if (output.path.empty())
    return absl::InvalidArgumentError("--output " + argument + ": the path is missing");
  if (output.path == "-") output.path.clear();
  return output;
}

// A name that a file may be renamed over. Renaming over a device, a pipe or a link (/dev/null, /dev/stdout)
// would replace the thing itself.
bool MayBeReplaced(const std::string& path) {
  struct stat status;
  return lstat(path.c_str(), &status) != 0 || S_ISREG(status.st_mode);
}

}  // namespace

void AddOutputOptions(CLI::App* command, OutputFlags* flags) {
  command
      ->add_option("-o,--output", flags->outputs,
                   "Report formats: " + absl::StrJoin(FormatNames(), ", ") + "; several with a path each")
      ->allow_extra_args(false)
      ->envname("GAINSAY_OUTPUT")
      ->type_name("FORMAT[=PATH]");
  AddColorOption(command, &flags->color);
  command->add_flag("--all-tasks", flags->all_tasks, "Report every run, of every verdict")
      ->envname("GAINSAY_ALL_TASKS");
  command->add_flag("-q,--quiet", flags->quiet, "Text: findings only, no summary")->envname("GAINSAY_QUIET");
  command->add_flag("-v,--verbose", flags->verbosity, "Text: every case of a cause")
      ->envname("GAINSAY_VERBOSE");
}

ReportStyle MakeStyle(const OutputFlags& flags, const Streams& streams) {
  ReportStyle style;
  style.all_tasks = flags.all_tasks;
  style.color = WantsColor(flags.color, streams);
  style.width = WidthOf(streams);
  style.quiet = flags.quiet;
  style.verbosity = flags.verbosity;
  return style;
}

absl::StatusOr<std::vector<Output>> ParseOutputs(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return std::vector<Output>{{Format::kText, ""}};
  std::vector<Output> outputs;
  std::set<std::string> paths;
  for (const std::string& argument : arguments) {
    absl::StatusOr<Output> output = ParseOutput(argument);
    if (!output.ok()) return output.status();
    if (!paths.insert(output->path).second) {
      return absl::InvalidArgumentError(
          output->path.empty()
              ? "--output: only one report can go to standard output; give the others a path "
                "(-o jsonl=PATH)"
              : "--output: two reports would be written to " + output->path);
    }
    outputs.push_back(std::move(*output));
  }
  return outputs;
}

absl::Status WriteFile(const std::string& path, bool append,
                       const std::function<void(std::ostream&)>& write) {
  const bool replaces = !append && MayBeReplaced(path);
  const std::string place = replaces ? path + ".tmp" + std::to_string(getpid()) : path;
  auto failed = [&](const char* what) {
    const std::string why = std::strerror(errno);
    if (replaces) std::remove(place.c_str());
    return absl::UnavailableError(path + ": " + what + ": " + why);
  };
  std::ofstream file(place, std::ios::binary | (append ? std::ios::app : std::ios::trunc));
  if (!file) return failed("can't be created");
  write(file);
  file.close();
  if (!file) return failed("can't be written");
  if (replaces && std::rename(place.c_str(), path.c_str()) != 0) return failed("can't be put in place");
  return absl::OkStatus();
}

absl::Status WriteOutputs(const std::vector<Output>& outputs, const Document& document, ReportStyle style,
                          const Streams& streams) {
  std::error_code unknown;
  style.directory = std::filesystem::current_path(unknown).string();
  for (const Output& output : outputs) {
    if (output.path.empty()) continue;
    ReportStyle plain = style;
    plain.color = false;
    const absl::Status s = WriteFile(
        output.path, output.append, [&](std::ostream& file) { Write(output.format, document, plain, file); });
    if (!s.ok()) return s;
  }
  for (const Output& output : outputs) {
    if (!output.path.empty()) continue;
    Write(output.format, document, style, streams.out);
    streams.out.flush();
    // A reader that went away early (head, less) has seen what it wanted.
    if (!streams.out && errno != EPIPE) return absl::UnavailableError("standard output can't be written");
  }
  return absl::OkStatus();
}

}  // namespace gainsay
