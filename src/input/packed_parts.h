// A packed file whose parts can be unpacked apart: the members of a gzip file, the frames of a zstd file.
//
// Where a part begins is only known once everything before it has been unpacked. What looks like a beginning
// is a guess, so whoever unpacks from there has to wait and see whether the parts before end right there.
// Thread rules: any number of threads may ask and read at once, each its own PartStream.
#ifndef GAINSAY_INPUT_PACKED_PARTS_H_
#define GAINSAY_INPUT_PACKED_PARTS_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

#include "input/file.h"
#include "input/magic.h"
#include "input/stream.h"

namespace gainsay {

// The unpacked bytes of neighbouring parts. Errors: as of the whole file's stream.
class PartStream : public ByteStream {
 public:
  // How far the packed bytes have been used.
  virtual uint64_t at() const = 0;
  // At the end: it stopped where another part may begin, at at(). False: the file ends.
  virtual bool more_follows() const = 0;
};

class PackedParts {
 public:
  // Of the file `at`, which `owner` owns and which is packed by gzip or zstd.
  PackedParts(std::unique_ptr<ByteStream> owner, RandomAccess* at, Packing packing)
      : owner_(std::move(owner)), file_(at), packing_(packing) {}

  uint64_t size() const { return file_->size(); }  // packed bytes, when it was opened
  std::optional<int64_t> mtime_ns() const { return owner_->mtime_ns(); }

  // The first place in [from, to) that looks like the beginning of a part.
  std::optional<uint64_t> FindStart(uint64_t from, uint64_t to) const;

  // Unpacks from `begin` on and stops at the first part that begins at or behind `limit`. If `ahead`, on a
  // guess: it stops also before a part that needs much memory, and soon after `stop` is set. This must
  // outlive the stream.
  std::unique_ptr<PartStream> Open(uint64_t begin, uint64_t limit, bool ahead,
                                   const std::atomic<bool>* stop) const;

 private:
  const std::unique_ptr<ByteStream> owner_;
  RandomAccess* const file_;
  const Packing packing_;
};

}  // namespace gainsay

#endif  // GAINSAY_INPUT_PACKED_PARTS_H_
