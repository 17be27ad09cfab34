// Three kinds of records, from the file's end backwards: the end record; before it, where a number does not
// fit into that, the one of zip64, found by its locator; before these the directory, a header for each
// member. All numbers are little-endian. What doesn't fit together is taken for damage.
#include "input/zip_directory.h"

#include <algorithm>

#include "input/magic.h"

namespace gainsay {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::string_view kEnd64 = "PK\x06\x06"sv, kLocator64 = "PK\x06\x07"sv, kMember = "PK\x01\x02"sv;
constexpr size_t kEnd64Bytes = 56, kLocator64Bytes = 20, kMemberBytes = 46;
constexpr uint64_t kMostBytes = uint64_t{512} << 20;  // of a directory: a million members have less
constexpr uint64_t kIn64 = UINT32_MAX;                // "see the record of zip64"

// The record must be long enough.
uint64_t Number(std::string_view record, size_t at, size_t bytes) {
  uint64_t value = 0;
  for (size_t i = bytes; i-- > 0;) value = value << 8 | static_cast<unsigned char>(record[at + i]);
  return value;
}

// So many bytes, or none of them.
std::string BytesAt(RandomAccess* file, uint64_t at, uint64_t size) {
  std::string bytes(size, '\0');
  for (size_t have = 0; have < size;) {
    const absl::StatusOr<size_t> n = file->ReadAt(at + have, bytes.data() + have, size - have);
    if (!n.ok() || *n == 0) return "";
    have += *n;
  }
  return bytes;
}

struct Extent {
  uint64_t begin = 0, size = 0;
  uint64_t shift = 0;  // what stands before the zip: all offsets count without it
};

// Where the directory is, if the file ends in one.
std::optional<Extent> FindDirectory(RandomAccess* file) {
  const uint64_t last_size = std::min<uint64_t>(file->size(), kContainerEndBytes);
  const std::string last = BytesAt(file, file->size() - last_size, last_size);
  const size_t at = FindZipEnd(last);
  if (at == std::string_view::npos) return std::nullopt;
  uint64_t end = file->size() - last_size + at;
  uint64_t size = Number(last, at + 12, 4), offset = Number(last, at + 16, 4);
  if (size == kIn64 || offset == kIn64 || Number(last, at + 10, 2) == UINT16_MAX) {
    const std::string locator =
        end < kLocator64Bytes ? "" : BytesAt(file, end - kLocator64Bytes, kLocator64Bytes);
    if (locator.starts_with(kLocator64)) {
      end = Number(locator, 8, 8);
      const std::string record = end > file->size() ? "" : BytesAt(file, end, kEnd64Bytes);
      if (!record.starts_with(kEnd64)) return std::nullopt;
      size = Number(record, 40, 8);
      offset = Number(record, 48, 8);
    }
  }
  if (size > end || size > kMostBytes || offset > end - size) return std::nullopt;
  return Extent{end - size, size, end - size - offset};
}

// The member's offset, from behind its name, if it needs more than 32 bits.
std::optional<uint64_t> Offset64(std::string_view extra, size_t numbers_before) {
  constexpr uint64_t kZip64 = 1;
  while (extra.size() >= 4) {
    const uint64_t size = Number(extra, 2, 2);
    if (size > extra.size() - 4) break;
    if (Number(extra, 0, 2) == kZip64) {
      if (size < 8 * (numbers_before + 1)) break;
      return Number(extra, 4 + 8 * numbers_before, 8);
    }
    extra.remove_prefix(4 + size);
  }
  return std::nullopt;
}

struct Header {
  std::string_view path;
  uint64_t offset = 0;
  bool is_empty = false;
};

// Takes the next header from the directory. None: there is none, or it is damaged.
std::optional<Header> TakeHeader(std::string_view* directory) {
  const std::string_view header = *directory;
  if (!header.starts_with(kMember) || header.size() < kMemberBytes) return std::nullopt;
  const uint64_t path = Number(header, 28, 2), extra = Number(header, 30, 2), comment = Number(header, 32, 2);
  const uint64_t all = kMemberBytes + path + extra + comment;
  if (all > header.size()) return std::nullopt;
  std::optional<uint64_t> offset = Number(header, 42, 4);
  if (offset == kIn64) {
    const size_t sizes = (Number(header, 20, 4) == kIn64) + (Number(header, 24, 4) == kIn64);
    offset = Offset64(header.substr(kMemberBytes + path, extra), sizes);
  }
  if (!offset) return std::nullopt;
  directory->remove_prefix(all);
  const uint64_t checksum = Number(header, 16, 4), size = Number(header, 24, 4);
  return Header{header.substr(kMemberBytes, path), *offset, checksum == 0 && (size == 0 || size == kIn64)};
}

}  // namespace

std::vector<ZipMember> ReadZipDirectory(RandomAccess* file) {
  const std::optional<Extent> extent = FindDirectory(file);
  if (!extent) return {};
  const std::string bytes = BytesAt(file, extent->begin, extent->size);
  std::vector<ZipMember> members;
  for (std::string_view left = bytes; !left.empty();) {
    const std::optional<Header> header = TakeHeader(&left);
    if (!header || header->offset > extent->begin - extent->shift) return {};
    members.push_back({std::string(header->path), header->offset + extent->shift, extent->begin});
  }
  std::stable_sort(members.begin(), members.end(),
                   [](const ZipMember& a, const ZipMember& b) { return a.begin < b.begin; });
  const auto same = [](const ZipMember& a, const ZipMember& b) { return a.begin == b.begin; };
  members.erase(std::unique(members.begin(), members.end(), same), members.end());
  for (size_t i = 1; i < members.size(); ++i) members[i - 1].end = members[i].begin;
  const auto is_there = [file](const ZipMember& m) { return BytesAt(file, m.begin, 4) == "PK\x03\x04"sv; };
  if (std::none_of(members.begin(), members.end(), is_there)) return {};
  return members;
}

std::optional<uint64_t> ZipMembersAtEnd(std::string_view last) {
  const size_t at = FindZipEnd(last);
  if (at == std::string_view::npos) return std::nullopt;
  uint64_t members = Number(last, at + 10, 2);
  const uint64_t size = Number(last, at + 12, 4);
  // Between the directory and its end there may be the records of zip64.
  const size_t between = kEnd64Bytes + kLocator64Bytes;
  const bool has_64 = at >= between && last.substr(at - between).starts_with(kEnd64);
  const size_t end = at - (has_64 ? between : 0);
  if (members == UINT16_MAX || (size > end && last.size() >= kContainerEndBytes)) return std::nullopt;
  if (size > end) return members;  // the zip is shorter than its directory was
  std::string_view directory = last.substr(end - size, size);
  while (const std::optional<Header> header = TakeHeader(&directory)) members -= header->is_empty ? 1 : 0;
  return members;
}

}  // namespace gainsay
