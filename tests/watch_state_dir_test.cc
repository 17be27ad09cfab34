// The state directory on a real file system: what it holds after which steps, and what it does not trust.
// (Crashes and the loss of power are watch_state_model_test.cc's.)
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "gtest/gtest.h"
#include "input/digest.h"
#include "temporary_directory.h"
#include "watch/state_dir.h"

namespace gainsay {
namespace {

namespace fs = std::filesystem;
using Opened = absl::StatusOr<std::unique_ptr<StateDir>>;
using Emitted = StateDir::Emitted;
using Start = StateDir::Start;

std::string Key(std::string_view line) { return line.starts_with("{\"id\"") ? std::string(line) : ""; }
Opened OpenIn(const std::string& path, const std::string& rules = "rules") {
  return StateDir::Open(path, rules, Key);
}
std::string Line(int id) { return "{\"id\":" + std::to_string(id) + "}"; }

std::string WhyNot(const std::string& path) {
  const Opened opened = OpenIn(path);
  EXPECT_FALSE(opened.ok());
  EXPECT_FALSE(absl::IsResourceExhausted(opened.status()));
  return std::string(opened.status().message());
}

bool Says(const std::string& message, const std::string& part) {
  return message.find(part) != std::string::npos;
}

// Two checkpoints, with a finding before each and one after them.
void Live(const std::string& path) {
  Opened dir = OpenIn(path);
  ASSERT_TRUE(dir.ok()) << dir.status();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(*(*dir)->Emit(Line(i)), Emitted::kNew);
    if (i == 2) return;
    EXPECT_TRUE((*dir)->Checkpoint("at " + std::to_string(i), "fold").ok());
  }
}

TEST(StateDir, GoesOnWhereItStood) {
  const TemporaryDirectory temp;
  const std::string path = temp.At("state");
  Live(path);
  EXPECT_EQ(Contents(path + "/findings.jsonl"), Line(0) + "\n" + Line(1) + "\n" + Line(2) + "\n");
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_all);
  Opened dir = OpenIn(path);
  ASSERT_TRUE(dir.ok()) << dir.status();
  ASSERT_NE((*dir)->resumed(), nullptr);
  EXPECT_EQ((*dir)->resumed()->sources, "at 1");
  EXPECT_EQ(*(*dir)->Expected(), Line(2));
  EXPECT_EQ(*(*dir)->Emit(Line(2)), Emitted::kAgain);
  EXPECT_FALSE((*dir)->Expected().has_value());
  EXPECT_EQ(*(*dir)->Emit(Line(3)), Emitted::kNew);
}

TEST(StateDir, StopsLoudlyWhereAReplayDiffers) {
  const TemporaryDirectory temp;
  Live(temp.path());
  Opened dir = OpenIn(temp.path());
  ASSERT_TRUE(dir.ok());
  EXPECT_TRUE(absl::IsFailedPrecondition((*dir)->Emit(Line(7)).status()));
  EXPECT_FALSE((*dir)->Emit(Line(2)).ok());
  EXPECT_FALSE((*dir)->Checkpoint("x", "y").ok());
}

TEST(StateDir, AfterAGapLinesGoByTheirKeys) {
  const TemporaryDirectory temp;
  Live(temp.path());
  for (int life = 0; life < 2; ++life) {
    Opened dir = OpenIn(temp.path());
    ASSERT_TRUE(dir.ok());
    EXPECT_TRUE((*dir)->BreakReplay().ok());
    EXPECT_EQ(*(*dir)->Emit(Line(7)), life == 0 ? Emitted::kNew : Emitted::kAgain);
    EXPECT_EQ(*(*dir)->Emit(Line(2)), life == 0 ? Emitted::kAgain : Emitted::kKnown);
  }
  EXPECT_EQ(Contents(temp.At("findings.jsonl")),
            Line(0) + "\n" + Line(1) + "\n" + Line(2) + "\n" + Line(7) + "\n");
}

TEST(StateDir, WithOtherRulesItBeginsAnewAndDoublesNothing) {
  const TemporaryDirectory temp;
  Live(temp.path());
  Opened dir = OpenIn(temp.path(), "other");
  ASSERT_TRUE(dir.ok());
  EXPECT_EQ((*dir)->start(), Start::kOtherRules);
  EXPECT_EQ((*dir)->resumed(), nullptr);
  EXPECT_EQ(*(*dir)->Emit(Line(1)), Emitted::kKnown);
  EXPECT_EQ(*(*dir)->Emit(Line(9)), Emitted::kNew);
}

TEST(StateDir, ADamagedGenerationLeavesTheOther) {
  const TemporaryDirectory temp;
  Live(temp.path());
  Put(temp.At("state.a"), Contents(temp.At("state.a")).substr(0, 40));
  {
    Opened dir = OpenIn(temp.path());
    ASSERT_TRUE(dir.ok());
    EXPECT_EQ((*dir)->resumed()->sources, "at 0");
    EXPECT_EQ((*dir)->notes().size(), 1u);
    EXPECT_EQ(*(*dir)->Emit(Line(1)), Emitted::kAgain);
  }
  Put(temp.At("state.a"), "");
  Put(temp.At("state.b"), "garbage");
  Opened dir = OpenIn(temp.path());
  ASSERT_TRUE(dir.ok());
  EXPECT_EQ((*dir)->start(), Start::kLost);
  EXPECT_EQ(*(*dir)->Emit(Line(1)), Emitted::kKnown);
}

