#include "signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>

namespace gainsay {
namespace {

std::array<int, 2> wake = {-1, -1};
std::atomic<bool> stop_asked{false}, dump_asked{false}, reload_asked{false};

extern "C" void NoteSignal(int signal) {
  const int saved = errno;
  if (signal == SIGHUP) {
    reload_asked = true;
  } else if (signal == SIGUSR1) {
    dump_asked = true;
  } else {
    stop_asked = true;
  }
  if (wake[1] >= 0) static_cast<void>(!write(wake[1], "!", 1));
  errno = saved;
}

}  // namespace

Signals::Signals() {
  if (pipe2(wake.data(), O_CLOEXEC | O_NONBLOCK) != 0) wake = {-1, -1};
  struct sigaction action = {};
  action.sa_handler = NoteSignal;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) sigaction(signal, &action, nullptr);
}

int Signals::wake_fd() const { return wake[0]; }

WatchOrder Signals::Take() {
  std::array<char, 64> noted;
  while (wake[0] >= 0 && read(wake[0], noted.data(), noted.size()) > 0) {
  }
  if (stop_asked.exchange(false)) return WatchOrder::kStop;
  if (reload_asked.exchange(false)) return WatchOrder::kReload;
  if (dump_asked.exchange(false)) return WatchOrder::kDump;
  return WatchOrder::kNone;
}

}  // namespace gainsay
