// Files that are followed while they are rotated in every random way, on real files, against what was
// written.
// GAINSAY_ROTATIONS=10000 runs the random sequences for long.
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "input/follow.h"
#include "temporary_directory.h"

namespace gainsay {
namespace {

namespace fs = std::filesystem;

// Where files are in memory: cutting one down waits for the disk.
int Sequences(int fallback) {
  TemporaryDirectory::InMemory();
  const char* n = std::getenv("GAINSAY_ROTATIONS");
  return n == nullptr ? fallback : std::atoi(n);
}

// Reads one followed file and keeps its lines.
class Follower {
 public:
  explicit Follower(std::string path) : path_(std::move(path)) { Open({}); }

  // Where it can be resumed.
  struct Mark {
    LivePosition position;
    size_t lines = 0;  // given before
  };

  void Open(const std::vector<LivePosition>& resume) {
    absl::StatusOr<std::unique_ptr<LiveSource>> source = FollowFiles({path_}, resume, -1, {.inotify = false});
    ASSERT_TRUE(source.ok()) << source.status();
    source_ = *std::move(source);
  }
  // Anew, from a mark.
  void Resume(const Mark& mark) {
    lines.resize(mark.lines);
    partial_.clear();
    gaps.erase(gaps.upper_bound(mark.lines), gaps.end());
    std::erase_if(marks, [&](const Mark& other) { return other.lines > mark.lines; });
    Open({mark.position});
  }

  // False if there was nothing.
  bool Read() {
    const absl::StatusOr<LiveRead> read = source_->Read(absl::InfinitePast());
    if (!read.ok()) return ADD_FAILURE() << read.status(), false;
    if (read->kind == LiveRead::kGap) gaps.insert(lines.size());
    if (read->kind == LiveRead::kBytes) Take(*read);
    return read->kind != LiveRead::kIdle;
  }
  void ReadAll() {
    while (Read()) {
    }
    // A successor is begun when it is looked at a second time.
    while (Read()) {
    }
  }

  std::vector<std::string> lines;
  std::set<size_t> gaps;  // told before the line with this index
  std::vector<Mark> marks;
  std::vector<std::string> Complete() const {
    std::vector<std::string> all = lines;
    if (!partial_.empty()) all.push_back(partial_);
    return all;
  }

 private:
  void Take(const LiveRead& read) {
    if (read.fresh) {
      if (!partial_.empty()) lines.push_back(partial_);
      partial_.clear();
      line_ = read.line;
      offset_ = read.offset;
    }
    EXPECT_EQ(read.offset, offset_ + partial_.size());
    EXPECT_EQ(read.line, line_);
    for (char c : read.bytes) {
      if (c != '\n') {
        partial_ += c;
        continue;
      }
      offset_ += partial_.size() + 1;
      ++line_;
      lines.push_back(std::exchange(partial_, ""));
      ends_.push_back({offset_, line_, lines.size()});
    }
    for (const End& end : ends_) {
      LivePosition position{path_, source_->Identity(0), end.offset, end.line, ""};
      marks.push_back({std::move(position), end.lines});
    }
    ends_.clear();
  }

