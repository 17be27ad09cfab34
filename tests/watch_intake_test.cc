// A pipe and a reader that does not keep up: nothing is out of order, what is missing is whole lines and is
// counted, and who writes waits no longer than it was promised.
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "pipeline_intake.h"
#include "temporary_directory.h"
#include "watch/disk.h"
#include "watch/spill_file.h"

namespace gainsay {
namespace {

// A writer that writes numbered lines on a thread of its own.
class Producer {
 public:
  explicit Producer(uint64_t lines, size_t most = 300) {
    EXPECT_EQ(pipe(ends_.data()), 0);
    thread_ = std::thread([this, lines, most] {
      std::mt19937_64 random(9);
      for (uint64_t i = 0; i < lines; ++i) {
        const std::string line = std::to_string(i) + " " + std::string(random() % most, 'x') + "\n";
        const absl::Time begun = absl::Now();
        for (size_t at = 0; at < line.size();) {
          const ssize_t n = write(ends_[1], line.data() + at, line.size() - at);
          if (n <= 0) return;
          at += static_cast<size_t>(n);
        }
        waited_ = std::max(waited_, absl::Now() - begun);
        bytes_ += line.size();
      }
      close(ends_[1]);
    });
  }
  ~Producer() {
    Join();
    close(ends_[0]);
  }
  void Join() {
    if (thread_.joinable()) thread_.join();
  }

  int fd() const { return ends_[0]; }
  // After Join.
  uint64_t bytes() const { return bytes_; }
  absl::Duration waited() const { return waited_; }

 private:
  std::array<int, 2> ends_{};
  uint64_t bytes_ = 0;
  absl::Duration waited_;
  std::thread thread_;
};

struct Got {
  std::string bytes;
  LostInput lost;
  uint64_t losses = 0;
  bool renewed = false;
};

// Reads to the end, and looks at each line: numbers go up, and only at a loss by more than one.
Got ReadAll(LiveSource* source) {
  Got got;
  std::string line;
  int64_t last = -1;
  bool jump = false;
  for (;;) {
    const auto read = source->Read(absl::Now() + absl::Seconds(10));
    EXPECT_TRUE(read.ok());
    if (!read.ok() || read->kind == LiveRead::kEnd) return got;
    if (read->kind == LiveRead::kRenewed) got.renewed = true;
    if (read->kind == LiveRead::kLost) {
      EXPECT_EQ(line, "") << "a line was cut";
      got.lost.bytes += read->lost.bytes;
      got.lost.lines += read->lost.lines;
      ++got.losses;
      jump = true;
    }
    if (read->kind != LiveRead::kBytes) continue;
    got.bytes += read->bytes;
    for (const char c : read->bytes) {
      if (c != '\n') {
        line += c;
        continue;
      }
      const int64_t number = std::stoll(line);
      EXPECT_TRUE(jump ? number > last : number == last + 1) << number << " after " << last;
      last = number;
      jump = false;
      line.clear();
    }
  }
}

class Intake : public testing::Test {
 protected:
  void SetUp() override { disk_ = *OpenDirectory(temp_.At("state")); }
  std::unique_ptr<SpillFile> Spill(uint64_t bytes) {
    return *SpillFile::Open(disk_.get(), {bytes, uint64_t{1} << 20, "b"});
  }
  static LivePosition At(uint64_t offset) {
    LivePosition position;
    position.source = "-";
    position.offset = offset;
    return position;
  }

