// The first bytes tell the compression. One layer is taken off: what is packed twice is told by who reads
// members (open.cc).
#include <memory>
#include <string>
#include <utility>

#include "input/decompressor.h"
#include "input/magic.h"
#include "input/peek.h"
#include "input/stream.h"

namespace gainsay {
namespace {

[[maybe_unused]] absl::Status Without(const std::string& format, const std::string& library) {
  return absl::UnimplementedError(format + " data, which this gainsay was built without (" + library + ")");
}

using Unpacked = absl::StatusOr<std::unique_ptr<ByteStream>>;

Unpacked Gunzip([[maybe_unused]] std::unique_ptr<ByteStream> raw) {
#if GAINSAY_HAS_ISAL
  return GzipStreamByIsal(std::move(raw));
#elif GAINSAY_HAS_ZLIB
  return GzipStreamByZlib(std::move(raw));
#else
  return Without("gzip", "libisal or zlib");
#endif
}

Unpacked Unzstd([[maybe_unused]] std::unique_ptr<ByteStream> raw) {
#if GAINSAY_HAS_ZSTD
  return ZstdStream(std::move(raw));
#else
  return Without("zstd", "libzstd");
#endif
}

Unpacked Filter([[maybe_unused]] std::unique_ptr<ByteStream> raw, const std::string& format) {
#if GAINSAY_HAS_ARCHIVE
  return FilterStream(std::move(raw), format);
#else
  return Without(format, format == "lz4" ? "libarchive" : "its library or libarchive");
#endif
}

}  // namespace

Unpacked Decompress(std::unique_ptr<ByteStream> raw) {
  auto plain = std::make_unique<PeekedStream>(std::move(raw));
  plain->Peek(kPackingBytes, /*until_newline=*/true);
  switch (PackingOf(plain->first())) {
    case Packing::kGzip:
      return Gunzip(std::move(plain));
    case Packing::kZstd:
      return Unzstd(std::move(plain));
    case Packing::kBzip2:
#if GAINSAY_HAS_BZIP2
      return Bzip2Stream(std::move(plain));
#else
      return Filter(std::move(plain), "bzip2");
#endif
    case Packing::kXz:
#if GAINSAY_HAS_LZMA
      return XzStream(std::move(plain));
#else
      return Filter(std::move(plain), "xz");
#endif
    case Packing::kLz4:
      return Filter(std::move(plain), "lz4");
    case Packing::kNone:
      break;
  }
  return plain;
}

}  // namespace gainsay
