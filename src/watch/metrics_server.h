// Figures over HTTP, for Prometheus to scrape: GET /metrics.
//
//   absl::StatusOr<std::unique_ptr<MetricsServer>> server = MetricsServer::Listen("127.0.0.1:9464");
//   (*server)->Publish(figures);     // as often as you like
//
// Thread rules: Publish from one thread. The library's own threads answer; a slow or hanging client holds one
// of them for some seconds, and never the caller.
#ifndef GAINSAY_WATCH_METRICS_SERVER_H_
#define GAINSAY_WATCH_METRICS_SERVER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "report/figures.h"

namespace gainsay {

class MetricsServer {
 public:
  // `address` is HOST:PORT or [HOST]:PORT; port 0 takes a free one. `now` is asked at each scrape, on any
  // thread: wall-clock time in ns, so that ages grow even when nothing is published. Errors: not an address,
  // in use, or built without prometheus-cpp.
  static absl::StatusOr<std::unique_ptr<MetricsServer>> Listen(const std::string& address,
                                                               std::function<int64_t()> now);
  ~MetricsServer();

  void Publish(const Figures& figures);

  int port() const;

 private:
  struct State;
  explicit MetricsServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace gainsay

#endif  // GAINSAY_WATCH_METRICS_SERVER_H_
