// Arguments that become sources, over a small tree of files, and the patterns by themselves.
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "input/glob.h"
#include "input/source.h"

namespace gainsay {
namespace {

TEST(Glob, Matches) {
  const struct {
    const char *pattern, *path;
    bool matches;
  } cases[] = {
      {"", "", true},
      {"", "a", false},
      {"a", "a", true},
      {"*", "", true},
      {"*", "a.log", true},
      {"*", "a/b", false},
      {"*.log", "a.log", true},
      {"*.log", "a.log.gz", false},
      {"*.log*", "a.log.gz", true},
      {"a*b*c", "axxbyyc", true},
      {"a*b*c", "axxbyyd", false},
      {"a?c", "abc", true},
      {"a?c", "a/c", false},
      {"a?c", "ac", false},
      {"?", "", false},
      {"[abc]", "b", true},
      {"[a-c]x", "bx", true},
      {"[a-c]x", "dx", false},
      {"[!a-c]", "d", true},
      {"[^a-c]", "a", false},
      {"[!a]", "/", false},
      {"a[/]b", "a/b", false},
      {"[]]", "]", true},
      {"[!]]", "]", false},
      {"[a-]", "-", true},
      {"[\\]]", "]", true},
      {"[z-a]", "m", false},
      {"[abc", "[abc", true},
      {"[", "[", true},
      {"a[", "a", false},
      {"\\*", "*", true},
      {"\\*", "a", false},
      {"a\\", "a\\", true},
      {"\xc3\xa4*", "\xc3\xa4.log", true},
      {"[\x80-\xff]", "\xa4", true},
      {"**", "a/b/c", true},
      {"**", "", true},
      {"**/x", "x", true},
      {"**/x", "a/x", true},
      {"**/x", "a/b/x", true},
      {"**/x", "ax", false},
      {"**/x", "a/bx", false},
      {"a/**/b", "a/b", true},
      {"a/**/b", "a/x/y/b", true},
      {"a/**/b", "a/xb", false},
      {"a/**/b", "ab", false},
      {"a/**", "a/b/c", true},
      {"a/**", "a", false},
      {"a**b", "a/x/b", true},
      {"**.log", "a/b.log", true},
      {"**/*.log", "b.log", true},
      {"**/a/**/b", "a/a/b/b", true},
      {"**/a/**/b", "x/b/a", false},
      {"**/**/x", "x", true},
      {"*/**/x", "x", false},
      {"*/**/x", "a/x", true},
      {"/**/x", "/x", true},
      {"*a/**/b", "a/a/b", true},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Glob(c.pattern).Matches(c.path), c.matches) << c.pattern << " over " << c.path;
  }
}

TEST(Glob, NoPatternIsExponential) {
  std::string stars, deep;
  for (int i = 0; i < 200; ++i) {
    stars += "*a";
    deep += "**/a/";
  }
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(Glob(stars + "b").Matches(std::string(2000, 'a')));
  std::string path;
  for (int i = 0; i < 1000; ++i) path += "a/";
  EXPECT_FALSE(Glob(deep + "b").Matches(path));
  EXPECT_TRUE(Glob(deep + "b").Matches(path + "b"));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

class Expand : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "gainsay_source_XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
    home_ = getcwd(nullptr, 0);
    ASSERT_EQ(chdir(root_.c_str()), 0);
    for (const char* directory : {"logs", "logs/old", "logs/.hidden", "other"}) Directory(directory);
    for (const char* file : {"logs/b.log", "logs/a.log", "logs/c.txt", "logs/.dot.log", "logs/old/a.log.gz",
                             "logs/.hidden/x.log", "other/z.log", "top.log", "odd[1].log"}) {
      File(file);
    }
  }
  void TearDown() override {
    ASSERT_EQ(chdir(home_), 0);
    free(home_);
    ASSERT_EQ(std::system(("chmod -R u+rwx '" + root_ + "' && rm -rf '" + root_ + "'").c_str()), 0);
  }

  void Directory(const std::string& path) { ASSERT_EQ(mkdir(path.c_str(), 0700), 0) << path; }
  void File(const std::string& path) { std::ofstream(path) << path; }
  void Symlink(const std::string& to, const std::string& path) {
    ASSERT_EQ(symlink(to.c_str(), path.c_str()), 0) << path;
  }

