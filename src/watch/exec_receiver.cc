// A child for each notice, by posix_spawn, in a process group of its own, so that a time-out ends also what
// the command started. It is waited for by looking every few milliseconds: there is no SIGCHLD handler, since
// a library's thread has no business with the program's signals.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <utility>

#include "watch/receiver.h"

extern char** environ;

namespace gainsay {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kGrace{500};  // between SIGTERM and SIGKILL

void Sleep(milliseconds time) {
  const timespec ts{time.count() / 1000, time.count() % 1000 * 1'000'000};
  nanosleep(&ts, nullptr);
}

// The environment without what is between us and systemd.
std::vector<char*> Environment() {
  std::vector<char*> kept;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (text.starts_with("NOTIFY_SOCKET=") || text.starts_with("WATCHDOG_")) continue;
    kept.push_back(*entry);
  }
  kept.push_back(nullptr);
  return kept;
}

class Spawn {
 public:
  Spawn() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
  }
  ~Spawn() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  Spawn(const Spawn&) = delete;
  Spawn& operator=(const Spawn&) = delete;

  // 0 or an errno.
  int Run(const std::string& command, int input, pid_t* child) {
    posix_spawn_file_actions_adddup2(&actions_, input, 0);
    posix_spawn_file_actions_adddup2(&actions_, 2, 1);
    posix_spawn_file_actions_addclosefrom_np(&actions_, 3);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    std::string shell = "sh", option = "-c", text = command;
    char* arguments[] = {shell.data(), option.data(), text.data(), nullptr};
    return posix_spawn(child, "/bin/sh", &actions_, &attributes_, arguments, Environment().data());
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

Delivery Again(std::string why) { return {Delivery::Outcome::kAgain, std::move(why), {}}; }

Delivery Ended(int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  if (WIFEXITED(status)) return Again("exit status " + std::to_string(WEXITSTATUS(status)));
  return Again("killed by signal " + std::to_string(WTERMSIG(status)));
}

class ExecReceiver : public Receiver {
 public:
  ExecReceiver(std::string command, milliseconds timeout) : command_(std::move(command)), timeout_(timeout) {}

  std::string_view name() const override { return "exec"; }

  Delivery Deliver(const Notice& notice, const std::atomic<bool>& stop) override {
    int pipe_ends[2];
    if (pipe2(pipe_ends, O_CLOEXEC) != 0) return Again(std::string("no pipe: ") + std::strerror(errno));
    pid_t child = 0;
    const int error = Spawn().Run(command_, pipe_ends[0], &child);
    close(pipe_ends[0]);
    if (error != 0) {
      close(pipe_ends[1]);
      return Again(std::string("can't be started: ") + std::strerror(error));
    }
    fcntl(pipe_ends[1], F_SETFL, O_NONBLOCK);
    const Clock::time_point deadline = Clock::now() + timeout_;
    Feed(pipe_ends[1], notice.json + "\n", deadline, stop);
    close(pipe_ends[1]);
    return Await(child, deadline, stop);
  }

 private:
  // A child that does not want its input may close it; SIGPIPE is blocked on this thread.
  static void Feed(int fd, std::string_view text, Clock::time_point deadline, const std::atomic<bool>& stop) {
    while (!text.empty() && !stop && Clock::now() < deadline) {
      const ssize_t n = write(fd, text.data(), text.size());
      if (n > 0) {
        text.remove_prefix(static_cast<size_t>(n));
      } else if (errno == EAGAIN) {
        pollfd waits{fd, POLLOUT, 0};
        poll(&waits, 1, 20);
        if ((waits.revents & POLLERR) != 0) return;
      } else if (errno != EINTR) {
        return;
      }
    }
  }

  Delivery Await(pid_t child, Clock::time_point deadline, const std::atomic<bool>& stop) const {
    int status = 0;
    if (WaitUntil(child, deadline, &stop, &status)) return Ended(status);
    kill(-child, SIGTERM);
    const bool ended = WaitUntil(child, Clock::now() + kGrace, nullptr, &status);
    kill(-child, SIGKILL);  // also what it left behind
    if (!ended) waitpid(child, &status, 0);
    return Again(stop ? "gainsay ended" : "took longer than " + std::to_string(timeout_.count()) + " ms");
  }

  // Whether the child ended in time.
  static bool WaitUntil(pid_t child, Clock::time_point deadline, const std::atomic<bool>* stop, int* status) {
    for (milliseconds pause{1};; pause = std::min(pause * 2, milliseconds{20})) {
      const pid_t ended = waitpid(child, status, WNOHANG);
      if (ended == child || (ended < 0 && errno != EINTR)) return true;
      if (Clock::now() >= deadline || (stop != nullptr && *stop)) return false;
      Sleep(pause);
    }
  }

  std::string command_;
  milliseconds timeout_;
};

}  // namespace

std::unique_ptr<Receiver> MakeExecReceiver(std::string command, milliseconds timeout) {
  return std::make_unique<ExecReceiver>(std::move(command), timeout);
}

}  // namespace gainsay
