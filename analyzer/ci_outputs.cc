#include "ci_outputs.h"

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <random>

#include "absl/strings/str_cat.h"
#include "report/gate.h"

namespace gainsay {
namespace {

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool InGithub() { return Variable("GITHUB_ACTIONS") == "true"; }

// A word that no log can know.
std::string SecretWord() {
  std::random_device random;
  return absl::StrCat("gainsay-", absl::Hex(random(), absl::kZeroPad8), absl::Hex(random(), absl::kZeroPad8));
}

CiOutputs ForGithub() {
  CiOutputs chosen;
  chosen.outputs = {{Format::kText, ""}};
  chosen.told = "GitHub Actions";
  if (const std::optional<Format> github = FormatByName("github")) {
    chosen.annotations = {{*github, ""}};
    chosen.told += ", annotations";
  }
  const std::string summary = Variable("GITHUB_STEP_SUMMARY");
  if (const std::optional<Format> markdown = FormatByName("markdown"); markdown && !summary.empty()) {
    chosen.outputs.push_back({*markdown, summary, true});
    chosen.told += ", a summary of the step";
  }
  return chosen;
}

CiOutputs WithFile(const std::string& where, const char* format, const std::string& path) {
  CiOutputs chosen;
  chosen.outputs = {{Format::kText, ""}};
  if (const std::optional<Format> found = FormatByName(format)) {
    chosen.outputs.push_back({*found, path});
    chosen.told = where + ": " + path;
  }
  return chosen;
}

// Formats that say themselves what is known; the others are shown only what is new.
bool TellsOfTheGate(const Output& output) {
  return output.format == Format::kText || output.format == Format::kJsonl || output.format == Format::kHtml;
}

absl::Status WriteEach(const std::vector<Output>& outputs, const Document& document, const ReportStyle& style,
                       const Streams& streams) {
  const Document left = WithoutKnown(document);
  for (const Output& output : outputs) {
    const Document& shown = TellsOfTheGate(output) ? document : left;
    if (absl::Status s = WriteOutputs({output}, shown, style, streams); !s.ok()) return s;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CiOutputs> ChooseOutputs(const std::vector<std::string>& arguments) {
  if (arguments.empty() && InGithub()) return ForGithub();
  if (arguments.empty() && !Variable("GITLAB_CI").empty()) {
    return WithFile("GitLab", "gitlab", "gl-code-quality-report.json");
  }
  if (arguments.empty() && !Variable("JENKINS_URL").empty()) {
    return WithFile("Jenkins", "junit", "gainsay-junit.xml");
  }
  absl::StatusOr<std::vector<Output>> outputs = ParseOutputs(arguments);
  if (!outputs.ok()) return outputs.status();
  CiOutputs chosen;
  chosen.outputs = std::move(*outputs);
  return chosen;
}

absl::Status WriteCiOutputs(const CiOutputs& outputs, const Document& document, const ReportStyle& style,
                            const Streams& streams) {
  if (!outputs.told.empty()) streams.err << "gainsay: " << outputs.told << '\n';
  const bool text = std::any_of(outputs.outputs.begin(), outputs.outputs.end(), [](const Output& output) {
    return output.path.empty() && output.format == Format::kText;
  });
  // GitHub reads workflow commands ("::error::") from what a step prints, wherever they come from.
  const std::string word = text && InGithub() ? SecretWord() : "";
  if (!word.empty()) streams.out << "::stop-commands::" << word << '\n';
  absl::Status written = WriteEach(outputs.outputs, document, style, streams);
  if (!word.empty()) streams.out << "::" << word << "::\n";
  if (written.ok() && !outputs.annotations.empty()) {
    written = WriteEach(outputs.annotations, document, style, streams);
  }
  streams.out.flush();
  return written;
}

}  // namespace gainsay
