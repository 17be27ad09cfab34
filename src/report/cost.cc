// Amdahl's law, as far as one run can tell: what only one thread can do, of all processor time, bounds what
// any number of threads could make of it.
#include "report/cost.h"

#include <algorithm>
#include <cstdio>
#include <string_view>

#include "finding/phrase.h"

namespace gainsay {
namespace {

double Seconds(uint64_t ns) { return static_cast<double>(ns) / 1e9; }

double Percent(uint64_t part, uint64_t whole) {
  return 100 * static_cast<double>(part) / static_cast<double>(std::max<uint64_t>(whole, 1));
}

std::string Row(std::string_view name, uint64_t wall_ns, uint64_t cpu_ns, uint64_t all_cpu_ns) {
  char row[100];
  std::snprintf(row, sizeof row, "  %-26.*s %9.3f s %9.3f s %5.1f %%\n", static_cast<int>(name.size()),
                name.data(), Seconds(wall_ns), Seconds(cpu_ns), Percent(cpu_ns, all_cpu_ns));
  return row;
}

std::string Number(const char* format, double value) {
  char text[40];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string Speed(const Cost& cost) {
  const double seconds = std::max(Seconds(cost.wall_ns), 1e-9);
  const auto speed = static_cast<uint64_t>(std::min(static_cast<double>(cost.bytes) / seconds, 1e18));
  return ByteSize(cost.bytes) + " in " + Number("%.3f", seconds) + " s: " + ByteSize(speed) + "/s; " +
         Number("%.1f", Percent(cost.skipped, cost.lines)) + " % of " + std::to_string(cost.lines) +
         " lines skipped unread\n";
}

std::string Threads(const Cost& cost, uint64_t in_turn_ns) {
  const double busy = Percent(cost.cpu_ns, cost.wall_ns * cost.threads);
  const double serial = Percent(in_turn_ns, cost.cpu_ns);
  std::string text = std::to_string(cost.threads) + (cost.threads == 1 ? " thread" : " threads") + ", busy " +
                     Number("%.0f", busy) + " %";
  if (cost.at_once > 1) text += ", " + std::to_string(cost.at_once) + " sources at once";
  if (cost.parts_ahead > 0) text += ", " + std::to_string(cost.parts_ahead) + " parts unpacked ahead";
  text += "; serial part " + Number("%.1f", serial) + " %";
  if (serial > 0) text += ": at most " + Number("%.1f", 100 / serial) + " x one thread's speed";
  return text + "\n";
}

}  // namespace

std::string CostText(const Cost& cost) {
  std::string text = "  stage                           wall         CPU   share\n";
  uint64_t told_ns = 0, in_turn_ns = 0;
  for (const StageCost& stage : cost.stages) {
    told_ns += stage.cpu_ns;
    if (stage.in_turn) in_turn_ns += stage.cpu_ns;
    if (stage.wall_ns > 0) text += Row(stage.name, stage.wall_ns, stage.cpu_ns, cost.cpu_ns);
  }
  // What no stage counts: handing over, waiting, and whatever was done before the first.
  const uint64_t rest_ns = cost.cpu_ns - std::min(told_ns, cost.cpu_ns);
  text += Row("whole process", cost.wall_ns, cost.cpu_ns, cost.cpu_ns);
  return text + "  " + Speed(cost) + "  " + Threads(cost, in_turn_ns + rest_ns) + "  peak memory " +
         ByteSize(cost.peak_bytes) + "\n";
}

}  // namespace gainsay
