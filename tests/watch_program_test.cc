// `gainsay watch` with a state directory, as a user runs it: what a pipe, the journal and followed files give
// over restarts, what signals do, and how it ends.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "temporary_directory.h"
#include "watch_process.h"

namespace gainsay {
namespace {

namespace fs = std::filesystem;

const std::string kLog = GAINSAY_SOURCE_DIR "/samples/schema-drift/incident.jsonl";

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line + "\n");
  return lines;
}

std::string Joined(const std::vector<std::string>& lines, size_t from, size_t to) {
  std::string text;
  for (size_t i = from; i < to && i < lines.size(); ++i) text += lines[i];
  return text;
}

// As journalctl -o json prints them.
std::vector<std::string> Entries() {
  std::vector<std::string> entries;
  for (const std::string& line : Lines(Contents(kLog))) {
    std::string message;
    for (const char c : line.substr(0, line.size() - 1))
      message += (c == '"' || c == '\\') ? std::string("\\") + c : std::string(1, c);
    const size_t i = entries.size();
    entries.push_back(
        absl::StrFormat("{\"__CURSOR\":\"s=a;i=%x;b=b;m=%x;t=%x;x=%x\",\"__REALTIME_TIMESTAMP\":\"%d\","
                        "\"_HOSTNAME\":\"h\",\"_PID\":\"7\",\"MESSAGE\":\"%s\"}\n",
                        i, i, 1780200728000000 + i * 11000, i, 1780200728000000 + i * 11000, message));
  }
  return entries;
}

