// What the checkpoint protocol asks of a file system: one directory, opened once, and files in it by name.
// A seam: the tests put a simulated one in its place, which loses power.
// Thread rules: one directory, one thread at a time; but Read, Write and Truncate of a file that is open, and
// Spare, may be called beside it.
#ifndef GAINSAY_WATCH_DISK_H_
#define GAINSAY_WATCH_DISK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace gainsay {

// Numbers below zero are errno values, negated. Descriptors are the directory's own; what is open when it is
// destroyed is closed.
class Disk {
 public:
  virtual ~Disk() = default;

  enum class Open : uint8_t {
    kRead,
    kReadWrite,
    kNew
  };  // kReadWrite makes the file; kNew: it must not be there
  virtual int OpenFile(const char* name, Open how) = 0;
  virtual int64_t Size(int fd) = 0;
  virtual int64_t Read(int fd, char* bytes, size_t size, uint64_t offset) = 0;  // 0 at the end
  // May write less than asked for.
  virtual int64_t Write(int fd, const char* bytes, size_t size, uint64_t offset) = 0;
  virtual int Truncate(int fd, uint64_t size) = 0;
  virtual int SyncData(int fd) = 0;  // contents and length
  virtual int Sync(int fd) = 0;      // all of it
  virtual void Close(int fd) = 0;
  virtual int Rename(const char* from, const char* to) = 0;
  virtual int Remove(const char* name) = 0;
  virtual int SyncDirectory() = 0;
  // Bytes that may be written into an open file for convenience, with enough left for what must be written.
  virtual uint64_t Spare(int) { return UINT64_MAX; }
};

// What OpenFile returns, negated, for a file that is not ours to trust: a link, not regular, somebody else's.
inline constexpr int kForeign = 100000;

// Opens a directory for this process alone, and makes it (0700) if it is missing. Errors, each with what is
// wrong and where (FailedPrecondition): a link, no directory, another user's, others may write into it,
// another process has it.
absl::StatusOr<std::unique_ptr<Disk>> OpenDirectory(const std::string& path);

}  // namespace gainsay

#endif  // GAINSAY_WATCH_DISK_H_
