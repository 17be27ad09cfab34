// The built-in packs are not compiled regex by regex at start (rule/patterns.h): here they are, from their
// files, as strictly as a user's own.
#include <gtest/gtest.h>

#include <filesystem>

#include "rule/loader.h"

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
