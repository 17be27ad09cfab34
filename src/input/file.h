// A file, pipe or standard input, opened, its bytes as they are. For the other files of this room.
#ifndef GAINSAY_INPUT_FILE_H_
#define GAINSAY_INPUT_FILE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "input/source.h"
#include "input/stream.h"

namespace gainsay {

// A file's bytes, from anywhere. Thread rules: any number of threads at once.
class RandomAccess {
 public:
  virtual ~RandomAccess() = default;
  virtual absl::StatusOr<size_t> ReadAt(uint64_t offset, char* buffer, size_t capacity) = 0;  // 0: the end
  virtual uint64_t size() const = 0;  // when it was opened
};

struct OpenedFile {
  std::unique_ptr<ByteStream> stream;
  int seekable = -1;           // the stream's own descriptor, if it is a regular file's
  RandomAccess* at = nullptr;  // the stream itself, if it is a regular file's
};

absl::StatusOr<OpenedFile> OpenFile(const Source& source);  // errors: as OpenStream

}  // namespace gainsay

#endif  // GAINSAY_INPUT_FILE_H_
