// `--progress`: a bar on standard error while logs are read, gone when they are.
#ifndef GAINSAY_ANALYZER_PROGRESS_H_
#define GAINSAY_ANALYZER_PROGRESS_H_

#include <string>

#include "command.h"
#include "pipeline.h"

namespace gainsay {

void AddProgressOption(CLI::App* command, std::string* progress);

// Has the scan of `input` draw it, if that is wanted here: always, or (auto) where standard error is a
// terminal that can. What it needs lives as long as the input.
void ShowProgress(const std::string& progress, const Streams& streams, ScanInput* input);

}  // namespace gainsay

#endif  // GAINSAY_ANALYZER_PROGRESS_H_
