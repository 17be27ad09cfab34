// Bytes as the system hands them out: files, pipes and standard input by read(2), and bytes in
// memory. No mmap: a log that is truncated while it is mapped kills the process that reads it.
#include "input/stream.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "input/file.h"

namespace gainsay {
namespace {

// Larger blocks leave the second-level cache between the copy and its use.
constexpr size_t kBlockBytes = size_t{256} << 10;
constexpr int kPipeBytes = 1 << 20;  // what a user without privileges may ask for; 64 KiB is what it has

absl::Status ErrorOf(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return absl::NotFoundError("no such file or directory");
    case EACCES:
    case EPERM:
      return absl::PermissionDeniedError("permission denied");
    case EISDIR:
      return absl::InvalidArgumentError("is a directory");
    default:
      return absl::UnavailableError(std::strerror(error));
  }
}

class FileStream : public ByteStream, public RandomAccess {
 public:
  FileStream(int fd, bool owned, std::atomic<uint64_t>* taken) : fd_(fd), owned_(owned), taken_(taken) {}
  ~FileStream() override {
    if (counted_ < size_) Count(size_);
    if (owned_) close(fd_);
  }
  FileStream(const FileStream&) = delete;
  FileStream& operator=(const FileStream&) = delete;

  // Looks at what was opened.
  absl::Status Inspect() {
    struct stat status;
    if (fstat(fd_, &status) != 0) return ErrorOf(errno);
    if (S_ISDIR(status.st_mode)) return ErrorOf(EISDIR);
    regular_ = S_ISREG(status.st_mode);
#ifdef F_SETPIPE_SZ
    if (S_ISFIFO(status.st_mode)) fcntl(fd_, F_SETPIPE_SZ, kPipeBytes);  // its failure means nothing
#endif
    if (regular_) {
      size_ = static_cast<uint64_t>(status.st_size);
      mtime_ns_ = int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
      posix_fadvise(fd_, 0, 0, POSIX_FADV_SEQUENTIAL);  // advice only: its failure means nothing
    }
    return absl::OkStatus();
  }

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    while (true) {
      const ssize_t n = read(fd_, buffer, std::min(capacity, kBlockBytes));
      if (n >= 0) {
        at_ += static_cast<uint64_t>(n);
        Count(at_);
        return static_cast<size_t>(n);
      }
      if (errno == EAGAIN || errno == EWOULDBLOCK) {
        // Someone who shares this pipe or terminal made it non-blocking.
        pollfd wait = {fd_, POLLIN, 0};
        if (poll(&wait, 1, -1) >= 0) continue;
      }
      if (errno != EINTR) return ErrorOf(errno);
    }
  }

  absl::StatusOr<size_t> ReadAt(uint64_t offset, char* buffer, size_t capacity) override {
    while (true) {
      const ssize_t n = pread(fd_, buffer, std::min(capacity, kBlockBytes), static_cast<off_t>(offset));
      if (n >= 0) {
        Count(offset + static_cast<uint64_t>(n));
        return static_cast<size_t>(n);
      }
      if (errno != EINTR) return ErrorOf(errno);
    }
  }
  uint64_t size() const override { return size_; }

  std::optional<int64_t> mtime_ns() const override { return mtime_ns_; }
  bool regular() const { return regular_; }
  int seekable() const { return regular_ ? fd_ : -1; }

 private:
  // The bytes up to `end` are taken, on whichever thread.
  void Count(uint64_t end) {
    if (taken_ == nullptr) return;
    uint64_t before = counted_;
    while (before < end && !counted_.compare_exchange_weak(before, end)) {
    }
    if (before < end) *taken_ += end - before;
  }

  const int fd_;
  const bool owned_;
  std::atomic<uint64_t>* const taken_;
  uint64_t size_ = 0;  // bytes; none of what is no file
  uint64_t at_ = 0;    // where Read goes on
  std::atomic<uint64_t> counted_ = 0;
  bool regular_ = false;
  std::optional<int64_t> mtime_ns_;
};

class BytesStream : public ByteStream {
 public:
  BytesStream(std::string bytes, size_t step) : bytes_(std::move(bytes)), step_(std::max<size_t>(step, 1)) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    const size_t n = std::min({capacity, step_, bytes_.size() - at_});
    if (n > 0) std::memcpy(buffer, bytes_.data() + at_, n);
    at_ += n;
    return n;
  }

 private:
  const std::string bytes_;
  const size_t step_;
  size_t at_ = 0;
};

}  // namespace

absl::StatusOr<OpenedFile> OpenFile(const Source& source) {
  int fd = STDIN_FILENO;
  if (!source.IsStdin()) {
    do {
      fd = open(source.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    } while (fd < 0 && errno == EINTR);
    if (fd < 0) return ErrorOf(errno);
  }
  auto file = std::make_unique<FileStream>(fd, !source.IsStdin(), source.taken);
  if (absl::Status status = file->Inspect(); !status.ok()) return status;
  const int seekable = file->seekable();
  RandomAccess* const at = file->regular() ? file.get() : nullptr;
  return OpenedFile{std::move(file), seekable, at};
}

absl::StatusOr<std::unique_ptr<ByteStream>> OpenStream(const Source& source) {
  absl::StatusOr<OpenedFile> file = OpenFile(source);
  if (!file.ok()) return file.status();
  return Decompress(std::move(file->stream));
}

std::unique_ptr<ByteStream> MemoryStream(std::string bytes, size_t step) {
  return std::make_unique<BytesStream>(std::move(bytes), step);
}

}  // namespace gainsay
