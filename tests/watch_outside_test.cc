// A running watch as the outside sees it: scraped while it reads, its receivers slow and dead, systemd's
// socket told.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "event/event.h"
#include "report/prometheus.h"
#include "watch/open_tasks.h"

namespace gainsay {
namespace {

const auto kNoSigpipe = signal(SIGPIPE, SIG_IGN);

bool Has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string Read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string Name(const std::string& name) {
  const std::string path = testing::TempDir() + "gainsay_outside_" + std::to_string(getpid()) + "_" + name;
  std::filesystem::remove(path);
  return path;
}

// A log of tasks t1, t2, … that lose the same write and say that they succeeded.
std::string Lies(int from, int to, const std::string& what = "no space left on device") {
  std::string log;
  for (int i = from; i <= to; ++i) {
    const std::string id = "t" + std::to_string(i),
                      time = R"({"time":"2026-05-31T04:12:)" + std::to_string(10 + i);
    log += time + R"(.1Z","level":"info","message":"Task a.b[)" + id + "] received\"}\n";
    log += time + R"(.2Z","level":"error","message":"primary write failed: )" + what + R"(","task_id":")" +
           id + "\"}\n";
    log += time + R"(.3Z","level":"info","message":"Task a.b[)" + id + "] succeeded in 0.2s: None\"}\n";
  }
  return log;
}

// `gainsay watch` with these flags; its input is a pipe, its outputs are files.
class Watch {
 public:
  explicit Watch(const std::string& flags, const std::string& environment = "") {
    int ends[2];
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    input_ = ends[1];
    const std::string command =
        environment + " exec " GAINSAY_BINARY " watch " + flags + " >" + out_ + " 2>" + err_;
    child_ = fork();
    if (child_ == 0) {
      dup2(ends[0], 0);
      execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
      _exit(127);
    }
    close(ends[0]);
  }
  ~Watch() {
    if (child_ > 0) {
      kill(child_, SIGKILL);
      waitpid(child_, nullptr, 0);
    }
    if (input_ >= 0) close(input_);
  }

