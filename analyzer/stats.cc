#include "stats.h"

#include <sys/resource.h>

#include <ctime>

#include "report/cost.h"

namespace gainsay {
namespace {

uint64_t Nanoseconds(const timeval& time) {
  return (static_cast<uint64_t>(time.tv_sec) * 1'000'000 + static_cast<uint64_t>(time.tv_usec)) * 1'000;
}

}  // namespace

void TellStats(const ScanStats& stats, const Summary& summary, std::ostream& err) {
  Cost cost;
  for (const auto& [stage, name, in_turn] :
       {std::tuple(Stage::kStart, "start-up", true), std::tuple(Stage::kRead, "read, unpack", true),
        std::tuple(Stage::kUnpack, "unpack ahead", false), std::tuple(Stage::kCut, "cut into chunks", true),
        std::tuple(Stage::kScan, "filter, parse, match", false), std::tuple(Stage::kOrder, "order", true),
        std::tuple(Stage::kCorrelate, "correlate", true),
        std::tuple(Stage::kReport, "find causes, report", true)}) {
    const ScanStats::Spent& spent = stats.of(stage);
    cost.stages.push_back({name, spent.wall_ns, spent.cpu_ns, in_turn});
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  cost.cpu_ns = Nanoseconds(usage.ru_utime) + Nanoseconds(usage.ru_stime);
  cost.wall_ns = stats.WallSoFar();
  cost.bytes = summary.total.bytes;
  cost.lines = summary.total.lines;
  cost.skipped = summary.total.skipped;
  cost.threads = stats.scanners;
  cost.at_once = stats.at_once;
  cost.parts_ahead = stats.parts_ahead;
  cost.peak_bytes = static_cast<uint64_t>(usage.ru_maxrss) * 1024;
  err << "gainsay: stats\n" << CostText(cost) << std::flush;
}

}  // namespace gainsay
