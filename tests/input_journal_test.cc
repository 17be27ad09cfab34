// The journal read directly: real journal files, made by systemd-journal-remote from export text, held
// against what journalctl prints of them.
#include <cstdio>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "input/journal.h"
#include "input/journal_entry.h"
#include "temporary_directory.h"

namespace gainsay {
namespace {

namespace fs = std::filesystem;

constexpr char kMaker[] = "/lib/systemd/systemd-journal-remote";

std::string Output(const std::string& command) {
  std::string output;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  char buffer[4096];
  for (size_t n; (n = fread(buffer, 1, sizeof buffer, pipe.get())) > 0;) output.append(buffer, n);
  return output;
}

// ---- An entry as a line ------------------------------------------------------------------

std::string LineOf(const std::vector<std::pair<std::string, std::string>>& fields) {
  JournalEntry entry;
  for (const auto& [name, value] : fields) entry.Add(name, value);
  std::string line;
  entry.AppendLine(&line);
  return line;
}

TEST(JournalEntry, IsALineOfJson) {
  EXPECT_EQ(LineOf({}), "{}\n");
  EXPECT_EQ(LineOf({{"A", "b"}, {"C", "say \"hi\"\\\n\tand \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"}}),
            "{\"A\":\"b\",\"C\":\"say \\\"hi\\\"\\\\\\n\\tand \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\"}\n");
  EXPECT_EQ(LineOf({{"M", "\x1b[31mred"}}), "{\"M\":[27,91,51,49,109,114,101,100]}\n");
  EXPECT_EQ(LineOf({{"M", std::string("a\0b", 3)}}), "{\"M\":[97,0,98]}\n");
  EXPECT_EQ(LineOf({{"M", "a"}, {"N", "n"}, {"M", "\xff"}}), "{\"M\":[\"a\",[255]],\"N\":\"n\"}\n");
  EXPECT_EQ(LineOf({{"M", std::string(17 << 20, 'x')}}), "{\"M\":null}\n");
}

TEST(JournalEntry, WhatIsNoTextIsNumbers) {
  for (const std::string bytes :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xc3", "\xc3z", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82", "\x7f", "\xc2\x9f", "\r", "\x01", "\xff\xfe"}) {
    EXPECT_TRUE(LineOf({{"M", bytes}}).starts_with("{\"M\":[")) << LineOf({{"M", bytes}});
  }
}

TEST(Journal, UnitNames) {
  EXPECT_EQ(UnitName("app"), "app.service");
  EXPECT_EQ(UnitName("app.timer"), "app.timer");
  EXPECT_EQ(UnitName("app.worker"), "app.worker.service");
  EXPECT_EQ(UnitName(".service"), ".service.service");
}

// ---- Real files --------------------------------------------------------------------------

std::string Field(const std::string& name, const std::string& value) {
  if (value.find_first_of(std::string("\n\0\x1b", 3)) == std::string::npos) return name + "=" + value + "\n";
  std::string size(8, '\0');
  for (size_t i = 0; i < 8; ++i) size[i] = static_cast<char>(value.size() >> (8 * i));
  return name + "\n" + size + value + "\n";
}

// The entry with this number: a second after the one before it, of the boot that its number says.
std::string Export(int number, const std::string& more = "") {
  const std::string boot(32, static_cast<char>('1' + number / 10));
  return "__REALTIME_TIMESTAMP=" + std::to_string(1780000000000000 + 1000000LL * number) +
         "\n__MONOTONIC_TIMESTAMP=" + std::to_string(1000000 + 1000000LL * (number % 10)) +
         "\n_BOOT_ID=" + boot + "\n" + Field("MESSAGE", "entry " + std::to_string(number)) +
         Field("_PID", std::to_string(number)) + more + "\n";
}

class JournalFiles : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(kMaker)) GTEST_SKIP() << "systemd-journal-remote is not installed";
    const absl::Status status = OpenJournal({{}, temp_.path()}, std::nullopt, -1).status();
    if (absl::IsUnimplemented(status)) GTEST_SKIP() << status.message();
  }

  // A file of these entries.
  void Make(const std::string& name, int from, int to) {
    std::string text;
    for (int i = from; i < to; ++i) text += Export(i, more_);
    MakeOf(name, text);
  }
  void MakeOf(const std::string& name, const std::string& text) {
    Put(temp_.At("export"), text);
    Output(std::string(kMaker) + " -o " + temp_.At(name) + " " + temp_.At("export") + " 2>&1");
    fs::remove(temp_.At("export"));
    ASSERT_TRUE(fs::exists(temp_.At(name)));
  }

  std::vector<std::string> Read(LiveSource* source) {
    std::vector<std::string> lines;
    std::string text;
    for (;;) {
      const LiveRead read = *source->Read(absl::InfinitePast());
      if (read.kind == LiveRead::kIdle) break;
      if (read.kind == LiveRead::kGap) ++gaps_;
      EXPECT_TRUE(read.kind != LiveRead::kBytes || read.line == 1 + lines.size());
      for (char c : read.bytes) {
        text += c;
        if (c == '\n') lines.push_back(std::exchange(text, ""));
      }
    }
    EXPECT_EQ(text, "");
    return lines;
  }
  std::vector<std::string> ReadFrom(const std::string& cursor, std::vector<std::string> units = {}) {
    std::optional<LivePosition> position;
    if (!cursor.empty()) position = LivePosition{kJournalName, "", 0, 1, cursor};
    gaps_ = 0;
    auto source = OpenJournal({std::move(units), temp_.path()}, position, -1);
    EXPECT_TRUE(source.ok()) << source.status();
    return source.ok() ? Read(source->get()) : std::vector<std::string>();
  }
  static std::string CursorOf(const std::string& line) {
    const std::string key = "\"__CURSOR\":\"";
    const size_t at = line.find(key) + key.size();
    return line.substr(at, line.find('"', at) - at);
  }
  static std::string MessageOf(const std::string& line) {
    const std::string key = "\"MESSAGE\":\"";
    const size_t at = line.find(key) + key.size();
    return line.substr(at, line.find('"', at) - at);
  }

  TemporaryDirectory temp_;
  std::string more_;
  int gaps_ = 0;
};

