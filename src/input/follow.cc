// Looks at each file in turn, and waits where none has anything. inotify only makes the waiting shorter:
// where there is none (network file systems, no watches left), it is looked again four times a second.
#include "input/follow.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "input/followed_file.h"

namespace gainsay {
namespace {

constexpr size_t kBlockBytes = size_t{256} << 10;
constexpr absl::Duration kPoll = absl::Milliseconds(250);
// A log that is written line by line shall not wake us for each.
constexpr absl::Duration kRest = absl::Milliseconds(4);

// Tells that something happened to files, not what.
class ChangeWatch {
 public:
  explicit ChangeWatch(bool wanted) : fd_(wanted ? inotify_init1(IN_NONBLOCK | IN_CLOEXEC) : -1) {}
  ~ChangeWatch() {
    if (fd_ >= 0) close(fd_);
  }
  ChangeWatch(const ChangeWatch&) = delete;
  ChangeWatch& operator=(const ChangeWatch&) = delete;

  int fd() const { return fd_; }

  void AddDirectoryOf(const std::string& path) {
    const size_t slash = path.rfind('/');
    const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    inotify_add_watch(fd_, directory.c_str(), IN_CREATE | IN_MOVED_TO | IN_ONLYDIR);
  }
  // Watches this open file in place of the one before. True if it was not watched.
  bool Replace(int file, const FileKey& key, std::pair<FileKey, int>* watched) {
    if (fd_ < 0 || watched->first == key) return false;
    if (watched->second >= 0) inotify_rm_watch(fd_, watched->second);
    watched->first = key;
    watched->second = inotify_add_watch(fd_, absl::StrCat("/proc/self/fd/", file).c_str(), IN_MODIFY);
    return true;
  }
  void Drain() {
    std::array<char, 4096> events;
    while (::read(fd_, events.data(), events.size()) > 0) {
    }
  }

 private:
  int fd_;
};

class Following : public LiveSource {
 public:
  Following(const std::vector<std::string>& paths, int wake_fd, bool inotify)
      : wake_fd_(wake_fd),
        changes_(inotify),
        watched_(paths.size(), {FileKey(), -1}),
        buffer_(new char[kBlockBytes]) {
    for (const std::string& path : paths) {
      files_.emplace_back(path);
      changes_.AddDirectoryOf(path);
    }
  }

  void Open(const std::vector<LivePosition>& resume) {
    for (FollowedFile& file : files_) {
      const auto position = std::find_if(resume.begin(), resume.end(),
                                         [&](const LivePosition& p) { return p.source == file.path(); });
      if (position != resume.end()) {
        file.Resume(*position);
      } else {
        file.Open();
      }
    }
  }

  absl::StatusOr<LiveRead> Read(absl::Time deadline) override {
    for (;;) {
      LiveRead read = Look();
      if (read.kind != LiveRead::kIdle) return read;
      if (Watch()) continue;  // something may have come before it was watched
      if (Wait(deadline)) return read;
    }
  }

  uint32_t streams() const override { return static_cast<uint32_t>(files_.size()); }
  std::string Name(uint32_t stream) const override { return files_[stream].path(); }
  std::string Identity(uint32_t stream) const override { return files_[stream].identity(); }
  std::optional<int64_t> MtimeNs(uint32_t stream) const override { return files_[stream].mtime_ns(); }
  bool HasCursors() const override { return false; }

 private:
  LiveRead Look() {
    LiveRead read;
    for (size_t i = 0; i < files_.size() && read.kind == LiveRead::kIdle; ++i) {
      const size_t at = next_;
      next_ = (next_ + 1) % files_.size();
      read = files_[at].Step(buffer_.get(), kBlockBytes);
      read.stream = static_cast<uint32_t>(at);
    }
    return read;
  }

  bool Watch() {
    bool changed = false;
    for (size_t i = 0; i < files_.size(); ++i) {
      const FollowedText& text = files_[i].text();
      if (text.open()) changed = changes_.Replace(text.fd(), text.key(), &watched_[i]) || changed;
    }
    return changed;
  }

  // True if Read shall return: the deadline passed, or somebody wakes us.
  bool Wait(absl::Time deadline) {
    const absl::Time now = absl::Now();
    if (now >= deadline) return true;
    const absl::Duration most = std::min(deadline - now, kPoll);
    if (Poll(changes_.fd(), most)) return true;
    changes_.Drain();
    return absl::Now() < deadline && Poll(-1, std::min(deadline - absl::Now(), kRest));
  }

  bool Poll(int fd, absl::Duration most) {
    std::array<pollfd, 2> waited = {pollfd{wake_fd_, POLLIN, 0}, pollfd{fd, POLLIN, 0}};
    const int ready =
        poll(waited.data(), waited.size(), static_cast<int>(absl::ToInt64Milliseconds(most)) + 1);
    return ready > 0 && waited[0].revents != 0;
  }

  const int wake_fd_;
  std::vector<FollowedFile> files_;
  ChangeWatch changes_;
  std::vector<std::pair<FileKey, int>> watched_;  // by file: what is watched, and its watch
  std::unique_ptr<char[]> buffer_;
  size_t next_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<LiveSource>> FollowFiles(std::vector<std::string> paths,
                                                        const std::vector<LivePosition>& resume,
                                                        int wake_fd, bool inotify) {
  std::set<std::string> once;
  std::erase_if(paths, [&](const std::string& path) { return !once.insert(path).second; });
  if (paths.empty()) return absl::InvalidArgumentError("no file to follow");
  for (const std::string& path : paths) {
    FileInfo info;
    if (StatFile(AT_FDCWD, path, &info) && !info.regular) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": is no regular file; a pipe is read from '-'"));
    }
  }
  auto source = std::make_unique<Following>(paths, wake_fd, inotify);
  source->Open(resume);
  return source;
}

}  // namespace gainsay
