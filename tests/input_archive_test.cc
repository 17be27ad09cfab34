// Archives and what packs them: names, cuts, damage, what is told and what is passed over.
#include <unistd.h>

#include <fstream>
#include <string>
#include <vector>

#include "archive_maker.h"
#include "gtest/gtest.h"
#include "members_reading.h"

namespace gainsay {
namespace {

std::string Lines(size_t lines, const std::string& what) {
  std::string text;
  for (size_t i = 0; i < lines; ++i) text += what + " " + std::to_string(i * 7919 % 1000) + " of a log\n";
  return text;
}

const std::vector<MemberText> kThree = {
    {"a.log", Lines(40, "first")}, {"logs/deep/b.log", Lines(3, "second")}, {"c.txt", Lines(90, "third")}};
const std::string kPlain[] = {"ustar", "pax", "gnutar", "zip"};

ReadMembers Read(const std::string& bytes, const PathFilter& filter = {}, size_t step = SIZE_MAX) {
  absl::StatusOr<std::unique_ptr<Members>> members = OpenMembers("x", MemoryStream(bytes, step), filter);
  if (!members.ok()) return {{}, members.status()};
  return ReadAll(members->get());
}

ReadMembers ReadFromDisk(const std::string& bytes) {
  std::string path = testing::TempDir() + "gainsay_archive_XXXXXX";
  const int file = mkstemp(path.data());
  EXPECT_GE(file, 0);
  close(file);
  std::ofstream(path, std::ios::binary) << bytes;
  absl::StatusOr<std::unique_ptr<Members>> members = OpenSource({"x", path}, {});
  EXPECT_TRUE(members.ok()) << members.status();
  const ReadMembers read = ReadAll(members->get());
  unlink(path.c_str());
  return read;
}

// What was read is what was packed, as far as it goes.
void ExpectBeginsLike(const ReadMembers& read, const std::vector<MemberText>& packed) {
  ASSERT_LE(read.members.size(), packed.size());
  for (size_t i = 0; i < read.members.size(); ++i) {
    const ReadMember& member = read.members[i];
    EXPECT_EQ(member.name, "x!" + packed[i].path);
    EXPECT_EQ(member.text, packed[i].text.substr(0, member.text.size()));
    const bool last = i + 1 == read.members.size();
    EXPECT_TRUE(last || member.text.size() == packed[i].text.size()) << read;
  }
}

TEST(Archive, MembersAreReadInOrder) {
  for (const std::string& format : kPlain) {
    for (const std::string filter : {"none", "gzip", "zstd", "xz", "bzip2", "lz4"}) {
      const std::string bytes = MakeArchive(kThree, format, filter);
      for (const size_t step : {size_t{1}, size_t{1000}, SIZE_MAX}) {
        const ReadMembers read = Read(bytes, {}, step);
        EXPECT_TRUE(read.AllWell()) << format << " " << filter << ": " << read;
        ASSERT_EQ(read.members.size(), 3u) << format << " " << filter << ": " << read;
        ExpectBeginsLike(read, kThree);
        EXPECT_EQ(read.members[2].text, kThree[2].text);
        EXPECT_EQ(read.members[0].mtime_ns, 1'700'000'000'000'000'000);
      }
    }
  }
}

TEST(Archive, WhatIsNoArchiveIsItsOnlyMember) {
  for (const std::string& text : {std::string(), std::string("PK or not\n"), Lines(99, "plain"),
                                  std::string(2000, '\0'), std::string("BZh9 is text\n")}) {
    const ReadMembers read = Read(text);
    ASSERT_EQ(read.members.size(), 1u);
    EXPECT_EQ(read.members[0].name, "x");
    EXPECT_EQ(read.members[0].text, text);
  }
}

TEST(Archive, EveryCutIsToldAndWhatStandsBeforeItIsRead) {
  for (const std::string& format : kPlain) {
    for (const std::string filter : {"none", "gzip", "zstd"}) {
      const std::string bytes = MakeArchive(kThree, format, filter);
      ASSERT_TRUE(Read(bytes).AllWell());
      size_t most = 0;
      // Of a plain tar: the second block of its end mark may be missing, and what pads it.
      const size_t least = format == "zip" || filter != "none" ? 30 : 512;
      for (size_t cut = least; cut<bytes.size(); cut += bytes.size()> 8000 ? 7 : 1) {
        const ReadMembers read = Read(bytes.substr(0, cut));
        if (read.Names() == "x") {  // not even the first header came out
          EXPECT_TRUE(!read.AllWell() && read.members[0].text.size() < 512) << cut << " " << read;
          continue;
        }
        ExpectBeginsLike(read, kThree);
        size_t all = 0;
        for (const ReadMember& member : read.members) all += member.text.size();
        EXPECT_GE(all, most) << format << " " << filter << " cut at " << cut;
        most = all;
        const bool only_end_mark =
            format != "zip" && filter == "none" && bytes.find_first_not_of('\0', cut) == std::string::npos;
        if (!only_end_mark) {
          EXPECT_FALSE(read.AllWell()) << format << " " << filter << " cut at " << cut << ": " << read;
        }
      }
      EXPECT_TRUE(most > 0 || filter == "zstd");  // which is one block here
    }
  }
}

TEST(Archive, EveryFlippedByteIsHarmlessAndNoTextIsMadeUp) {
  for (const std::string& format : kPlain) {
    for (const std::string filter : {"none", "gzip", "xz"}) {
      const std::string bytes = MakeArchive(kThree, format, filter);
      for (size_t i = 0; i<bytes.size(); i += bytes.size()> 8000 ? 13 : 1) {
        std::string damaged = bytes;
        damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
        const ReadMembers read = Read(damaged);
        // A tar has checksums of its headers only, a zip's headers have none: names and times may be others.
        if (filter == "none" || !read.AllWell()) continue;
        if (read.members.size() == 1) continue;  // its magic bytes are gone: it is no archive any more
        ASSERT_EQ(read.members.size(), 3u) << i << " " << read;
        for (size_t m = 0; m < 3; ++m) EXPECT_EQ(read.members[m].text, kThree[m].text) << i;
      }
    }
  }
}

TEST(Archive, AZipsWrongChecksumIsToldBehindItsText) {
  std::string bytes = MakeArchive({{"a.log", Lines(400, "x")}}, "zip");
  const size_t at = bytes.find("PK\x07\x08");  // the descriptor behind the data
  ASSERT_NE(at, std::string::npos);
  bytes[at + 4] = static_cast<char>(bytes[at + 4] ^ 1);
  const ReadMembers read = Read(bytes);
  ASSERT_EQ(read.members.size(), 1u);
  EXPECT_EQ(read.members[0].text, Lines(400, "x"));
  EXPECT_EQ(read.members[0].status.code(), absl::StatusCode::kDataLoss) << read;
}

TEST(Archive, DirectoriesLinksAndEmptyMembersArePassedOver) {
  // A zip from a pipe can't tell: what its members are stands at its end.
  for (const std::string format : {"ustar", "pax", "gnutar"}) {
    const ReadMembers read = Read(MakeArchive(
        {{"d", "", AE_IFDIR}, {"empty.log", ""}, {"link", "", AE_IFLNK}, {"d/a.log", "text\n"}, {"z", ""}},
        format));
    EXPECT_TRUE(read.AllWell()) << read;
    EXPECT_EQ(read.Names(), "x!d/a.log") << format;
  }
}

TEST(Archive, EmptyArchives) {
  const ReadMembers zip = Read(MakeArchive({}, "zip"));
  EXPECT_TRUE(zip.AllWell() && zip.members.empty()) << zip;
  const ReadMembers tar = Read(MakeArchive({{"d", "", AE_IFDIR}}, "ustar"));
  EXPECT_TRUE(tar.AllWell() && tar.members.empty()) << tar;
}

TEST(Archive, TarsBehindEachOtherAreOne) {
  const std::string one = MakeArchive({kThree[0]}, "ustar"), two = MakeArchive({kThree[1]}, "pax");
  const ReadMembers read = Read(one + two);
  EXPECT_TRUE(read.AllWell()) << read;
  EXPECT_EQ(read.Names(), "x!a.log x!logs/deep/b.log");
}

TEST(Archive, ATarWithoutItsEndMarkMayBeCut) {
  std::string bytes = MakeArchive({{"a.log", std::string(511, 'a') + "\n"}}, "ustar");
  bytes.resize(1024);  // header and text, whole
  const ReadMembers read = Read(bytes);
  ASSERT_EQ(read.members.size(), 1u);
  EXPECT_TRUE(read.members[0].status.ok());
  EXPECT_EQ(read.status, absl::DataLossError("the tar archive has no end mark: it may be cut"));
}

TEST(Archive, PackedMembersAreUnpackedAndArchivesWithinAreTold) {
  const std::string text = Lines(30, "inside");
  for (const std::string& format : kPlain) {
    std::vector<MemberText> members;
    for (const std::string filter : {"gzip", "zstd", "xz", "bzip2", "lz4"}) {
      members.push_back({"a." + filter, Packed(text, filter)});
    }
    members.push_back({"b.zip", MakeArchive(kThree, "zip")});
    members.push_back({"c.tar.gz", MakeArchive(kThree, "ustar", "gzip")});
    members.push_back({"d.gz.gz", Packed(Packed(text, "gzip"), "gzip")});
    members.push_back({"e.log", text});
    const ReadMembers read = Read(MakeArchive(members, format));
    ASSERT_EQ(read.members.size(), 9u) << read;
    for (size_t i = 0; i < 5; ++i) EXPECT_EQ(read.members[i].text, text) << read;
    const absl::Status nested =
        absl::FailedPreconditionError("is an archive within an archive: unpack it first");
    EXPECT_EQ(read.members[5].status, nested);
    EXPECT_EQ(read.members[6].status, nested);
    EXPECT_EQ(read.members[7].status, absl::FailedPreconditionError("is packed twice: unpack it first"));
    EXPECT_EQ(read.members[8].text, text);
    EXPECT_TRUE(read.status.ok()) << read;
  }
  EXPECT_EQ(Read(Packed(Packed(text, "zstd"), "gzip")).status,
            absl::FailedPreconditionError("is packed twice: unpack it first"));
}

TEST(Archive, EncryptedMembersAreTold) {
  const std::string bytes = MakeArchive(kThree, "zip", "none", "secret");
  const absl::Status encrypted = absl::FailedPreconditionError("is encrypted: unpack it first");
  const ReadMembers piped = Read(bytes);
  ASSERT_GE(piped.members.size(), 1u);
  EXPECT_EQ(piped.members[0].status, encrypted);
  const ReadMembers file = ReadFromDisk(bytes);
  ASSERT_EQ(file.members.size(), 3u) << file;
  for (const ReadMember& member : file.members) EXPECT_EQ(member.status, encrypted);
  EXPECT_TRUE(file.status.ok());
}

TEST(Archive, WhatHoldsNoTextIsTold) {
  std::string program("\x7f\x45LF\2\1\1\0", 8), utf16;
  for (int i = 0; i < 500; ++i) program += static_cast<char>(i * 37 % 251);
  for (const char c : Lines(9, "wide")) utf16 += std::string(1, c) + '\0';
  const std::string rotated = std::string(5000, '\0') + Lines(9, "after a truncation");
  const std::string coloured = "\x1b[31mred\x1b[0m\n", latin =
                                                           "Stra\xdf"
                                                           "e\n";
  const ReadMembers read = Read(MakeArchive({{"program", program},
                                             {"utf16", utf16},
                                             {"rotated", rotated},
                                             {"coloured", coloured},
                                             {"latin", latin}},
                                            "ustar"));
  ASSERT_EQ(read.members.size(), 5u);
  EXPECT_EQ(read.members[0].passed_over, "holds no text");
  EXPECT_EQ(read.members[1].passed_over, "holds no text");
  for (size_t i = 2; i < 5; ++i) EXPECT_EQ(read.members[i].passed_over, "") << read.members[i].name;
  EXPECT_EQ(read.members[2].text, rotated);
}

TEST(Archive, IncludeAndExcludeMeanMembersToo) {
  const std::string bytes = MakeArchive(kThree, "zip");
  const auto names = [&](const PathFilter& filter) { return Read(bytes, filter).Names(); };
  EXPECT_EQ(names({{"*.txt"}, {}}), "x!c.txt");
  EXPECT_EQ(names({{"logs/**"}, {}}), "x!logs/deep/b.log");
  EXPECT_EQ(names({{"x"}, {}}), "x!a.log x!logs/deep/b.log x!c.txt");  // the archive itself is included
  EXPECT_EQ(names({{"x!*.log"}, {}}), "x!a.log");
  EXPECT_EQ(names({{}, {"*.log"}}), "x!c.txt");
  EXPECT_EQ(names({{"*.log"}, {"b.*"}}), "x!a.log");
  EXPECT_EQ(names({{"*.json"}, {}}), "");
}

// As GitHub Actions packs them; in whatever order.
TEST(Archive, AJobsLogIsReadOnce) {
  const MemberText whole = {"0_build (a, b).txt", "whole\n"}, other = {"1_test.txt", "other\n"};
  const MemberText one = {"build (a, b)/1_Set up job.txt", "step\n"},
                   two = {"build (a, b)/2_Run.txt", "step\n"};
  const MemberText near = {"build/1_x.txt", "y\n"}, deep = {"test/deep/1_x.txt", "y\n"},
                   log = {"test/x.log", "y\n"};
  const auto read_names = [](const std::vector<MemberText>& members) {
    std::string names;
    for (const ReadMember& member : Read(MakeArchive(members, "zip")).members) {
      if (member.passed_over.empty()) names += member.name.substr(2) + "; ";
    }
    return names;
  };
  EXPECT_EQ(read_names({whole, other, one, two}), "0_build (a, b).txt; 1_test.txt; ");
  EXPECT_EQ(read_names({one, two, whole, other}),
            "build (a, b)/1_Set up job.txt; build (a, b)/2_Run.txt; 1_test.txt; ");
  EXPECT_EQ(read_names({other, near, deep, log}),
            "1_test.txt; build/1_x.txt; test/deep/1_x.txt; test/x.log; ");
}

TEST(Archive, MuchOutOfLittle) {
  const std::string text(size_t{64} << 20, 'a');
  for (const std::string filter : {"gzip", "zstd"}) {
    const std::string bytes = MakeArchive({{"a", text}, {"b", "text\n"}}, "ustar", filter);
    EXPECT_LT(bytes.size(), text.size() / 500);
    absl::StatusOr<std::unique_ptr<Members>> members = OpenMembers("x", MemoryStream(bytes), {});
    ASSERT_TRUE(members.ok());
    const ReadMembers read = ReadAll(members->get(), 1 << 18);
    EXPECT_TRUE(read.AllWell()) << read;
    EXPECT_TRUE(read.members[0].text == text);
  }
}

TEST(Filter, WholeCutDamagedAndFollowedByGarbage) {
  const std::string text = Lines(20'000, "some");
  for (const std::string filter : {"xz", "bzip2", "lz4"}) {
    const std::string packed = Packed(text, filter);
    const auto only = [](const ReadMembers& read) { return read.members.at(0); };
    EXPECT_TRUE(only(Read(packed)).text == text);
    EXPECT_TRUE(only(Read(packed + packed)).text == text + text) << filter;
    // libarchive's writer crashes over an empty lz4: this is what lz4 makes.
    const std::string empty_lz4("\x04\x22\x4d\x18\x64\x40\xa7\0\0\0\0\x05\x5d\xcc\x02", 15);
    const ReadMember empty = only(Read(filter == "lz4" ? empty_lz4 : Packed("", filter)));
    EXPECT_EQ(empty.status, absl::OkStatus()) << filter;
    EXPECT_EQ(empty.text, "");
    for (const size_t cut : {packed.size() - 1, packed.size() - 9, packed.size() / 2, size_t{20}}) {
      for (const size_t step : {size_t{1}, SIZE_MAX}) {
        const ReadMember read = only(Read(packed.substr(0, cut), {}, step));
        EXPECT_EQ(read.status.code(), absl::StatusCode::kDataLoss) << filter << " " << cut;
        EXPECT_TRUE(read.text == text.substr(0, read.text.size()));
        // What stands behind the text is checksums.
        if (filter == "xz" && cut + 9 >= packed.size()) {
          EXPECT_EQ(read.text.size(), text.size());
        }
        if (filter == "xz" && cut == packed.size() / 2) {
          EXPECT_GT(read.text.size(), 1000u);  // the text repeats itself: most of it is in the other half
        }
      }
    }
    const ReadMember garbage = only(Read(packed + "garbage"));
    EXPECT_EQ(garbage.status.code(), absl::StatusCode::kDataLoss) << filter;
    EXPECT_TRUE(text.starts_with(garbage.text));
    for (size_t i = 12; i < packed.size(); i += packed.size() / 97) {
      std::string damaged = packed;
      damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
      EXPECT_EQ(only(Read(damaged)).status.code(), absl::StatusCode::kDataLoss) << filter << " " << i;
    }
  }
}

// A zip that is a file is read by the directory at its end.
TEST(Archive, ZipsOnDisk) {
  const std::string bytes = MakeArchive(kThree, "zip");
  const ReadMembers whole = ReadFromDisk(bytes);
  EXPECT_TRUE(whole.AllWell()) << whole;
  EXPECT_EQ(whole.Names(), "x!a.log x!logs/deep/b.log x!c.txt");
  ExpectBeginsLike(whole, kThree);
  for (size_t cut = 30; cut < bytes.size(); cut += 3) {
    const ReadMembers part = ReadFromDisk(bytes.substr(0, cut));
    EXPECT_FALSE(part.AllWell()) << cut;
    ExpectBeginsLike(part, kThree);
  }
  // Damage in one member leaves the others alone.
  std::string damaged = bytes;
  const size_t at = bytes.find("PK\x07\x08") - 4;
  damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
  const ReadMembers others = ReadFromDisk(damaged);
  ASSERT_EQ(others.members.size(), 3u) << others;
  EXPECT_FALSE(others.members[0].status.ok());
  EXPECT_EQ(others.members[2].text, kThree[2].text);
}

}  // namespace
}  // namespace gainsay
