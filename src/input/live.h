// A log that grows while it is read: standard input, files that are followed, the journal.
//
//   std::unique_ptr<LiveSource> source = LiveDescriptor(STDIN_FILENO, "-", wake);
//   while (true) {
//     absl::StatusOr<LiveRead> read = source->Read(absl::Now() + absl::Milliseconds(200));
//     if (!read.ok() || read->kind == LiveRead::kEnd) break;
//     if (read->kind == LiveRead::kBytes) Feed(read->stream, read->bytes);
//   }
//
// A source holds one or more streams (a followed file each; the journal, or a pipe, is one). Where it can be
// read again, it is reopened *inclusively*, from the positions that an earlier run left behind; what can't be
// proven to follow on these is told as a gap before the first bytes behind it.
// Thread rules: one source, one thread at a time.
#ifndef GAINSAY_INPUT_LIVE_H_
#define GAINSAY_INPUT_LIVE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace gainsay {

// From where to read on after a restart. Plain: it is written into the state and handed to whoever opens the
// source again.
struct LivePosition {
  std::string source;    // the stream's name
  std::string identity;  // of a file: device, inode and hash of its head, as its source writes them; else ""
  uint64_t offset = 0;   // of the first byte that was not used yet, from 0; always the start of a line
  uint64_t line = 1;     // its number, from 1
  std::string cursor;    // __CURSOR of the last entry that was used, "" if the lines bear none
};

// What was read, or is known to have been there, and found no room.
struct LostInput {
  uint64_t bytes = 0, lines = 0;
};

struct LiveRead {
  enum Kind : uint8_t {
    kBytes,    // more of one stream
    kIdle,     // the deadline passed, or somebody woke us: nothing for now
    kGap,      // what follows in `stream` does not surely follow what was there: `why`
    kLost,     // so much was let go before what follows: `lost`, `why`
    kRenewed,  // what an earlier process had kept of a pipe was given; what follows comes from another one
    kOpened,   // `stream` is new: what else had its number was closed
    kClosed,   // nothing more comes of `stream`
    kEnd,      // nothing will ever come from any stream
  };
  Kind kind = kIdle;
  uint32_t stream = 0;     // counts from 0, and means the same until it is closed
  std::string_view bytes;  // any number, lines may be cut anywhere; valid until the next Read
  // The bytes begin another text than those before them in this stream (a file that was rotated or cut down):
  // what came before has ended, and offset and line count anew from `offset` and `line`.
  bool fresh = false;
  // They are the first ones, and of the text that Identity named before: nothing ended, nothing begins.
  bool continues = false;
  uint64_t offset = 0, line = 1;  // of the first byte; where the stream was resumed, or is fresh
  std::string why;                // kGap, kLost: a sentence without a full stop
  LostInput lost;                 // kLost
};

// What stands between a pipe and whoever reads it. Of the source's life; but what waits, now.
struct LiveBacklog {
  uint64_t memory_bytes = 0, spill_bytes = 0;  // waiting
  uint64_t spilled_bytes = 0;                  // that went through the spill file
  LostInput lost;
  bool losing = false;  // there is no room now
};

class LiveSource {
 public:
  virtual ~LiveSource() = default;

  // Waits until there is something to tell, at most until `deadline`. What is there is given at once, however
  // little. Errors: the source as a whole can't be read any further.
  virtual absl::StatusOr<LiveRead> Read(absl::Time deadline) = 0;

  // How many streams there are, those that were closed included; more, once kOpened was told.
  virtual uint32_t streams() const { return 1; }
  // As reports show it.
  virtual std::string Name(uint32_t stream) const = 0;
  // Of the text that Read gave last, before the first one of that which it will begin with, for
  // LivePosition::identity; "" where nothing can be read again, or nothing is there yet.
  virtual std::string Identity(uint32_t stream) const = 0;
  // When that text was last modified, for times without a date; none for pipes.
  virtual std::optional<int64_t> MtimeNs(uint32_t stream) const = 0;
  // Whether lines may bear the cursors by which whoever feeds us goes on (the journal's output in a pipe):
  // then the first entry after a resume is the last one that was used, and whoever reads drops it. The
  // journal itself sees to that.
  virtual bool HasCursors() const = 0;

  // Whether it holds back what nobody could use yet, as a pipe's does (pipeline_intake.h); then kRenewed
  // comes where it was resumed, and what follows is of use.
  virtual bool HoldsBack() const { return false; }
  virtual LiveBacklog Backlog() const { return {}; }
  // A state is on the disk that goes on at this offset; UINT64_MAX: none will be, and the disk is full.
  virtual void Release(uint64_t offset) { static_cast<void>(offset); }
  // Nothing more is read from outside: Read gives what waits, and then the end.
  virtual void StopReading() {}
  // After that, instead of reading what waits: it is kept for the next process, and before it these bytes,
  // which were given and not used, from this offset on. False: it can't be.
  virtual bool Keep(uint64_t offset, std::string_view bytes) {
    static_cast<void>(offset), static_cast<void>(bytes);
    return false;
  }
};

// Reads a descriptor, which stays the caller's. `wake_fd` becomes readable when Read shall return early (a
// signal); -1: never. Bytes are handed out as they come.
std::unique_ptr<LiveSource> LiveDescriptor(int fd, std::string name, int wake_fd);

}  // namespace gainsay

#endif  // GAINSAY_INPUT_LIVE_H_
