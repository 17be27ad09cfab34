// Who is told of findings: a command (--exec) or an address (--webhook).
//
// Thread rules: one receiver, one thread (the Notifier's).
#ifndef GAINSAY_WATCH_RECEIVER_H_
#define GAINSAY_WATCH_RECEIVER_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace gainsay {

// What a receiver is given.
struct Notice {
  std::string id;          // of the finding: the same again where a delivery is repeated
  std::string json;        // one JSON object on one line, without its line feed
  bool new_cause = false;  // such notices are the last to be dropped
};

struct Delivery {
  enum class Outcome : uint8_t { kDelivered, kAgain, kRefused };  // kRefused: no use in trying again
  Outcome outcome = Outcome::kDelivered;
  std::string why;                           // "" or what went wrong: "exit status 3", "HTTP 503"
  std::chrono::milliseconds retry_after{0};  // if the receiver asked for it
};

class Receiver {
 public:
  virtual ~Receiver() = default;
  virtual std::string_view name() const = 0;  // "exec", "webhook"

  // Takes as long as the receiver's time-out at most, and ends soon after `stop` became true.
  virtual Delivery Deliver(const Notice& notice, const std::atomic<bool>& stop) = 0;
};

// Runs `command` by /bin/sh, with the notice as a line on its standard input, and its output on our standard
// error. Exit status 0 is delivered, whether it read its input or not. Past the time-out its process group is
// killed. The child inherits no descriptor, no blocked signal and no NOTIFY_SOCKET.
std::unique_ptr<Receiver> MakeExecReceiver(std::string command, std::chrono::milliseconds timeout);

struct WebhookOptions {
  std::string url;                   // http or https
  std::vector<std::string> headers;  // "Authorization: Bearer …"
  std::chrono::milliseconds timeout{10'000};
};

// POSTs the notice as application/json, with its id as Idempotency-Key. 2xx is delivered; 408, 425, 429, 5xx
// and what the network does are tried again (Retry-After is heeded); other answers, redirects too, are
// refusals. Errors: not such an address, a header with a line break, or built without libcurl. No message
// shows more of the address than its scheme and host: the rest may be a secret.
absl::StatusOr<std::unique_ptr<Receiver>> MakeWebhookReceiver(WebhookOptions options);

}  // namespace gainsay

#endif  // GAINSAY_WATCH_RECEIVER_H_
