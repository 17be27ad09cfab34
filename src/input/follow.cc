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
#include "input/found_files.h"

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
  void Forget(std::pair<FileKey, int>* watched) {
    if (watched->second >= 0) inotify_rm_watch(fd_, watched->second);
    *watched = {FileKey(), -1};
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
  Following(FollowOptions options, int wake_fd)
      : wake_fd_(wake_fd),
        changes_(options.inotify),
        found_(std::move(options.patterns)),
        gone_for_good_(options.gone_for_good),
        buffer_(new char[kBlockBytes]) {}

  // Files with these names, what the patterns find, and what they found in an earlier life.
  void Open(const std::vector<std::string>& names, const std::vector<LivePosition>& resume) {
    for (const std::string& name : names) Add(name, false);
    for (const std::string& path : found_.Find()) {
      if (!Follows(path)) Add(path, true);
    }
    for (const LivePosition& position : resume) {
      if (!Follows(position.source) && found_.Match(position.source)) Add(position.source, true);
    }
    for (File& file : files_) {
      const auto position = std::find_if(resume.begin(), resume.end(), [&](const LivePosition& p) {
        return p.source == file.followed.path();
      });
      if (position != resume.end()) {
        file.followed.Resume(*position);
      } else {
        file.followed.Open();
      }
    }
  }

  absl::StatusOr<LiveRead> Read(absl::Time deadline) override {
    for (;;) {
      LiveRead read = ComeOrGone();
      if (read.kind == LiveRead::kIdle) read = Look();
      if (read.kind != LiveRead::kIdle) return read;
      if (Watch()) continue;  // something may have come before it was watched
      if (Wait(deadline)) return read;
    }
  }

  uint32_t streams() const override { return static_cast<uint32_t>(files_.size()); }
  std::string Name(uint32_t stream) const override { return files_[stream].followed.path(); }
  std::string Identity(uint32_t stream) const override { return files_[stream].followed.identity(); }
  std::optional<int64_t> MtimeNs(uint32_t stream) const override {
    return files_[stream].followed.mtime_ns();
  }
  bool HasCursors() const override { return false; }

 private:
  struct File {
    FollowedFile followed;
    bool found = false;  // by a pattern
    bool closed = false;
    absl::Time gone_since = absl::InfiniteFuture();
    uint64_t gone_at = 0;                               // how far it was read then
    std::pair<FileKey, int> watched = {FileKey(), -1};  // what is watched, and its watch
  };

  bool Follows(const std::string& path) const {
    return std::any_of(files_.begin(), files_.end(),
                       [&](const File& file) { return !file.closed && file.followed.path() == path; });
  }

  // In the place of one that was closed, if there is one.
  size_t Add(const std::string& path, bool found) {
    auto place = std::find_if(files_.begin(), files_.end(), [](const File& file) { return file.closed; });
    File file{FollowedFile(path), found};
    changes_.AddDirectoryOf(path);
    if (place == files_.end()) {
      files_.push_back(std::move(file));
      return files_.size() - 1;
    }
    *place = std::move(file);
    return static_cast<size_t>(place - files_.begin());
  }

  LiveRead ComeOrGone() {
    LiveRead read;
    if (found_.Due(absl::Now())) {
      FindNew();
      CloseGone();
    }
    for (auto* told : {&opened_, &closed_}) {
      if (told->empty()) continue;
      read.kind = told == &opened_ ? LiveRead::kOpened : LiveRead::kClosed;
      read.stream = static_cast<uint32_t>(told->front());
      told->erase(told->begin());
      break;
    }
    return read;
  }

  // Places that were closed are told before they are used again.
  void FindNew() {
    if (!closed_.empty()) return;
    std::vector<std::string> followed;
    for (const File& file : files_) {
      if (!file.closed) followed.push_back(file.followed.path());
    }
    const auto known = [this](const FileKey& key) {
      return std::any_of(files_.begin(), files_.end(),
                         [&](const File& file) { return !file.closed && file.followed.Knows(key); });
    };
    for (const std::string& path : found_.FindNew(followed, known)) {
      opened_.push_back(Add(path, true));
      files_[opened_.back()].followed.Open();
    }
  }

  void CloseGone() {
    const absl::Time now = absl::Now();
    for (size_t i = 0; i < files_.size(); ++i) {
      File& file = files_[i];
      if (!file.found || file.closed) continue;
      const uint64_t offset = file.followed.text().offset();
      if (!file.followed.Gone() || offset != file.gone_at) {
        file.gone_since = file.followed.Gone() ? now : absl::InfiniteFuture();
        file.gone_at = offset;
      } else if (file.gone_since == absl::InfiniteFuture()) {
        file.gone_since = now;
      } else if (now - file.gone_since >= (file.followed.Deleted() ? gone_for_good_ : 10 * gone_for_good_)) {
        file.closed = true;
        changes_.Forget(&file.watched);
        file.followed = FollowedFile::Closed(file.followed.path());
        closed_.push_back(i);
      }
    }
  }

  LiveRead Look() {
    LiveRead read;
    for (size_t i = 0; i < files_.size() && read.kind == LiveRead::kIdle; ++i) {
      const size_t at = next_;
      next_ = (next_ + 1) % files_.size();
      if (files_[at].closed) continue;
      read = files_[at].followed.Step(buffer_.get(), kBlockBytes);
      read.stream = static_cast<uint32_t>(at);
    }
    return read;
  }

  bool Watch() {
    bool changed = false;
    for (File& file : files_) {
      const FollowedText& text = file.followed.text();
      if (text.open()) changed = changes_.Replace(text.fd(), text.key(), &file.watched) || changed;
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
  std::vector<File> files_;
  ChangeWatch changes_;
  FoundFiles found_;
  const absl::Duration gone_for_good_;
  std::vector<size_t> opened_, closed_;  // and not told yet
  std::unique_ptr<char[]> buffer_;
  size_t next_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<LiveSource>> FollowFiles(std::vector<std::string> paths,
                                                        const std::vector<LivePosition>& resume, int wake_fd,
                                                        FollowOptions options) {
  std::set<std::string> once;
  std::erase_if(paths, [&](const std::string& path) { return !once.insert(path).second; });
  if (paths.empty() && options.patterns.empty()) return absl::InvalidArgumentError("no file to follow");
  for (const std::string& path : paths) {
    FileInfo info;
    if (StatFile(AT_FDCWD, path, &info) && !info.regular) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": is no regular file; a pipe is read from '-'"));
    }
  }
  auto source = std::make_unique<Following>(std::move(options), wake_fd);
  source->Open(paths, resume);
  return source;
}

}  // namespace gainsay
