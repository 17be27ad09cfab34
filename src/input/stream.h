// The decompressed bytes of one source, read front to back.
//
//   absl::StatusOr<std::unique_ptr<ByteStream>> stream = OpenStream(source);
//   while (size_t n = *stream->Read(buffer, sizeof buffer)) Use(buffer, n);
//
// The compression is told by magic bytes, never by the name: gzip (1f 8b, also
// concatenated members), zstd (28 b5 2f fd, also several and skippable frames), bzip2, xz and lz4.
// Archives (tar, zip) are members.h's.
// Thread rules: one stream, one thread at a time.
#ifndef GAINSAY_INPUT_STREAM_H_
#define GAINSAY_INPUT_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "input/source.h"

namespace gainsay {

class ByteStream {
 public:
  virtual ~ByteStream() = default;

  // Fills up to `capacity` bytes and returns how many; 0 only at the end.
  // A cut or damaged archive is absl::DataLossError, but only after every byte
  // that could be decompressed has been handed out; other errors mean that the
  // input could not be read on. After an error or the end, don't call again.
  virtual absl::StatusOr<size_t> Read(char* buffer, size_t capacity) = 0;

  // When the file was last modified, in nanoseconds since the epoch; none for pipes.
  virtual std::optional<int64_t> mtime_ns() const { return std::nullopt; }
};

// Opens a source for reading. Errors: NotFound, PermissionDenied,
// InvalidArgument (a directory), Unimplemented (a format that gainsay was built
// without), with a message that does not repeat the name.
absl::StatusOr<std::unique_ptr<ByteStream>> OpenStream(const Source& source);

// Wraps `raw` in the decompressor that its first bytes ask for, or in none.
// OpenStream does this; tests use it with bytes in memory.
absl::StatusOr<std::unique_ptr<ByteStream>> Decompress(std::unique_ptr<ByteStream> raw);

// Bytes in memory as a stream (examples of rules, tests, fuzzers). `bytes` is copied;
// each Read hands out at most `step` bytes, to exercise every border.
std::unique_ptr<ByteStream> MemoryStream(std::string bytes, size_t step = SIZE_MAX);

}  // namespace gainsay

#endif  // GAINSAY_INPUT_STREAM_H_
