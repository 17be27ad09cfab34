#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "rule/loader.h"

namespace gainsay {
namespace {

// Files in a directory of their own.
class LoadTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "gainsay-load-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string Write(const std::string& name, const std::string& text) {
    const std::string path = directory_ + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  static std::string Pack(const std::string& id, const std::string& rest = "") {
    return "format = 1\nid = '" + id +
           "'\ntitle = 'T'\n[[start]]\nid='s'\npattern='x'\nexamples=[{log='x'}]\n" + rest;
  }
  static std::string Reason(const std::string& id, const std::string& rest = "") {
    return "[[reason]]\nid = '" + id + "'\npattern='x'\nexamples=[{log='x'}]\n" + rest;
  }

  static std::vector<std::string> Ids(const LoadResult& result) {
    std::vector<std::string> ids;
    for (const auto& pack : result.rules.packs) ids.push_back(pack.id);
    return ids;
  }
  static std::vector<std::string> BuiltinIds() {
    std::vector<std::string> ids;
    for (const BuiltinPack& pack : BuiltinPacks()) ids.emplace_back(pack.id);
    return ids;
  }

  std::string directory_;
};

TEST_F(LoadTest, TheBuiltInPacksAreSound) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{}, {"builtin"}, {"builtin", "builtin"}}) {
    const LoadResult result = LoadRuleSet(arguments);
    EXPECT_EQ(Render(result.diagnostics), "");
    EXPECT_TRUE(result.ok());
    EXPECT_EQ(Ids(result), BuiltinIds());
    for (const auto& pack : result.rules.packs) {
      EXPECT_TRUE(pack.builtin);
      EXPECT_EQ(pack.file, "builtin:" + pack.id);
    }
  }
}

TEST_F(LoadTest, NamesOneBuiltInPack) {
  const std::string id = BuiltinIds().at(0);
  EXPECT_EQ(Ids(LoadRuleSet({id})), std::vector<std::string>{id});
  EXPECT_EQ(Ids(LoadRuleSet({id, "builtin", id})), BuiltinIds());
}

TEST_F(LoadTest, LaterPacksAreTriedFirstAndBuiltInOnesLast) {
  const std::string a = Write("a.toml", Pack("aaa")), b = Write("b.toml", Pack("bbb"));
  EXPECT_EQ(Ids(LoadRuleSet({a, b})), (std::vector<std::string>{"bbb", "aaa"}));
  EXPECT_EQ(Ids(LoadRuleSet({b, a})), (std::vector<std::string>{"aaa", "bbb"}));
  std::vector<std::string> all = {"bbb", "aaa"};
  for (const std::string& id : BuiltinIds()) all.push_back(id);
  EXPECT_EQ(Ids(LoadRuleSet({a, "builtin", b})), all);
  EXPECT_FALSE(LoadRuleSet({a}).rules.packs[0].builtin);
}

TEST_F(LoadTest, ReadsDirectoriesSortedAndFilesOnce) {
  const std::string b = Write("b.toml", Pack("bbb"));
  Write("a.toml", Pack("aaa"));
  Write("c.txt", "no rules");
  Write(".hidden.toml", "no rules");
  std::filesystem::create_directory(directory_ + "/d.toml");
  EXPECT_EQ(Ids(LoadRuleSet({directory_})), (std::vector<std::string>{"bbb", "aaa"}));
  const LoadResult twice = LoadRuleSet({b, directory_ + "/./a.toml", directory_, directory_ + "/a.toml"});
  EXPECT_EQ(Render(twice.diagnostics), "");
  EXPECT_EQ(Ids(twice), (std::vector<std::string>{"aaa", "bbb"}));
}

TEST_F(LoadTest, SuppressionsAndFieldsAddToTheDefault) {
  const std::string known =
      Write("known.toml", "format = 1\n[[suppress]]\nid='a'\nwhy='b'\nwhere={task='c'}\n");
  const std::string fields = Write("fields.toml", "format = 1\n[fields]\ntask = 'job'\n");
  std::vector<std::string> all = {"fields", "known"};
  for (const std::string& id : BuiltinIds()) all.push_back(id);
  const LoadResult added = LoadRuleSet({known, fields});
  EXPECT_EQ(Render(added.diagnostics), "");
  EXPECT_EQ(Ids(added), all);
  const std::string mine = Write("mine.toml", Pack("mine"));
  EXPECT_EQ(Ids(LoadRuleSet({known, mine})), (std::vector<std::string>{"mine", "known"}));
  const std::string id = BuiltinIds().at(0);
  EXPECT_EQ(Ids(LoadRuleSet({id, known})), (std::vector<std::string>{"known", id}));
}

TEST_F(LoadTest, SaysWhatItCantRead) {
  const std::string first = BuiltinIds().at(0);
  const std::vector<std::pair<std::string, std::string>> cases = {
      {first + "x", first +
                        "x: error: no file, directory or built-in pack of this name\n  help: did you mean '" +
                        first + "'?\n"},
      {"biultin",
       "biultin: error: no file, directory or built-in pack of this name\n  help: did you mean 'builtin'?\n"},
      {"qqqqqqqqqq",
       "qqqqqqqqqq: error: no file, directory or built-in pack of this name\n  help: built-in packs: "},
      {"no/such.toml", "no/such.toml: error: no such file or directory\n"},
      {"", "'': error: no file, directory or built-in pack of this name\n"},
      {directory_, directory_ + ": error: no .toml files in this directory\n"},
      {"/dev/zero", "/dev/zero: error: longer than 16 MiB: no rule file\n"},
  };
  for (const auto& [argument, says] : cases) {
    const LoadResult result = LoadRuleSet({argument});
    EXPECT_FALSE(result.ok());
    EXPECT_EQ(Render(result.diagnostics).substr(0, says.size()), says);
    EXPECT_EQ(result.diagnostics.size(), 1u);
    EXPECT_EQ(result.diagnostics.at(0).at.line, 0);
  }
}

