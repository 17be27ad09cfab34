#include "watch/disk.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace gainsay {
namespace {

absl::Status Distrust(const std::string& path, const std::string& why) {
  return absl::FailedPreconditionError(absl::StrCat(path, ": ", why));
}

// Calls again what a signal interrupted.
template <typename Call>
auto Persist(Call call) -> decltype(call()) {
  decltype(call()) result;
  do {
    result = call();
  } while (result < 0 && errno == EINTR);
  return result < 0 ? -errno : result;
}

class RealDirectory : public Disk {
 public:
  RealDirectory(int directory, int lock) : directory_(directory), open_{lock} {}
  ~RealDirectory() override {
    for (int fd : open_) close(fd);
    close(directory_);
  }
  RealDirectory(const RealDirectory&) = delete;
  RealDirectory& operator=(const RealDirectory&) = delete;

  int OpenFile(const char* name, Open how) override;
  int64_t Size(int fd) override {
    struct stat info;
    return fstat(fd, &info) == 0 ? int64_t{info.st_size} : -errno;
  }
  int64_t Read(int fd, char* bytes, size_t size, uint64_t offset) override {
    return Persist([&] { return pread(fd, bytes, size, static_cast<off_t>(offset)); });
  }
  int64_t Write(int fd, const char* bytes, size_t size, uint64_t offset) override {
    return Persist([&] { return pwrite(fd, bytes, size, static_cast<off_t>(offset)); });
  }
  int Truncate(int fd, uint64_t size) override {
    return Persist([&] { return ftruncate(fd, static_cast<off_t>(size)); });
  }
  // Not called again after a signal: an error may have been told by then, and is told once.
  int SyncData(int fd) override { return fdatasync(fd) == 0 ? 0 : -errno; }
  int Sync(int fd) override { return fsync(fd) == 0 ? 0 : -errno; }
  void Close(int fd) override {
    open_.erase(std::remove(open_.begin(), open_.end(), fd), open_.end());
    close(fd);
  }
  int Rename(const char* from, const char* to) override {
    return renameat(directory_, from, directory_, to) == 0 ? 0 : -errno;
  }
  int Remove(const char* name) override { return unlinkat(directory_, name, 0) == 0 ? 0 : -errno; }
  int SyncDirectory() override {
    // Some file systems (FUSE, CIFS) can't sync a directory and need not.
    return fsync(directory_) == 0 || errno == EINVAL ? 0 : -errno;
  }
  uint64_t Spare(int fd) override;

 private:
  int directory_;
  std::vector<int> open_;
};

// A quarter of a small disk stays free, and of a large one what states and findings take.
uint64_t RealDirectory::Spare(int fd) {
  struct statvfs info;
  if (fstatvfs(fd, &info) != 0) return 0;
  const uint64_t unit = info.f_frsize, kept = std::min(info.f_blocks * unit / 4, uint64_t{256} << 20);
  const uint64_t free = info.f_bavail * unit;
  return free > kept ? free - kept : 0;
}

// Without following links, and without waiting at a pipe.
int OpenOurs(int directory, const char* name, int flags) {
  const int fd =
      Persist([&] { return openat(directory, name, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600); });
  if (fd == -ELOOP || fd == -EISDIR || fd == -ENXIO) return -kForeign;
  if (fd < 0) return fd;
  struct stat info;
  const bool ours =
      fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_uid == geteuid() && info.st_nlink == 1;
  if (ours) return fd;
  close(fd);
  return -kForeign;
}

int RealDirectory::OpenFile(const char* name, Open how) {
  const int flags = how == Open::kRead        ? O_RDONLY
                    : how == Open::kReadWrite ? O_RDWR | O_CREAT
                                              : O_RDWR | O_CREAT | O_EXCL;
  const int fd = OpenOurs(directory_, name, flags);
  if (fd >= 0) open_.push_back(fd);
  return fd;
}

// "" if the directory can be trusted; its mode is tightened where that is all that is wrong.
std::string WhyNotTrusted(int directory) {
  struct stat info;
  if (fstat(directory, &info) != 0) return std::strerror(errno);
  if (info.st_uid != geteuid()) {
    return absl::StrCat("belongs to user ", info.st_uid, ", not to the user that gainsay runs as (",
                        geteuid(), ")");
  }
  if ((info.st_mode & 022) != 0) return "others may write into it; chmod 700 it, and look at what it holds";
  if ((info.st_mode & 077) != 0 && fchmod(directory, 0700) != 0) return std::strerror(errno);
  return "";
}

absl::StatusOr<int> OpenTrusted(const std::string& path) {
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return Distrust(path, std::strerror(errno));
  const int directory = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (directory < 0) {
    struct stat info;
    const bool link = lstat(path.c_str(), &info) == 0 && S_ISLNK(info.st_mode);
    return Distrust(path, link               ? "is a symbolic link; name the directory itself"
                          : errno == ENOTDIR ? "is not a directory"
                                             : std::strerror(errno));
  }
  const std::string why = WhyNotTrusted(directory);
  if (why.empty()) return directory;
  close(directory);
  return Distrust(path, why);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Disk>> OpenDirectory(const std::string& path) {
  absl::StatusOr<int> directory = OpenTrusted(path);
  if (!directory.ok()) return directory.status();
  const int lock = OpenOurs(*directory, "lock", O_RDWR | O_CREAT);
  if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0) {
    return std::make_unique<RealDirectory>(*directory, lock);
  }
  const std::string why = lock == -kForeign      ? "is a link, no file, or another user's"
                          : lock < 0             ? std::strerror(-lock)
                          : errno == EWOULDBLOCK ? "another gainsay watch has this state directory"
                                                 : std::strerror(errno);
  if (lock >= 0) close(lock);
  close(*directory);
  return Distrust(absl::StrCat(path, "/lock"), why);
}

}  // namespace gainsay
