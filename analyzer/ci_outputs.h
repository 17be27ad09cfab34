// Where reports go in CI. Without -o, `gate` finds out where it runs and writes what is shown there.
#ifndef GAINSAY_ANALYZER_CI_OUTPUTS_H_
#define GAINSAY_ANALYZER_CI_OUTPUTS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "output.h"

namespace gainsay {

struct CiOutputs {
  std::vector<Output> outputs;
  std::vector<Output> annotations;  // GitHub's, behind the text
  std::string told;                 // what was chosen, in words; "" where it was asked for
};

// What the flags ask for; without any what suits the environment: GITHUB_ACTIONS, GITLAB_CI, JENKINS_URL.
absl::StatusOr<CiOutputs> ChooseOutputs(const std::vector<std::string>& arguments);

// Text on standard output of a GitHub step is written so that nothing in it is taken for a workflow command.
absl::Status WriteCiOutputs(const CiOutputs& outputs, const Document& document, const ReportStyle& style,
                            const Streams& streams);

}  // namespace gainsay

#endif  // GAINSAY_ANALYZER_CI_OUTPUTS_H_
