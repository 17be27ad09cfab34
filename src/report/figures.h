// What monitoring sees: plain numbers, from a scan that has ended or from a watch that runs.
#ifndef GAINSAY_REPORT_FIGURES_H_
#define GAINSAY_REPORT_FIGURES_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "finding/bounded_counts.h"
#include "report/document.h"
#include "task/run.h"

namespace gainsay {

// What became of the findings given to one receiver (--exec, --webhook).
struct DeliveryFigures {
  std::string receiver;  // "exec", "webhook"
  uint64_t delivered = 0;
  uint64_t failed = 0;   // given up after the last attempt
  uint64_t dropped = 0;  // the queue was full, or the program ended
  uint64_t retries = 0;
  uint64_t queued = 0;  // now
};

// What only a watch has. Times are wall-clock time in ns, 0: never.
struct WatchVitals {
  int64_t started_ns = 0;
  int64_t watermark_ns = 0;      // event time
  int64_t last_terminal_ns = 0;  // event time of the last terminal event
  int64_t checkpoint_ns = 0;     // of the last checkpoint that was written; meaningless without has_state
  bool has_state = false;        // there is a state directory
  uint64_t checkpoint_failures = 0;
  uint64_t open_tasks = 0;
  uint64_t stalled_tasks = 0;  // started, and silent for longer than --stalled
  uint64_t known_causes = 0;
  uint64_t new_causes = 0;  // seen for the first time
  uint64_t updates = 0;     // findings whose verdict changed
  uint64_t evicted = 0;     // fell out of a full table
  uint64_t gaps = 0;
  uint64_t spilled_bytes = 0;
  uint64_t lost_bytes = 0;  // read from nowhere: the spill file was full as well
  uint64_t lost_lines = 0;
  // Bytes that wait, now: to be judged, in memory and in the spill file; for the next checkpoint; of
  // findings, for space on the disk.
  uint64_t backlog_memory = 0, backlog_spill = 0, since_checkpoint = 0, unwritten_findings = 0;
  uint64_t output_failures = 0;
  std::vector<DeliveryFigures> deliveries;
};

struct Figures {
  uint64_t lines = 0, records = 0, malformed = 0, null_messages = 0, bytes = 0;
  uint64_t terminals = 0, write_errors = 0, unattributed = 0, suppressed = 0;
  VerdictCounts runs{};
  BoundedCounts write_errors_by_reason;  // target, reason
  BoundedCounts contradictions;          // cause
  std::optional<bool> inconclusive;      // a scan as a whole
  std::optional<WatchVitals> watch;
};

// Of a scan, or of a report that was read back. One without targets (an old report) has "" for them.
Figures FiguresOf(const Document& document);

}  // namespace gainsay

#endif  // GAINSAY_REPORT_FIGURES_H_
