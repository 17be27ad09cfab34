// Archives with damage inside: the members behind it are read where they can be found, and none is lost
// without a word.
#include <zlib.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "archive_maker.h"
#include "gtest/gtest.h"
#include "input/zip_directory.h"
#include "members_reading.h"
#include "temporary_directory.h"

namespace gainsay {
namespace {

std::string Lines(size_t lines, const std::string& what) {
  std::string text;
  for (size_t i = 0; i < lines; ++i) text += what + " " + std::to_string(i * 7919 % 1000) + " of a log\n";
  return text;
}

// Their sizes differ. A long path needs a header of its own in some tars.
const std::vector<MemberText> kFour = {{"a.log", Lines(40, "first")},
                                       {"logs/b.log", Lines(60, "second")},
                                       {"c.txt", Lines(25, "third")},
                                       {"d.log", Lines(50, "fourth")}};
std::vector<MemberText> Four(const std::string& format) {
  std::vector<MemberText> four = kFour;
  if (format == "pax" || format == "gnutar") four[1].path = "logs/" + std::string(120, 'b') + ".log";
  return four;
}

std::string Bytes(uint64_t value, size_t bytes) {
  std::string text;
  for (size_t i = 0; i < bytes; ++i) text += static_cast<char>(value >> 8 * i & 0xff);
  return text;
}

// A zip whose headers tell the sizes, of which the directory's numbers may be in the 64 bits' records.
std::string SizedZip(const std::vector<MemberText>& members, bool zip64) {
  std::string zip, directory;
  for (const MemberText& m : members) {
    const uLong crc = crc32_z(0, reinterpret_cast<const Bytef*>(m.text.data()), m.text.size());
    const std::string about = Bytes(20, 2) + std::string(4, '\0') + Bytes(0x5a210000, 4) + Bytes(crc, 4) +
                              Bytes(m.text.size(), 4) + Bytes(m.text.size(), 4) + Bytes(m.path.size(), 2);
    const std::string extra = zip64 ? Bytes(1, 2) + Bytes(8, 2) + Bytes(zip.size(), 8) : "";
    directory += "PK\x01\x02" + Bytes(20, 2) + about + Bytes(extra.size(), 2) + std::string(10, '\0') +
                 Bytes(zip64 ? UINT32_MAX : zip.size(), 4) + m.path + extra;
    zip += "PK\x03\x04" + about + Bytes(0, 2) + m.path + m.text;
  }
  const uint64_t at = zip.size(), end = at + directory.size();
  zip += directory;
  const std::string all = Bytes(members.size(), 8);
  if (zip64) {
    zip += "PK\x06\x06" + Bytes(44, 8) + Bytes(45, 2) + Bytes(45, 2) + Bytes(0, 8) + all + all +
           Bytes(directory.size(), 8) + Bytes(at, 8);
    zip += "PK\x06\x07" + Bytes(0, 4) + Bytes(end, 8) + Bytes(1, 4);
  }
  return zip + "PK\x05\x06" + Bytes(0, 4) + all.substr(0, 2) + all.substr(0, 2) + Bytes(directory.size(), 4) +
         Bytes(zip64 ? UINT32_MAX : at, 4) + Bytes(0, 2);
}

struct Packed {
  std::string name, bytes;
  std::vector<size_t> begins;  // of the members, and of what stands behind the last one
};

const std::vector<Packed>& All() {
  static const std::vector<Packed> all = [] {
    std::vector<Packed> made = {{"zip", MakeArchive(kFour, "zip"), {}},
                                {"sized zip", SizedZip(kFour, false), {}},
                                {"zip64", SizedZip(kFour, true), {}}};
    for (Packed& zip : made) {
      for (size_t at = 0; (at = zip.bytes.find("PK\x03\x04", at)) != std::string::npos; ++at)
        zip.begins.push_back(at);
      zip.begins.push_back(zip.bytes.find("PK\x01\x02"));
    }
    for (const std::string format : {"ustar", "pax", "gnutar"}) {
      const std::vector<MemberText> four = Four(format);
      Packed tar{format, MakeArchive(four, format), {}};
      for (size_t i = 0; i <= four.size(); ++i) {
        const std::vector<MemberText> before(four.begin(), four.begin() + static_cast<ptrdiff_t>(i));
        tar.begins.push_back(MakeArchive(before, format).size() - 1024);  // the end mark
      }
      made.push_back(tar);
    }
    return made;
  }();
  return all;
}

bool IsTar(const Packed& packed) { return packed.name.find("zip") == std::string::npos; }

ReadMembers FromPipe(const std::string& bytes) {
  absl::StatusOr<std::unique_ptr<Members>> members = OpenMembers("x", MemoryStream(bytes, 777), {});
  if (!members.ok()) return {{}, members.status()};
  return ReadAll(members->get());
}

ReadMembers FromDisk(const std::string& bytes) {
  const TemporaryDirectory directory;
  Put(directory.At("x"), bytes);
  absl::StatusOr<std::unique_ptr<Members>> members = OpenSource({"x", directory.At("x")}, {});
  if (!members.ok()) return {{}, members.status()};
  return ReadAll(members->get());
}

// Whether a member's text was read, well and whole. A tar has no checksums of texts: there the size must do.
bool Holds(const ReadMembers& read, const MemberText& wanted, bool is_tar) {
  return std::any_of(read.members.begin(), read.members.end(), [&](const ReadMember& member) {
    if (!member.status.ok()) return false;
    return is_tar ? member.text.size() == wanted.text.size() : member.text == wanted.text;
  });
}

// Both what is read of the archive damaged from `at` on, and what is told.
void ExpectNothingLostInSilence(const Packed& packed, const std::string& damaged, size_t at) {
  const bool tar = IsTar(packed);
  for (const ReadMembers& read : {FromPipe(damaged), FromDisk(damaged)}) {
    if (read.Names() == "x") continue;  // its magic bytes are gone: it is no archive any more
    for (const MemberText& member : kFour)
      EXPECT_TRUE(!read.AllWell() || Holds(read, member, tar)) << packed.name << " at " << at << ": " << read;
  }
  const ReadMembers read = FromDisk(damaged);
  if (read.Names() == "x" || at >= packed.begins.back()) return;
  for (size_t i = 0; i < kFour.size(); ++i) {
    const bool untouched = at + 20 <= packed.begins[i] || at >= packed.begins[i + 1];
    EXPECT_TRUE(!untouched || Holds(read, kFour[i], tar)) << packed.name << " at " << at << ": " << read;
  }
}

TEST(DamagedArchive, WholeOnesAreRead) {
  for (const Packed& packed : All()) {
    ASSERT_EQ(packed.begins.size(), kFour.size() + 1) << packed.name;
    for (const ReadMembers& read : {FromPipe(packed.bytes), FromDisk(packed.bytes)}) {
      EXPECT_TRUE(read.AllWell()) << packed.name << ": " << read;
      ASSERT_EQ(read.members.size(), kFour.size());
      for (size_t i = 0; i < kFour.size(); ++i) EXPECT_EQ(read.members[i].text, kFour[i].text);
    }
  }
}

TEST(DamagedArchive, NoMemberIsLostInSilenceAndTheOthersAreRead) {
  for (const Packed& packed : All()) {
    for (size_t at = 0; at + 20 < packed.bytes.size() && !HasFailure(); at += 13) {
      std::string damaged = packed.bytes;
      damaged.replace(at, 20, 20, '\0');
      ExpectNothingLostInSilence(packed, damaged, at);
      damaged = packed.bytes;
      for (size_t i = at; i < at + 20; ++i) damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
      ExpectNothingLostInSilence(packed, damaged, at);
    }
  }
}

TEST(DamagedArchive, AZipsMemberWithoutItsHeaderIsTold) {
  for (const Packed& packed : All()) {
    if (IsTar(packed)) continue;
    std::string damaged = packed.bytes;
    damaged[packed.begins[1]] = 'x';
    const ReadMembers read = FromDisk(damaged);
    ASSERT_EQ(read.members.size(), kFour.size()) << read;
    EXPECT_TRUE(read.status.ok());
    EXPECT_EQ(read.members[1].name, "x!" + kFour[1].path);
    EXPECT_EQ(read.members[1].status,
              absl::DataLossError("the zip archive is damaged: the member's header can't be read"));
    EXPECT_EQ(read.members[3].mtime_ns, FromDisk(packed.bytes).members[3].mtime_ns);
    const ReadMembers piped = FromPipe(damaged);
    EXPECT_EQ(piped.status,
              absl::DataLossError("the zip archive is damaged: only 3 of 4 members were found"));
  }
}

TEST(DamagedArchive, WhatAZipsDirectorySaysIsChecked) {
  for (const Packed& packed : All()) {
    if (IsTar(packed)) continue;
    const size_t directory = packed.begins.back(), end = packed.bytes.rfind("PK\x05\x06");
    std::string gone = packed.bytes;
    gone.replace(directory, end - directory, end - directory, '\0');
    const ReadMembers front_to_back = FromDisk(gone);
    EXPECT_EQ(front_to_back.status,
              absl::DataLossError("the zip archive is damaged: its directory can't be read"));
    for (const MemberText& member : kFour) EXPECT_TRUE(Holds(front_to_back, member, false)) << front_to_back;
    EXPECT_FALSE(FromDisk(packed.bytes.substr(0, packed.begins[1]) + packed.bytes.substr(end)).AllWell());
    if (packed.name == "zip64") continue;
    const size_t second = packed.bytes.find("PK\x01\x02", directory + 1);
    std::string at_one_place = packed.bytes;
    at_one_place.replace(second + 42, 4, 4, '\0');
    EXPECT_EQ(FromDisk(at_one_place).status,
              absl::DataLossError("the zip archive is damaged: only 3 of 4 members were found"));
    std::string without_size = packed.bytes;
    without_size.replace(second + 20, 4, 4, '\0');
    EXPECT_TRUE(packed.name != "zip" || !FromDisk(without_size).AllWell());
  }
}

// Many headers are gone: what stands between is read.
TEST(DamagedArchive, ManyDamagedMembers) {
  std::vector<MemberText> members;
  for (size_t i = 0; i < 900; ++i) members.push_back({std::to_string(i) + ".log", Lines(i % 9 + 1, "x")});
  for (const std::string format : {"zip", "ustar", "pax", "gnutar"}) {
    std::string bytes = MakeArchive(members, format);
    for (size_t i = 1; i < members.size(); i += 2) {
      const size_t path = bytes.find(members[i].path);
      ASSERT_NE(path, std::string::npos);
      bytes[format == "zip" ? path - 30 : path] = '\1';
    }
    const ReadMembers read = FromDisk(bytes);
    EXPECT_FALSE(read.AllWell());
    size_t well = 0;
    for (const ReadMember& member : read.members) well += member.status.ok() ? 1 : 0;
    EXPECT_EQ(well, members.size() / 2) << format;
  }
}

TEST(DamagedArchive, ATarFollowedByAnotherIsRead) {
  const std::string tar = MakeArchive(kFour, "ustar");
  std::string damaged = tar;
  damaged[0] = 'x';  // of the second one
  const ReadMembers read = FromDisk(tar + damaged);
  EXPECT_EQ(read.members.size(), 2 * kFour.size() - 1);
  EXPECT_EQ(read.status,
            absl::DataLossError("the tar archive is damaged: no header stands where one should be"));
}

}  // namespace
}  // namespace gainsay
