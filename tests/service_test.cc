// What a service manager hears: a socket as systemd's takes the place of it.
#include "watch/service.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace gainsay {
namespace {

class Service : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "gainsay_notify_socket_" + std::to_string(getpid());
    unlink(path_.c_str());
    fd_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    ASSERT_LT(path_.size(), sizeof address.sun_path);
    path_.copy(address.sun_path, path_.size());
    ASSERT_EQ(bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    setenv("NOTIFY_SOCKET", path_.c_str(), 1);
    TellServiceReady();
    if (Heard() != "READY=1") GTEST_SKIP() << "built without libsystemd";
  }
  void TearDown() override {
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
    close(fd_);
    unlink(path_.c_str());
  }
  std::string Heard() const {
    char buffer[4096];
    const ssize_t n = recv(fd_, buffer, sizeof buffer, 0);
    return n < 0 ? "" : std::string(buffer, static_cast<size_t>(n));
  }

 private:
  int fd_ = -1;
  std::string path_;
};

TEST_F(Service, TellsItsStates) {
  TellServiceStatus("12 open tasks\nMAINPID=1");
  EXPECT_EQ(Heard(), "STATUS=12 open tasks\\nMAINPID=1");
  TellServiceReloading();
  EXPECT_TRUE(Heard().starts_with("RELOADING=1\nMONOTONIC_USEC="));
  TellServiceAlive();
  EXPECT_EQ(Heard(), "WATCHDOG=1");
  TellServiceStopping();
  EXPECT_EQ(Heard(), "STOPPING=1");
  EXPECT_EQ(Heard(), "");
}

TEST_F(Service, TheWatchdogIsFedTwiceInItsTime) {
  EXPECT_FALSE(ServiceWatchdogInterval().has_value());
  setenv("WATCHDOG_USEC", "30000000", 1);
  EXPECT_EQ(ServiceWatchdogInterval(), std::chrono::seconds(15));
  setenv("WATCHDOG_PID", "1", 1);  // another's
  EXPECT_FALSE(ServiceWatchdogInterval().has_value());
}

TEST(ServiceNobody, ListensAndNothingHappens) {
  unsetenv("NOTIFY_SOCKET");
  TellServiceReady();
  TellServiceAlive();
  setenv("NOTIFY_SOCKET", "/nowhere/at/all", 1);
  TellServiceStatus("x");
  TellServiceStopping();
  unsetenv("NOTIFY_SOCKET");
}

}  // namespace
}  // namespace gainsay
