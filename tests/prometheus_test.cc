// Metrics as Prometheus reads them: names, bounds, escapes; over HTTP and judged by promtool where it is
// installed.
#include "report/prometheus.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "report/figures.h"
#include "watch/metrics_server.h"

namespace gainsay {
namespace {

constexpr int64_t kNow = 1'780'200'720'000'000'000;

bool Has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

size_t LinesThatBegin(const std::string& text, const std::string& start) {
  size_t count = 0;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) count += line.starts_with(start);
  return count;
}

Figures WatchExample() {
  Figures f;
  f.lines = 120;
  f.records = 100;
  f.malformed = 2;
  f.write_errors = 9;
  f.runs[static_cast<size_t>(Verdict::kContradiction)] = 3;
  f.write_errors_by_reason.Add({"primary/media_v2", "schema_mismatch"}, 7);
  f.write_errors_by_reason.Add({"secondary", "write_conflict"}, 2);
  f.contradictions.Add({"23ee0f091d305886"}, 3);
  WatchVitals& w = f.watch.emplace();
  w.started_ns = kNow - 100'000'000'000;
  w.watermark_ns = kNow - 5'000'000'000;
  w.has_state = true;
  w.checkpoint_ns = kNow - 2'500'000'000;
  w.open_tasks = 4;
  w.stalled_tasks = 1;
  w.deliveries.push_back({"exec", 5, 1, 2, 3, 4});
  return f;
}

class Prometheus : public testing::Test {
 protected:
  void SetUp() override {
    if (!HasPrometheus()) GTEST_SKIP() << "built without prometheus-cpp";
  }
};

TEST_F(Prometheus, CountsAndAges) {
  const std::string text = PrometheusText(WatchExample(), kNow);
  for (const char* line :
       {"# TYPE gainsay_write_errors_total counter\ngainsay_write_errors_total 9\n",
        "gainsay_write_errors_by_reason_total{target=\"primary/media_v2\",reason=\"schema_mismatch\"} 7\n",
        "gainsay_write_errors_by_reason_total{target=\"secondary\",reason=\"write_conflict\"} 2\n",
        "gainsay_contradictions_total{cause=\"23ee0f091d305886\"} 3\n",
        "gainsay_tasks_total{verdict=\"contradiction\"} 3\n", "gainsay_tasks_total{verdict=\"clean\"} 0\n",
        "gainsay_lines_total 120\n", "gainsay_malformed_lines_total 2\n", "gainsay_open_tasks 4\n",
        "gainsay_stalled_tasks 1\n", "gainsay_watermark_lag_seconds 5\n",
        "gainsay_checkpoint_age_seconds 2.5\n",
        "gainsay_last_terminal_age_seconds 100\n",  // none since the start
        "gainsay_notifications_total{receiver=\"exec\",result=\"dropped\"} 2\n",
        "gainsay_notification_queue_length{receiver=\"exec\"} 4\n"}) {
    EXPECT_TRUE(Has(text, line)) << line << "\nis not in\n" << text;
  }
}

TEST_F(Prometheus, WithoutStateThereAreNoCheckpointMetrics) {
  Figures f = WatchExample();
  f.watch->has_state = false;
  EXPECT_FALSE(Has(PrometheusText(f, kNow), "checkpoint"));
  f.watch.reset();
  EXPECT_FALSE(Has(PrometheusText(f, kNow), "watermark"));
}

TEST_F(Prometheus, HostileLabelsAreOneLineOfValidTextEach) {
  Figures f;
  f.write_errors_by_reason.Add({"a\"} 1\nforged_total 1", "x"}, 1);
  f.write_errors_by_reason.Add({"b\xff\xfe\\", "x"}, 1);
  f.write_errors_by_reason.Add({"same\n", "x"}, 2);  // both read "same\n" once escaped
  f.write_errors_by_reason.Add({"same\\n", "x"}, 3);
  f.write_errors_by_reason.Add({std::string(100'000, 'z'), "x"}, 1);
  f.write_errors_by_reason.Add({"", "y"}, 1);
  const std::string text = PrometheusText(f);
  EXPECT_EQ(LinesThatBegin(text, "forged_total"), 0u);
  EXPECT_EQ(LinesThatBegin(text, "gainsay_write_errors_by_reason_total{"), 5u) << text;
  EXPECT_TRUE(Has(text, R"({target="same\\n",reason="x"} 5)")) << text;
  EXPECT_TRUE(Has(text, R"({target="b\\xff\\xfe\\",reason="x"} 1)")) << text;
  EXPECT_TRUE(Has(text, R"({reason="y"} 1)")) << text;
  EXPECT_LT(text.size(), 10'000u);
}

TEST(BoundedCountsTest, PastTheCapIsOther) {
  BoundedCounts counts(3);
  for (int i = 0; i < 1000; ++i) counts.Add({"t" + std::to_string(i), i % 2 == 0 ? "even" : "odd"});
  counts.Add({"t0", "even"});
  uint64_t sum = 0;
  for (const auto& [labels, count] : counts.series()) sum += count;
  EXPECT_EQ(sum, 1001u);
  EXPECT_EQ(counts.series().size(), 5u);
  EXPECT_EQ(counts.series().at({"t0", "even"}), 2u);
  EXPECT_EQ(counts.series().at({"other", "odd"}), 499u);
  for (int i = 0; i < 1000; ++i) counts.Add({"x", "reason" + std::to_string(i)});
  EXPECT_LE(counts.series().size(), 7u);
  EXPECT_GT(counts.series().at({"other", "other"}), 990u);
}

TEST(BoundedCountsTest, LongLabelsAreCutBetweenCodePoints) {
  BoundedCounts counts;
  counts.Add({std::string(BoundedCounts::kLabelBytes - 1, 'a') + "\xc3\xa4"});
  EXPECT_EQ(counts.series().begin()->first[0], std::string(BoundedCounts::kLabelBytes - 1, 'a'));
}

Document ExampleDocument() {
  Document document;
  document.summary.total.lines = 7;
  document.summary.total.write_errors = 4;
  document.summary.write_errors_by_reason["no_space"] = 4;
  document.findings.resize(3);
  document.findings[0].cause = document.findings[2].cause = "a";
  document.findings[1].cause = "b";
  document.causes.resize(2);
  document.causes[0].id = "a";
  document.causes[0].findings = {0, 2};
  document.causes[1].id = "b";
  document.causes[1].findings = {0, 1};  // the first one has it as well, in second place
  document.summary.runs[static_cast<size_t>(Verdict::kContradiction)] = 3;
  document.summary.inconclusive = {"because"};
  return document;
}

TEST_F(Prometheus, OfAScan) {
  const std::string text = PrometheusText(FiguresOf(ExampleDocument()));
  EXPECT_TRUE(Has(text, "gainsay_contradictions_total{cause=\"a\"} 2\n")) << text;
  EXPECT_TRUE(Has(text, "gainsay_contradictions_total{cause=\"b\"} 1\n")) << text;
  EXPECT_TRUE(Has(text, "gainsay_write_errors_by_reason_total{reason=\"no_space\"} 4\n")) << text;
  EXPECT_TRUE(Has(text, "gainsay_scan_inconclusive 1\n")) << text;
}

// ---- What promtool thinks of it ----------------------------------------------------------

TEST_F(Prometheus, PromtoolHasNothingToSay) {
  if (std::system("command -v promtool >/dev/null 2>&1") != 0) GTEST_SKIP() << "promtool is not installed";
  Figures hostile = WatchExample();
  hostile.inconclusive = true;
  hostile.write_errors_by_reason.Add({"b\xff\"\n", "x"}, 1);
  const std::string path = testing::TempDir() + "gainsay_metrics.prom";
  FILE* file = std::fopen(path.c_str(), "w");
  ASSERT_NE(file, nullptr);
  const std::string text = PrometheusText(hostile, kNow);
  std::fwrite(text.data(), 1, text.size(), file);
  std::fclose(file);
  FILE* promtool = popen(("promtool check metrics <" + path + " 2>&1").c_str(), "r");
  ASSERT_NE(promtool, nullptr);
  std::string said;
  for (int c; (c = std::fgetc(promtool)) != EOF;) said += static_cast<char>(c);
  EXPECT_EQ(pclose(promtool), 0);
  EXPECT_EQ(said, "");
}

// ---- Over HTTP ---------------------------------------------------------------------------

int Connect(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  return fd;
}

std::string Get(int port, const std::string& path) {
  const int fd = Connect(port);
  const std::string request = "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  EXPECT_EQ(write(fd, request.data(), request.size()), static_cast<ssize_t>(request.size()));
  std::string answer;
  char buffer[4096];
  for (ssize_t n; (n = read(fd, buffer, sizeof buffer)) > 0;) answer.append(buffer, static_cast<size_t>(n));
  close(fd);
  return answer;
}

// One server for all: the library takes two seconds to end one.
class MetricsHttp : public Prometheus {
 protected:
  static void SetUpTestSuite() {
    auto listening = MetricsServer::Listen("127.0.0.1:0", [] { return kNow; });
    if (listening.ok()) server = listening->release();
  }
  static void TearDownTestSuite() { delete server; }
  void SetUp() override {
    Prometheus::SetUp();
    if (!IsSkipped()) {
      ASSERT_NE(server, nullptr);
    }
  }
  static inline MetricsServer* server = nullptr;
};

TEST_F(MetricsHttp, IsScraped) {
  EXPECT_TRUE(Has(Get(server->port(), "/metrics"), "gainsay_write_errors_total 0\n"));
  server->Publish(WatchExample());
  const std::string answer = Get(server->port(), "/metrics");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
  EXPECT_TRUE(Has(answer, "gainsay_write_errors_total 9\n"));
  EXPECT_TRUE(Has(answer, "gainsay_watermark_lag_seconds 5\n"));
  EXPECT_TRUE(Get(server->port(), "/etc/passwd").starts_with("HTTP/1.1 404"));
}

TEST_F(MetricsHttp, HangingClientsHoldNobody) {
  std::vector<int> hanging;
  for (int i = 0; i < 3; ++i) hanging.push_back(Connect(server->port()));
  for (int i = 0; i < 1000; ++i) server->Publish(WatchExample());
  EXPECT_TRUE(Has(Get(server->port(), "/metrics"), "gainsay_write_errors_total 9\n"));
  for (const int fd : hanging) close(fd);
}

TEST_F(MetricsHttp, PublishedWhileScraped) {
  std::thread scraper([&] {
    for (int i = 0; i < 50; ++i) EXPECT_TRUE(Has(Get(server->port(), "/metrics"), "gainsay_lines_total"));
  });
  for (int i = 0; i < 2000; ++i) {
    Figures f = WatchExample();
    f.contradictions.Add({std::to_string(i)});
    server->Publish(f);
  }
  scraper.join();
}

TEST_F(MetricsHttp, BadAddressesAreTold) {
  const std::string used = "127.0.0.1:" + std::to_string(server->port());
  for (const std::string& address : {used, std::string("9464"), std::string("127.0.0.1:"), std::string(":1"),
                                     std::string("127.0.0.1:99999"), std::string("203.0.113.1:9464"),
                                     std::string("127.0.0.1:0,127.0.0.1:0"), std::string("127.0.0.1:0s"),
                                     std::string("http://127.0.0.1:0"), std::string("")}) {
    const auto listening = MetricsServer::Listen(address, [] { return kNow; });
    EXPECT_FALSE(listening.ok()) << address;
    EXPECT_TRUE(Has(std::string(listening.status().message()), "--metrics-listen")) << listening.status();
  }
}

}  // namespace
}  // namespace gainsay
