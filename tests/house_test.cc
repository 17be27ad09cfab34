// Holds the house to DESIGN.md section 6: rooms include only what lies before them, each dependency has one
// door, the top level is fixed, and files stay small.
#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

namespace gainsay {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = GAINSAY_SOURCE_DIR;

// ---- What a file includes --------------------------------------------------------------

struct Include {
  std::string path;
  bool quoted = false;
};

std::vector<Include> IncludesOf(std::string_view text) {
  std::vector<Include> includes;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    std::string squeezed;  // `#  include  "a"` is an include as well
    for (char c : line) {
      if (c != ' ' && c != '\t') squeezed += c;
    }
    if (!squeezed.starts_with("#include") || squeezed.size() < 10) continue;
    const bool quoted = squeezed[8] == '"';
    const size_t end = squeezed.find(quoted ? '"' : '>', 9);
    includes.push_back({squeezed.substr(9, end == std::string::npos ? end : end - 9), quoted});
  }
  return includes;
}

// ---- Rooms -----------------------------------------------------------------------------

// "src/task/run.h" and "task/run.h" are in "task"; files directly in src/ are in none.
std::string RoomOf(std::string_view path) {
  if (path.starts_with("src/")) path.remove_prefix(4);
  const size_t slash = path.find('/');
  return slash == std::string_view::npos ? "" : std::string(path.substr(0, slash));
}

std::optional<size_t> Place(const std::string& room) {
  constexpr std::string_view kRooms[] = {"input",   "record", "event", "task",
                                         "finding", "report", "watch", "discovery"};
  for (size_t i = 0; i < std::size(kRooms); ++i) {
    if (kRooms[i] == room) return i;
  }
  return std::nullopt;
}

bool IsPipeline(std::string_view path) { return path.starts_with("src/pipeline"); }

// What is wrong with a file of the project including another one; "" if nothing is.
std::string WrongDirection(const std::string& file, const std::string& included) {
  const std::string room = RoomOf(included);
  if (room == "analyzer" || included.find("..") != std::string::npos) return "reaches out of src/";
  if (file.starts_with("analyzer/") || IsPipeline(file)) return "";
  if (room.empty()) return "only the pipeline and the program see the pipeline";
  const std::string own = RoomOf(file);
  if (room == own || room == "rule") return "";
  if (own == "rule") return "rule/ is a side room and includes no other";
  const std::optional<size_t> from = Place(own), to = Place(room);
  if (!from) return "the file is in no known room";
  if (!to) return "not a room of src/";
  return *to < *from ? "" : "a room includes none after it";
}

TEST(House, RoomsLookBack) {
  EXPECT_EQ(WrongDirection("src/task/run.h", "event/event.h"), "");
  EXPECT_EQ(WrongDirection("src/task/run.h", "task/attempts.h"), "");
  EXPECT_EQ(WrongDirection("src/record/a.cc", "input/chunk.h"), "");
  EXPECT_EQ(WrongDirection("src/input/a.cc", "rule/rule.h"), "");
  EXPECT_EQ(WrongDirection("src/discovery/a.cc", "event/words.h"), "");
  EXPECT_NE(WrongDirection("src/report/a.cc", "discovery/proposal.h"), "");
  EXPECT_EQ(WrongDirection("src/pipeline_scan.cc", "report/report.h"), "");
  EXPECT_EQ(WrongDirection("analyzer/scan.cc", "pipeline.h"), "");
  EXPECT_NE(WrongDirection("src/event/event.h", "task/run.h"), "");
  EXPECT_NE(WrongDirection("src/rule/rule.h", "record/record.h"), "");
  EXPECT_NE(WrongDirection("src/report/report.cc", "analyzer/flags.h"), "");
  EXPECT_NE(WrongDirection("src/report/report.cc", "../analyzer/flags.h"), "");
  EXPECT_NE(WrongDirection("src/report/report.cc", "pipeline.h"), "");
  EXPECT_NE(WrongDirection("src/util/a.cc", "task/run.h"), "");
  EXPECT_NE(WrongDirection("src/task/run.h", "util/strings.h"), "");
}

