// bzip2 by libbz2 itself: libarchive's filter gives up on up to 64 KiB that could be read before a cut.
#if GAINSAY_HAS_BZIP2
#include <bzlib.h>

#include <algorithm>
#include <string>
#include <utility>

#include "input/decompressor.h"

namespace gainsay {
namespace {

class Bzip2Decompressor : public Decompressor {
 public:
  explicit Bzip2Decompressor(std::unique_ptr<ByteStream> raw) : Decompressor(std::move(raw)) {}
  ~Bzip2Decompressor() override { Leave(); }
  Bzip2Decompressor(const Bzip2Decompressor&) = delete;
  Bzip2Decompressor& operator=(const Bzip2Decompressor&) = delete;

 protected:
  size_t Step(char* buffer, size_t capacity) override {
    Refill();
    if (!inside_ && !Enter()) return 0;
    const std::string_view in = left();
    const auto room = static_cast<unsigned>(std::min(capacity, size_t{1} << 30));
    bz_.next_in = const_cast<char*>(in.data());
    bz_.avail_in = static_cast<unsigned>(in.size());
    bz_.next_out = buffer;
    bz_.avail_out = room;
    const int result = BZ2_bzDecompress(&bz_);
    Consume(in.size() - bz_.avail_in);
    const size_t produced = room - bz_.avail_out;
    Judge(result, produced);
    return produced;
  }

 private:
  // Begins a stream. False if there is none.
  bool Enter() {
    if (AtEnd()) {
      FinishAtEnd(absl::OkStatus());
    } else if (left()[0] != 'B') {
      Finish(absl::DataLossError("garbage follows the bzip2 data"));
    } else if (bz_ = {}; BZ2_bzDecompressInit(&bz_, 0, 0) != BZ_OK) {
      Finish(absl::ResourceExhaustedError("not enough memory for bzip2"));
    } else {
      inside_ = true;
    }
    return inside_;
  }

  void Leave() {
    if (std::exchange(inside_, false)) BZ2_bzDecompressEnd(&bz_);
  }

  void Judge(int result, size_t produced) {
    if (result == BZ_STREAM_END) {
      Leave();
    } else if (result == BZ_OK) {
      if (produced == 0 && AtEnd()) FinishAtEnd(absl::DataLossError("the bzip2 data ends in the middle"));
    } else if (result == BZ_MEM_ERROR) {
      Finish(absl::ResourceExhaustedError("not enough memory for bzip2"));
    } else {
      Finish(absl::DataLossError(result == BZ_DATA_ERROR_MAGIC ? "garbage follows the bzip2 data"
                                                               : "the bzip2 data is damaged"));
    }
  }

  bz_stream bz_ = {};
  bool inside_ = false;
};

}  // namespace

std::unique_ptr<ByteStream> Bzip2Stream(std::unique_ptr<ByteStream> raw) {
  return std::make_unique<Bzip2Decompressor>(std::move(raw));
}

}  // namespace gainsay
#endif  // GAINSAY_HAS_BZIP2
