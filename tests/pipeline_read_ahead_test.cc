// Reading ahead gives what reading gives: names, bytes, errors and their order, whatever is left unread.
// Built with -fsanitize=thread it shows that the two threads share nothing but the belt.
#include "pipeline_read_ahead.h"

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "members_reading.h"

namespace gainsay {
namespace {

// A stream that ends with an error behind its bytes.
class Ending : public ByteStream {
 public:
  Ending(std::string bytes, absl::Status status)
      : bytes_(MemoryStream(std::move(bytes), 70'001)), status_(std::move(status)) {}
  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    absl::StatusOr<size_t> n = bytes_->Read(buffer, capacity);
    if (*n == 0 && !status_.ok()) return status_;
    return n;
  }
  std::optional<int64_t> mtime_ns() const override { return 42; }

 private:
  std::unique_ptr<ByteStream> bytes_;
  absl::Status status_;
};

class Script : public Members {
 public:
  Script(std::vector<ReadMember> members, absl::Status status)
      : members_(std::move(members)), status_(std::move(status)) {}

  absl::StatusOr<std::optional<Member>> Next() override {
    if (at_ == members_.size() && !status_.ok()) return status_;
    if (at_ == members_.size()) return std::nullopt;
    const ReadMember& read = members_[at_++];
    Member member{read.name, absl::UnknownError(""), read.passed_over};
    if (read.status.ok() || !read.text.empty()) {
      member.stream = std::make_unique<Ending>(read.text, read.status);
    } else {
      member.stream = read.status;
    }
    return member;
  }
  bool packed() const override { return true; }
  bool is_archive() const override { return true; }

 private:
  std::vector<ReadMember> members_;
  absl::Status status_;
  size_t at_ = 0;
};

std::string Bytes(size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31 % 127);
  return bytes;
}

std::unique_ptr<Members> Play(absl::Status end = absl::OkStatus()) {
  const absl::Status cut = absl::DataLossError("cut"), encrypted = absl::FailedPreconditionError("encrypted");
  std::vector<ReadMember> members = {{"small", "text\n", {}, 42},
                                     {"empty", "", {}, 42},
                                     {"large", Bytes(3'000'001), {}, 42},
                                     {"told", "", encrypted, 42},
                                     {"picture", "", {}, 42, "holds no text"},
                                     {"cut", Bytes(600'000), cut, 42},
                                     {"block", Bytes(size_t{256} << 10), {}, 42}};
  for (int i = 0; i < 300; ++i) members.push_back({"many" + std::to_string(i), "", {}, 42});
  return std::make_unique<Script>(std::move(members), std::move(end));
}

TEST(ReadAhead, GivesWhatReadingGives) {
  for (const absl::Status& end : {absl::OkStatus(), absl::DataLossError("the archive is cut")}) {
    for (const size_t capacity : {size_t{999}, size_t{1} << 18, size_t{1} << 22}) {
      const ReadMembers expected = ReadAll(Play(end).get(), capacity);
      ASSERT_EQ(expected.members.size(), 307u);
      const ReadMembers got = ReadAll(ReadAhead(Play(end)).get(), capacity);
      EXPECT_EQ(got.members.size(), expected.members.size());
      EXPECT_TRUE(got == expected);
    }
  }
}

TEST(ReadAhead, WhatIsLeftUnreadIsPassedOver) {
  const std::unique_ptr<Members> ahead = ReadAhead(Play());
  std::string names;
  char few[3];
  while (true) {
    absl::StatusOr<std::optional<Member>> next = ahead->Next();
    ASSERT_TRUE(next.ok());
    if (!*next) break;
    if (!(**next).name.starts_with("many")) names += (**next).name + " ";
    if ((**next).name != "large") continue;
    EXPECT_EQ(*(*(**next).stream)->Read(few, 3), 3u);
  }
  EXPECT_EQ(names, "small empty large told picture cut block ");
}

TEST(ReadAhead, MayBeGivenUpAtAnyPoint) {
  ReadAhead(Play());
  std::string buffer(100'000, '\0');
  for (size_t reads = 0; reads < 40; ++reads) {
    const std::unique_ptr<Members> ahead = ReadAhead(Play());
    absl::StatusOr<std::optional<Member>> member = ahead->Next();
    for (size_t i = 0; i < reads; ++i) {
      const absl::StatusOr<size_t> n = (*(**member).stream)->Read(buffer.data(), buffer.size());
      if (!n.ok() || *n == 0) member = ahead->Next();
      while (!(**member).stream.ok()) member = ahead->Next();
    }
  }
}

}  // namespace
}  // namespace gainsay
