// A file, pipe or standard input, opened, its bytes as they are. For the other files of this room.
#ifndef GAINSAY_INPUT_FILE_H_
#define GAINSAY_INPUT_FILE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "input/source.h"
#include "input/stream.h"

namespace gainsay {

struct OpenedFile {
  std::unique_ptr<ByteStream> stream;
  int seekable = -1;  // the stream's own descriptor, if it is a regular file's
};

absl::StatusOr<OpenedFile> OpenFile(const Source& source);  // errors: as OpenStream

}  // namespace gainsay

#endif  // GAINSAY_INPUT_FILE_H_
