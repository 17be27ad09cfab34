// Inflating by zlib, where the faster library is missing; and its twin in the tests.
#if GAINSAY_HAS_ZLIB
#include <zlib.h>

#include <algorithm>
#include <utility>

#include "input/decompressor.h"
#include "input/gzip.h"

namespace gainsay {
namespace {

class ZlibInflater : public MemberInflater {
 public:
  ZlibInflater() { ready_ = inflateInit2(&z_, -MAX_WBITS) == Z_OK; }
  ~ZlibInflater() override {
    if (ready_) inflateEnd(&z_);
  }
  ZlibInflater(const ZlibInflater&) = delete;
  ZlibInflater& operator=(const ZlibInflater&) = delete;

  void Begin() override {
    if (ready_) inflateReset(&z_);
    crc_ = 0;
    size_ = 0;
    trailer_ = 0;
    trailer_bytes_ = 0;
    in_trailer_ = false;
  }

  Progress Inflate(std::string_view in, char* out, size_t capacity) override {
    if (!ready_) return {State::kNoMemory, 0, 0, ""};
    Progress progress;
    if (!in_trailer_) Deflated(in, out, capacity, &progress);
    if (in_trailer_ && progress.state == State::kMore) Trailer(in.substr(progress.consumed), &progress);
    return progress;
  }

 private:
  static constexpr size_t kTrailerBytes = 8;  // checksum and length

  void Deflated(std::string_view in, char* out, size_t capacity, Progress* progress) {
    z_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    z_.avail_in = static_cast<uInt>(in.size());
    const auto room = static_cast<uInt>(std::min(capacity, size_t{1} << 30));
    z_.next_out = reinterpret_cast<Bytef*>(out);
    z_.avail_out = room;
    const int result = inflate(&z_, Z_NO_FLUSH);
    progress->consumed = in.size() - z_.avail_in;
    progress->produced = room - z_.avail_out;
    crc_ = crc32_z(crc_, reinterpret_cast<const Bytef*>(out), progress->produced);
    size_ += static_cast<uint32_t>(progress->produced);
    if (result == Z_STREAM_END) {
      in_trailer_ = true;
    } else if (result == Z_MEM_ERROR) {
      progress->state = State::kNoMemory;
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      progress->state = State::kDamaged;
      progress->damage = z_.msg != nullptr ? z_.msg : "unknown error";
    }
  }

  void Trailer(std::string_view in, Progress* progress) {
    for (const char byte : in.substr(0, kTrailerBytes - trailer_bytes_)) {
      trailer_ |= uint64_t{static_cast<unsigned char>(byte)} << 8 * trailer_bytes_++;
      ++progress->consumed;
    }
    if (trailer_bytes_ < kTrailerBytes) return;
    const bool fits = trailer_ == (uint64_t{size_} << 32 | static_cast<uint32_t>(crc_));
    progress->state = fits ? State::kEnd : State::kDamaged;
    if (!fits) progress->damage = "checksum or length differ";
  }

  z_stream z_ = {};
  bool ready_ = false, in_trailer_ = false;
  uLong crc_ = 0;
  uint32_t size_ = 0;
  uint64_t trailer_ = 0;
  size_t trailer_bytes_ = 0;
};

}  // namespace

std::unique_ptr<Decompressor> GzipStreamByZlib(std::unique_ptr<ByteStream> raw, const PartAsked& asked) {
  return GzipStream(std::move(raw), std::make_unique<ZlibInflater>(), asked);
}

}  // namespace gainsay
#endif  // GAINSAY_HAS_ZLIB
