// What a pipe brought and nobody could take yet, in a file of bounded size in the state directory.
//
//   absl::StatusOr<std::unique_ptr<SpillFile>> spill = SpillFile::Open(disk, {most_bytes, reserve, boot});
//   spill->Append(offset, bytes);   spill->Read(buffer, size);   spill->Release(offset);
//
// Offsets are those of the stream, as far as it was read. What was read stays until it is released, or until
// there is no room else, or something is appended that does not follow it: after a crash it can be read once
// more, as long as the machine has run on. (Nothing is forced to the disk.)
// Thread rules: one thread appends, another one may read and release meanwhile. All else: no other thread.
#ifndef GAINSAY_WATCH_SPILL_FILE_H_
#define GAINSAY_WATCH_SPILL_FILE_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "watch/disk.h"

namespace gainsay {

struct SpillOptions {
  uint64_t most_bytes = uint64_t{256} << 20;  // by Append
  uint64_t reserve = uint64_t{64} << 20;      // more, by Leave
  std::string boot;                           // tells one run of the machine from another
};

class SpillFile {
 public:
  // In `disk`, which must outlive it. Errors: as the disk's.
  static absl::StatusOr<std::unique_ptr<SpillFile>> Open(Disk* disk, SpillOptions options);
  // Removes the file if nothing in it is left to read.
  ~SpillFile();
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;

  // Where in the stream that begins which can be read, and how much it is. At first: what an earlier process
  // left.
  uint64_t offset() const;
  uint64_t size() const;

  // Of what an earlier process left: goes to the next line, and says that it stands there in the stream.
  // Gives how many bytes were passed over.
  uint64_t SkipLine(uint64_t offset);
  bool EndsLine() const;  // its last byte is a newline
  void Clear();

  // Behind what is there. False, with nothing appended: it is full, or the disk is.
  bool Append(uint64_t offset, std::string_view bytes);
  // The next bytes, at most `size`, into `buffer`. 0: there are none; below zero: an error of the disk.
  int64_t Read(char* buffer, size_t size);
  // What lies before this offset won't be asked for again.
  void Release(uint64_t offset);
  // What was not released is to be read by the next process, and these bytes of the stream, as far as they
  // are not in it. Nobody appends any more. False: there is no room, or they have nothing to do with each
  // other.
  bool Leave(uint64_t offset, std::string_view bytes);

 private:
  SpillFile(Disk* disk, int fd, SpillOptions options);

  void Recover();
  bool WriteHeader();
  bool WriteRing(uint64_t place, std::string_view bytes);
  bool MakeRoom(uint64_t offset, uint64_t size);
  bool MayTake(uint64_t place, uint64_t size) const;
  void Empty();
  uint64_t kept() const { return read_ + unread_; }

  Disk* const disk_;
  const int fd_;
  const SpillOptions options_;
  uint64_t ring_bytes_;  // as the options have it, or as it was when what is in the file was written

  mutable std::mutex mutex_;         // guards what follows; the ring is read and written without it
  uint64_t place_ = 0, offset_ = 0;  // of what is kept: in the ring, in the stream
  uint64_t read_ = 0, unread_ = 0;   // what is kept, in this order
  uint64_t written_place_ = 0;       // as the file's page has it
  uint64_t grown_ = 0;               // of the ring, what takes space on the disk
  bool headed_ = false, appending_ = false;
};

}  // namespace gainsay

#endif  // GAINSAY_WATCH_SPILL_FILE_H_