  struct End {
    uint64_t offset, line;
    size_t lines;
  };
  std::string path_, partial_;
  uint64_t offset_ = 0, line_ = 1;
  std::vector<End> ends_;
  std::unique_ptr<LiveSource> source_;
};

// Writes lines to a log, and rotates it.
class Writer {
 public:
  Writer(std::string path, std::mt19937* random) : path_(std::move(path)), random_(*random) { Reopen(); }
  ~Writer() { close(fd_); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  uint32_t Pick(uint32_t n) { return static_cast<uint32_t>(random_() % n); }

  void Write() {
    std::string text;
    for (uint32_t i = Pick(4); i-- > 0;) {
      lines.push_back(NewLine() + std::string(Pick(40), '.'));
      text += lines.back() + "\n";
    }
    // Sometimes in two pieces, but never so little that another text might begin with it.
    Append(std::exchange(rest_, ""));
    const bool half = !text.empty() && Pick(5) == 0;
    const size_t now = half ? 6 + Pick(static_cast<uint32_t>(text.size() - 6)) : text.size();
    Append(text.substr(0, now));
    rest_ = text.substr(now);
  }
  void WriteOne() {
    lines.push_back(NewLine());
    Append(std::exchange(rest_, "") + lines.back() + "\n");
  }
  void Finish() { Append(std::exchange(rest_, "")); }
  void Reopen() {
    Finish();
    if (fd_ >= 0) close(fd_);
    fd_ = open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT, 0600);
  }
  // `.1`, `.2`, … or dates; the writer notices at its next Reopen.
  void Rename(bool dates, bool create) {
    if (!fs::exists(path_)) return;
    fs::rename(path_, NewName(dates));
    if (create) close(open(path_.c_str(), O_WRONLY | O_CREAT, 0600));
  }
  void Copy() {
    Finish();
    fs::copy_file(path_, NewName(false));
  }
  void Cut() {
    Finish();
    ASSERT_EQ(truncate(path_.c_str(), 0), 0);
  }
  void Delete() { fs::remove(path_); }
  // Packs all that was rotated.
  void Pack() {
    for (uint64_t i = 1; fs::exists(Numbered(i)); ++i) {
      Put(Numbered(i) + ".gz", "\x1f\x8b packed");
      fs::remove(Numbered(i));
    }
  }
  // The numbers of the files that are there.
  std::set<std::string> Files() const {
    std::set<std::string> inodes;
    for (const fs::directory_entry& entry : fs::directory_iterator(fs::path(path_).parent_path())) {
      struct stat info;
      if (stat(entry.path().c_str(), &info) == 0) inodes.insert(std::to_string(info.st_ino));
    }
    return inodes;
  }

  std::vector<std::string> lines;

