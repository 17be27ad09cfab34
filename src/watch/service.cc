#include "watch/service.h"

#if GAINSAY_HAS_SYSTEMD
#include <systemd/sd-daemon.h>

#include <cstdint>
#include <ctime>
#include <string>

#include "report/escape.h"
#endif

namespace gainsay {

#if GAINSAY_HAS_SYSTEMD

namespace {

void Tell(const std::string& state) { sd_notify(/*unset_environment=*/0, state.c_str()); }

std::string MonotonicMicroseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::to_string(int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000);
}

}  // namespace

void TellServiceReady() { Tell("READY=1"); }

// A line feed would begin another assignment.
void TellServiceStatus(std::string_view text) { Tell("STATUS=" + EscapeText(text)); }

void TellServiceReloading() { Tell("RELOADING=1\nMONOTONIC_USEC=" + MonotonicMicroseconds()); }

void TellServiceStopping() { Tell("STOPPING=1"); }

std::optional<std::chrono::milliseconds> ServiceWatchdogInterval() {
  uint64_t microseconds = 0;
  if (sd_watchdog_enabled(/*unset_environment=*/0, &microseconds) <= 0) return std::nullopt;
  return std::chrono::milliseconds(microseconds / 2000);
}

void TellServiceAlive() { Tell("WATCHDOG=1"); }

#else

void TellServiceReady() {}
void TellServiceStatus(std::string_view text) { static_cast<void>(text); }
void TellServiceReloading() {}
void TellServiceStopping() {}
std::optional<std::chrono::milliseconds> ServiceWatchdogInterval() { return std::nullopt; }
void TellServiceAlive() {}

#endif

}  // namespace gainsay