// ---- Doors -----------------------------------------------------------------------------

struct Door {
  std::string_view include;              // what an include of the dependency begins with
  std::vector<std::string_view> places;  // where it may stand
};

const std::vector<Door>& Doors() {
  static const std::vector<Door> doors = {
      {"simdjson", {"src/record/"}},
      {"re2/", {"src/record/text", "src/event/", "src/rule/", "src/finding/suppress"}},
      {"toml++", {"src/rule/"}},
      {"toml.hpp", {"src/rule/"}},
      {"isa-l/", {"src/input/gzip_isal"}},
      {"zlib.h", {"src/input/gzip_zlib"}},
      {"zstd", {"src/input/zstd"}},
      {"lzma.h", {"src/input/xz"}},
      {"bzlib.h", {"src/input/bzip2"}},
      {"archive", {"src/input/archive"}},
      {"CLI/", {"analyzer/"}},
      {"nettle/", {"src/input/digest"}},
      {"prometheus/", {"src/report/prometheus", "src/watch/metrics_server"}},
      {"curl/", {"src/watch/webhook"}},
      {"systemd/", {"src/watch/service", "src/input/journal"}},
      {"thread", {"src/pipeline"}},
  };
  return doors;
}

std::string WrongDoor(const std::string& file, const std::string& included) {
  for (const Door& door : Doors()) {
    const bool whole = door.include == "thread";  // "thread_name.h" is another's
    if (whole ? included != door.include : !included.starts_with(door.include)) continue;
    bool stands = false;
    for (std::string_view place : door.places) stands = stands || file.starts_with(place);
    if (!stands) return "belongs into " + std::string(door.places[0]);
    if (included == "thread" && !file.ends_with(".cc")) return "threads are the pipeline's .cc's alone";
  }
  return "";
}

TEST(House, EachDependencyHasOneDoor) {
  EXPECT_EQ(WrongDoor("src/record/json.cc", "simdjson.h"), "");
  EXPECT_EQ(WrongDoor("src/finding/suppress.cc", "re2/re2.h"), "");
  EXPECT_EQ(WrongDoor("src/pipeline_scan.cc", "thread"), "");
  EXPECT_NE(WrongDoor("src/event/a.cc", "simdjson.h"), "");
  EXPECT_NE(WrongDoor("src/task/a.cc", "re2/re2.h"), "");
  EXPECT_NE(WrongDoor("src/record/json.cc", "re2/re2.h"), "");
  EXPECT_NE(WrongDoor("src/event/a.cc", "toml++/toml.h"), "");
  EXPECT_NE(WrongDoor("src/record/a.cc", "zlib.h"), "");
  EXPECT_NE(WrongDoor("src/rule/a.cc", "CLI/CLI.hpp"), "");
  EXPECT_NE(WrongDoor("src/pipeline.h", "thread"), "");
  EXPECT_NE(WrongDoor("src/input/a.cc", "thread"), "");
  EXPECT_NE(WrongDoor("src/report/a.cc", "nettle/sha2.h"), "");
  EXPECT_NE(WrongDoor("src/report/html.cc", "prometheus/registry.h"), "");
  EXPECT_NE(WrongDoor("src/watch/exec.cc", "curl/curl.h"), "");
}

// ---- Sizes -----------------------------------------------------------------------------

// A file must stay under this many lines.
size_t LineLimit(const std::string& file) {
  if (file == "analyzer/main.cc") return 60;
  return file.ends_with(".h") ? 200 : 450;
}

// ---- The files of the checkout ---------------------------------------------------------

std::string Read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// The C++ files of a folder, named from the root.
std::vector<std::string> CodeIn(const char* folder) {
  std::vector<std::string> files;
  if (!fs::exists(kRoot / folder)) return files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(kRoot / folder)) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".cc" && extension != ".h") continue;
    files.push_back(fs::relative(entry.path(), kRoot).generic_string());
  }
  return files;
}

std::vector<std::string> Code() {
  std::vector<std::string> files = CodeIn("src");
  for (std::string& file : CodeIn("analyzer")) files.push_back(std::move(file));
  return files;
}

