// Holds the pages to what they show. Each command of a fenced `sh` block that begins with "$ " is run, and
// prints, on standard output and error together, what stands under it. Of README.md that is done in the
// checkout; commands that install or build are left to the tests' own run. Of rules/README.md it is done in
// an empty directory, in the order of the page: a `toml` or `text` block that begins with "# file: NAME" is
// that file, one with "# add to: NAME" goes behind it, and any other `toml` block must pass `rules check`.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "case_file.h"

namespace gainsay {
namespace {

namespace fs = std::filesystem;

struct Block {
  size_t line = 0;       // of its first line
  std::string language;  // "sh", "toml", "" …
  std::string text;
};

std::vector<Block> BlocksIn(const std::string& page) {
  std::vector<Block> blocks;
  bool inside = false;
  size_t number = 0;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.starts_with("```")) {
      inside = !inside;
      if (inside) blocks.push_back({number + 1, line.substr(3), ""});
    } else if (inside) {
      blocks.back().text += line + "\n";
    }
  }
  return blocks;
}

struct Shown {
  size_t line = 0;
  std::string command, output;
};

// The commands of a block and what it shows of their output.
std::vector<Shown> ShownIn(const Block& block) {
  std::vector<Shown> shown;
  if (block.language != "sh") return shown;
  size_t number = block.line;
  std::istringstream lines(block.text);
  for (std::string line; std::getline(lines, line); ++number) {
    if (line.starts_with("$ ")) {
      shown.push_back({number, line.substr(2), ""});
    } else if (!shown.empty()) {
      shown.back().output += line + "\n";
    }
  }
  return shown;
}

bool InstallsOrBuilds(const std::string& command) {
  for (const char* word : {"samples/run", "tests/run", "cmake", "apt", "sudo"}) {
    if (command.find(word) != std::string::npos) return true;
  }
  return false;
}

// Blank lines at the end of a block are the page's, not the program's.
std::string WithoutLastBlanks(std::string text) {
  while (text.ends_with("\n\n")) text.pop_back();
  return text == "\n" ? "" : text;
}

// What a page's links lead to, without anchors and other sites.
std::vector<std::string> LinksIn(const std::string& page) {
  std::vector<std::string> links;
  for (size_t at = page.find("]("); at != std::string::npos; at = page.find("](", at + 1)) {
    const size_t begin = at + 2, end = page.find_first_of(")#", begin);
    if (end == std::string::npos || end == begin) continue;
    const std::string link = page.substr(begin, end - begin);
    if (link.find("://") == std::string::npos) links.push_back(link);
  }
  return links;
}

// Runs what a block shows, in `directory`, and compares what is printed.
void RunShown(const std::string& page, const Block& block, const std::string& directory) {
  const std::string path = fs::path(GAINSAY_BINARY).parent_path().string() + ":" + getenv("PATH");
  for (const Shown& shown : ShownIn(block)) {
    if (InstallsOrBuilds(shown.command)) continue;
    const CommandResult result =
        RunCommand("{ " + shown.command + "\n} 2>&1", directory, {"PATH=" + path}, std::nullopt);
    EXPECT_EQ(Difference(WithoutLastBlanks(shown.output), WithoutLastBlanks(result.standard_output)), "")
        << page << ":" << shown.line << ": " << shown.command << "\n"
        << result.standard_output;
  }
}

// The file that the block's first line names behind `title`; "" if it does not.
std::string NamedBy(const Block& block, const std::string& title) {
  if (!block.text.starts_with(title)) return "";
  return block.text.substr(title.size(), block.text.find('\n') - title.size());
}

// Writes the file that a block is; false if it is none. A title is a comment in TOML, but no log line.
bool WriteBlock(const Block& block, const std::string& directory) {
  const std::string fresh = NamedBy(block, "# file: "), more = NamedBy(block, "# add to: ");
  if (fresh.empty() && more.empty()) return false;
  std::string text = block.text;
  if (block.language != "toml") text.erase(0, text.find('\n') + 1);
  std::ofstream file(directory + "/" + fresh + more, fresh.empty() ? std::ios::app : std::ios::out);
  file << (fresh.empty() ? "\n" : "") << text;
  return true;
}

