// xz by liblzma itself: libarchive's filter gives up on up to 64 KiB that could be read before a cut.
#if GAINSAY_HAS_LZMA
#include <lzma.h>

#include <string>
#include <utility>

#include "input/decompressor.h"

namespace gainsay {
namespace {

constexpr uint64_t kMostMemory = uint64_t{512} << 20;  // eight times what xz -9 asks for

class XzDecompressor : public Decompressor {
 public:
  explicit XzDecompressor(std::unique_ptr<ByteStream> raw) : Decompressor(std::move(raw)) {
    ready_ = lzma_stream_decoder(&xz_, kMostMemory, LZMA_CONCATENATED) == LZMA_OK;
  }
  ~XzDecompressor() override { lzma_end(&xz_); }
  XzDecompressor(const XzDecompressor&) = delete;
  XzDecompressor& operator=(const XzDecompressor&) = delete;

 protected:
  size_t Step(char* buffer, size_t capacity) override {
    if (!ready_) {
      Finish(absl::ResourceExhaustedError("not enough memory for xz"));
      return 0;
    }
    Refill();
    const std::string_view in = left();
    xz_.next_in = reinterpret_cast<const uint8_t*>(in.data());
    xz_.avail_in = in.size();
    xz_.next_out = reinterpret_cast<uint8_t*>(buffer);
    xz_.avail_out = capacity;
    const lzma_ret result = lzma_code(&xz_, AtEnd() ? LZMA_FINISH : LZMA_RUN);
    Consume(in.size() - xz_.avail_in);
    Judge(result);
    return capacity - xz_.avail_out;
  }

 private:
  void Judge(lzma_ret result) {
    switch (result) {
      case LZMA_OK:
        return;
      case LZMA_STREAM_END:
        return FinishAtEnd(absl::OkStatus());
      case LZMA_BUF_ERROR:  // no input, no progress
        return FinishAtEnd(absl::DataLossError("the xz data ends in the middle"));
      case LZMA_FORMAT_ERROR:
        return Finish(absl::DataLossError("garbage follows the xz data"));
      case LZMA_MEM_ERROR:
        return Finish(absl::ResourceExhaustedError("not enough memory for xz"));
      case LZMA_MEMLIMIT_ERROR:
        return Finish(absl::FailedPreconditionError(
            "the xz data needs more than 512 MiB; pipe it in: xz -dc FILE | gainsay scan -"));
      default:
        return Finish(absl::DataLossError("the xz data is damaged"));
    }
  }

  lzma_stream xz_ = LZMA_STREAM_INIT;
  bool ready_ = false;
};

}  // namespace

std::unique_ptr<ByteStream> XzStream(std::unique_ptr<ByteStream> raw) {
  return std::make_unique<XzDecompressor>(std::move(raw));
}

}  // namespace gainsay
#endif  // GAINSAY_HAS_LZMA
