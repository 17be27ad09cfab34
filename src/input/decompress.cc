// The first four bytes tell the compression; since pipes can't seek, they are put back in front
// of the rest. A decompressor then reads the raw stream in blocks and keeps what ended it, an
// error or the end, until everything that came before has been handed out. zlib reports what it
// wrote before it met an error; libzstd does not, so it is fed so little at a time that no call
// can finish one block of data and fail in the next.
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "input/stream.h"

namespace gainsay {
namespace {

constexpr size_t kBlockBytes = size_t{256} << 10;
constexpr size_t kMagicBytes = 4;

// A raw stream, of which the first bytes were read already.
class PlainStream : public ByteStream {
 public:
  explicit PlainStream(std::unique_ptr<ByteStream> raw) : raw_(std::move(raw)) {}

  // Reads the first bytes, fewer only where the stream is shorter.
  void Peek() {
    while (size_ < kMagicBytes && !end_) {
      absl::StatusOr<size_t> n = raw_->Read(first_ + size_, kMagicBytes - size_);
      if (n.ok()) size_ += *n;
      if (!n.ok() || *n == 0) end_ = n.status();
    }
  }
  std::string_view first() const { return {first_, size_}; }

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    if (at_ < size_) {
      const size_t n = std::min(capacity, size_ - at_);
      std::memcpy(buffer, first_ + at_, n);
      at_ += n;
      return n;
    }
    if (!end_) return raw_->Read(buffer, capacity);
    if (!end_->ok()) return *end_;
    return size_t{0};
  }

  std::optional<int64_t> mtime_ns() const override { return raw_->mtime_ns(); }

 private:
  std::unique_ptr<ByteStream> raw_;
  char first_[kMagicBytes];
  size_t size_ = 0, at_ = 0;
  std::optional<absl::Status> end_;  // met while peeking
};

// What both decompressors share: the compressed block at hand, and what ended the reading.
class Decompressor : public ByteStream {
 public:
  explicit Decompressor(std::unique_ptr<ByteStream> raw)
      : raw_(std::move(raw)), block_(std::make_unique_for_overwrite<char[]>(kBlockBytes)) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    while (!outcome_) {
      const size_t n = Step(buffer, capacity);
      if (n > 0) return n;
    }
    if (!outcome_->ok()) return *outcome_;
    return size_t{0};
  }

  std::optional<int64_t> mtime_ns() const override { return raw_->mtime_ns(); }

 protected:
  // One call of the library. Returns the bytes written; Finish() says that it was the last one.
  virtual size_t Step(char* buffer, size_t capacity) = 0;

  void Finish(absl::Status outcome) { outcome_ = std::move(outcome); }
  // At the raw end: the raw stream's own error weighs more than what follows from it.
  void FinishAtEnd(absl::Status outcome) { Finish(raw_error_.ok() ? std::move(outcome) : raw_error_); }

  void Refill() {
    if (at_ < size_ || ended_) return;
    absl::StatusOr<size_t> n = raw_->Read(block_.get(), kBlockBytes);
    at_ = 0;
    size_ = n.ok() ? *n : 0;
    ended_ = size_ == 0;
    raw_error_ = n.status();
  }

  std::string_view left() const { return {block_.get() + at_, size_ - at_}; }
  void Consume(size_t bytes) { at_ += bytes; }
  bool AtEnd() const { return ended_ && at_ == size_; }

 private:
  std::unique_ptr<ByteStream> raw_;
  std::unique_ptr<char[]> block_;
  size_t at_ = 0, size_ = 0;
  bool ended_ = false;
  absl::Status raw_error_;
  std::optional<absl::Status> outcome_;
};

class GzipStream : public Decompressor {
 public:
  explicit GzipStream(std::unique_ptr<ByteStream> raw) : Decompressor(std::move(raw)) {
    ready_ = inflateInit2(&z_, 16 + MAX_WBITS) == Z_OK;
  }
  ~GzipStream() override {
    if (ready_) inflateEnd(&z_);
  }
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;