TEST_F(LoadTest, GoesOnAfterAnErrorButDoesNotGuess) {
  const std::string bad = Write("bad.toml", "format = \n");
  const std::string uses = Write(
      "uses.toml", Pack("uses", "[[error]]\nid='e'\npattern='('\nreason='in_bad'\nexamples=[{log='x'}]\n"));
  const LoadResult result = LoadRuleSet({bad, "no/such", uses});
  ASSERT_EQ(result.diagnostics.size(), 3u) << Render(result.diagnostics);
  EXPECT_EQ(result.diagnostics[0].at.file, "no/such");
  EXPECT_EQ(result.diagnostics[1].at.file, bad);
  EXPECT_EQ(result.diagnostics[2].at.file, uses);
  EXPECT_NE(result.diagnostics[2].message.find("bad regex"), std::string::npos);
}

TEST_F(LoadTest, PackIdsAreUnique) {
  const std::string a = Write("a.toml", Pack("same")), b = Write("b.toml", Pack("same"));
  const LoadResult two = LoadRuleSet({a, b});
  EXPECT_EQ(Render(two.diagnostics),
            b + ":2:6: error: pack id 'same' is that of " + a +
                "\n    2 | id = 'same'\n      |      ^~~~~~\n  help: give each pack an id of its own\n");
  const std::string id = BuiltinIds().at(0);
  const std::string mine = Write("mine.toml", Pack(id));
  EXPECT_TRUE(LoadRuleSet({mine}).ok());
  const LoadResult instead = LoadRuleSet({mine, "builtin"});  // takes the built-in one's place
  EXPECT_EQ(Render(instead.diagnostics), "");
  EXPECT_EQ(instead.rules.packs.size(), BuiltinIds().size());
  EXPECT_EQ(instead.rules.packs.front().file, mine);
}

TEST_F(LoadTest, NamedReasonsAreKnownInTheWholeSet) {
  const std::string rule = "[[error]]\nid='e'\npattern='x'\nexamples=[{log='x'}]\nreason='qq_busy'\n";
  const std::string user = Write("user.toml", Pack("user", rule)),
                    owner = Write("owner.toml", Pack("owner", Reason("qq_busy")));
  EXPECT_EQ(Render(LoadRuleSet({user, owner}).diagnostics), "");
  const std::string wrong = Write("wrong.toml", Pack("wrong", Reason("qq_bussy") + rule));
  EXPECT_EQ(Render(LoadRuleSet({wrong}).diagnostics),
            wrong +
                ":16:8: error: unknown reason 'qq_busy'\n   16 | reason='qq_busy'\n      |        ^~~~~~~~~\n"
                "  help: did you mean 'qq_bussy'?\n");
  const std::string other = Write(
      "other.toml", Pack("o", "[[error]]\nid='e'\npattern='x'\nexamples=[{log='x'}]\nreason='other'\n"));
  EXPECT_EQ(Render(LoadRuleSet({other}).diagnostics), "");
}

TEST_F(LoadTest, EveryBeforeHolds) {
  const std::string good =
      Write("good.toml", Pack("good", Reason("rr", "before=['xx','other']\n") + Reason("xx")));
  EXPECT_EQ(Render(LoadRuleSet({good}).diagnostics), "");

  const std::string bad = Write("bad.toml", Pack("bad", Reason("xx") + Reason("rr", "before=['xx']\n")));
  EXPECT_EQ(Render(LoadRuleSet({bad}).diagnostics),
            bad +
                ":16:9: error: reason 'rr' must be tried before 'xx', which is on line 9\n"
                "   16 | before=['xx']\n      |         ^~~~\n  help: move [[reason]] 'rr' up\n");

  const std::string self = Write("self.toml", Pack("self", Reason("rr", "before=['rr']\n")));
  EXPECT_NE(Render(LoadRuleSet({self}).diagnostics).find("reason 'rr' can't come before itself"),
            std::string::npos);
  const std::string unknown = Write("unknown.toml", Pack("unknown", Reason("rr", "before=['xx']\n")));
  EXPECT_NE(Render(LoadRuleSet({unknown}).diagnostics).find("12:9: error: unknown reason 'xx'"),
            std::string::npos);

  // Across packs: the same class may be in two, and the first that is tried counts.
  const std::string only_x = Write("only_x.toml", Pack("only_x", Reason("xx")));
  EXPECT_EQ(Render(LoadRuleSet({only_x, good}).diagnostics), "");
  EXPECT_EQ(
      Render(LoadRuleSet({good, only_x}).diagnostics),
      only_x + ":9:6: error: reason 'rr' must be tried before 'xx' (" + good +
          ":12)\n    9 | id = 'xx'\n      |      ^~~~\n  help: put a [[reason]] 'rr' before this one\n");
  const std::string both = Write("both.toml", Pack("both", Reason("rr") + Reason("xx")));
  EXPECT_EQ(Render(LoadRuleSet({good, both}).diagnostics), "");
}

TEST_F(LoadTest, WarningsAreFine) {
  const std::string path = Write("odd.toml", Pack("odd", "[patterns]\nunused = 'x'\n"));
  const LoadResult result = LoadRuleSet({path});
  EXPECT_EQ(result.diagnostics.size(), 1u);
  EXPECT_TRUE(result.ok());
}

}  // namespace
}  // namespace gainsay
