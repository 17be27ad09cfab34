// How far a scan has come, in one line of a terminal.
//
// Thread rules: free functions without state.
#ifndef GAINSAY_REPORT_PROGRESS_H_
#define GAINSAY_REPORT_PROGRESS_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace gainsay {

struct Progress {
  uint64_t done = 0;   // bytes, packed as they are
  uint64_t total = 0;  // 0: not known (a pipe)
  uint64_t elapsed_ns = 0;
};

// " 43% [=======>         ] 1.2 GB of 2.8 GB, 512.0 MB/s, 4 s left"; parts that `columns` don't hold are left
// out.
std::string ProgressLine(const Progress& progress, size_t columns);

}  // namespace gainsay

#endif  // GAINSAY_REPORT_PROGRESS_H_
