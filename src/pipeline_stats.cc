#include "pipeline_stats.h"

#include <ctime>
#include <utility>

namespace gainsay {
namespace {

thread_local StageTimer* innermost = nullptr;

int64_t Now(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

ScanStats::ScanStats() : began_ns(Now(CLOCK_MONOTONIC)) {}

uint64_t ScanStats::WallSoFar() const { return static_cast<uint64_t>(Now(CLOCK_MONOTONIC) - began_ns); }

void StageTimer::Begin() {
  outer_ = std::exchange(innermost, this);
  wall_ns_ = Now(CLOCK_MONOTONIC);
  cpu_ns_ = Now(CLOCK_THREAD_CPUTIME_ID);
}

void StageTimer::End() {
  const int64_t wall_ns = Now(CLOCK_MONOTONIC) - wall_ns_, cpu_ns = Now(CLOCK_THREAD_CPUTIME_ID) - cpu_ns_;
  ScanStats::Spent& spent = stats_->of(stage_);
  spent.wall_ns += static_cast<uint64_t>(wall_ns);
  spent.cpu_ns += static_cast<uint64_t>(cpu_ns);
  innermost = outer_;
  if (outer_ == nullptr) return;
  outer_->wall_ns_ += wall_ns;
  outer_->cpu_ns_ += cpu_ns;
}

}  // namespace gainsay
