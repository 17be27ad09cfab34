#include "report_file.h"

#include "input/stream.h"

namespace gainsay {

absl::StatusOr<std::string> ReadWhole(const Source& source) {
  const auto failed = [&source](const absl::Status& status) {
    return absl::Status(status.code(), source.name + ": " + std::string(status.message()));
  };
  absl::StatusOr<std::unique_ptr<ByteStream>> stream = OpenStream(source);
  if (!stream.ok()) return failed(stream.status());
  constexpr size_t kStep = size_t{1} << 16;
  std::string text;
  for (size_t size = 0;;) {
    text.resize(size + kStep);
    const absl::StatusOr<size_t> got = (*stream)->Read(text.data() + size, kStep);
    if (!got.ok()) return failed(got.status());
    size += *got;
    text.resize(size);
    if (*got == 0) return text;
  }
}

}  // namespace gainsay
