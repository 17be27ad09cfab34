#include "report/progress.h"

#include <algorithm>

#include "finding/phrase.h"

namespace gainsay {
namespace {

constexpr uint64_t kSecond = 1'000'000'000;
constexpr size_t kLeastBar = 10, kMostBar = 40;

double PerSecond(const Progress& progress) {
  return static_cast<double>(progress.done) * 1e9 /
         static_cast<double>(std::max<uint64_t>(progress.elapsed_ns, 1));
}

// In whole seconds, rounded up: it is a guess.
std::string Left(const Progress& progress) {
  const double seconds = static_cast<double>(progress.total - progress.done) / PerSecond(progress);
  const auto whole = static_cast<uint64_t>(std::min(seconds, 1e9)) + 1;
  return (whole < 60 ? std::to_string(whole) + " s" : Span(whole * kSecond)) + " left";
}

std::string Bar(uint64_t percent, size_t width) {
  std::string bar(width * percent / 100, '=');
  if (bar.size() < width) bar += '>';
  bar.resize(width, ' ');
  return "[" + bar + "] ";
}

}  // namespace

std::string ProgressLine(const Progress& progress, size_t columns) {
  const std::string speed =
      ", " + ByteSize(static_cast<uint64_t>(std::min(PerSecond(progress), 1e18))) + "/s";
  if (progress.total == 0) {
    const std::string done = ByteSize(progress.done);
    return done.size() + speed.size() <= columns ? done + speed : done.substr(0, columns);
  }
  Progress p = progress;
  p.done = std::min(p.done, p.total);  // a file that grows
  const uint64_t percent =
      static_cast<uint64_t>(static_cast<double>(p.done) * 100 / static_cast<double>(p.total));
  std::string line = std::to_string(percent) + "% ";
  line.insert(0, 5 - line.size(), ' ');
  std::string text = ByteSize(p.done) + " of " + ByteSize(p.total);
  for (const std::string& part : {speed, p.done > 0 && p.done < p.total ? ", " + Left(p) : ""}) {
    if (line.size() + text.size() + part.size() <= columns) text += part;
  }
  const size_t used = line.size() + text.size() + 3;  // "[", "] "
  if (columns >= used + kLeastBar) line += Bar(percent, std::min(columns - used, kMostBar));
  return line.size() + text.size() <= columns ? line + text : line.substr(0, columns);
}

}  // namespace gainsay
