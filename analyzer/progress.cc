#include "progress.h"

#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <ostream>
#include <string_view>

#include "report/progress.h"

namespace gainsay {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kFirst{500};  // what is done by then needs no bar
constexpr std::chrono::milliseconds kEvery{100};

class ProgressBar {
 public:
  ProgressBar(uint64_t total, bool at_once, std::ostream& err)
      : total_(total), err_(err), next_(start_ + (at_once ? SteadyClock::duration(0) : kFirst)) {}

  std::atomic<uint64_t>* taken() { return &taken_; }

  // After each chunk, and once more when all is read.
  void Tick(bool done) {
    if (done) {
      if (drawn_) err_ << "\r\x1b[K" << std::flush;
      return;
    }
    const SteadyClock::time_point now = SteadyClock::now();
    if (now < next_) return;
    next_ = now + kEvery;
    drawn_ = true;
    const auto elapsed = std::chrono::duration_cast<std::chrono::nanoseconds>(now - start_).count();
    err_ << '\r' << ProgressLine({taken_, total_, static_cast<uint64_t>(elapsed)}, Columns() - 1) << "\x1b[K"
         << std::flush;
  }

 private:
  static size_t Columns() {
    winsize size{};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col : 80;
  }

  const uint64_t total_;
  std::ostream& err_;
  const SteadyClock::time_point start_ = SteadyClock::now();
  SteadyClock::time_point next_;
  bool drawn_ = false;
  std::atomic<uint64_t> taken_ = 0;
};

// Of all sources together; 0 if one of them is a pipe.
uint64_t TotalBytes(const std::vector<Source>& sources) {
  uint64_t total = 0;
  for (const Source& source : sources) {
    struct stat status;
    const int failed = source.IsStdin() ? fstat(STDIN_FILENO, &status) : stat(source.path.c_str(), &status);
    if (failed != 0) continue;
    if (!S_ISREG(status.st_mode)) return 0;
    total += static_cast<uint64_t>(status.st_size);
  }
  return total;
}

bool IsWanted(const std::string& progress) {
  if (progress != "auto") return progress == "always";
  const char* terminal = std::getenv("TERM");
  return isatty(STDERR_FILENO) == 1 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

}  // namespace

void AddProgressOption(CLI::App* command, std::string* progress) {
  command->add_option("--progress", *progress, "A progress bar on standard error: auto, always, never")
      ->envname("GAINSAY_PROGRESS")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}));
}

void ShowProgress(const std::string& progress, const Streams& streams, ScanInput* input) {
  if (!IsWanted(progress)) return;
  auto bar = std::make_shared<ProgressBar>(TotalBytes(input->sources), progress == "always", streams.err);
  for (Source& source : input->sources) source.taken = bar->taken();
  input->tick = [bar](bool done) { bar->Tick(done); };
}

}  // namespace gainsay
