// Unpacking one file on several threads: the members of a gzip file, the frames of a zstd file.
#ifndef GAINSAY_PIPELINE_UNPACK_H_
#define GAINSAY_PIPELINE_UNPACK_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "input/packed_parts.h"
#include "input/stream.h"

namespace gainsay {

struct ScanStats;

struct UnpackOptions {
  size_t threads = 2;                         // that unpack, the one that reads included
  uint64_t part_bytes = uint64_t{512} << 10;  // packed; as much is unpacked at a time
  uint64_t look_ahead = uint64_t{32} << 20;   // packed; so far ahead parts are looked for
  size_t waiting_blocks = 128;                // of 256 KiB, for each further thread: unpacked ahead
  ScanStats* stats = nullptr;
};

// Gives, on the thread that reads, what unpacking the file front to back gives: the same bytes and errors. A
// file of less than two parts' bytes is unpacked by that thread alone.
std::unique_ptr<ByteStream> UnpackApart(std::unique_ptr<PackedParts> file, const UnpackOptions& options);

}  // namespace gainsay

#endif  // GAINSAY_PIPELINE_UNPACK_H_
