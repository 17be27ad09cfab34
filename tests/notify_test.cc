// Receivers, as they are: real children and real sockets on the loopback, which are slow, dead or out of
// order.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "notices.h"
#include "watch/receiver.h"

namespace gainsay {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Outcome = Delivery::Outcome;

const std::atomic<bool> kGoOn = false;
const auto kNoSigpipe = signal(SIGPIPE, SIG_IGN);  // the notifier's thread blocks it

// ---- --exec ------------------------------------------------------------------------------

Delivery Exec(const std::string& command, milliseconds timeout = seconds(20), const Notice& notice = Of(1)) {
  return MakeExecReceiver(command, timeout)->Deliver(notice, kGoOn);
}

TEST(Exec, GetsTheNoticeAsALineOnItsInput) {
  const std::string path = Fresh("line");
  EXPECT_EQ(Exec("cat >>" + path).outcome, Outcome::kDelivered);
  EXPECT_EQ(Exec("read -r line; echo \"<$line>\" >>" + path).outcome, Outcome::kDelivered);
  EXPECT_EQ(Read(path), "{\"n\":1}\n<{\"n\":1}>\n");
  ExpectNoChildren();
}

TEST(Exec, FailuresAreTriedAgainAndTold) {
  for (const auto& [command, why] : std::vector<std::pair<std::string, std::string>>{
           {"exit 3", "exit status 3"},
           {"/nowhere/to/be/found 2>/dev/null", "exit status 127"},
           {"kill -9 $$", "killed by signal 9"}}) {
    const Delivery attempt = Exec(command);
    EXPECT_EQ(attempt.outcome, Outcome::kAgain) << command;
    EXPECT_EQ(attempt.why, why);
  }
  ExpectNoChildren();
}

TEST(Exec, MayLeaveItsInputUnread) {
  Notice large = Of(1);
  large.json.assign(3'000'000, 'x');
  EXPECT_EQ(Exec("exec <&-; exit 0", seconds(20), large).outcome, Outcome::kDelivered);
  EXPECT_EQ(Exec("wc -c >/dev/null", seconds(20), large).outcome, Outcome::kDelivered);
  const Delivery hangs = Exec("sleep 600", milliseconds(50), large);  // reads nothing, and the pipe is full
  EXPECT_EQ(hangs.why, "took longer than 50 ms");
  ExpectNoChildren();
}

TEST(Exec, PastItsTimeItIsKilledWithAllThatItStarted) {
  const std::string path = Fresh("pid");
  const Delivery attempt = Exec(
      "trap '' TERM; (trap '' TERM; sleep 600) & echo $! >" + path + "; wait; sleep 600", milliseconds(1500));
  EXPECT_EQ(attempt.outcome, Outcome::kAgain);
  EXPECT_EQ(attempt.why, "took longer than 1500 ms");
  const pid_t grandchild = std::atoi(Read(path).c_str());
  ASSERT_GT(grandchild, 1);
  // It was not ours to reap, but it is dead: gone, or a zombie without a command line.
  const std::string proc = "/proc/" + std::to_string(grandchild) + "/cmdline";
  for (int i = 0; i < 500 && !Read(proc).empty(); ++i) std::this_thread::sleep_for(milliseconds(10));
  EXPECT_EQ(Read(proc), "");
  ExpectNoChildren();
}

TEST(Exec, EndsWhenTheProgramDoes) {
  std::atomic<bool> stop = false;
  std::thread stopper([&] {
    std::this_thread::sleep_for(milliseconds(50));
    stop = true;
  });
  const Delivery attempt = MakeExecReceiver("sleep 600", seconds(300))->Deliver(Of(1), stop);
  stopper.join();
  EXPECT_EQ(attempt.why, "gainsay ended");
  ExpectNoChildren();
}

TEST(Exec, InheritsNothing) {
  const std::string path = Fresh("inherits");
  const int leak = fcntl(1, F_DUPFD, 77);  // without close-on-exec
  setenv("NOTIFY_SOCKET", "/run/systemd/notify", 1);
  setenv("WATCHDOG_USEC", "1", 1);
  EXPECT_EQ(Exec("ls /proc/$$/fd | tr '\\n' ' ' >" + path + "; env | grep -c 'NOTIFY_SOCKET\\|WATCHDOG' >>" +
                 path + "; grep SigBlk /proc/self/status >>" + path)
                .outcome,
            Outcome::kDelivered);
  unsetenv("NOTIFY_SOCKET");
  unsetenv("WATCHDOG_USEC");
  close(leak);
  const std::string said = Read(path);
  EXPECT_TRUE(said.ends_with(" 0\nSigBlk:\t0000000000000000\n")) << said;
  EXPECT_EQ(said.find(std::to_string(leak) + " "), std::string::npos) << said;
}

// ---- --webhook ---------------------------------------------------------------------------

// Takes one connection at a time, reads a request with its body, and answers what it is told to.
class Server {
 public:
  explicit Server(std::vector<std::string> answers) : answers_(std::move(answers)) {
    fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(listen(fd_, 16), 0);
    socklen_t length = sizeof address;
    getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~Server() {
    shutdown(fd_, SHUT_RDWR);
    thread_.join();
    close(fd_);
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/hook?token=secret"; }
  std::vector<std::string> requests() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return requests_;
  }

 private:
  void Serve() {
    for (const std::string& answer : answers_) {
      const int client = accept(fd_, nullptr, nullptr);
      if (client < 0) return;
      const std::string request = ReadRequest(client);
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        requests_.push_back(request);
      }
      if (answer == "hang") {
        char c;
        while (read(client, &c, 1) > 0) continue;  // until the client gives up
      } else {
        const std::string text =
            "HTTP/1.1 " + answer + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
        EXPECT_GT(send(client, text.data(), text.size(), MSG_NOSIGNAL), 0);
      }
      close(client);
    }
  }