// The members of a line's object, in any order.
std::set<std::string> Members(const std::string& line) {
  std::set<std::string> members;
  std::string member;
  int depth = 0;
  bool text = false;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (text && c == '\\') {
      member += c;
      member += line[++i];
      continue;
    }
    if (c == '"') text = !text;
    if (!text && (c == ']' || c == '}')) --depth;
    if (!text && (c == ' ' || c == '\n')) continue;
    if (!text && ((c == ',' && depth == 1) || depth == 0)) {
      if (!member.empty()) members.insert(std::exchange(member, ""));
    } else {
      member += c;
    }
    if (!text && (c == '[' || c == '{')) {
      if (depth++ == 0) member.clear();
    }
  }
  return members;
}

TEST_F(JournalFiles, SaysWhatJournalctlPrints) {
  MakeOf("a.journal",
         Export(0) + Export(1, Field("DETAIL", "two\nlines")) +
             Export(2, Field("COLOR", "\x1b[31mred") + Field("NUL", std::string("a\0b", 3))) +
             Export(3, Field("MANY", "one") + Field("MANY", "two") +
                           Field("MANY",
                                 "thr\x1b"
                                 "ee")) +
             Export(4, Field("LONG", std::string(9000, 'x')) + Field("QUOTED", "\"\\ \xc3\xa9")));
  const std::vector<std::string> lines = ReadFrom("");
  std::vector<std::string> printed;
  std::string text = Output("journalctl --directory=" + temp_.path() + " -o json -a 2>/dev/null");
  for (size_t at; (at = text.find('\n')) != std::string::npos; text.erase(0, at + 1)) {
    printed.push_back(text.substr(0, at));
  }
  ASSERT_EQ(lines.size(), 5u);
  ASSERT_EQ(printed.size(), 5u) << "journalctl";
  for (size_t i = 0; i < lines.size(); ++i) {
    std::set<std::string> wanted = Members(printed[i]);
    std::erase_if(wanted, [](const std::string& member) { return member.starts_with("\"__SEQNUM"); });
    EXPECT_EQ(Members(lines[i]), wanted);
  }
}

TEST_F(JournalFiles, AllBootsAreRead) {
  Make("a.journal", 0, 30);
  const std::vector<std::string> lines = ReadFrom("");
  ASSERT_EQ(lines.size(), 30u);
  for (int i = 0; i < 30; ++i)
    EXPECT_EQ(MessageOf(lines[static_cast<size_t>(i)]), "entry " + std::to_string(i));
}

