// One layer of packing, then one of archive: what lies deeper is told, not followed, so that no file can nest
// without end.
#include <string>
#include <utility>

#include "input/archive.h"
#include "input/file.h"
#include "input/magic.h"
#include "input/members.h"
#include "input/packed_parts.h"
#include "input/peek.h"

namespace gainsay {
namespace {

class Only : public Members {
 public:
  Only(std::string name, std::unique_ptr<ByteStream> stream, bool packed)
      : member_(Member{std::move(name), std::move(stream), ""}), packed_(packed) {}

  absl::StatusOr<std::optional<Member>> Next() override { return std::exchange(member_, std::nullopt); }
  bool packed() const override { return packed_; }
  bool is_archive() const override { return false; }

 private:
  std::optional<Member> member_;
  const bool packed_;
};

absl::StatusOr<std::unique_ptr<Members>> OpenArchive([[maybe_unused]] ArchiveInput input,
                                                     [[maybe_unused]] const PathFilter& filter) {
#if GAINSAY_HAS_ARCHIVE
  return ArchiveMembers(std::move(input), filter);
#else
  return absl::UnimplementedError(
      "an archive (tar or zip), which this gainsay was built without (libarchive)");
#endif
}

bool HasParts([[maybe_unused]] Packing packing) {
#if GAINSAY_HAS_ZSTD
  if (packing == Packing::kZstd) return true;
#endif
#if GAINSAY_HAS_ISAL || GAINSAY_HAS_ZLIB
  if (packing == Packing::kGzip) return true;
#endif
  return false;
}

absl::StatusOr<std::unique_ptr<Members>> Open(const Source& source, OpenedFile file,
                                              const PathFilter& filter) {
  auto raw = std::make_unique<PeekedStream>(std::move(file.stream));
  raw->Peek(kPackingBytes, /*until_newline=*/true);
  const Packing packing = PackingOf(raw->first().substr(0, kPackingBytes));
  const bool packed = packing != Packing::kNone;
  absl::StatusOr<std::unique_ptr<ByteStream>> unpacked(nullptr);
  if (source.unpack && file.at != nullptr && HasParts(packing)) {
    unpacked = source.unpack(std::make_unique<PackedParts>(std::move(raw), file.at, packing));
  } else {
    unpacked = Decompress(std::move(raw));
  }
  if (!unpacked.ok()) return unpacked.status();
  auto text = std::make_unique<PeekedStream>(std::move(*unpacked));
  text->Peek(kContainerBytes, /*until_newline=*/true);
  const std::string_view first = text->first();
  const Container container = ContainerOf(first);
  if (container != Container::kNone) {
    ArchiveInput input{source.name, std::move(text), container};
    if (!packed) input.seekable = file.seekable, input.at = file.at;
    return OpenArchive(std::move(input), filter);
  }
  if (packed && PackingOf(first.substr(0, kPackingBytes)) != Packing::kNone) {
    return absl::FailedPreconditionError("is packed twice: unpack it first");
  }
  return OnlyMember(source.name, std::move(text), packed);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Members>> OpenSource(const Source& source, const PathFilter& filter) {
  absl::StatusOr<OpenedFile> file = OpenFile(source);
  if (!file.ok()) return file.status();
  return Open(source, std::move(*file), filter);
}

absl::StatusOr<std::unique_ptr<Members>> OpenMembers(const std::string& name, std::unique_ptr<ByteStream> raw,
                                                     const PathFilter& filter) {
  return Open({name, ""}, {std::move(raw), -1}, filter);
}

std::unique_ptr<ByteStream> MemberStream(std::function<absl::StatusOr<size_t>(char*, size_t)> read,
                                         std::optional<int64_t> mtime_ns) {
  class Stream : public ByteStream {
   public:
    Stream(std::function<absl::StatusOr<size_t>(char*, size_t)> read, std::optional<int64_t> mtime_ns)
        : read_(std::move(read)), mtime_ns_(mtime_ns) {}
    absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override { return read_(buffer, capacity); }
    std::optional<int64_t> mtime_ns() const override { return mtime_ns_; }

   private:
    const std::function<absl::StatusOr<size_t>(char*, size_t)> read_;
    const std::optional<int64_t> mtime_ns_;
  };
  return std::make_unique<Stream>(std::move(read), mtime_ns);
}

std::unique_ptr<Members> OnlyMember(std::string name, std::unique_ptr<ByteStream> stream, bool packed) {
  return std::make_unique<Only>(std::move(name), std::move(stream), packed);
}

}  // namespace gainsay
