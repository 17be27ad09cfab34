// The progress bar: what its line says, and when the program draws it.
#include "report/progress.h"

#include <gtest/gtest.h>

#include "case_file.h"

namespace gainsay {
namespace {

constexpr uint64_t kSecond = 1'000'000'000;

TEST(ProgressLine, SaysHowFarHowFastAndHowLong) {
  EXPECT_EQ(ProgressLine({1'200'000'000, 2'800'000'000, 2 * kSecond}, 80),
            " 42% [==============>                   ] 1.2 GB of 2.8 GB, 600.0 MB/s, 3 s left");
  EXPECT_EQ(ProgressLine({2'800'000'000, 2'800'000'000, 2 * kSecond}, 80).substr(0, 48),
            "100% [========================================] ");
  EXPECT_EQ(ProgressLine({1'000'000, 1'000'000'000, kSecond}, 200),
            "  0% [>" + std::string(39, ' ') + "] 1.0 MB of 1.0 GB, 1.0 MB/s, 16 min 40 s left");
}

TEST(ProgressLine, OfAPipeWithoutItsLength) {
  EXPECT_EQ(ProgressLine({1'200'000'000, 0, 2 * kSecond}, 80), "1.2 GB, 600.0 MB/s");
}

TEST(ProgressLine, LeavesOutWhatDoesNotFit) {
  const Progress progress{1'200'000'000, 2'800'000'000, 2 * kSecond};
  EXPECT_EQ(ProgressLine(progress, 40), " 42% 1.2 GB of 2.8 GB, 600.0 MB/s");
  EXPECT_EQ(ProgressLine(progress, 24), " 42% 1.2 GB of 2.8 GB");
  for (size_t columns = 0; columns < 100; ++columns)
    EXPECT_LE(ProgressLine(progress, columns).size(), columns);
}

TEST(ProgressLine, AtTheBorders) {
  EXPECT_EQ(ProgressLine({0, 100, 0}, 30), "  0% 0 bytes of 100 bytes");
  EXPECT_EQ(ProgressLine({500, 100, 1}, 30).substr(0, 5), "100% ") << "a file that grew";
  ProgressLine({UINT64_MAX, UINT64_MAX, UINT64_MAX}, 80);
  ProgressLine({1, UINT64_MAX, UINT64_MAX}, 80);
}

std::string StandardError(const std::string& flags) {
  return RunCommand("'" GAINSAY_BINARY "' scan " + flags, GAINSAY_SOURCE_DIR, {}, std::nullopt)
      .standard_error;
}

TEST(ProgressBar, IsDrawnOnlyWhereItIsSeenAndErased) {
  const std::string log = "samples/schema-drift/incident.jsonl";
  EXPECT_EQ(StandardError(log), "");
  EXPECT_EQ(StandardError("--progress never " + log), "");
  for (const std::string& input : {log, "- < " + log, std::string("samples/*/incident.jsonl")}) {
    const std::string err = StandardError("--progress always " + input);
    EXPECT_TRUE(err.starts_with("\r") && err.find("% [") == 4) << err;
    EXPECT_TRUE(err.ends_with("\x1b[K\r\x1b[K")) << err;
  }
  const CommandResult pipe =
      RunCommand("cat " + log + " | '" GAINSAY_BINARY "' scan --progress always", GAINSAY_SOURCE_DIR, {}, "");
  EXPECT_TRUE(pipe.standard_error.starts_with("\r6,921 bytes, ")) << pipe.standard_error;
}

}  // namespace
}  // namespace gainsay