  void Write(const std::string& text) const {
    EXPECT_EQ(write(input_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void Signal(int number) const { kill(child_, number); }
  int End() {  // of the input; gives the exit code
    close(input_);
    input_ = -1;
    return Wait();
  }
  int Wait() {
    int status = 0;
    waitpid(child_, &status, 0);
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::string out() const { return Read(out_); }
  std::string err() const { return Read(err_); }

 private:
  const std::string out_ = Name("out"), err_ = Name("err");
  pid_t child_ = -1;
  int input_ = -1;
};

// Asks again until it holds; a minute is for machines that are very busy.
template <typename Condition>
bool Eventually(Condition holds) {
  for (int i = 0; i < 600; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return false;
}

std::string Scrape(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    const std::string request = "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    EXPECT_EQ(write(fd, request.data(), request.size()), static_cast<ssize_t>(request.size()));
    char buffer[4096];
    for (ssize_t n; (n = read(fd, buffer, sizeof buffer)) > 0;) answer.append(buffer, static_cast<size_t>(n));
  }
  close(fd);
  return answer;
}

TEST(WatchOutside, IsScrapedWhileItReads) {
  if (!HasPrometheus()) GTEST_SKIP() << "built without prometheus-cpp";
  const std::string file = Name("metrics.prom");
  Watch watch("-o jsonl -o prometheus=" + file +
              " --metrics-listen 127.0.0.1:0 --stalled 10s --lateness 0s --settle 0s");
  const std::string said = "metrics on port ";
  ASSERT_TRUE(Eventually([&] { return Has(watch.err(), said) && Has(watch.err(), "\n"); })) << watch.err();
  const std::string err = watch.err();
  const int port = std::atoi(err.c_str() + err.find(said) + said.size());
  watch.Write(R"({"time":"2026-05-31T04:11:00Z","level":"info","message":"Task a.b[silent] received"})"
              "\n" +
              Lies(1, 3) + "{broken\n");
  std::string metrics;
  EXPECT_TRUE(Eventually([&] {
    metrics = Scrape(port);
    return Has(metrics, "gainsay_lines_total 11\n") && Has(metrics, "gainsay_contradictions_total{cause=") &&
           Has(metrics, "gainsay_stalled_tasks 1\n");
  })) << metrics;
  for (const char* line : {"gainsay_lines_total 11\n", "gainsay_malformed_lines_total 1\n",
                           "gainsay_write_errors_total 3\n", "gainsay_terminal_events_total 3\n",
                           "gainsay_write_errors_by_reason_total{target=\"primary\",reason=\"no_space\"} 3\n",
                           "gainsay_open_tasks 1\n", "gainsay_new_causes_total 1\n"}) {
    EXPECT_TRUE(Has(metrics, line)) << line << metrics;
  }
  EXPECT_EQ(watch.End(), 1);
  EXPECT_TRUE(Has(Read(file), "gainsay_tasks_total{verdict=\"contradiction\"} 3\n")) << Read(file);
  EXPECT_TRUE(Has(Read(file), "gainsay_tasks_total{verdict=\"unfinished\"} 1\n")) << Read(file);
  EXPECT_TRUE(Has(watch.err(), "longer than --stalled: silent\n")) << watch.err();
}

TEST(WatchOutside, ANewCauseIsToldAndKnownOnesAreHeldBack) {
  const std::string news = Name("news"), all = Name("all");
  for (const auto& [path, flags] : {std::pair(news, "--repeat 25s"), std::pair(all, "--notify all")}) {
    Watch watch("-q -o journal --lateness 0s --settle 0s --exec 'cat >>" + path + "' " + flags);
    watch.Write(Lies(1, 30) + Lies(31, 31, "no such field x") + Lies(32, 32));
    // At its end a watch gives receivers five seconds, in which a busy machine may not start 32 children.
    const long lines = path == news ? 3 : 31;
    EXPECT_TRUE(Eventually([&] {
      const std::string text = Read(path);
      return std::count(text.begin(), text.end(), '\n') >= lines;
    })) << Read(path);
    EXPECT_EQ(watch.End(), 1);
    EXPECT_EQ(watch.err(), "");
    const std::string out = watch.out();
    EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 32) << out;
    EXPECT_TRUE(out.starts_with("<3>contradiction: task t1 ")) << out;
    EXPECT_TRUE(Has(out, "\n<4>contradiction: task t2 ")) << out;
    EXPECT_TRUE(Has(out, "\n<3>contradiction: task t31 ")) << out;
    EXPECT_TRUE(Has(out, "\n<4>contradiction: task t32 ")) << out;
  }
  const std::string text = Read(news), every = Read(all);
  EXPECT_EQ(std::count(every.begin(), every.end(), '\n'), 32) << every;
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3) << text;
  EXPECT_TRUE(Has(text, R"("new_cause":true,"seen_before":0,"held_back":0)")) << text;
  EXPECT_TRUE(Has(text, R"("new_cause":false,"seen_before":25,"held_back":24)")) << text;  // after 25 s
  EXPECT_TRUE(Has(text, R"("task":"t31")")) << text;
}

TEST(WatchOutside, ABaselineIsNoNews) {
  const std::string baseline = Name("baseline"), news = Name("news");
  {
    Watch before("-o jsonl");
    before.Write(Lies(1, 1));
    EXPECT_EQ(before.End(), 1);
    std::ofstream(baseline) << before.out();
  }
  Watch watch("-q -o journal --baseline " + baseline + " --exec 'cat >>" + news + "'");
  watch.Write(Lies(2, 3) + Lies(4, 4, "no such field x"));
  EXPECT_EQ(watch.End(), 1);
  const std::string told = Read(news), out = watch.out();
  EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 1) << told;
  EXPECT_TRUE(Has(told, R"("task":"t4")")) << told;
  EXPECT_TRUE(out.starts_with("<4>contradiction: task t2 ")) << out;
  EXPECT_TRUE(Has(out, "\n<3>contradiction: task t4 ")) << out;
}

// A command that never ends and an address where nobody listens: all findings come out meanwhile.
TEST(WatchOutside, SlowAndDeadReceiversStopNothing) {
  const std::string pids = Name("pids");
  Watch watch("-o jsonl --notify all --webhook http://127.0.0.1:1/secret --exec 'echo $$ >>" + pids +
              "; sleep 600' --notify-timeout 5m --lateness 0s --settle 1s");
  watch.Write(Lies(1, 40));
  const auto findings = [&] {
    const std::string out = watch.out();
    size_t count = 0;
    for (size_t at = 0; (at = out.find("{\"type\":\"finding\"", at)) != std::string::npos; ++at) ++count;
    return count;
  };
  EXPECT_TRUE(Eventually([&] { return findings() >= 34; })) << watch.out();  // what has settled
  EXPECT_EQ(watch.End(), 1);
  EXPECT_EQ(findings(), 40u);
  const std::string err = watch.err();
  EXPECT_TRUE(Has(err, "gainsay: --exec: 40 notices lost")) << err;
  EXPECT_TRUE(Has(err, "gainsay: --webhook: ")) << err;
  EXPECT_FALSE(Has(err, "secret")) << err;
  std::istringstream children(Read(pids));
  int started = 0;
  for (pid_t child; children >> child; ++started) EXPECT_NE(kill(child, 0), 0) << child << " is still there";
  EXPECT_EQ(started, 1);
}

TEST(WatchOutside, FlagsThatCantBeUsedAreToldAtOnce) {
  for (const char* flags :
       {"--metrics-listen nowhere", "--webhook ftp://x/", "--notify some", "--stalled soon", "--repeat -1s",
        "--notify-timeout 0s", "--webhook http://x/ --webhook-header none", "-o prometheus",
        "-o prometheus=a.prom -o sarif=b"}) {
    Watch watch(flags);
    EXPECT_EQ(watch.Wait(), 2) << flags;
    EXPECT_FALSE(watch.err().empty()) << flags;
  }
}

TEST(WatchOutside, SystemdHearsOfItsLife) {
  const std::string path = Name("systemd");
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  ASSERT_LT(path.size(), sizeof address.sun_path);
  path.copy(address.sun_path, path.size());
  ASSERT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  Watch watch("-q", "NOTIFY_SOCKET=" + path + " WATCHDOG_USEC=2000000");
  std::vector<std::string> heard;
  const auto hears = [&](const std::string& what) {
    for (int i = 0; i < 100; ++i) {
      pollfd waits{fd, POLLIN, 0};
      if (poll(&waits, 1, 30'000) <= 0) return false;
      char buffer[4096];
      const ssize_t n = recv(fd, buffer, sizeof buffer, 0);
      heard.emplace_back(buffer, n > 0 ? static_cast<size_t>(n) : 0);
      if (Has(heard.back(), what)) return true;
    }
    return false;
  };
  EXPECT_TRUE(hears("READY=1"));
  watch.Write(Lies(1, 1));
  EXPECT_TRUE(hears("WATCHDOG=1"));
  EXPECT_TRUE(hears("STATUS=3 lines read, "));
  watch.Signal(SIGTERM);
  EXPECT_TRUE(hears("STOPPING=1"));
  EXPECT_EQ(watch.Wait(), 0);
  close(fd);
}

// ---- Open and stalled tasks --------------------------------------------------------------

void AddEvent(EventStore* store, RuleKind kind, int64_t time_ns, std::string_view task) {
  Event event;
  event.kind = kind;
  event.time_ns = time_ns;
  event.task = task;
  event.state = State::kSucceeded;
  store->Add(KeptEvent(event));
}

TEST(OpenTasksTest, CountsWhatStartedAndIsSilent) {
  EventStore store;
  AddEvent(&store, RuleKind::kStart, 10, "a");  // silent for long
  AddEvent(&store, RuleKind::kStart, 20, "b");  // ended
  AddEvent(&store, RuleKind::kTerminal, 30, "b");
  AddEvent(&store, RuleKind::kStart, 40, "c");  // says something now and then
  AddEvent(&store, RuleKind::kMention, 90, "c");
  AddEvent(&store, RuleKind::kMention, 15, "d");  // seen, and not known to have started
  for (int i = 0; i < 5; ++i) AddEvent(&store, RuleKind::kStart, 50 + i, "e" + std::to_string(i));
  OpenTasks tasks = CountOpenTasks(store, 60);
  EXPECT_EQ(tasks.open, 7u);
  EXPECT_EQ(tasks.stalled, 6u);
  EXPECT_EQ(tasks.longest, (std::vector<std::string>{"a", "e0", "e1"}));
  tasks = CountOpenTasks(store, kNoTime);
  EXPECT_EQ(tasks.open, 7u);
  EXPECT_EQ(tasks.stalled, 0u);
}

}  // namespace
}  // namespace gainsay
