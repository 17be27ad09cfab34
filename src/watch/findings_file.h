// findings.jsonl: lines, only ever appended. What is not yet known to be on the disk is also kept in memory,
// so that a disk that is full for a while loses nothing.
// Thread rules: one file, one thread at a time.
#ifndef GAINSAY_WATCH_FINDINGS_FILE_H_
#define GAINSAY_WATCH_FINDINGS_FILE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "watch/disk.h"

namespace gainsay {

// Makes a Status of what a Disk returned. ResourceExhausted: no space, which may pass; FailedPrecondition:
// not ours to trust; DataLoss: all else, and nothing may be tried again on that descriptor.
absl::Status DiskStatus(const std::string& what, int64_t error);

class FindingsFile {
 public:
  explicit FindingsFile(Disk* disk) : disk_(disk) {}
  absl::Status Open();  // makes it, durably, if it is missing

  // Cuts it to `size`, durably. Before the first Append.
  absl::Status Cut(uint64_t size);

  // Writes the line and a newline; no space is no error. Errors are final.
  absl::Status Append(std::string_view line);
  // All lines are on the disk, or an error: ResourceExhausted may pass, any other is final.
  absl::Status Sync();

  uint64_t end() const { return durable_ + pending_.size(); }  // where the next line will stand
  uint64_t unwritten() const { return end() - written_; }      // bytes that found no space
  bool overflowed() const { return overflowed_; }              // lines had to be let go

  int fd() const { return fd_; }
  Disk* disk() const { return disk_; }

 private:
  absl::Status Flush();
  absl::Status Reopen();

  Disk* disk_;
  int fd_ = -1;
  uint64_t durable_ = 0, written_ = 0;  // offsets
  std::string pending_;                 // all bytes from durable_ on
  bool overflowed_ = false;
};

// Reads the lines of a FindingsFile that are written.
class FindingsLines {
 public:
  FindingsLines(const FindingsFile& file, uint64_t from, uint64_t to) : file_(&file), at_(from), to_(to) {}

  // False at `to`. `line`: without its newline, valid until the next call; what has none is no line.
  absl::StatusOr<bool> Next(std::string_view* line);
  uint64_t begin() const { return at_ - length_; }  // of the line that Next gave
  uint64_t end() const { return at_; }              // behind it

 private:
  absl::StatusOr<bool> Fill();

  const FindingsFile* file_;
  uint64_t at_, to_;
  uint64_t length_ = 0;
  std::string buffer_;  // of bytes from at_ - used_ on
  size_t used_ = 0;
};

}  // namespace gainsay

#endif  // GAINSAY_WATCH_FINDINGS_FILE_H_