 private:
  // Told from all others by its first bytes.
  std::string NewLine() {
    std::string number = std::to_string(100000 + lines.size());
    return {number.rbegin(), number.rend()};
  }
  void Append(const std::string& text) {
    if (text.empty()) return;
    ASSERT_EQ(write(fd_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  std::string Numbered(uint64_t n) const { return path_ + "." + std::to_string(n); }
  std::string NewName(bool dates) {
    if (dates) return path_ + "-20260531" + std::to_string(100000 + ++date_);
    uint64_t last = 1;
    while (fs::exists(Numbered(last))) ++last;
    for (; last > 1; --last) fs::rename(Numbered(last - 1), Numbered(last));
    return Numbered(1);
  }

  std::string path_, rest_;
  std::mt19937& random_;
  int fd_ = -1;
  uint32_t date_ = 0;
};

std::string Difference(const std::vector<std::string>& got, const std::vector<std::string>& wanted) {
  for (size_t i = 0; i < std::max(got.size(), wanted.size()); ++i) {
    const std::string a = i < got.size() ? got[i] : "nothing", b = i < wanted.size() ? wanted[i] : "nothing";
    if (a != b) return "at " + std::to_string(i) + ": got " + a + ", wanted " + b;
  }
  return "";
}

std::string InodeOf(const std::string& identity) {
  const size_t colon = identity.find(':') + 1;
  return identity.substr(colon, identity.find(':', colon) - colon);
}

// A run of the rename kind: "" or what is wrong.
std::string RunRenames(uint32_t seed) {
  const TemporaryDirectory temp;
  std::mt19937 random(seed);
  Writer writer(temp.At("app.log"), &random);
  Follower follower(temp.At("app.log"));
  const bool dates = writer.Pick(3) == 0;
  size_t gone = 0;  // lines before this index are no longer in a file that could be resumed
  std::set<std::string> dead, was_dead;  // nor are those in files with these numbers
  for (int step = 0; step < 50; ++step) {
    switch (writer.Pick(12)) {
      case 0:
        writer.Rename(dates, writer.Pick(2) == 0);
        break;
      case 1:
        writer.Reopen();
        break;
      case 2:
        writer.Rename(dates, false);
        writer.Reopen();
        break;
      case 3:
        writer.WriteOne();  // so that the follower has the file that is written
        follower.ReadAll();
        was_dead = dead;
        for (const std::string& file : writer.Files()) dead.insert(file);
        if (writer.Pick(2) == 0) {
          writer.Delete();
        } else {
          writer.Pack();
        }
        for (const std::string& file : writer.Files()) {
          if (was_dead.count(file) == 0) dead.erase(file);
        }
        gone = follower.lines.size();
        break;
      case 4: {
        if (follower.marks.empty()) break;
        const size_t back = writer.Pick(static_cast<uint32_t>(std::min<size_t>(follower.marks.size(), 10)));
        const Follower::Mark mark = follower.marks[follower.marks.size() - 1 - back];
        if (mark.lines >= gone && dead.count(InodeOf(mark.position.identity)) == 0) follower.Resume(mark);
        break;
      }
      case 5:
      case 6:
        follower.Read();
        break;
      default:
        writer.Write();
    }
  }
  writer.Reopen();
  writer.lines.push_back("the end");
  std::ofstream(temp.At("app.log"), std::ios::app) << "the end\n";
  follower.ReadAll();
  const std::string difference = Difference(follower.Complete(), writer.lines);
  if (!difference.empty()) return difference;
  return follower.gaps.empty() ? "" : "a gap was told";
}

TEST(Follow, NothingIsLostOrDoubledWhenFilesAreRenamed) {
  int wrong = 0;
  for (int i = 0; i < Sequences(400) && wrong < 5; ++i) {
    const std::string what = RunRenames(static_cast<uint32_t>(i));
    wrong += !what.empty();
    EXPECT_EQ(what, "") << "sequence " << i;
  }
}

// A run of the copytruncate kind. Lines may be lost: with a copy, only those written between copying and
// cutting; without, those not read yet, where a gap must be told.
std::string RunCuts(uint32_t seed) {
  const TemporaryDirectory temp;
  std::mt19937 random(seed);
  Writer writer(temp.At("app.log"), &random);
  Follower follower(temp.At("app.log"));
  std::set<std::string> unprovable, provable;
  for (int step = 0; step < 50; ++step) {
    const uint32_t what = writer.Pick(10);
    if (what == 0) {
      writer.Copy();
      const size_t copied = writer.lines.size();
      if (writer.Pick(3) == 0) writer.Write();
      writer.Cut();
      unprovable.insert(writer.lines.begin() + static_cast<std::ptrdiff_t>(copied), writer.lines.end());
    } else if (what == 1) {
      writer.Finish();
      follower.ReadAll();
      const size_t before = writer.lines.size();
      const bool begun = fs::file_size(temp.At("app.log")) > 0;
      writer.Write();
      writer.Finish();
      // Of what was not begun nobody can know that it was there.
      (begun ? provable : unprovable)
          .insert(writer.lines.begin() + static_cast<std::ptrdiff_t>(before), writer.lines.end());
      writer.Cut();
    } else if (what < 4) {
      follower.Read();
    } else {
      writer.Write();
    }
  }
  writer.Finish();
  follower.ReadAll();
  size_t at = 0;
  const std::vector<std::string> got = follower.Complete();
  for (const std::string& line : writer.lines) {
    if (at < got.size() && got[at] == line) {
      ++at;
    } else if (unprovable.count(line) == 0 && !(provable.count(line) > 0 && follower.gaps.count(at) > 0)) {
      return "lost without a word: " + line;
    }
  }
  return at == got.size() ? "" : "doubled or out of order: " + got[at];
}

TEST(Follow, WhatIsLostWhenFilesAreCutIsTold) {
  int wrong = 0;
  for (int i = 0; i < Sequences(400) && wrong < 5; ++i) {
    const std::string what = RunCuts(static_cast<uint32_t>(i));
    wrong += !what.empty();
    EXPECT_EQ(what, "") << "sequence " << i;
  }
}

}  // namespace
}  // namespace gainsay
