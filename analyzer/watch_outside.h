// The flags by which a watch speaks to the outside: metrics, receivers of findings, what is news.
#ifndef GAINSAY_ANALYZER_WATCH_OUTSIDE_H_
#define GAINSAY_ANALYZER_WATCH_OUTSIDE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "command.h"
#include "pipeline_outside.h"

namespace gainsay {

struct OutsideFlags {
  std::string metrics_listen, exec, webhook;
  std::vector<std::string> webhook_headers, baselines;
  std::string notify = "new", repeat = "4h", notify_timeout = "10s", stalled = "0s";
};

void AddOutsideOptions(CLI::App* watch, OutsideFlags* flags);

// Warnings go to err. Errors: a flag that is none, an address that can't be listened on.
absl::StatusOr<std::unique_ptr<Outside>> OpenOutside(const OutsideFlags& flags,
                                                     const std::string& metrics_file, bool has_state,
                                                     const Streams& streams);

}  // namespace gainsay

#endif  // GAINSAY_ANALYZER_WATCH_OUTSIDE_H_
