// One followed file: where it may be gone on with, what is missing, and who still writes.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "input/follow.h"
#include "temporary_directory.h"

namespace gainsay {
namespace {

namespace fs = std::filesystem;

// The source of one file, in a directory of its own.
struct OneFile {
  TemporaryDirectory temp;
  std::string path = temp.At("app.log");
  std::unique_ptr<LiveSource> source;

  absl::Status Open(const std::vector<LivePosition>& resume = {}) {
    absl::StatusOr<std::unique_ptr<LiveSource>> opened = FollowFiles({path}, resume, -1);
    if (opened.ok()) source = *std::move(opened);
    return opened.status();
  }
  std::string Next(absl::Duration wait = absl::ZeroDuration()) {
    const LiveRead read = *source->Read(absl::Now() + wait);
    return read.kind == LiveRead::kBytes ? std::string(read.bytes)
           : read.kind == LiveRead::kGap ? "gap: " + read.why
                                         : "";
  }
};

TEST(Follow, WaitsForAFileThatIsMissing) {
  OneFile file;
  ASSERT_TRUE(file.Open().ok());
  EXPECT_EQ(file.Next(), "");
  std::thread writer([&] { Put(file.path, "a\n"); });
  EXPECT_EQ(file.Next(absl::Seconds(60)), "a\n");
  writer.join();
  std::thread second([&] { std::ofstream(file.path, std::ios::app) << "b\n"; });
  EXPECT_EQ(file.Next(absl::Seconds(60)), "b\n");
  second.join();
}

TEST(Follow, ReadsNothingButFiles) {
  OneFile file;
  ASSERT_EQ(mkfifo(file.path.c_str(), 0600), 0);
  EXPECT_TRUE(absl::IsInvalidArgument(file.Open()));
  EXPECT_TRUE(absl::IsInvalidArgument(FollowFiles({}, {}, -1).status()));
}

TEST(Follow, GoesOnOnlyWhereItIsTheSameText) {
  OneFile file;
  Put(file.path, "first\nsecond\n");
  ASSERT_TRUE(file.Open().ok());
  file.Next();
  const LivePosition position{file.path, file.source->Identity(0), 6, 2, ""};
  ASSERT_TRUE(file.Open({position}).ok());
  EXPECT_EQ(file.Next(), "second\n") << "inclusively";
  LivePosition within = position;
  within.offset = 7;
  ASSERT_TRUE(file.Open({within}).ok());
  EXPECT_TRUE(file.Next().starts_with("gap: ")) << "no start of a line";
  EXPECT_EQ(file.Next(), "first\nsecond\n");
  for (const std::string other : {"first\nother\n", "f", "", "FIRST\nsecond\nthird\n"}) {
    Put(file.path, other);
    ASSERT_TRUE(file.Open({position}).ok());
    EXPECT_TRUE(file.Next().starts_with("gap: ")) << other;
    EXPECT_EQ(file.Next(), other);
  }
}

TEST(Follow, IdentitiesThatAreNoneAreGaps) {
  OneFile file;
  Put(file.path, "a\n");
  for (const std::string identity :
       {"1", "1:2", "1:2:3:x", "1:2:99999999999999999999:x:1:y", ":::::", "1:2:300:x:0:y"}) {
    ASSERT_TRUE(file.Open({{file.path, identity, 0, 1, ""}}).ok());
    EXPECT_TRUE(file.Next().starts_with("gap: ")) << identity;
    EXPECT_EQ(file.Next(), "a\n");
  }
}

TEST(Follow, AFileThatWasNotThereYetIsNoGapUnlessItWasRotatedSince) {
  OneFile file;
  Put(file.path, "a\n");
  ASSERT_TRUE(file.Open({{file.path, "", 0, 1, ""}}).ok());
  EXPECT_EQ(file.Next(), "a\n");
  Put(file.path + ".1", "b\n");
  ASSERT_TRUE(file.Open({{file.path, "", 0, 1, ""}}).ok());
  EXPECT_TRUE(file.Next().starts_with("gap: "));
  EXPECT_EQ(file.Next(), "a\n");
}

TEST(Follow, WhatWasPackedMeanwhileIsAGap) {
  OneFile file;
  Put(file.path, "a\nb\n");
  ASSERT_TRUE(file.Open().ok());
  file.Next();
  const LivePosition position{file.path, file.source->Identity(0), 2, 2, ""};
  fs::remove(file.path);
  Put(file.path + ".1.gz", "\x1f\x8b");
  Put(file.path, "c\n");
  ASSERT_TRUE(file.Open({position}).ok());
  EXPECT_TRUE(file.Next().starts_with("gap: "));
  EXPECT_EQ(file.Next(), "c\n");
  EXPECT_EQ(file.Next(), "");
}

TEST(Follow, ALateWriterIsTold) {
  OneFile file;
  Put(file.path, "a\n");
  ASSERT_TRUE(file.Open().ok());
  EXPECT_EQ(file.Next(), "a\n");
  fs::rename(file.path, file.path + ".1");
  Put(file.path, "b\n");
  EXPECT_EQ(file.Next(), "b\n");
  std::ofstream(file.path + ".1", std::ios::app) << "late\n";
  EXPECT_TRUE(file.Next().starts_with("gap: somebody still writes"));
  EXPECT_EQ(file.Next(), "");
}

}  // namespace
}  // namespace gainsay
