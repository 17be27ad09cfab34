// What a pipe brought waits in a ring on the disk: bytes come back as they went in, over the ring's end, over
// a crash, and not over a reboot; a disk that is full takes nothing.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "temporary_directory.h"
#include "watch/disk.h"
#include "watch/spill_file.h"

namespace gainsay {
namespace {

std::string Line(uint64_t number, size_t size) {
  std::string line = std::to_string(number) + std::string(size, static_cast<char>('a' + number % 26));
  return line + "\n";
}

class Spill : public testing::Test {
 protected:
  void SetUp() override { disk_ = *OpenDirectory(temp_.At("state")); }
  std::unique_ptr<SpillFile> Open(uint64_t most = 1000, const std::string& boot = "b") {
    return *SpillFile::Open(disk_.get(), {most, 500, boot});
  }
  static std::string All(SpillFile* spill, size_t step = 77) {
    std::string all, block(step, '\0');
    for (int64_t n = 1; n > 0; all.append(block, 0, static_cast<size_t>(n)))
      n = spill->Read(block.data(), block.size());
    return all;
  }

  TemporaryDirectory temp_;
  std::unique_ptr<Disk> disk_;
};

TEST_F(Spill, GivesWhatItTookRoundAndRound) {
  std::mt19937_64 random(5);
  const std::unique_ptr<SpillFile> spill = Open();
  std::string in, out, block(400, '\0');
  uint64_t refused = 0;
  for (uint64_t i = 0; i < 5000; ++i) {
    const std::string line = Line(i, random() % 300);
    if (spill->Append(in.size(), line)) {
      in += line;
    } else {
      ++refused;
      EXPECT_GT(spill->size() + line.size(), 1000u);
    }
    if (random() % 2 == 0)
      out.append(block, 0, static_cast<size_t>(spill->Read(block.data(), random() % 400)));
    if (random() % 9 == 0) spill->Release(out.size() - std::min<size_t>(out.size(), random() % 200));
    EXPECT_EQ(spill->offset(), out.size());
    EXPECT_EQ(spill->size(), in.size() - out.size());
  }
  out += All(spill.get());
  EXPECT_EQ(in, out);
  EXPECT_GT(refused, 50u);
  EXPECT_LE(std::filesystem::file_size(temp_.At("state/spill")), 4096u + 1500u);
}

TEST_F(Spill, WhatWasNotReleasedIsThereAfterACrash) {
  std::mt19937_64 random(6);
  std::unique_ptr<SpillFile> spill = Open();
  std::string in, block(400, '\0');
  uint64_t released = 0, read = 0;
  for (uint64_t i = 0; i < 3000; ++i) {
    const std::string line = Line(i, random() % 200);
    if (spill->Append(in.size(), line)) in += line;
    if (random() % 2 == 0) read += static_cast<uint64_t>(spill->Read(block.data(), random() % 400));
    if (random() % 9 == 0) spill->Release(released = read);
    if (random() % 50 != 0) continue;
    // As a process finds it that was not told of what was read.
    std::filesystem::copy_file(temp_.At("state/spill"), temp_.At("copy"),
                               std::filesystem::copy_options::overwrite_existing);
    const TemporaryDirectory other;
    const std::unique_ptr<Disk> disk = *OpenDirectory(other.At("state"));
    std::filesystem::copy_file(temp_.At("copy"), other.At("state/spill"));
    if (in.size() == released) continue;
    const std::unique_ptr<SpillFile> found = *SpillFile::Open(disk.get(), {1000, 500, "b"});
    found->Release(released);
    const std::string rest = in.substr(found->offset());
    EXPECT_EQ(All(found.get()), rest);
  }
}

TEST_F(Spill, AnotherBootAndADamagedPageAreNothing) {
  {
    const std::unique_ptr<SpillFile> spill = Open();
    ASSERT_TRUE(spill->Append(7, "one\ntwo\n"));
  }
  EXPECT_EQ(Open()->size(), 8u);
  EXPECT_EQ(Open()->offset(), 7u);
  EXPECT_TRUE(Open()->EndsLine());
  std::fstream(temp_.At("state/spill"), std::ios::in | std::ios::out).seekp(30).put('!');
  EXPECT_EQ(Open()->size(), 0u);
  ASSERT_TRUE(Open()->Append(7, "one\n"));
  EXPECT_EQ(Open(1000, "another boot")->size(), 0u);
}

// Who lost lines gives it more room, and starts it anew: what it held is not lost.
TEST_F(Spill, WhatIsLeftIsFoundThoughItsSizeWasChanged) {
  for (const uint64_t most : {200u, 5000u}) {
    std::string in, block(900, '\0');
    {
      const std::unique_ptr<SpillFile> spill = Open();
      while (in.size() < 2500) {  // over the ring's end
        const std::string line = Line(in.size(), 90);
        ASSERT_TRUE(spill->Append(in.size(), line));
        in += line;
        if (spill->size() < 850) continue;
        while (spill->size() > 600) ASSERT_GT(spill->Read(block.data(), spill->size() - 600), 0);
        spill->Release(spill->offset());
      }
    }
    const std::unique_ptr<SpillFile> spill = Open(most);
    EXPECT_GE(spill->size(), 600u);
    EXPECT_FALSE(most == 200 && spill->Append(in.size(), "one\n"));
    const std::string left = in.substr(in.size() - spill->size());
    EXPECT_EQ(All(spill.get()), left);
    spill->Release(in.size());
    EXPECT_EQ(spill->Append(in.size(), std::string(2000, 'x')), most == 5000);
    spill->Release(UINT64_MAX);
  }
}

TEST_F(Spill, WhatIsLeftGoesOnAtALine) {
  { ASSERT_TRUE(Open()->Append(700, "of a line\ntwo\nthree\n")); }
  const std::unique_ptr<SpillFile> spill = Open();
  EXPECT_EQ(spill->SkipLine(40), 10u);
  EXPECT_EQ(spill->offset(), 40u);
  EXPECT_EQ(All(spill.get()), "two\nthree\n");
}

TEST_F(Spill, WhatStoodBeforeItAndBehindItIsLeftWithIt) {
  for (const auto& [offset, bytes] :
       std::vector<std::pair<uint64_t, std::string>>{{5, "one.\ntwo\n"},
                                                     {10, "two\nthree\n"},
                                                     {14, "three\nfour\n"},
                                                     {5, "one.\ntwo\nthree\nfour\n"}}) {
    {
      const std::unique_ptr<SpillFile> spill = Open();
      ASSERT_TRUE(spill->Append(10, "two\nthree\n"));
      std::string read(10, '\0');
      EXPECT_EQ(spill->Read(read.data(), 10), 10);
      ASSERT_TRUE(spill->Leave(offset, bytes));
    }
    const std::unique_ptr<SpillFile> spill = Open();
    EXPECT_EQ(spill->offset(), std::min<uint64_t>(offset, 10));
    const std::string all = "one.\ntwo\nthree\nfour\n";
    EXPECT_EQ(All(spill.get()),
              all.substr(spill->offset() - 5, offset + bytes.size() < 25 ? 20 - spill->offset() : 99));
    spill->Release(UINT64_MAX);
  }
}

TEST_F(Spill, OneIsLeftAlone) {
  EXPECT_FALSE(Open()->Leave(5, std::string(1600, 'x')));
  { ASSERT_TRUE(Open()->Leave(5, "one\n")); }
  EXPECT_EQ(Open()->offset(), 5u);
  EXPECT_FALSE(Open()->Leave(50, "two\n"));
}

TEST_F(Spill, AnEmptyOneIsRemoved) {
  { Open(); }
  EXPECT_FALSE(std::filesystem::exists(temp_.At("state/spill")));
}

}  // namespace
}  // namespace gainsay
