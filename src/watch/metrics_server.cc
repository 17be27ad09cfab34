#include "watch/metrics_server.h"

#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"

#if GAINSAY_HAS_PROMETHEUS
#include <netinet/in.h>
#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <sys/socket.h>

#include <charconv>
#include <exception>
#include <filesystem>
#include <mutex>
#include <string>
#include <system_error>

#include "report/prometheus_families.h"
#endif

namespace gainsay {

#if GAINSAY_HAS_PROMETHEUS

namespace {

class Published : public prometheus::Collectable {
 public:
  explicit Published(std::function<int64_t()> now) : now_(std::move(now)) {}

  void Set(const Figures& figures) {
    auto fresh = std::make_shared<const Figures>(figures);
    const std::lock_guard<std::mutex> lock(mutex_);
    figures_.swap(fresh);
  }

  std::vector<prometheus::MetricFamily> Collect() const override {
    std::shared_ptr<const Figures> figures;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      figures = figures_;
    }
    return PrometheusFamilies(*figures, now_());
  }

 private:
  std::function<int64_t()> now_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Figures> figures_ = std::make_shared<const Figures>();
};

// "HOST:PORT", and nothing that the server would take for more (a list, a redirect, TLS).
bool IsAddress(std::string_view address) {
  const size_t colon = address.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view host = address.substr(0, colon), port = address.substr(colon + 1);
  if (port.empty() || port.size() > 5) return false;
  if (port.find_first_not_of("0123456789") != std::string_view::npos) return false;
  if (host.front() == '[') return host.back() == ']' && host.find_first_of(", ") == std::string_view::npos;
  return host.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-") ==
         std::string_view::npos;
}

bool ListensOn(int fd, int port) {
  int listens = 0;
  socklen_t size = sizeof listens;
  if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || listens == 0) return false;
  sockaddr_storage address{};
  size = sizeof address;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return false;
  // The port stands at the same place in both families.
  const bool inet = address.ss_family == AF_INET || address.ss_family == AF_INET6;
  return inet && ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port) == port;
}

// The library waits for clients for up to two seconds before it sees that it is to stop (mended in later
// versions). On a socket that is shut down it does not wait, and it alone knows which one that is.
void LetNobodyIn(int port) {
  std::error_code error;
  std::filesystem::directory_iterator open("/proc/self/fd", error);
  for (; !error && open != std::filesystem::directory_iterator(); open.increment(error)) {
    const std::string name = open->path().filename();
    int fd = -1;
    std::from_chars(name.data(), name.data() + name.size(), fd);
    if (ListensOn(fd, port)) shutdown(fd, SHUT_RDWR);
  }
}

}  // namespace

struct MetricsServer::State {
  ~State() {
    if (exposer == nullptr) return;
    for (const int port : exposer->GetListeningPorts()) LetNobodyIn(port);
  }

  std::shared_ptr<Published> published;
  std::unique_ptr<prometheus::Exposer> exposer;
};

absl::StatusOr<std::unique_ptr<MetricsServer>> MetricsServer::Listen(const std::string& address,
                                                                     std::function<int64_t()> now) {
  if (!IsAddress(address)) {
    return absl::InvalidArgumentError("--metrics-listen " + address + ": not an address like 127.0.0.1:9464");
  }
  auto state = std::make_unique<State>();
  state->published = std::make_shared<Published>(std::move(now));
  try {
    state->exposer = std::make_unique<prometheus::Exposer>(
        std::vector<std::string>{"listening_ports", address, "num_threads", "4", "request_timeout_ms", "5000",
                                 "enable_keep_alive", "no"});
    state->exposer->RegisterCollectable(state->published);
  } catch (const std::exception& error) {
    return absl::UnavailableError(
        "--metrics-listen " + address +
        ": can't listen there; is the port in use, or the address another machine's?");
  }
  return std::unique_ptr<MetricsServer>(new MetricsServer(std::move(state)));
}

void MetricsServer::Publish(const Figures& figures) { state_->published->Set(figures); }

int MetricsServer::port() const {
  const std::vector<int> ports = state_->exposer->GetListeningPorts();
  return ports.empty() ? 0 : ports.front();
}

#else

struct MetricsServer::State {};

absl::StatusOr<std::unique_ptr<MetricsServer>> MetricsServer::Listen(const std::string& address,
                                                                     std::function<int64_t()> now) {
  static_cast<void>(now);
  return absl::UnimplementedError(
      "--metrics-listen " + address +
      ": built without prometheus-cpp (install prometheus-cpp-dev and build again)");
}

void MetricsServer::Publish(const Figures& figures) { static_cast<void>(figures); }

int MetricsServer::port() const { return 0; }

#endif

MetricsServer::MetricsServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
MetricsServer::~MetricsServer() = default;

}  // namespace gainsay
