// Streams from files and pipes, plain and compressed, and what can't be opened.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <thread>

#include "gtest/gtest.h"
#include "input/stream.h"
#include "packing.h"
#include "stream_reading.h"

namespace gainsay {
namespace {

class Files : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "gainsay_stream_XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { ASSERT_EQ(std::system(("rm -rf '" + directory_ + "'").c_str()), 0); }

  std::string Write(const std::string& name, const std::string& bytes) {
    const std::string path = directory_ + "/" + name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  std::string directory_;
};

TEST_F(Files, AreReadWhateverTheirName) {
  const std::string text = SampleText(30'000);
  for (const std::string& bytes : {text, Gzip({text}), Zstd({text}), std::string()}) {
    const std::string path = Write("a.log", bytes);
    const timespec times[] = {{1'700'000'000, 5}, {1'700'000'000, 123'456'789}};
    ASSERT_EQ(utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
    auto stream = OpenStream({path, path});
    ASSERT_TRUE(stream.ok());
    EXPECT_EQ((*stream)->mtime_ns(), 1'700'000'000'123'456'789);
    const Outcome outcome = Drain(stream->get(), 1 << 20);
    EXPECT_TRUE(outcome.status.ok());
    EXPECT_TRUE(outcome.bytes == (bytes.empty() ? "" : text));
  }
}

TEST_F(Files, WhatCannotBeOpened) {
  EXPECT_EQ(OpenStream({"x", directory_ + "/absent"}).status(),
            absl::NotFoundError("no such file or directory"));
  const std::string path = Write("a.log", "x");
  EXPECT_EQ(OpenStream({"x", path + "/below"}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(OpenStream({"x", directory_}).status(), absl::InvalidArgumentError("is a directory"));
  ASSERT_EQ(chmod(path.c_str(), 0), 0);
  if (geteuid() != 0) {
    EXPECT_EQ(OpenStream({"x", path}).status(), absl::PermissionDeniedError("permission denied"));
  }
}

TEST_F(Files, PipesAreReadWithoutSeeking) {
  const std::string path = directory_ + "/pipe";
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const std::string text = SampleText(20'000);
  for (const std::string& bytes : {text, Gzip({text}), Zstd({text})}) {
    std::thread writer([&] { std::ofstream(path, std::ios::binary) << bytes; });
    auto stream = OpenStream({path, path});
    ASSERT_TRUE(stream.ok());
    EXPECT_EQ((*stream)->mtime_ns(), std::nullopt);
    EXPECT_TRUE(Drain(stream->get()).bytes == text);
    writer.join();
  }
}

TEST_F(Files, StandardInputEvenWhenItIsNonBlocking) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_NONBLOCK), 0);
  const int saved = dup(0);
  dup2(ends[0], 0);
  std::thread writer([&] {
    for (const std::string part : {"one\n", "two\n"}) {
      usleep(20'000);
      EXPECT_EQ(write(ends[1], part.data(), part.size()), 4);
    }
    close(ends[1]);
  });
  {
    auto stream = OpenStream({"-", "-"});
    ASSERT_TRUE(stream.ok());
    EXPECT_EQ(Drain(stream->get()).bytes, "one\ntwo\n");
  }
  writer.join();
  EXPECT_NE(fcntl(0, F_GETFD), -1) << "standard input is not ours to close";
  dup2(saved, 0);
  close(saved);
  close(ends[0]);
}

}  // namespace
}  // namespace gainsay
