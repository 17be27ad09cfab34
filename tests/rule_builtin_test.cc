// The built-in packs are read when the program is built: what it keeps of them is what their files say, read
// as strictly as a user's own.
#include <gtest/gtest.h>

#include <filesystem>

#include "rule/loader.h"
#include "rule/pack_codec.h"
#include "rule/pack_parser.h"
#include "temporary_directory.h"

namespace gainsay {
namespace {

const std::string kFolder = GAINSAY_SOURCE_DIR "/rules";

TEST(BuiltinPacks, PassTheStrictLoader) {
  const LoadResult result = LoadRuleSet({kFolder});
  EXPECT_EQ(Render(result.diagnostics), "");
  EXPECT_EQ(result.rules.packs.size(), BuiltinPacks().size());
}

TEST(BuiltinPacks, AreTheFilesOfTheFolder) {
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() != ".toml") continue;
    const LoadResult result = LoadRuleSet({entry.path().stem().string()});
    ASSERT_EQ(result.rules.packs.size(), 1u) << entry.path();
    EXPECT_TRUE(result.rules.packs[0].builtin);
    EXPECT_EQ(result.rules.packs[0].id, entry.path().stem().string()) << "a pack's id is its file's name";
  }
}

// The bytes are all of a pack but its file's name: its members are listed by bindings that leave none out.
TEST(BuiltinPacks, AreWhatTheStrictReaderReads) {
  for (const BuiltinPack& builtin : BuiltinPacks()) {
    const std::string id(builtin.id);
    SCOPED_TRACE(id);
    std::vector<Diagnostic> diagnostics;
    ParsedPack read = ParsePackFile(Contents(kFolder + "/" + id + ".toml"), id, &diagnostics);
    EXPECT_EQ(Render(diagnostics), "");
    ParsedPack kept = PackOfBytes(builtin.whole, "builtin:" + id);
    ASSERT_TRUE(kept.readable);
    EXPECT_EQ(kept.pack.file, "builtin:" + id);
    EXPECT_EQ(PackBytes(kept), PackBytes(read));
    ASSERT_EQ(kept.pack.rules.size(), read.pack.rules.size());
    for (size_t i = 0; i < read.pack.rules.size(); ++i) {
      const Rule &rule = read.pack.rules[i], &same = kept.pack.rules[i];
      EXPECT_EQ(same.FullId(), rule.FullId());
      EXPECT_EQ(same.pattern, rule.pattern);
      EXPECT_EQ(same.level.severity, rule.level.severity);
      EXPECT_EQ(same.examples.size(), rule.examples.size());
      EXPECT_EQ(same.at.line, rule.at.line);
      EXPECT_EQ(same.at.file, "builtin:" + id);
    }
    for (Rule& rule : read.pack.rules) rule.examples.clear();
    for (TextFormat& format : read.pack.texts) format.examples.clear();
    for (Reason& reason : read.pack.reasons) reason.examples.clear();
    read.pack.scenarios.clear();
    EXPECT_EQ(PackBytes(PackOfBytes(builtin.lean, "builtin:" + id)), PackBytes(read));
  }
}

TEST(PackBytes, HoldWhatAUserMayWrite) {
  std::vector<Diagnostic> diagnostics;
  const ParsedPack read = ParsePackFile(R"(format = 1
id = "mine"
title = "A pack"
outer = true
scope = ["queue"]
[fields]
task = ["a.b", "c"]
[[text]]
id = "t"
pattern = '^(?P<level>[A-Z]+) (?P<message>.*)$'
examples = [{ log = "INFO x", level = "INFO" }]
[[error]]
id = "e"
level = "<=warn"
operation = "any"
pattern = 'x'
lane = false
[[error]]
id = "lost"
level = ">=warn"
operation = "write"
where = { "a.b" = "7" }
match = { "c" = 'd+' }
extract = { collection = 'in (\w+)' }
role = "secondary"
reason = "mine"
examples = [{ log = "x", match = false }]
[[terminal]]
id = "ok"
state = "succeeded"
capture = { task = "jid" }
[[reason]]
id = "mine"
store = 'boom'
before = ["other"]
[[suppress]]
id = "OPS-1"
why = "so"
where = { reason = "mine" }
expires = 2027-03-31
[[test]]
name = "n"
log = "x"
expect = { contradiction = ["7", "8"], unattributed = 2 }
)",
                                        "mine.toml", &diagnostics);
  const ParsedPack again = PackOfBytes(PackBytes(read), "mine.toml");
  ASSERT_TRUE(again.readable);
  EXPECT_EQ(PackBytes(again), PackBytes(read));
  EXPECT_TRUE(again.pack.outer);
  EXPECT_EQ(again.pack.scope, read.pack.scope);
  ASSERT_EQ(again.pack.rules.size(), 3u);
  EXPECT_EQ(again.pack.rules[1].operation, Operation::kWrite);
  EXPECT_EQ(again.pack.rules[1].extract[0].text, "in (\\w+)");
  EXPECT_EQ(again.pack.rules[1].where[0].at.line, 22);
  EXPECT_EQ(again.pack.suppressions[0].expires_ns, read.pack.suppressions[0].expires_ns);
  EXPECT_EQ(again.pack.scenarios[0].expect, read.pack.scenarios[0].expect);
  EXPECT_EQ(again.reason_uses.size(), read.reason_uses.size());
  for (size_t cut = 0; cut < PackBytes(read).size(); ++cut) {
    EXPECT_FALSE(PackOfBytes(PackBytes(read).substr(0, cut), "mine.toml").readable) << cut;
  }
}

// What applications say of their jobs in their own words comes behind what task systems print.
TEST(BuiltinPacks, GenericOnesComeLast) {
  const std::vector<BuiltinPack>& packs = BuiltinPacks();
  ASSERT_GT(packs.size(), 4u);
  EXPECT_EQ(packs[packs.size() - 4].id, "bullmq");
  EXPECT_EQ(packs[packs.size() - 3].id, "tasks");
  EXPECT_EQ(packs[packs.size() - 2].id, "text");
  EXPECT_EQ(packs[packs.size() - 1].id, "writes");
}

}  // namespace
}  // namespace gainsay