 protected:
  size_t Step(char* buffer, size_t capacity) override {
    if (!ready_) {
      Finish(absl::ResourceExhaustedError("not enough memory for gzip"));
      return 0;
    }
    Refill();
    if (between_members_ && !EnterMember()) return 0;
    const std::string_view in = left();
    z_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    z_.avail_in = static_cast<uInt>(in.size());
    z_.next_out = reinterpret_cast<Bytef*>(buffer);
    const uInt room = static_cast<uInt>(std::min(capacity, size_t{1} << 30));
    z_.avail_out = room;
    const int result = inflate(&z_, Z_NO_FLUSH);
    Consume(in.size() - z_.avail_in);
    const size_t produced = room - z_.avail_out;
    Judge(result, produced);
    return produced;
  }

 private:
  // Passes over the padding in front of a member. False if none begins in the bytes at hand.
  bool EnterMember() {
    if (members_ > 0) Consume(std::min(left().find_first_not_of('\0'), left().size()));
    if (left().empty()) {
      if (AtEnd()) FinishAtEnd(absl::OkStatus());
      return false;
    }
    between_members_ = false;
    if (left()[0] == '\x1f') return true;
    Finish(absl::DataLossError("garbage follows the gzip data"));
    return false;
  }

  void Judge(int result, size_t produced) {
    if (result == Z_STREAM_END) {
      ++members_;
      between_members_ = true;
      inflateReset(&z_);
    } else if (result == Z_OK || result == Z_BUF_ERROR) {
      if (produced == 0 && AtEnd())
        FinishAtEnd(absl::DataLossError("the gzip data ends in the middle of a member"));
    } else if (result == Z_MEM_ERROR) {
      Finish(absl::ResourceExhaustedError("not enough memory for gzip"));
    } else if (members_ > 0 && z_.total_in <= 2) {
      Finish(absl::DataLossError("garbage follows the gzip data"));
    } else {
      const std::string what = z_.msg != nullptr ? z_.msg : "unknown error";
      Finish(absl::DataLossError("the gzip data is damaged (" + what + ")"));
    }
  }

  z_stream z_ = {};
  bool ready_ = false;
  bool between_members_ = true;
  uint64_t members_ = 0;
};

class ZstdStream : public Decompressor {
 public:
  explicit ZstdStream(std::unique_ptr<ByteStream> raw)
      : Decompressor(std::move(raw)), zstd_(ZSTD_createDStream(), &ZSTD_freeDStream) {}

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
      Finish(ErrorOf(result));
      return out.pos;
    }
    wanted_ = result;
    flushing_ = wanted_ > 0 && out.pos == out.size;
    return out.pos;
  }

 private:
  static constexpr size_t kBlockHeader = 3;

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
            "the zstd data needs a window of more than 128 MiB (made with --long or --ultra)");
      case ZSTD_error_dictionary_wrong:
        return absl::FailedPreconditionError("the zstd data needs a dictionary");
      default:
        return absl::DataLossError(std::string("the zstd data is damaged (") + ZSTD_getErrorName(result) +
                                   ")");
    }
  }

  std::unique_ptr<ZSTD_DStream, size_t (*)(ZSTD_DStream*)> zstd_;
  size_t wanted_ = 0;      // 0: between frames
  bool flushing_ = false;  // the last call filled its output, and may hold more
};

bool IsGzip(std::string_view first) { return first.size() >= 2 && first.substr(0, 2) == "\x1f\x8b"; }

// A frame or a skippable one. Two bytes of it are enough where nothing follows: a cut archive.
bool IsZstd(std::string_view first) {
  if (first.size() < 2) return false;
  if (first == std::string_view("\x28\xb5\x2f\xfd").substr(0, first.size())) return true;
  return first.size() == kMagicBytes && (first[0] & 0xf0) == 0x50 && first.substr(1) == "\x2a\x4d\x18";
}

}  // namespace

absl::StatusOr<std::unique_ptr<ByteStream>> Decompress(std::unique_ptr<ByteStream> raw) {
  auto plain = std::make_unique<PlainStream>(std::move(raw));
  plain->Peek();
  const bool gzip = IsGzip(plain->first()), zstd = IsZstd(plain->first());
  if (gzip) return std::make_unique<GzipStream>(std::move(plain));
  if (zstd) return std::make_unique<ZstdStream>(std::move(plain));
  return plain;
}

}  // namespace gainsay
