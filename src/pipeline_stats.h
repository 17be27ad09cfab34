// Where a scan spends its time, for `--stats`. Without it nothing is asked of a clock.
//
// Thread rules: any thread may add.
#ifndef GAINSAY_PIPELINE_STATS_H_
#define GAINSAY_PIPELINE_STATS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace gainsay {

// What is done to a log, in order. All but kScan, and kUnpack where a file's parts are unpacked apart, is
// done by one thread for one source.
enum class Stage : size_t { kStart, kRead, kUnpack, kCut, kScan, kOrder, kCorrelate, kReport };
inline constexpr size_t kStages = 8;

struct ScanStats {
  // Of all threads together. Waiting for each other is not in it, but waiting for the disk is, and for a
  // processor that others have.
  struct Spent {
    std::atomic<uint64_t> wall_ns = 0, cpu_ns = 0;
  };
  std::array<Spent, kStages> spent;
  std::atomic<uint64_t> scanners = 1;     // threads that scan
  std::atomic<uint64_t> at_once = 1;      // sources that are read at once
  std::atomic<uint64_t> parts_ahead = 0;  // parts of packed files that were unpacked ahead of their turn
  const int64_t began_ns;

  ScanStats();
  uint64_t WallSoFar() const;  // since this was made, in nanoseconds

  Spent& of(Stage stage) { return spent[static_cast<size_t>(stage)]; }
  const Spent& of(Stage stage) const { return spent[static_cast<size_t>(stage)]; }
};

// Counts the time from here to its end as a stage's. Where one stands within another, on the same thread, the
// inner one's time is not the outer one's.
class StageTimer {
 public:
  StageTimer(ScanStats* stats, Stage stage) : stats_(stats), stage_(stage) {
    if (stats_ != nullptr) Begin();
  }
  ~StageTimer() {
    if (stats_ != nullptr) End();
  }
  StageTimer(const StageTimer&) = delete;
  StageTimer& operator=(const StageTimer&) = delete;

 private:
  void Begin();
  void End();

  ScanStats* const stats_;
  const Stage stage_;
  StageTimer* outer_ = nullptr;
  int64_t wall_ns_ = 0, cpu_ns_ = 0;  // when it began, later by what inner ones took
};

}  // namespace gainsay

#endif  // GAINSAY_PIPELINE_STATS_H_
