// A pipe as a live source: what is there comes at once, however little; idleness and the end are told apart.
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <string>

#include "absl/time/clock.h"
#include "input/live.h"

namespace gainsay {
namespace {

class Pipe {
 public:
  Pipe() { EXPECT_EQ(pipe(ends_.data()), 0); }
  ~Pipe() {
    close(ends_[0]);
    CloseWriter();
  }
  void Write(const std::string& text) {
    ASSERT_EQ(write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void CloseWriter() {
    if (ends_[1] >= 0) close(ends_[1]);
    ends_[1] = -1;
  }
  int reader() const { return ends_[0]; }

 private:
  std::array<int, 2> ends_{};
};

TEST(LiveDescriptor, GivesWhatIsThereThenIsIdleThenEnds) {
  Pipe log;
  auto source = LiveDescriptor(log.reader(), "-", -1);
  log.Write("half a li");
  auto read = source->Read(absl::InfiniteFuture());
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->kind, LiveRead::kBytes);
  EXPECT_EQ(read->bytes, "half a li");
  EXPECT_EQ(source->Read(absl::Now())->kind, LiveRead::kIdle);
  log.CloseWriter();
  EXPECT_EQ(source->Read(absl::InfiniteFuture())->kind, LiveRead::kEnd);
}

TEST(LiveDescriptor, ReturnsWhenWoken) {
  Pipe log, wake;
  auto source = LiveDescriptor(log.reader(), "-", wake.reader());
  wake.Write("x");
  EXPECT_EQ(source->Read(absl::InfiniteFuture())->kind, LiveRead::kIdle);
}

TEST(LiveDescriptor, AnErrorIsAnError) {
  auto source = LiveDescriptor(STDERR_FILENO + 1000, "-", -1);
  EXPECT_FALSE(source->Read(absl::InfiniteFuture()).ok());
}

}  // namespace
}  // namespace gainsay