class WatchProgram : public testing::Test {
 protected:
  Words Command(const Words& more) const {
    Words words = {GAINSAY_BINARY, "watch", "-r",    "celery",      "-r",
                   "writes",       "-o",    "jsonl", "--state-dir", temp_.At("state")};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  // Until the input's end.
  int Pipe(const std::string& input, const Words& more = {}) {
    Put(temp_.At("in"), input);
    return End(Start(Command(more), temp_.At("out"), temp_.At("err"), temp_.At("in")));
  }
  pid_t Follow(const Words& more) { return Start(Command(more), temp_.At("out"), temp_.At("err")); }
  std::string Findings() const { return Contents(temp_.At("state/findings.jsonl")); }
  Answer Told() const { return Read(temp_.At("state/findings.jsonl")); }
  std::string Err() const { return Contents(temp_.At("err")); }

  static bool Wait(const std::function<bool()>& done) {
    const absl::Time deadline = absl::Now() + absl::Seconds(60);
    while (!done() && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(10));
    return done();
  }
  int Stop(pid_t child, int signal = SIGTERM) {
    kill(child, signal);
    return End(child);
  }

  TemporaryDirectory temp_;
};

TEST_F(WatchProgram, APipeThatIsReadTwiceTellsOnce) {
  EXPECT_EQ(Pipe(Contents(kLog)), 1);
  EXPECT_EQ(Told().verdicts.size(), 3u);
  EXPECT_EQ(Pipe(Contents(kLog)), 1);
  EXPECT_EQ(Told().verdicts.size(), 3u);
  EXPECT_EQ(Told().twice, "");
}

TEST_F(WatchProgram, JournalctlGoesOnWhereItWas) {
  const std::vector<std::string> entries = Entries();
  Pipe(Joined(entries, 0, 13));
  EXPECT_NE(Err().find("to go on: journalctl -o json -a -f --no-tail -m --cursor='s=a;i=c;"),
            std::string::npos)
      << Err();
  EXPECT_EQ(Pipe(Joined(entries, 12, 99)), 1);  // --cursor= is inclusive
  EXPECT_EQ(Told().gaps, 0u) << Findings();
  EXPECT_EQ(Told().verdicts.size(), 3u);
  EXPECT_EQ(Pipe(Joined(entries, 0, 99)), 1);  // all of it once more
  EXPECT_EQ(Told().gaps, 0u) << Findings();
  EXPECT_EQ(Told().verdicts.size(), 3u);
  EXPECT_EQ(Told().twice, "");
  EXPECT_NE(Contents(temp_.At("out")).find("\"lines\":26,"), std::string::npos);
}

TEST_F(WatchProgram, AnEntryThatIsMissingIsAGap) {
  const std::vector<std::string> entries = Entries();
  Pipe(Joined(entries, 0, 13));
  Pipe(Joined(entries, 16, 99));
  EXPECT_EQ(Told().gaps, 1u) << Findings();
}

TEST_F(WatchProgram, APipeThatBrokeIsAGap) {
  ASSERT_EQ(mkfifo(temp_.At("fifo").c_str(), 0600), 0);
  const pid_t child = Start(Command({"--settle", "0s", "--lateness", "0s"}), temp_.At("out"), temp_.At("err"),
                            temp_.At("fifo"));
  std::ofstream pipe(temp_.At("fifo"));
  pipe << Joined(Lines(Contents(kLog)), 0, 20) << std::flush;
  EXPECT_TRUE(Wait([&] { return !Told().verdicts.empty(); }));
  EXPECT_EQ(Stop(child, SIGKILL), -SIGKILL);
  const size_t before = Told().verdicts.size();
  Pipe(Joined(Lines(Contents(kLog)), 20, 99), {"--settle", "0s", "--lateness", "0s"});
  EXPECT_EQ(Told().gaps, 1u);
  EXPECT_GE(Told().Contradictions().size(), before) << "what was told is not taken back for want of lines";
}

TEST_F(WatchProgram, WithoutAStateAllIsReadAgainAndSaid) {
  Pipe(Contents(kLog));
  fs::remove(temp_.At("state/state.a"));
  fs::remove(temp_.At("state/state.b"));
  EXPECT_EQ(Pipe(Contents(kLog)), 1);
  EXPECT_NE(Findings().find(R"({"type":"state_lost")"), std::string::npos);
  EXPECT_EQ(Told().twice, "");
  EXPECT_EQ(Told().verdicts.size(), 3u);
}

TEST_F(WatchProgram, ADirectoryThatCantBeTrustedEndsItWith4) {
  Pipe("");
  chmod(temp_.At("state").c_str(), 0777);
  EXPECT_EQ(Pipe(""), 4);
  chmod(temp_.At("state").c_str(), 0700);
  fs::create_symlink(temp_.At("state"), temp_.At("link"));
  EXPECT_EQ(Pipe("", {"--state-dir", temp_.At("link")}), 2) << "twice is usage";
  Put(temp_.At("app.log"), "");
  fs::remove_all(temp_.At("state"));
  const pid_t child = Follow({"--follow", temp_.At("app.log")});
  EXPECT_TRUE(Wait([&] { return fs::exists(temp_.At("state/state.b")); })) << Err();
  EXPECT_TRUE(Wait([&] { return End(Start(Command({}), temp_.At("out2"), temp_.At("err2"))) == 4; }))
      << "another has it";
  EXPECT_EQ(Stop(child), 0);
}

TEST_F(WatchProgram, SigtermSettlesNothingThatTheNextLinesMayChange) {
  fs::copy_file(kLog, temp_.At("app.log"));
  const Words words = {"--follow", temp_.At("app.log"), "--settle", "1h", "--checkpoint", "10ms"};
  pid_t child = Follow(words);
  EXPECT_TRUE(Wait([&] {
    return Contents(temp_.At("state/state.a")).find("5d9dc9f8-1818") != std::string::npos;
  })) << Err();
  EXPECT_EQ(Stop(child), 0);
  EXPECT_EQ(Findings(), "");
  std::ofstream(temp_.At("app.log"), std::ios::app)
      << R"({"asctime": "2026-05-31 04:20:00,000", "levelname": "INFO", "message": "primary write ok after retry 2", "task_id": "5d9dc9f8-1818-4811-892f-902bd23f0824"})"
      << "\n"
      << R"({"asctime": "2026-05-31 05:15:00,000", "levelname": "INFO", "message": "still there"})"
      << "\n"
      << R"({"asctime": "2026-05-31 06:10:00,000", "levelname": "INFO", "message": "still there"})"
      << "\n";
  child = Follow(words);
  EXPECT_TRUE(Wait([&] { return Told().verdicts.size() == 2; })) << Findings();
  EXPECT_EQ(Stop(child), 0);
  EXPECT_EQ(Told().updates, 0u) << Findings();
}

TEST_F(WatchProgram, ACauseThatWasToldInAnEarlierLifeIsNoNews) {
  const std::vector<std::string> entries = Entries();
  const Words journal = {"-o", "journal=" + temp_.At("lines")};
  Pipe(Joined(entries, 0, 13), journal);
  Pipe(Joined(entries, 12, 99), journal);
  std::vector<std::string> priorities;
  for (const std::string& line : Lines(Contents(temp_.At("lines")))) {
    if (line.find("contradiction: task ") == 3) priorities.push_back(line.substr(0, 3));
  }
  EXPECT_EQ(priorities, (std::vector<std::string>{"<3>", "<4>", "<4>"})) << Contents(temp_.At("lines"));
}

TEST_F(WatchProgram, SeveralFilesWaitForNoneThatIsSilent) {
  fs::copy_file(kLog, temp_.At("a.log"));
  Put(temp_.At("b.log"), "");
  const Words words = {"--follow", temp_.At("a.log"), temp_.At("b.log"), temp_.At("c.log"),
                       "--settle", "100ms",           "--lateness",      "100ms"};
  pid_t child = Follow(words);
  EXPECT_TRUE(Wait([&] { return Told().verdicts.size() == 3; })) << Err();
  EXPECT_EQ(Stop(child, SIGKILL), -SIGKILL);
  fs::copy_file(kLog, temp_.At("c.log"));
  child = Follow(words);
  EXPECT_TRUE(Wait([&] { return Contents(temp_.At("state/state.a")).find("c.log") != std::string::npos; }));
  absl::SleepFor(absl::Milliseconds(300));
  EXPECT_EQ(Stop(child), 0);
  EXPECT_EQ(Told().verdicts.size(), 3u) << "the same lines in another file are the same findings";
  EXPECT_EQ(Told().twice, "");
  EXPECT_EQ(Told().gaps, 0u) << Findings();
}

// A pod comes while nobody watches, another one while somebody does; one is gone.
TEST_F(WatchProgram, FilesThatComeUnderAPatternAreRead) {
  const std::vector<std::string> lines = Lines(Contents(kLog));
  fs::create_directory(temp_.At("pods"));
  const Words words = {"--follow", temp_.At("pods/*.log"), "--settle", "0s", "--lateness",
                       "0s",       "--checkpoint",         "10ms"};
  pid_t child = Follow(words);
  EXPECT_TRUE(Wait([&] { return fs::exists(temp_.At("state/state.b")); })) << Err();
  Put(temp_.At("pods/a.log"), Joined(lines, 0, 20));
  EXPECT_TRUE(Wait([&] { return Told().verdicts.size() == 2; })) << Findings();
  EXPECT_EQ(Stop(child, SIGKILL), -SIGKILL);
  std::ofstream(temp_.At("pods/a.log"), std::ios::app) << Joined(lines, 20, 99);
  Put(temp_.At("pods/b.log"), "");
  child = Follow(words);
  EXPECT_TRUE(Wait([&] { return Told().verdicts.size() == 3; })) << Findings();
  EXPECT_EQ(Stop(child), 0);
  EXPECT_EQ(Told().twice, "");
  EXPECT_EQ(Told().gaps, 0u) << Findings();
}

TEST_F(WatchProgram, SignalsReloadTheRulesAndPrintWhatIsOpen) {
  Put(temp_.At("mine.toml"), "format = 1\nid = \"mine\"\ntitle = \"mine\"\n");
  const std::vector<std::string> lines = Lines(Contents(kLog));
  size_t open = 0;  // up to the first task's start
  while (lines[open].find("received") == std::string::npos) ++open;
  Put(temp_.At("app.log"), Joined(lines, 0, open + 1));
  const pid_t child = Follow({"-r", temp_.At("mine.toml"), "--follow", temp_.At("app.log"), "--settle",
                              "100ms", "--lateness", "100ms"});
  EXPECT_TRUE(Wait([&] { return fs::exists(temp_.At("state/state.b")); })) << Err();
  EXPECT_TRUE(Wait([&] {
    kill(child, SIGUSR1);
    absl::SleepFor(absl::Milliseconds(100));
    return Err().find(R"({"type":"open","task":)") != std::string::npos;
  })) << Err();
  Put(temp_.At("mine.toml"), "format = 1\nnonsense\n");
  kill(child, SIGHUP);
  EXPECT_TRUE(Wait([&] { return Err().find("the old ones stay") != std::string::npos; })) << Err();
  Put(temp_.At("mine.toml"),
      "format = 1\nid = \"mine\"\ntitle = \"mine\"\n[[error]]\nid = \"odd\"\nlevel = \">=info\"\n"
      "pattern = 'indexing document'\nexamples = [{ log = 'indexing document 1' }]\n");
  kill(child, SIGHUP);
  EXPECT_TRUE(Wait([&] { return Err().find("the rules are reloaded") != std::string::npos; })) << Err();
  std::ofstream(temp_.At("app.log"), std::ios::app) << Joined(lines, open + 1, 99);
  // Every task indexes a document; the one that was open has its start from before.
  EXPECT_TRUE(Wait([&] { return Told().verdicts.size() == 5; })) << Findings();
  EXPECT_EQ(Stop(child), 0);
  EXPECT_EQ(Told().twice, "");
}

// ---- The journal ---------------------------------------------------------------------

constexpr char kMaker[] = "/lib/systemd/systemd-journal-remote";

// A journal file of some lines of the log, as a unit's entries.
void MakeJournal(const std::string& path, size_t from, size_t to, const std::string& unit) {
  const std::vector<std::string> lines = Lines(Contents(kLog));
  std::string text;
  for (size_t i = from; i < to && i < lines.size(); ++i) {
    const std::string boot(32, i < 9 ? '1' : '2');
    text += absl::StrFormat(
        "__REALTIME_TIMESTAMP=%d\n__MONOTONIC_TIMESTAMP=%d\n_BOOT_ID=%s\n_SYSTEMD_UNIT=%s\n_PID=7\n"
        "_HOSTNAME=h\nMESSAGE=%s\n",
        1780200728000000 + i * 11000, 1000000 + i * 11000, boot, unit, lines[i]);
  }
  Put(path + ".export", text);
  ASSERT_EQ(
      std::system((std::string(kMaker) + " -o " + path + " " + path + ".export >/dev/null 2>&1").c_str()), 0);
  fs::remove(path + ".export");
}

class WatchJournal : public WatchProgram {
 protected:
  void SetUp() override {
    if (!fs::exists(kMaker)) GTEST_SKIP() << "systemd-journal-remote is not installed";
    fs::create_directory(temp_.At("journal"));
    MakeJournal(temp_.At("journal/a.journal"), 0, 13, "worker.service");
    MakeJournal(temp_.At("journal/other.journal"), 0, 99, "other.service");
    const pid_t child = Follow(words_);
    ASSERT_TRUE(Wait([&] {
      const bool kept =
          (Contents(temp_.At("state/state.a")) + Contents(temp_.At("state/state.b"))).find(";t=") !=
          std::string::npos;
      return (kept && Told().verdicts.size() == 1) || Err().find("without libsystemd") != std::string::npos;
    })) << Err();
    const int end = Stop(child, SIGKILL);
    if (end != -SIGKILL) GTEST_SKIP() << Err();
  }
  void FollowUntil(size_t findings) {
    const pid_t child = Follow(words_);
    EXPECT_TRUE(Wait([&] { return Told().verdicts.size() == findings; })) << Err() << Findings();
    EXPECT_EQ(Stop(child), 0);
    EXPECT_EQ(Told().twice, "");
  }

  const Words words_ = {"--journal-directory",
                        temp_.At("journal"),
                        "--unit",
                        "worker",
                        "--settle",
                        "10ms",
                        "--lateness",
                        "10ms",
                        "--checkpoint",
                        "10ms"};
};

TEST_F(WatchJournal, IsGoneOnWithOverAKillAndABoot) {
  MakeJournal(temp_.At("journal/b.journal"), 13, 99, "worker.service");
  FollowUntil(3);
  EXPECT_EQ(Told().gaps, 0u) << Findings();
}

TEST_F(WatchJournal, WhatWasVacuumedIsAGap) {
  fs::remove(temp_.At("journal/a.journal"));
  MakeJournal(temp_.At("journal/b.journal"), 16, 99, "worker.service");
  FollowUntil(2);
  EXPECT_EQ(Told().gaps, 1u) << Findings();
}

}  // namespace
}  // namespace gainsay