  static std::string ReadRequest(int client) {
    std::string text;
    char buffer[4096];
    while (true) {
      const size_t end = text.find("\r\n\r\n"), length = text.find("Content-Length: ");
      if (end != std::string::npos && length != std::string::npos &&
          text.size() >= end + 4 + static_cast<size_t>(std::atol(text.c_str() + length + 16))) {
        return text;
      }
      const ssize_t n = read(client, buffer, sizeof buffer);
      if (n <= 0) return text;
      text.append(buffer, static_cast<size_t>(n));
    }
  }

  std::vector<std::string> answers_;
  int fd_ = -1, port_ = 0;
  std::mutex mutex_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

class Webhook : public testing::Test {
 protected:
  void SetUp() override {
    if (MakeWebhookReceiver({"http://127.0.0.1/", {}}).status().code() == absl::StatusCode::kUnimplemented) {
      GTEST_SKIP() << "built without libcurl";
    }
  }
  static Delivery Post(const std::string& url, milliseconds timeout = seconds(20)) {
    auto receiver = MakeWebhookReceiver({url, {"Authorization: Bearer abc"}, timeout});
    EXPECT_TRUE(receiver.ok()) << receiver.status();
    return (*receiver)->Deliver(Of(7), kGoOn);
  }
};

TEST_F(Webhook, PostsJson) {
  Server server({"204 No Content"});
  EXPECT_EQ(Post(server.url()).outcome, Outcome::kDelivered);
  const std::string request = server.requests().at(0);
  EXPECT_TRUE(request.starts_with("POST /hook?token=secret HTTP/1.1\r\n")) << request;
  EXPECT_TRUE(request.ends_with("\r\n\r\n{\"n\":7}")) << request;
  for (const char* header : {"Content-Type: application/json\r\n", "Idempotency-Key: \"7\"\r\n",
                             "Authorization: Bearer abc\r\n"}) {
    EXPECT_NE(request.find(header), std::string::npos) << request;
  }
}

TEST_F(Webhook, AnswersDecideWhetherToTryAgain) {
  Server server({"503 Busy", "429 Slow down\r\nRetry-After: 7", "429 Slow down\r\nRetry-After: 999999",
                 "400 Bad", "302 Found\r\nLocation: file:///etc/passwd"});
  Delivery a = Post(server.url());
  EXPECT_EQ(a.outcome, Outcome::kAgain);
  EXPECT_EQ(a.why, "http://127.0.0.1: HTTP 503");
  a = Post(server.url());
  EXPECT_EQ(a.outcome, Outcome::kAgain);
  EXPECT_EQ(a.retry_after, seconds(7));
  EXPECT_EQ(Post(server.url()).retry_after, seconds(300));
  EXPECT_EQ(Post(server.url()).outcome, Outcome::kRefused);
  EXPECT_EQ(Post(server.url()).outcome, Outcome::kRefused);
}

TEST_F(Webhook, SlowAndDeadOnesEndInTime) {
  Server server({"hang"});
  Delivery a = Post(server.url(), milliseconds(100));
  EXPECT_EQ(a.outcome, Outcome::kAgain);
  EXPECT_EQ(a.why.find("secret"), std::string::npos) << a.why;
  std::string nobody;
  { nobody = Server({}).url(); }
  a = Post(nobody);
  EXPECT_EQ(a.outcome, Outcome::kAgain);
  EXPECT_EQ(a.why.find("secret"), std::string::npos) << a.why;
  EXPECT_NE(a.why.find("http://127.0.0.1: "), std::string::npos) << a.why;
}

TEST_F(Webhook, BadOptionsAreToldWithoutSecrets) {
  for (const char* url :
       {"", "ftp://h/secret", "file:///etc/secret", "not an address", "javascript:secret"}) {
    const auto made = MakeWebhookReceiver({url, {}});
    EXPECT_FALSE(made.ok()) << url;
    EXPECT_EQ(made.status().ToString().find("secret"), std::string::npos);
  }
  EXPECT_FALSE(MakeWebhookReceiver({"http://h/", {"A: b\r\nC: d"}}).ok());
  EXPECT_FALSE(MakeWebhookReceiver({"http://h/", {"no colon"}}).ok());
}

}  // namespace
}  // namespace gainsay
