// Durations as flags take them.
#ifndef GAINSAY_ANALYZER_DURATION_H_
#define GAINSAY_ANALYZER_DURATION_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace gainsay {

// `500ms 10s 5m 2h`, at most a year. Error: names the flag.
absl::Status ParseSpan(const std::string& flag, const std::string& text, int64_t* ns);

void AddDuration(CLI::App* app, const std::string& name, std::string* value, const char* variable,
                 const char* help);

}  // namespace gainsay

#endif  // GAINSAY_ANALYZER_DURATION_H_