// What `rules check` says against a block, which may lack the head of a pack.
std::string Complaints(const Block& block, const std::string& directory) {
  const bool whole = block.text.find("format") != std::string::npos;
  const std::string head = whole ? "" : "format = 1\nid = \"page\"\ntitle = \"A page\"\n";
  WriteFile(directory + "/block.toml", head + block.text);
  const CommandResult result =
      RunCommand("'" GAINSAY_BINARY "' rules check block.toml 2>&1", directory, {}, std::nullopt);
  return result.exit_code == 0 ? "" : result.standard_output;
}

TEST(Readme, CommandsAreFound) {
  const std::vector<Block> blocks =
      BlocksIn("$ no\n```sh\n$ a b\nout\n\nmore\n$ c\n# no\n```\n```toml\n$ no\n```\n```\n$ no\n```\n");
  ASSERT_EQ(blocks.size(), 3u);
  const std::vector<Shown> shown = ShownIn(blocks[0]);
  ASSERT_EQ(shown.size(), 2u);
  EXPECT_EQ(shown[0].line, 3u);
  EXPECT_EQ(shown[0].command, "a b");
  EXPECT_EQ(shown[0].output, "out\n\nmore\n");
  EXPECT_EQ(shown[1].command, "c");
  EXPECT_EQ(shown[1].output, "# no\n");
  EXPECT_TRUE(ShownIn(blocks[1]).empty());
  EXPECT_EQ(blocks[1].text, "$ no\n");
}

TEST(Readme, FilesAreMade) {
  const std::string directory = MakeDirectory();
  EXPECT_TRUE(WriteBlock({1, "toml", "# file: a.toml\nx = 1\n"}, directory));
  EXPECT_TRUE(WriteBlock({1, "toml", "# add to: a.toml\ny = 1\n"}, directory));
  EXPECT_TRUE(WriteBlock({1, "text", "# file: a.log\nline\n"}, directory));
  EXPECT_FALSE(WriteBlock({1, "toml", "x = 1\n"}, directory));
  EXPECT_EQ(ReadFile(directory + "/a.toml"), "# file: a.toml\nx = 1\n\n# add to: a.toml\ny = 1\n");
  EXPECT_EQ(ReadFile(directory + "/a.log"), "line\n");
  fs::remove_all(directory);
}

TEST(Readme, BlocksMustPassTheCheck) {
  const std::string directory = MakeDirectory();
  EXPECT_EQ(Complaints({1, "toml", "[fields]\ntask = [\"a\"]\n"}, directory), "");
  EXPECT_NE(Complaints({1, "toml", "[fields]\ntaks = [\"a\"]\n"}, directory), "");
  fs::remove_all(directory);
}

TEST(Readme, LinksAreFound) {
  EXPECT_EQ(LinksIn("[a](b.md) [c](#here) [d](e/f.md#there) [g](https://h.i/j)"),
            (std::vector<std::string>{"b.md", "e/f.md"}));
}

TEST(Readme, ShowsWhatTheProgramPrints) {
  const std::string root = GAINSAY_SOURCE_DIR;
  const std::vector<Block> blocks = BlocksIn(ReadFile(root + "/README.md"));
  ASSERT_FALSE(blocks.empty());
  for (const Block& block : blocks) RunShown("README.md", block, root);
}

TEST(Readme, TheRuleTutorialHolds) {
  const std::string page = "rules/README.md", directory = MakeDirectory();
  size_t files = 0, commands = 0;
  for (const Block& block : BlocksIn(ReadFile(GAINSAY_SOURCE_DIR "/" + page))) {
    commands += ShownIn(block).size();
    if (WriteBlock(block, directory)) {
      ++files;
    } else if (block.language == "toml") {
      EXPECT_EQ(Complaints(block, directory), "") << page << ":" << block.line;
    } else {
      RunShown(page, block, directory);
    }
  }
  EXPECT_GT(files, 5u);
  EXPECT_GT(commands, 8u);
  fs::remove_all(directory);
}

TEST(Readme, LinksLeadSomewhere) {
  const fs::path root = GAINSAY_SOURCE_DIR;
  for (const char* page : {"README.md", "src/README.md", "rules/README.md", "samples/README.md"}) {
    for (const std::string& link : LinksIn(ReadFile((root / page).string()))) {
      EXPECT_TRUE(fs::exists((root / page).parent_path() / link)) << page << ": " << link;
    }
  }
}

}  // namespace
}  // namespace gainsay