TEST(StateDir, AnotherVersionIsNotTouched) {
  const TemporaryDirectory temp;
  Live(temp.path());
  const std::string newer = "gainsay watch state 2 " + Digest("2\nwhat they hold") + "\nwhat they hold";
  Put(temp.At("state.a"), newer);
  EXPECT_TRUE(Says(WhyNot(temp.path()), "state.a: written by another version of gainsay (its format is 2"));
  EXPECT_EQ(Contents(temp.At("state.a")), newer);
  Put(temp.At("state.a"), "gainsay watch state 2 " + Digest("2\n") + "\nsomething else");
  EXPECT_TRUE(OpenIn(temp.path()).ok()) << "damaged";
}

TEST(StateDir, HalfALineIsCut) {
  const TemporaryDirectory temp;
  Live(temp.path());
  const std::string whole = Contents(temp.At("findings.jsonl"));
  Put(temp.At("findings.jsonl"), whole + "{\"id\":12");
  ASSERT_TRUE(OpenIn(temp.path()).ok());
  EXPECT_EQ(Contents(temp.At("findings.jsonl")), whole);
}

TEST(StateDir, OneProcessHasIt) {
  const TemporaryDirectory temp;
  const Opened first = OpenIn(temp.path());
  ASSERT_TRUE(first.ok());
  EXPECT_TRUE(Says(WhyNot(temp.path()), "another gainsay watch"));
}

TEST(StateDir, NamesWhatItDoesNotTrust) {
  const TemporaryDirectory temp;
  fs::create_directory(temp.At("real"));
  fs::create_symlink(temp.At("real"), temp.At("link"));
  EXPECT_TRUE(Says(WhyNot(temp.At("link")), "symbolic link"));
  Put(temp.At("file"), "x");
  EXPECT_TRUE(Says(WhyNot(temp.At("file")), "not a directory"));
  EXPECT_TRUE(Says(WhyNot(temp.At("no/where")), "No such file"));
  fs::permissions(temp.At("real"), fs::perms::all);
  EXPECT_TRUE(Says(WhyNot(temp.At("real")), "others may write"));
  fs::permissions(temp.At("real"), fs::perms::owner_all | fs::perms::group_read);
  EXPECT_TRUE(OpenIn(temp.At("real")).ok());
  EXPECT_EQ(fs::status(temp.At("real")).permissions(), fs::perms::owner_all) << "tightened";
  if (geteuid() != 0) GTEST_SKIP() << "another user's directory needs root";
  ASSERT_EQ(chown(temp.At("real").c_str(), 12345, 12345), 0);
  EXPECT_TRUE(Says(WhyNot(temp.At("real")), "belongs to user 12345"));
}

TEST(StateDir, TrustsNoFileThatIsNotOurs) {
  for (const std::string name : {"lock", "findings.jsonl", "state.a", "state.b"}) {
    const TemporaryDirectory temp;
    Put(temp.At("elsewhere"), "precious");
    const std::string dir = temp.At("dir"), file = dir + "/" + name;
    fs::create_directory(dir, temp.path());
    fs::permissions(dir, fs::perms::owner_all);
    fs::create_symlink(temp.At("elsewhere"), file);
    EXPECT_TRUE(Says(WhyNot(dir), name)) << name;
    fs::remove(file);
    fs::create_hard_link(temp.At("elsewhere"), file);
    EXPECT_TRUE(Says(WhyNot(dir), name)) << name;
    fs::remove(file);
    ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);
    EXPECT_TRUE(Says(WhyNot(dir), name)) << name;
    fs::remove(file);
    fs::create_directory(file);
    EXPECT_TRUE(Says(WhyNot(dir), name)) << name;
    fs::remove(file);
    EXPECT_TRUE(OpenIn(dir).ok());
    EXPECT_EQ(Contents(temp.At("elsewhere")), "precious");
  }
}

TEST(StateDir, ALinkInPlaceOfTheTemporaryFileIsReplaced) {
  const TemporaryDirectory temp;
  Put(temp.At("elsewhere"), "precious");
  Live(temp.At("state"));
  fs::create_symlink(temp.At("elsewhere"), temp.At("state/tmp"));
  Opened dir = OpenIn(temp.At("state"));
  EXPECT_TRUE((*dir)->Checkpoint("at 2", "fold").ok());
  EXPECT_EQ(Contents(temp.At("elsewhere")), "precious");
}

TEST(StateDir, AFullFileSystemDelaysAndLosesNothing) {
  const TemporaryDirectory temp;
  if (mount("tmpfs", temp.path().c_str(), "tmpfs", 0, "size=1m,mode=0700") != 0) {
    GTEST_SKIP() << "can't mount a tmpfs of 1 MiB here";
  }
  constexpr int kLines = 400;
  auto long_line = [](int i) {
    return "{\"id\":" + std::to_string(i) + ",\"" + std::string(4000, 'x') + "\"}";
  };
  {
    Opened dir = OpenIn(temp.path());
    ASSERT_TRUE(dir.ok());
    int failed = 0;
    for (int i = 0; i < kLines; ++i) {
      ASSERT_EQ(*(*dir)->Emit(long_line(i)), Emitted::kNew);
      if (i % 20 == 0) failed += absl::IsResourceExhausted((*dir)->Checkpoint(std::to_string(i), "fold"));
    }
    EXPECT_GT(failed, 0);
    EXPECT_GT((*dir)->unwritten_bytes(), 0u);
    ASSERT_EQ(mount("", temp.path().c_str(), "", MS_REMOUNT, "size=4m"), 0);
    EXPECT_TRUE((*dir)->Checkpoint("end", "fold").ok());
    EXPECT_EQ((*dir)->unwritten_bytes(), 0u);
  }
  std::string all;
  for (int i = 0; i < kLines; ++i) all += long_line(i) + "\n";
  EXPECT_EQ(Contents(temp.At("findings.jsonl")), all);
  EXPECT_EQ((*OpenIn(temp.path()))->resumed()->sources, "end");
  umount(temp.path().c_str());
}

}  // namespace
}  // namespace gainsay