  // The names, and the problems as "name: message".
  std::vector<std::string> Names(const std::vector<std::string>& arguments, const PathFilter& filter = {}) {
    std::vector<std::string> names;
    std::vector<InputProblem> problems;
    for (const Source& source : ExpandPaths(arguments, filter, &problems)) {
      EXPECT_EQ(source.name, source.path);
      names.push_back(source.name);
    }
    problems_.clear();
    for (const InputProblem& problem : problems) problems_.push_back(problem.name + ": " + problem.message);
    return names;
  }

  using List = std::vector<std::string>;
  std::string root_;
  char* home_ = nullptr;
  List problems_;
};

TEST_F(Expand, Directories) {
  const List all = {"logs/a.log", "logs/b.log", "logs/c.txt", "logs/old/a.log.gz"};
  EXPECT_EQ(Names({"logs"}), all);
  EXPECT_EQ(Names({"logs/"}), all);
  EXPECT_EQ(Names({"./logs"})[0], "./logs/a.log");
  EXPECT_EQ(Names({root_ + "/logs"})[0], root_ + "/logs/a.log");
  EXPECT_EQ(Names({"logs/.hidden"}), List{"logs/.hidden/x.log"});
  EXPECT_EQ(Names({"."}), (List{"./logs/a.log", "./logs/b.log", "./logs/c.txt", "./logs/old/a.log.gz",
                                "./odd[1].log", "./other/z.log", "./top.log"}));
  EXPECT_EQ(problems_, List{});
}

TEST_F(Expand, OrderOfArgumentsAndDuplicates) {
  EXPECT_EQ(Names({"top.log", "logs/b.log", "logs", "./top.log"}),
            (List{"top.log", "logs/b.log", "logs/a.log", "logs/c.txt", "logs/old/a.log.gz"}));
  EXPECT_EQ(Names({"-", "top.log", "-"}), (List{"-", "top.log"}));
  ASSERT_EQ(link("top.log", "same.log"), 0);
  EXPECT_EQ(Names({"same.log", "top.log"}), List{"same.log"});
}

TEST_F(Expand, Globs) {
  const struct {
    const char* pattern;
    List names;
  } cases[] = {
      {"*.log", {"odd[1].log", "top.log"}},
      {"logs/*.log", {"logs/a.log", "logs/b.log"}},
      {"./logs/[ab].lo?", {"./logs/a.log", "./logs/b.log"}},
      {"*/*.log", {"logs/a.log", "logs/b.log", "other/z.log"}},
      {"l*", {"logs/a.log", "logs/b.log", "logs/c.txt", "logs/old/a.log.gz"}},
      {"l*/", {"logs/a.log", "logs/b.log", "logs/c.txt", "logs/old/a.log.gz"}},
      {"l*/old/a.log.gz", {"logs/old/a.log.gz"}},
      {"logs/.*.log", {"logs/.dot.log"}},
      {"**/*.log", {"logs/a.log", "logs/b.log", "odd[1].log", "other/z.log", "top.log"}},
      {"logs/**", {"logs/a.log", "logs/b.log", "logs/c.txt", "logs/old/a.log.gz"}},
      {"**/old/*", {"logs/old/a.log.gz"}},
      {"odd[1].log", {"odd[1].log"}},  // exists, so it is no pattern
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Names({c.pattern}), c.names) << c.pattern;
    EXPECT_EQ(problems_, List{}) << c.pattern;
  }
  EXPECT_EQ(Names({root_ + "/*.log"}), (List{root_ + "/odd[1].log", root_ + "/top.log"}));
  EXPECT_EQ(Names({root_ + "/**/z.log"}), List{root_ + "/other/z.log"});
}

TEST_F(Expand, Problems) {
  EXPECT_EQ(Names({"absent.log", "top.log", "top.log/x", "", "no*", "absent/*", "absent/**/x"}),
            List{"top.log"});
  EXPECT_EQ(problems_,
            (List{"absent.log: no such file or directory", "top.log/x: no such file or directory",
                  ": no such file or directory", "no*: no file matches this pattern",
                  "absent/*: no file matches this pattern", "absent/**/x: no file matches this pattern"}));
}

