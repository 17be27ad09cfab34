#include "input/live.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/time/clock.h"

namespace gainsay {
namespace {

constexpr size_t kBlockBytes = size_t{256} << 10;

// Milliseconds to wait, rounded up so that nobody wakes up too early over and over.
int WaitMs(absl::Time deadline) {
  const absl::Duration left = deadline - absl::Now();
  if (left <= absl::ZeroDuration()) return 0;
  return static_cast<int>(absl::ToInt64Milliseconds(std::min(left, absl::Minutes(1))) + 1);
}

class Descriptor : public LiveSource {
 public:
  Descriptor(int fd, std::string name, int wake_fd)
      : fd_(fd), wake_fd_(wake_fd), name_(std::move(name)), buffer_(new char[kBlockBytes]) {}

  absl::StatusOr<LiveRead> Read(absl::Time deadline) override {
    LiveRead read;
    std::array<pollfd, 2> waited = {pollfd{fd_, POLLIN, 0}, pollfd{wake_fd_, POLLIN, 0}};
    const int ready = poll(waited.data(), waited.size(), WaitMs(deadline));
    if (ready < 0 && errno != EINTR) return absl::ErrnoToStatus(errno, name_ + " can't be waited for");
    if (ready <= 0 || waited[0].revents == 0) return read;
    const ssize_t n = ::read(fd_, buffer_.get(), kBlockBytes);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) return read;
    if (n < 0) return absl::ErrnoToStatus(errno, name_ + " can't be read");
    read.kind = n == 0 ? LiveRead::kEnd : LiveRead::kBytes;
    read.bytes = {buffer_.get(), static_cast<size_t>(n)};
    return read;
  }

  std::string Name(uint32_t) const override { return name_; }
  std::string Identity(uint32_t) const override { return ""; }
  std::optional<int64_t> MtimeNs(uint32_t) const override { return std::nullopt; }
  bool HasCursors() const override { return true; }

 private:
  const int fd_, wake_fd_;
  const std::string name_;
  std::unique_ptr<char[]> buffer_;
};

}  // namespace

std::unique_ptr<LiveSource> LiveDescriptor(int fd, std::string name, int wake_fd) {
  return std::make_unique<Descriptor>(fd, std::move(name), wake_fd);
}

}  // namespace gainsay
