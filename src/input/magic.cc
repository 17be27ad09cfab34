#include "input/magic.h"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace gainsay {
namespace {

using std::string_view_literals::operator""sv;

// A number in octal, between blanks and zeros; none if it isn't one.
std::optional<uint64_t> Octal(std::string_view field) {
  field.remove_prefix(std::min(field.find_first_not_of(' '), field.size()));
  uint64_t value = 0;
  size_t digits = 0;
  while (digits < field.size() && field[digits] >= '0' && field[digits] <= '7') {
    value = value * 8 + static_cast<uint64_t>(field[digits++] - '0');
  }
  const bool ends = digits == field.size() || field[digits] == ' ' || field[digits] == '\0';
  return digits > 0 && ends ? std::optional(value) : std::nullopt;
}

// The header of a member, of any dialect, bears its own checksum.
bool IsTarHeader(std::string_view block) {
  constexpr size_t kChecksum = 148, kChecksumBytes = 8;
  if (block.size() < kContainerBytes || block[0] == '\0') return false;
  const std::optional<uint64_t> expected = Octal(block.substr(kChecksum, kChecksumBytes));
  uint64_t sum = kChecksumBytes * ' ';  // itself it counts as blanks
  for (size_t i = 0; i < kContainerBytes; ++i) {
    if (i < kChecksum || i >= kChecksum + kChecksumBytes) sum += static_cast<unsigned char>(block[i]);
  }
  return expected == sum;
}

// A frame that both zstd and lz4 pass over.
bool IsSkippable(std::string_view first) {
  return first.size() >= 4 && (first[0] & 0xf0) == 0x50 && first.substr(1, 3) == "\x2a\x4d\x18"sv;
}

bool IsControl(unsigned char c) {
  constexpr std::string_view kInText = "\t\n\v\f\r\b\a\x1b";
  return (c < 0x20 && kInText.find(static_cast<char>(c)) == std::string_view::npos) || c == 0x7f;
}

// The end of a zip: a record of fixed size, and a comment of the length it says.
bool IsZipEnd(std::string_view bytes) {
  constexpr size_t kRecord = 22, kCommentLength = 20;
  if (bytes.size() < kRecord) return false;
  const auto byte = [&](size_t at) { return static_cast<unsigned char>(bytes[at]); };
  return size_t{byte(kCommentLength)} + 256u * byte(kCommentLength + 1) <= bytes.size() - kRecord;
}

}  // namespace

Packing PackingOf(std::string_view first) {
  // Two bytes of gzip and zstd are enough where nothing follows: a cut archive.
  if (first.starts_with("\x1f\x8b"sv)) return Packing::kGzip;
  const std::string_view zstd = "\x28\xb5\x2f\xfd"sv;
  if (first.size() >= 2 && first.substr(0, 4) == zstd.substr(0, first.size())) return Packing::kZstd;
  if (IsSkippable(first)) return Packing::kZstd;
  if (first.starts_with("\xfd\x37\x7a\x58\x5a\0"sv)) return Packing::kXz;
  if (first.starts_with("\x04\x22\x4d\x18"sv) || first.starts_with("\x02\x21\x4c\x18"sv))
    return Packing::kLz4;
  // "BZh9" could be text: what stands behind it could not.
  const bool bzip2 =
      first.size() == kPackingBytes && first.starts_with("BZh"sv) && first[3] >= '1' && first[3] <= '9' &&
      (first.substr(4) == "\x31\x41\x59\x26\x53\x59"sv || first.substr(4) == "\x17\x72\x45\x38\x50\x90"sv);
  return bzip2 ? Packing::kBzip2 : Packing::kNone;
}

Container ContainerOf(std::string_view first) {
  // A member, an empty archive, or one that was to be split and was not.
  for (const std::string_view zip : {"PK\x03\x04"sv, "PK\x05\x06"sv, "PK\x30\x30PK"sv}) {
    if (first.starts_with(zip)) return Container::kZip;
  }
  return IsTarHeader(first.substr(0, kContainerBytes)) ? Container::kTar : Container::kNone;
}

bool HasEnd(Container container, std::string_view last) {
  if (container == Container::kTar) {
    const size_t text = last.find_last_not_of('\0');
    return last.size() - (text == std::string_view::npos ? 0 : text + 1) >= kContainerBytes;
  }
  return FindZipEnd(last) != std::string_view::npos;
}

size_t FindZipEnd(std::string_view last) {
  size_t at = last.rfind("PK\x05\x06"sv);
  while (at != std::string_view::npos && !IsZipEnd(last.substr(at)))
    at = at == 0 ? std::string_view::npos : last.rfind("PK\x05\x06"sv, at - 1);
  return at;
}

bool IsBinary(std::string_view first) {
  constexpr size_t kTextPerControl = 16;
  first.remove_prefix(std::min(first.find_first_not_of('\0'), first.size()));
  const auto controls = static_cast<size_t>(std::count_if(
      first.begin(), first.end(), [](char c) { return IsControl(static_cast<unsigned char>(c)); }));
  return controls * kTextPerControl > first.size();
}

}  // namespace gainsay
