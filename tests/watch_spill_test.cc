// The program behind a pipe, while its own output stands still: whoever writes is not held up, what finds no
// room is told, and what waited is judged after a restart.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>

#include <filesystem>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "watch_stuck.h"

namespace gainsay {
namespace {

class Stuck : public testing::Test, protected StuckWatch {};

constexpr uint64_t kTasks = 4'000;  // two megabytes: more than memory takes

TEST_F(Stuck, WhatFitsIntoTheSpillFileIsJudged) {
  StartIt({});
  EXPECT_LT(Write(kTasks), absl::Seconds(30));  // though nobody reads what it says
  CloseInput();
  EXPECT_EQ(EndIt(), 1) << Err();
  EXPECT_EQ(Told().Contradictions().size(), kTasks / 10);
  EXPECT_EQ(Told().gaps, 0u);
  EXPECT_GT(Metric("gainsay_spilled_bytes_total"), 1e5);
  EXPECT_EQ(Metric("gainsay_lost_bytes_total"), 0);
  EXPECT_FALSE(std::filesystem::exists(temp_.At("state/spill")));
}

TEST_F(Stuck, WhatFindsNoRoomIsAGap) {
  StartIt({"--spill", "512KiB"});
  EXPECT_LT(Write(kTasks), absl::Seconds(30));
  CloseInput();
  EXPECT_EQ(EndIt(), 1) << Err();
  EXPECT_EQ(Told().gaps, 1u);
  EXPECT_LT(Told().Contradictions().size(), kTasks / 10);
  EXPECT_NE(Err().find("of the input are lost"), std::string::npos) << Err();
  EXPECT_GT(Metric("gainsay_lost_bytes_total"), 1e5);
  EXPECT_GT(Metric("gainsay_lost_lines_total"), 500);
  // All that was written was judged, or is counted as lost.
  const std::string all = Findings();
  const size_t at = all.find("\"lost_bytes\":");
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(std::stoull(all.substr(at + 13)), static_cast<uint64_t>(Metric("gainsay_lost_bytes_total")));
  EXPECT_EQ(static_cast<uint64_t>(Metric("gainsay_lost_bytes_total") + Metric("gainsay_read_bytes_total")),
            written_);
}

// Killed while most of it waits in the file: the next one judges that, and tells that there may be more.
TEST_F(Stuck, KilledItGoesOnWithTheSpillFile) {
  StartIt({"--checkpoint", "10ms"});
  EXPECT_LT(Write(kTasks), absl::Seconds(30));
  // Until memory was used up, and what comes is from the file.
  EXPECT_TRUE(ReadUntil([&] { return Told().Contradictions().size() > kTasks / 10 * 6 / 10; }));
  absl::SleepFor(absl::Milliseconds(100));  // a state is written
  EXPECT_EQ(EndIt(SIGKILL), -SIGKILL);
  CloseInput();
  StartIt({});
  CloseInput();
  EXPECT_EQ(EndIt(), 1) << Err();
  EXPECT_EQ(Told().twice, "");
  EXPECT_EQ(Told().gaps, 1u);
  // The last ones stood in the pipe, or were open when it died.
  EXPECT_GE(Told().Contradictions().size(), kTasks / 10 - 200);
}

TEST_F(Stuck, StoppedItLeavesWhatWaitsToTheNextOne) {
  StartIt({});
  EXPECT_LT(Write(kTasks), absl::Seconds(30));
  EXPECT_EQ(EndIt(SIGTERM), 0) << Err();
  CloseInput();
  EXPECT_TRUE(std::filesystem::exists(temp_.At("state/spill")));
  StartIt({});
  CloseInput();
  EXPECT_EQ(EndIt(), 1) << Err();
  EXPECT_EQ(Told().twice, "");
  EXPECT_GE(Told().Contradictions().size(), kTasks / 10 - 200);
}

TEST_F(Stuck, AFullDiskTakesNothingAndBreaksNothing) {
  const std::string disk = temp_.At("disk");
  std::filesystem::create_directory(disk);
  if (mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=1m,mode=0700") != 0)
    GTEST_SKIP() << "mount is not allowed here";
  StartIt({}, disk);
  EXPECT_LT(Write(kTasks), absl::Seconds(30));
  CloseInput();
  EXPECT_EQ(EndIt(), 1) << Err();
  EXPECT_GT(Metric("gainsay_lost_bytes_total"), 1e5) << Err();
  EXPECT_GT(Metric("gainsay_contradictions_total"), -2);
  umount(disk.c_str());
}

}  // namespace
}  // namespace gainsay
