// A scan as its flags ask for it: the same for `scan` and `gate`.
#ifndef GAINSAY_ANALYZER_SCAN_OPTION_H_
#define GAINSAY_ANALYZER_SCAN_OPTION_H_

#include <optional>
#include <string>
#include <vector>

#include "command.h"
#include "input_option.h"
#include "output.h"
#include "report/document.h"

namespace gainsay {

struct ScanStats;

struct ScanFlags {
  InputFlags input;
  OutputFlags output;
  std::vector<std::string> rules;
  std::string reported;
  bool exit_zero = false, no_prefilter = false, stats = false;
  size_t jobs = 0;
};

void AddScanOptions(CLI::App* command, ScanFlags* flags);

// Reads and judges everything. None if it could not run, which is told on err. `stats` is told what it cost.
std::optional<Document> RunScan(const ScanFlags& flags, const Streams& streams, ScanStats* stats);

}  // namespace gainsay

#endif  // GAINSAY_ANALYZER_SCAN_OPTION_H_
