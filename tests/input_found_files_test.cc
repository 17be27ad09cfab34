// Files that come and go under a pattern: what comes is read from its start, what is gone is let go of, and a
// file that only got another name is read once.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "input/follow.h"
#include "temporary_directory.h"

namespace gainsay {
namespace {

namespace fs = std::filesystem;

class Found : public testing::Test {
 protected:
  void Open(const std::vector<LivePosition>& resume = {}) {
    absl::StatusOr<std::unique_ptr<LiveSource>> opened = FollowFiles(
        {}, resume, -1, {.patterns = {temp_.At("*/w-*.log*")}, .gone_for_good = absl::Milliseconds(500)});
    ASSERT_TRUE(opened.ok());
    source_ = *std::move(opened);
    for (uint32_t i = 0; i < source_->streams(); ++i) names_[i] = source_->Name(i);
  }
  void Append(const std::string& name, const std::string& text) {
    fs::create_directories(fs::path(temp_.At(name)).parent_path());
    std::ofstream(temp_.At(name), std::ios::app) << text;
  }
  // Reads until `done`, or ten seconds have passed.
  bool ReadUntil(const std::function<bool()>& done) {
    const absl::Time deadline = absl::Now() + absl::Seconds(10);
    while (!done() && absl::Now() < deadline) {
      const LiveRead read = *source_->Read(absl::Now() + absl::Milliseconds(50));
      if (read.kind == LiveRead::kOpened) names_[read.stream] = source_->Name(read.stream);
      if (read.kind == LiveRead::kClosed) closed_.push_back(names_[read.stream]);
      if (read.kind == LiveRead::kGap) ++gaps_;
      if (read.kind == LiveRead::kBytes) {
        EXPECT_EQ(names_[read.stream], source_->Name(read.stream));
        texts_[names_[read.stream]] += read.bytes;
      }
    }
    return done();
  }
  bool Reads(const std::string& name, const std::string& text) {
    return ReadUntil([&] { return texts_[temp_.At(name)] == text; });
  }

  TemporaryDirectory temp_;
  std::unique_ptr<LiveSource> source_;
  std::map<uint32_t, std::string> names_;
  std::map<std::string, std::string> texts_;
  std::vector<std::string> closed_;
  int gaps_ = 0;
};

TEST_F(Found, WhatComesIsRead) {
  Append("a/w-1.log", "one\n");
  Append("a/x.log", "not this\n");
  Open();
  EXPECT_EQ(source_->streams(), 1u);
  EXPECT_TRUE(Reads("a/w-1.log", "one\n"));
  Append("b/w-2.log", "two\n");  // in a directory that was not there
  EXPECT_TRUE(Reads("b/w-2.log", "two\n"));
  Append("b/w-3.log.gz", "packed");
  Append("a/w-1.log", "more\n");
  EXPECT_TRUE(Reads("a/w-1.log", "one\nmore\n"));
  const absl::Time later = absl::Now() + absl::Seconds(3);
  ReadUntil([&] { return absl::Now() > later; });
  EXPECT_EQ(texts_.size(), 2u);
}

TEST_F(Found, NothingIsThereAtFirst) {
  Open();
  EXPECT_EQ(source_->streams(), 0u);
  EXPECT_EQ(source_->Read(absl::Now())->kind, LiveRead::kIdle);
  Append("b/w-2.log", "two\n");
  EXPECT_TRUE(Reads("b/w-2.log", "two\n"));
}

TEST_F(Found, WhatIsRotatedIsReadOnce) {
  Append("a/w-1.log", "one\n");
  Open();
  EXPECT_TRUE(Reads("a/w-1.log", "one\n"));
  fs::rename(temp_.At("a/w-1.log"), temp_.At("a/w-1.log.1"));  // which the pattern finds, too
  Append("a/w-1.log", "two\n");
  EXPECT_TRUE(Reads("a/w-1.log", "one\ntwo\n"));
  const absl::Time later = absl::Now() + absl::Seconds(3);
  ReadUntil([&] { return absl::Now() > later; });
  EXPECT_EQ(texts_.size(), 1u);
  EXPECT_EQ(gaps_, 0);
}

TEST_F(Found, WhatIsGoneIsLetGoOf) {
  Append("a/w-1.log", "one\n");
  Append("a/w-2.log", "two\n");
  Open();
  EXPECT_TRUE(Reads("a/w-1.log", "one\n"));
  EXPECT_TRUE(Reads("a/w-2.log", "two\n"));
  for (int round = 0; round < 2; ++round) {
    fs::remove(temp_.At("a/w-1.log"));
    EXPECT_TRUE(ReadUntil([&] { return closed_.size() == static_cast<size_t>(round) + 1; }));
    EXPECT_EQ(closed_.back(), temp_.At("a/w-1.log"));
    texts_.clear();
    Append("a/w-1.log", "once more\n");
    EXPECT_TRUE(Reads("a/w-1.log", "once more\n"));
    EXPECT_EQ(source_->streams(), 2u) << "its place is used again";
  }
  EXPECT_EQ(gaps_, 0);
}

TEST_F(Found, AfterARestartWhatWasFoundIsGoneOnWith) {
  Append("a/w-1.log", "one\n");
  Open();
  Append("a/w-2.log", "two\n");
  EXPECT_TRUE(Reads("a/w-2.log", "two\n"));
  std::vector<LivePosition> positions;
  for (const auto& [number, name] : names_) positions.push_back({name, source_->Identity(number), 4, 2, ""});
  Append("a/w-2.log", "more\n");
  fs::rename(temp_.At("a/w-2.log"), temp_.At("a/w-2.log.1"));  // and nothing in its place
  fs::rename(temp_.At("a/w-2.log.1"), temp_.At("a/old"));
  fs::rename(temp_.At("a/old"), temp_.At("a/w-2.log.1"));
  texts_.clear();
  Open(positions);
  EXPECT_TRUE(Reads("a/w-2.log", "more\n"));
}

}  // namespace
}  // namespace gainsay
