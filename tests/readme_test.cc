// Holds README.md to what it shows: each command of a fenced `sh` block that begins with "$ " is run in the
// checkout, and prints what stands under it. Commands that install or build are left to the tests' own run.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "case_file.h"

namespace gainsay {
namespace {

namespace fs = std::filesystem;

struct Shown {
  size_t line = 0;
  std::string command, output;
};

// The commands of a page and what it shows of their output.
std::vector<Shown> ShownIn(const std::string& page) {
  std::vector<Shown> shown;
  bool in_shell = false, in_output = false;
  size_t number = 0;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.starts_with("```")) {
      in_shell = !in_shell && line == "```sh";
      in_output = false;
    } else if (in_shell && line.starts_with("$ ")) {
      shown.push_back({number, line.substr(2), ""});
      in_output = true;
    } else if (in_output) {
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

TEST(Readme, CommandsAreFound) {
  const std::vector<Shown> shown =
      ShownIn("$ no\n```sh\n$ a b\nout\n\nmore\n$ c\n# no\n```\n```toml\n$ no\n```\n```\n$ no\n```\n");
  ASSERT_EQ(shown.size(), 2u);
  EXPECT_EQ(shown[0].line, 3u);
  EXPECT_EQ(shown[0].command, "a b");
  EXPECT_EQ(shown[0].output, "out\n\nmore\n");
  EXPECT_EQ(shown[1].command, "c");
  EXPECT_EQ(shown[1].output, "# no\n");
}

TEST(Readme, LinksAreFound) {
  EXPECT_EQ(LinksIn("[a](b.md) [c](#here) [d](e/f.md#there) [g](https://h.i/j)"),
            (std::vector<std::string>{"b.md", "e/f.md"}));
}

TEST(Readme, ShowsWhatTheProgramPrints) {
  const std::string root = GAINSAY_SOURCE_DIR;
  const std::string path = fs::path(GAINSAY_BINARY).parent_path().string() + ":" + getenv("PATH");
  const std::vector<Shown> all = ShownIn(ReadFile(root + "/README.md"));
  ASSERT_FALSE(all.empty());
  for (const Shown& shown : all) {
    if (InstallsOrBuilds(shown.command)) continue;
    const CommandResult result = RunCommand(shown.command, root, {"PATH=" + path}, std::nullopt);
    EXPECT_EQ(Difference(WithoutLastBlanks(shown.output), WithoutLastBlanks(result.standard_output)), "")
        << "README.md:" << shown.line << ": " << shown.command << "\n"
        << result.standard_output;
    EXPECT_EQ(result.standard_error, "") << "README.md:" << shown.line << ": " << shown.command;
  }
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