TEST_F(Expand, UnreadableDirectory) {
  if (geteuid() == 0) GTEST_SKIP() << "root reads everything";
  ASSERT_EQ(chmod("logs/old", 0), 0);
  EXPECT_EQ(Names({"logs"}), (List{"logs/a.log", "logs/b.log", "logs/c.txt"}));
  EXPECT_EQ(problems_, List{"logs/old: permission denied"});
  Names({"logs"}, {.include = {}, .exclude = {"logs/old/**"}});
  EXPECT_EQ(problems_, List{});
  Names({"logs/old/*"});
  EXPECT_EQ(problems_, List{"logs/old/*: permission denied"});
  ASSERT_EQ(chmod("logs/old", 0100), 0);  // may be passed through, but not listed
  EXPECT_EQ(Names({"logs/old/*", "logs/old/a.log.gz"}), List{"logs/old/a.log.gz"});
  EXPECT_EQ(problems_, List{"logs/old/: permission denied"});
}

TEST_F(Expand, Filters) {
  EXPECT_EQ(Names({"logs"}, {.include = {"*.log"}, .exclude = {}}), (List{"logs/a.log", "logs/b.log"}));
  EXPECT_EQ(Names({"."}, {.include = {"logs/*.log"}, .exclude = {"b*"}}), List{"./logs/a.log"});
  EXPECT_EQ(Names({"."}, {.include = {"./**/*.gz", "z.*"}, .exclude = {}}),
            (List{"./logs/old/a.log.gz", "./other/z.log"}));
  EXPECT_EQ(Names({"logs"}, {.include = {}, .exclude = {"logs/old/**", "*.txt"}}),
            (List{"logs/a.log", "logs/b.log"}));
  EXPECT_EQ(Names({"l*/*"}, {.include = {}, .exclude = {"*.log", "*.gz"}}), List{"logs/c.txt"});
  // A directory's name alone excludes nothing, and what is named is always read.
  EXPECT_EQ(Names({"logs"}, {.include = {"*.gz"}, .exclude = {"old"}}), List{"logs/old/a.log.gz"});
  EXPECT_EQ(Names({"logs", "logs/c.txt"}, {.include = {"a.log"}, .exclude = {"*.txt"}}),
            (List{"logs/a.log", "logs/c.txt"}));
  EXPECT_EQ(problems_, List{});
}

TEST_F(Expand, Symlinks) {
  Symlink("../top.log", "logs/link.log");
  Symlink("..", "logs/loop");
  Symlink("../other", "logs/elsewhere");
  EXPECT_EQ(Names({"logs"}),
            (List{"logs/a.log", "logs/b.log", "logs/c.txt", "logs/link.log", "logs/old/a.log.gz"}));
  EXPECT_EQ(Names({"logs/**/*.log"}), (List{"logs/a.log", "logs/b.log", "logs/link.log"}));
  EXPECT_EQ(Names({"logs/elsewhere"}), List{"logs/elsewhere/z.log"});
  EXPECT_EQ(Names({"logs/e*/z*"}), List{"logs/elsewhere/z.log"});
  EXPECT_EQ(Names({"top.log", "logs/link.log"}), List{"top.log"});
  EXPECT_EQ(problems_, List{});

  Symlink("nowhere", "other/dangling.log");
  Symlink("self", "other/self");
  EXPECT_EQ(Names({"other"}), List{"other/z.log"});
  EXPECT_EQ(problems_, (List{"other/dangling.log: no such file or directory",
                             "other/self: too many levels of symbolic links"}));
  Names({"other"}, {.include = {"z*"}, .exclude = {}});
  EXPECT_EQ(problems_, List{});
}

TEST_F(Expand, PipesOnlyWhenNamed) {
  ASSERT_EQ(mkfifo("other/pipe", 0600), 0);
  EXPECT_EQ(Names({"other"}), List{"other/z.log"});
  EXPECT_EQ(Names({"other/*"}), List{"other/z.log"});
  EXPECT_EQ(Names({"other/pipe"}), List{"other/pipe"});
}

TEST_F(Expand, DeepTrees) {
  std::string path = "deep";
  Directory(path);
  for (int i = 0; i < 300; ++i) Directory(path += "/d");
  File(path + "/x.log");
  EXPECT_EQ(Names({"deep"}), List{path + "/x.log"});
  EXPECT_EQ(Names({"deep/**/x.log"}), List{path + "/x.log"});
  std::string pattern;
  for (int i = 0; i < 20'000; ++i) pattern += "./";
  EXPECT_EQ(Names({pattern + "*"}), List{});  // longer than any path: no match, and no deep recursion
}

}  // namespace
}  // namespace gainsay