TEST(House, ReadsIncludes) {
  const std::vector<Include> includes =
      IncludesOf("#include \"a/b.h\"\n // #include \"no.h\"\n#  include <thread>\n#include\n#define X\n");
  ASSERT_EQ(includes.size(), 2u);
  EXPECT_EQ(includes[0].path, "a/b.h");
  EXPECT_TRUE(includes[0].quoted);
  EXPECT_EQ(includes[1].path, "thread");
  EXPECT_FALSE(includes[1].quoted);
}

TEST(House, IncludesAreInOrder) {
  const std::vector<std::string> files = Code();
  ASSERT_GT(files.size(), 20u) << "no code in " << kRoot;
  for (const std::string& file : files) {
    for (const Include& include : IncludesOf(Read(kRoot / file))) {
      EXPECT_EQ(WrongDoor(file, include.path), "") << file << " includes " << include.path;
      // Quoted includes are the project's own, or a library's (absl, re2).
      const bool own = fs::exists(kRoot / "src" / include.path) || include.path.starts_with("..") ||
                       (include.quoted && include.path.starts_with("analyzer/"));
      if (!own || file.starts_with("analyzer/")) continue;
      EXPECT_EQ(WrongDirection(file, include.path), "") << file << " includes " << include.path;
    }
  }
}

TEST(House, FilesStaySmall) {
  EXPECT_EQ(LineLimit("analyzer/main.cc"), 60u);
  EXPECT_EQ(LineLimit("src/task/run.h"), 200u);
  EXPECT_EQ(LineLimit("src/task/run.cc"), 450u);
  for (const std::string& file : Code()) {
    const std::string text = Read(kRoot / file);
    const auto lines = static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
    EXPECT_LT(lines, LineLimit(file)) << file << " wants to be two";
  }
}

TEST(House, EveryFileOfSrcIsInARoom) {
  for (const std::string& file : CodeIn("src")) {
    const std::string room = RoomOf(file);
    EXPECT_TRUE(IsPipeline(file) || room == "rule" || Place(room)) << file << " is in no room";
  }
}

// ---- The top level ---------------------------------------------------------------------

bool BelongsToTopLevel(const std::string& name) {
  static const std::set<std::string> kNames = {
      "CMakeLists.txt", "analyzer",         "rules", "src", "bench", "tests", "samples",
      "README.md",      "CMakePresets.json"};
  return name.starts_with(".") || kNames.count(name) > 0;
}

// What git holds; nothing where this is no checkout, or nothing is committed yet.
std::set<std::string> TopLevelOfGit() {
  std::set<std::string> names;
  const std::string command = "git -C '" + kRoot.string() + "' ls-files 2>/dev/null";
  const std::unique_ptr<FILE, int (*)(FILE*)> git(popen(command.c_str(), "r"), pclose);
  std::string output;
  std::array<char, 4096> buffer;
  while (git != nullptr) {
    const size_t n = fread(buffer.data(), 1, buffer.size(), git.get());
    if (n == 0) break;
    output.append(buffer.data(), n);
  }
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) names.insert(line.substr(0, line.find('/')));
  return names;
}

std::set<std::string> TopLevel() {
  std::set<std::string> names = TopLevelOfGit();
  if (!names.empty()) return names;
  for (const fs::directory_entry& entry : fs::directory_iterator(kRoot)) {
    const std::string name = entry.path().filename().string();
    const bool ignored = name.starts_with("build") || name == "compile_commands.json";
    if (!ignored) names.insert(name);
  }
  return names;
}

TEST(House, TheTopLevelIsFixed) {
  EXPECT_TRUE(BelongsToTopLevel(".clang-format"));
  EXPECT_FALSE(BelongsToTopLevel("docs"));
  EXPECT_FALSE(BelongsToTopLevel("main.cc"));
  for (const std::string& name : TopLevel()) EXPECT_TRUE(BelongsToTopLevel(name)) << name;
}

}  // namespace
}  // namespace gainsay
