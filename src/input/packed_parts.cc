// The magic bytes of a part are looked for, with as much of its header as tells chance hits from beginnings.
#include "input/packed_parts.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "input/decompressor.h"

namespace gainsay {
namespace {

constexpr size_t kHeaderBytes = 10;  // as many tell it
constexpr uint64_t kForever = UINT64_MAX;

// The file's bytes from `at` on, as a stream.
class FileRest : public ByteStream {
 public:
  FileRest(RandomAccess* file, uint64_t at, const std::atomic<bool>* stop)
      : file_(file), at_(at), stop_(stop) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    if (stop_ != nullptr && *stop_) return absl::CancelledError("nobody wants it");
    // Where the file's own stream was cut to look at its first bytes, and so what it is.
    if (at_ < kPackingBytes) capacity = std::min<size_t>(capacity, kPackingBytes - at_);
    absl::StatusOr<size_t> n = file_->ReadAt(at_, buffer, capacity);
    if (n.ok()) at_ += *n;
    return n;
  }

 private:
  RandomAccess* const file_;
  uint64_t at_;
  const std::atomic<bool>* const stop_;
};

class Part : public PartStream {
 public:
  Part(std::unique_ptr<Decompressor> stream, uint64_t begin) : stream_(std::move(stream)), begin_(begin) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    return stream_->Read(buffer, capacity);
  }
  uint64_t at() const override { return begin_ + stream_->consumed(); }
  bool more_follows() const override { return stream_->stopped(); }

 private:
  const std::unique_ptr<Decompressor> stream_;
  const uint64_t begin_;
};

std::string_view MagicOf(Packing packing) {
  return packing == Packing::kGzip ? std::string_view("\x1f\x8b\x08") : std::string_view("\x28\xb5\x2f\xfd");
}

// `header` begins with the magic bytes.
bool IsLikely(Packing packing, std::string_view header) {
  const auto byte = [header](size_t i) { return static_cast<unsigned char>(header[i]); };
  if (packing == Packing::kZstd) {
    constexpr unsigned kSingleSegment = 0x20, kReserved = 0x08;
    const bool large = (byte(4) & kSingleSegment) == 0 && byte(5) >> 3 > PartAsked::kWindowLogAhead - 10;
    return (byte(4) & kReserved) == 0 && !large;
  }
  const bool flags = (byte(3) & 0xe0) == 0, effort = byte(8) == 0 || byte(8) == 2 || byte(8) == 4;
  return flags && effort && (byte(9) <= 13 || byte(9) == 255);  // the last: on which system it was made
}

std::unique_ptr<Decompressor> Unpack([[maybe_unused]] Packing packing, std::unique_ptr<ByteStream> raw,
                                     [[maybe_unused]] const PartAsked& asked) {
#if GAINSAY_HAS_ZSTD
  if (packing == Packing::kZstd) return ZstdStream(std::move(raw), asked);
#endif
#if GAINSAY_HAS_ISAL
  return GzipStreamByIsal(std::move(raw), asked);
#elif GAINSAY_HAS_ZLIB
  return GzipStreamByZlib(std::move(raw), asked);
#else
  return nullptr;  // who asks made sure that the format is known
#endif
}

}  // namespace

std::optional<uint64_t> PackedParts::FindStart(uint64_t from, uint64_t to) const {
  const std::string_view magic = MagicOf(packing_);
  const auto buffer = std::make_unique_for_overwrite<char[]>(kBlockBytes);
  while (from < to) {
    size_t size = 0;
    absl::StatusOr<size_t> n = size_t{1};
    while (size < kBlockBytes && n.ok() && *n > 0) {
      n = file_->ReadAt(from + size, buffer.get() + size, kBlockBytes - size);
      if (n.ok()) size += *n;
    }
    if (size < kHeaderBytes) return std::nullopt;
    const std::string_view bytes(buffer.get(), size);
    for (size_t at = bytes.find(magic); at <= size - kHeaderBytes; at = bytes.find(magic, at + 1)) {
      if (from + at >= to) return std::nullopt;
      if (IsLikely(packing_, bytes.substr(at))) return from + at;
    }
    from += size - kHeaderBytes + 1;
  }
  return std::nullopt;
}

std::unique_ptr<PartStream> PackedParts::Open(uint64_t begin, uint64_t limit, bool ahead,
                                              const std::atomic<bool>* stop) const {
  const PartAsked asked{begin, limit == kForever ? limit : limit - begin, ahead};
  return std::make_unique<Part>(Unpack(packing_, std::make_unique<FileRest>(file_, begin, stop), asked),
                                begin);
}

}  // namespace gainsay
