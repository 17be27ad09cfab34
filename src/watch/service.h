// What systemd is told of a service (sd_notify): nothing where no service manager listens, or where the
// program was built without libsystemd.
//
// Thread rules: any thread. What goes wrong is not told: a service manager that can't be reached is no reason
// to stop.
#ifndef GAINSAY_WATCH_SERVICE_H_
#define GAINSAY_WATCH_SERVICE_H_

#include <chrono>
#include <optional>
#include <string_view>

namespace gainsay {

void TellServiceReady();                        // after start-up, and after a reload
void TellServiceStatus(std::string_view text);  // one line, shown by `systemctl status`
void TellServiceReloading();
void TellServiceStopping();

// To be called this often at least while all is well, if systemd watches (WatchdogSec=): half of its
// time-out.
std::optional<std::chrono::milliseconds> ServiceWatchdogInterval();
void TellServiceAlive();

}  // namespace gainsay

#endif  // GAINSAY_WATCH_SERVICE_H_
