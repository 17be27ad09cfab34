// `--stats`: where a scan spent its time, on standard error when it is over.
#ifndef GAINSAY_ANALYZER_STATS_H_
#define GAINSAY_ANALYZER_STATS_H_

#include <ostream>

#include "pipeline_stats.h"
#include "report/document.h"

namespace gainsay {

// From `stats`, which saw the whole of a command: what was read is in `summary`.
void TellStats(const ScanStats& stats, const Summary& summary, std::ostream& err);

}  // namespace gainsay

#endif  // GAINSAY_ANALYZER_STATS_H_
