// libzstd does not tell what it wrote before it met an error, so it is fed so little at a time that no call
// can finish one block of data and fail in the next.
#if GAINSAY_HAS_ZSTD
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <string>
#include <utility>

#include "input/decompressor.h"

namespace gainsay {
namespace {

class ZstdDecompressor : public Decompressor {
 public:
  ZstdDecompressor(std::unique_ptr<ByteStream> raw, const PartAsked& asked)
      : Decompressor(std::move(raw), asked.origin),
        asked_(asked),
        zstd_(ZSTD_createDStream(), &ZSTD_freeDStream) {
    const int window = asked.ahead ? PartAsked::kWindowLogAhead : kWindowLog;
    if (zstd_ != nullptr) ZSTD_DCtx_setParameter(zstd_.get(), ZSTD_d_windowLogMax, window);
  }

 protected:
  size_t Step(char* buffer, size_t capacity) override {
    if (zstd_ == nullptr) {
      Finish(absl::ResourceExhaustedError("not enough memory for zstd"));
      return 0;
    }
    if (!flushing_ && !MoreInput()) return 0;
    ZSTD_inBuffer in = {left().data(), flushing_ ? 0 : std::min(Portion(), left().size()), 0};
    ZSTD_outBuffer out = {buffer, capacity, 0};
    const size_t result = ZSTD_decompressStream(zstd_.get(), &out, &in);
    Consume(in.pos);
    if (ZSTD_isError(result)) {
      const bool too_large = ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge;
      asked_.ahead&& too_large ? StopAt(frame_) : Finish(ErrorOf(result));
      return out.pos;
    }
    wanted_ = result;
    flushing_ = wanted_ > 0 && out.pos == out.size;
    return out.pos;
  }

 private:
  static constexpr size_t kMagicBytes = 4, kBlockHeader = 3;
  static constexpr int kWindowLog = 29;  // what --long=29 makes; memory is taken as the frame needs it

  // libzstd's hint is the rest of a block and the header of the next one. Without the latter, a
  // call never sees two blocks.
  size_t Portion() const {
    if (wanted_ == 0) return kMagicBytes;
    return wanted_ > kBlockHeader ? wanted_ - kBlockHeader : wanted_;
  }

  bool MoreInput() {
    Refill();
    if (AtEnd()) {
      FinishAtEnd(wanted_ == 0 ? absl::OkStatus()
                               : absl::DataLossError("the zstd data ends in the middle of a frame"));
      return false;
    }
    if (wanted_ == 0) frame_ = consumed();
    if (wanted_ == 0 && consumed() >= asked_.limit) {
      StopAt(frame_);
      return false;
    }
    const char next = left()[0];
    const bool magic = next == '\x28' || (next & 0xf0) == 0x50;
    if (wanted_ > 0 || magic) return true;
    Finish(absl::DataLossError("garbage follows the zstd data"));
    return false;
  }

  absl::Status ErrorOf(size_t result) const {
    switch (ZSTD_getErrorCode(result)) {
      case ZSTD_error_prefix_unknown:
        return absl::DataLossError("garbage follows the zstd data");
      case ZSTD_error_memory_allocation:
        return absl::ResourceExhaustedError("not enough memory for zstd");
      case ZSTD_error_frameParameter_windowTooLarge:
        return absl::FailedPreconditionError(
            "the zstd data needs a window of more than 512 MiB; pipe it in: zstd -dc --long=31 FILE | "
            "gainsay "
            "scan -");
      case ZSTD_error_dictionary_wrong:
        return absl::FailedPreconditionError("the zstd data needs a dictionary");
      default:
        return absl::DataLossError(std::string("the zstd data is damaged (") + ZSTD_getErrorName(result) +
                                   ")");
    }
  }

  const PartAsked asked_;
  std::unique_ptr<ZSTD_DStream, size_t (*)(ZSTD_DStream*)> zstd_;
  size_t wanted_ = 0;      // 0: between frames
  uint64_t frame_ = 0;     // where the frame at hand begins
  bool flushing_ = false;  // the last call filled its output, and may hold more
};

}  // namespace

std::unique_ptr<Decompressor> ZstdStream(std::unique_ptr<ByteStream> raw, const PartAsked& asked) {
  return std::make_unique<ZstdDecompressor>(std::move(raw), asked);
}

}  // namespace gainsay
#endif  // GAINSAY_HAS_ZSTD