TEST_F(JournalFiles, GoesOnBehindTheCursor) {
  Make("a.journal", 0, 30);
  const std::vector<std::string> lines = ReadFrom("");
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::vector<std::string> rest = ReadFrom(CursorOf(lines[i]));
    EXPECT_EQ(gaps_, 0) << i;
    EXPECT_EQ(rest.size(), lines.size() - 1 - i);
    if (!rest.empty()) {
      EXPECT_EQ(rest[0], lines[i + 1]);
    }
  }
}

TEST_F(JournalFiles, AVacuumedCursorIsAGap) {
  Make("a.journal", 0, 20);
  const std::vector<std::string> before = ReadFrom("");
  Make("b.journal", 20, 30);
  fs::remove(temp_.At("a.journal"));
  const std::vector<std::string> rest = ReadFrom(CursorOf(before[7]));
  EXPECT_EQ(gaps_, 1);
  ASSERT_EQ(rest.size(), 10u);
  EXPECT_EQ(MessageOf(rest[0]), "entry 20");
}

TEST_F(JournalFiles, ACursorFromTheFutureIsAGap) {
  Make("b.journal", 20, 30);
  const std::vector<std::string> future = ReadFrom("");
  fs::remove(temp_.At("b.journal"));
  Make("a.journal", 0, 20);
  const std::vector<std::string> all = ReadFrom(CursorOf(future[5]));
  EXPECT_EQ(gaps_, 1);
  EXPECT_EQ(all.size(), 20u);
}

TEST_F(JournalFiles, NumbersThatAreUsedAgainHideNothing) {
  // The tail of a journal was lost with the power, and its sequence numbers were given out again.
  Make("a.journal", 0, 20);
  const std::vector<std::string> lost = ReadFrom("");
  fs::remove(temp_.At("a.journal"));
  std::string text;
  for (int i = 0; i < 10; ++i) text += Export(i);
  for (int i = 20; i < 30; ++i) text += Export(i);
  MakeOf("a.journal", text);
  const std::vector<std::string> rest = ReadFrom(CursorOf(lost[19]));
  EXPECT_EQ(gaps_, 1);
  ASSERT_EQ(rest.size(), 10u);
  EXPECT_EQ(MessageOf(rest[0]), "entry 20");
}

TEST_F(JournalFiles, WhatIsNoCursorIsAGap) {
  Make("a.journal", 0, 3);
  for (const std::string cursor : {"x", "s=1", "t=zz", "i=1;t=", ";;;", "s=00;i=0;b=0;m=0;t=0;x=0"}) {
    EXPECT_EQ(ReadFrom(cursor).size(), 3u) << cursor;
    EXPECT_EQ(gaps_, 1) << cursor;
  }
}

TEST_F(JournalFiles, UnitsAreMatched) {
  MakeOf("a.journal", Export(0, "_SYSTEMD_UNIT=app.service\n") + Export(1, "_SYSTEMD_UNIT=other.service\n") +
                          Export(2) + Export(3, "_SYSTEMD_UNIT=app.timer\n") +
                          Export(4, "UNIT=app.service\n_UID=0\n"));
  EXPECT_EQ(ReadFrom("", {"app"}).size(), 1u) << "UNIT= counts from PID 1 alone";
  EXPECT_EQ(ReadFrom("", {"app", "other.service"}).size(), 2u);
  EXPECT_EQ(ReadFrom("", {"app.timer"}).size(), 1u);
  EXPECT_EQ(ReadFrom("", {"none"}).size(), 0u);
  EXPECT_EQ(ReadFrom("").size(), 5u);
}

TEST_F(JournalFiles, WhatComesLaterIsRead) {
  Make("a.journal", 0, 5);
  auto source = OpenJournal({{}, temp_.path()}, std::nullopt, -1);
  ASSERT_TRUE(source.ok());
  EXPECT_EQ(Read(source->get()).size(), 5u);
  Make("b.journal", 5, 8);
  const LiveRead read = *(*source)->Read(absl::Now() + absl::Seconds(60));
  EXPECT_EQ(read.kind, LiveRead::kBytes);
  EXPECT_EQ(read.line, 6u);
}

TEST_F(JournalFiles, DirectoriesThatAreNoneAreErrors) {
  EXPECT_FALSE(OpenJournal({{}, temp_.At("none")}, std::nullopt, -1).ok());
}

}  // namespace
}  // namespace gainsay
