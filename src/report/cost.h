// What a scan cost, and where, for `--stats`: a table, and what follows from it.
//
// Thread rules: free functions without state.
#ifndef GAINSAY_REPORT_COST_H_
#define GAINSAY_REPORT_COST_H_

#include <cstdint>
#include <string>
#include <vector>

namespace gainsay {

struct StageCost {
  std::string name;
  uint64_t wall_ns = 0, cpu_ns = 0;  // of all threads together
  bool in_turn = false;              // one thread does it, for one source: more threads don't help
};

struct Cost {
  std::vector<StageCost> stages;
  uint64_t wall_ns = 0, cpu_ns = 0;  // of the whole process
  uint64_t bytes = 0, lines = 0, skipped = 0;
  uint64_t threads = 1;      // that may scan
  uint64_t at_once = 1;      // sources that were read at once
  uint64_t parts_ahead = 0;  // of packed files, that were unpacked ahead of their turn
  uint64_t peak_bytes = 0;   // of memory
};

// Lines of ASCII text, the last one ended too.
std::string CostText(const Cost& cost);

}  // namespace gainsay

#endif  // GAINSAY_REPORT_COST_H_