  TemporaryDirectory temp_;
  std::unique_ptr<Disk> disk_;
};

TEST_F(Intake, WhatFitsIsAllThere) {
  Producer log(20'000);
  const auto spill = Spill(8 << 20);
  const auto source =
      OpenIntake(log.fd(), "-", -1, std::nullopt, {uint64_t{100} << 10, spill.get(), absl::ZeroDuration()});
  log.Join();  // nobody has read anything
  const Got got = ReadAll(source.get());
  EXPECT_EQ(got.bytes.size(), log.bytes());
  EXPECT_EQ(got.losses, 0u);
  EXPECT_FALSE(got.renewed);
  EXPECT_GT(source->Backlog().spilled_bytes, log.bytes() / 2);
  EXPECT_EQ(source->Backlog().lost.bytes, 0u);
}

TEST_F(Intake, WhatDoesNotFitIsCounted) {
  Producer log(20'000);
  const auto spill = Spill(100 << 10);
  const auto source =
      OpenIntake(log.fd(), "-", -1, std::nullopt, {uint64_t{100} << 10, spill.get(), absl::ZeroDuration()});
  log.Join();
  const Got got = ReadAll(source.get());
  EXPECT_GT(got.bytes.size(), size_t{100} << 10);
  EXPECT_LE(got.bytes.size(), size_t{700} << 10);
  EXPECT_EQ(got.losses, 1u);
  EXPECT_EQ(got.bytes.size() + got.lost.bytes, log.bytes());
  EXPECT_EQ(static_cast<uint64_t>(std::count(got.bytes.begin(), got.bytes.end(), '\n')) + got.lost.lines,
            20'000u);
  EXPECT_EQ(source->Backlog().lost.bytes, got.lost.bytes);
}

TEST_F(Intake, AReaderThatIsSlowLosesNowAndThen) {
  Producer log(60'000);
  const auto spill = Spill(200 << 10);
  const auto source =
      OpenIntake(log.fd(), "-", -1, std::nullopt, {uint64_t{50} << 10, spill.get(), absl::ZeroDuration()});
  for (int i = 0; i < 3; ++i) absl::SleepFor(absl::Milliseconds(5));
  const Got got = ReadAll(source.get());
  log.Join();
  EXPECT_EQ(got.bytes.size() + got.lost.bytes, log.bytes());
}

TEST_F(Intake, AReaderThatComesInTimeLosesNothing) {
  Producer log(60'000);
  const auto spill = Spill(100 << 10);
  const auto source =
      OpenIntake(log.fd(), "-", -1, std::nullopt, {uint64_t{50} << 10, spill.get(), absl::Seconds(60)});
  absl::SleepFor(absl::Milliseconds(50));
  const Got got = ReadAll(source.get());
  log.Join();
  EXPECT_EQ(got.bytes.size(), log.bytes());
  EXPECT_EQ(got.losses, 0u);
}

// Over and over it is killed: what it had spilled and not used comes again, and nothing comes twice.
TEST_F(Intake, WhatWasSpilledSurvives) {
  Producer log(20'000);
  std::string got;
  {
    const auto spill = Spill(8 << 20);
    const auto source =
        OpenIntake(log.fd(), "-", -1, std::nullopt, {uint64_t{10} << 10, spill.get(), absl::ZeroDuration()});
    log.Join();
    while (source->Backlog().memory_bytes + source->Backlog().spill_bytes < log.bytes())
      absl::SleepFor(absl::Milliseconds(1));
    while (got.size() < size_t{1} << 20) got += source->Read(absl::Now() + absl::Seconds(9))->bytes;
    source->Release(got.size() / 2);  // the last state
    got.resize(got.size() / 2);
  }
  Producer more(0);
  const auto spill = Spill(8 << 20);
  const auto source =
      OpenIntake(more.fd(), "-", -1, At(got.size()), {uint64_t{10} << 10, spill.get(), absl::ZeroDuration()});
  std::string rest;
  bool renewed = false;
  for (auto read = source->Read(absl::Now() + absl::Seconds(9)); read->kind != LiveRead::kEnd;
       read = source->Read(absl::Now() + absl::Seconds(9))) {
    EXPECT_NE(read->kind, LiveRead::kLost);
    renewed = renewed || read->kind == LiveRead::kRenewed;
    rest += read->bytes;
  }
  EXPECT_TRUE(renewed);
  got += rest;
  EXPECT_EQ(got.size(), log.bytes());
  int64_t number = 0;
  for (size_t at = 0; at < got.size(); at = got.find('\n', at) + 1)
    EXPECT_EQ(std::stoll(got.substr(at, 9)), number++);
}

TEST_F(Intake, WhatWaitsAtTheEndIsKeptForTheNextOne) {
  std::string given;
  Producer log(5'000);
  {
    const auto spill = Spill(100 << 10);
    const auto source =
        OpenIntake(log.fd(), "-", -1, std::nullopt, {uint64_t{8} << 20, spill.get(), absl::ZeroDuration()});
    log.Join();
    while (source->Backlog().memory_bytes < log.bytes()) absl::SleepFor(absl::Milliseconds(1));
    given = source->Read(absl::Now() + absl::Seconds(9))->bytes;
    source->StopReading();
    EXPECT_TRUE(source->Keep(given.size() - 100, given.substr(given.size() - 100)));
  }
  Producer more(0);
  const auto spill = Spill(100 << 10);
  const auto source = OpenIntake(more.fd(), "-", -1, At(given.size() - 100), {.spill = spill.get()});
  given.resize(given.size() - 100);
  for (auto read = source->Read(absl::Now() + absl::Seconds(9)); read->kind != LiveRead::kEnd;
       read = source->Read(absl::Now() + absl::Seconds(9)))
    given += read->bytes;
  EXPECT_EQ(given.size(), log.bytes());
  for (uint64_t number = 0, at = 0; at < given.size(); at = given.find('\n', at) + 1)
    ASSERT_EQ(std::stoull(given.substr(at, 9)), number++);
}

TEST_F(Intake, OfALineThatIsLostInItsMiddleTheRestIsLost) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const auto source =
      OpenIntake(ends[0], "-", -1, std::nullopt, {uint64_t{1} << 20, nullptr, absl::ZeroDuration()});
  std::thread writer([&] {
    const std::string text = "a\n" + std::string(size_t{5} << 20, 'x') + "\nb\nc\n";
    for (size_t at = 0; at < text.size();)
      at += static_cast<size_t>(
          write(ends[1], text.data() + at, 60'000 < text.size() - at ? 60'000 : text.size() - at));
    close(ends[1]);
  });
  writer.join();
  std::string got;
  LostInput lost;
  for (auto read = source->Read(absl::Now() + absl::Seconds(9)); read->kind != LiveRead::kEnd;
       read = source->Read(absl::Now() + absl::Seconds(9))) {
    if (read->kind == LiveRead::kLost) {
      EXPECT_EQ(got.back(), '\n');
      lost.bytes += read->lost.bytes;
    }
    got += read->bytes;
  }
  EXPECT_EQ(got.substr(0, 2), "a\n");
  EXPECT_GT(lost.bytes, size_t{2} << 20);
  close(ends[0]);
}

}  // namespace
}  // namespace gainsay
