// Runs tests/cases/*.case: each a behaviour of the program.
#include <gtest/gtest.h>
#include <zstd.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "case_file.h"

namespace gainsay {
namespace {

std::vector<std::string> CasePaths() {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(GAINSAY_SOURCE_DIR "/tests/cases")) {
    if (entry.path().extension() == ".case") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// zstd's own tool is not on every machine; gzip's is.
std::string Zstd(const std::string& text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  const size_t size = ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3);
  EXPECT_FALSE(ZSTD_isError(size));
  packed.resize(size);
  return packed;
}

std::string Gzip(const std::string& text) { return RunCommand("gzip -nc", "/", {}, text).standard_output; }

// The readers of packed files are tested with all sorts of archives elsewhere (input_stream_test.cc).
void PlaceFile(const CaseFile::Input& input, const std::string& directory) {
  const std::string path = directory + "/" + input.name;
  const std::string& packing = input.packing;
  ASSERT_TRUE(packing.empty() || packing == "gzip" || packing == "zstd") << "unknown packing " << packing;
  WriteFile(path, packing == "gzip" ? Gzip(input.text) : packing == "zstd" ? Zstd(input.text) : input.text);
  if (!input.cut) return;
  ASSERT_LT(*input.cut, std::filesystem::file_size(path)) << "nothing to cut of " << input.name;
  std::filesystem::resize_file(path, *input.cut);
}

class Case : public testing::TestWithParam<std::string> {};

TEST_P(Case, Holds) {
  const CaseFile c = ReadCase(GetParam());
  const std::string directory = MakeDirectory();
  if (!c.needs.empty() && RunCommand(c.needs, directory, {}, std::nullopt).exit_code != 0) {
    GTEST_SKIP() << "this machine can't: " << c.needs;
  }
  for (const CaseFile::Input& input : c.files) PlaceFile(input, directory);
  const std::string binaries = std::filesystem::path(GAINSAY_BINARY).parent_path().string();
  const std::string command =
      "PATH='" + binaries + "':\"$PATH\"; S='" GAINSAY_SOURCE_DIR "/samples'; gainsay " + c.args;
  const CommandResult result = RunCommand(command, directory, c.environment, c.standard_input);
  if (c.standard_output) {
    EXPECT_EQ(Difference(*c.standard_output, result.standard_output), "") << "stdout:\n"
                                                                          << result.standard_output;
  }
  if (c.standard_error) {
    EXPECT_EQ(Difference(*c.standard_error, result.standard_error), "") << "stderr:\n"
                                                                        << result.standard_error;
  }
  EXPECT_EQ(result.exit_code, c.exit_code) << result.standard_output << result.standard_error;
  std::filesystem::remove_all(directory);
}

std::string NameOf(const testing::TestParamInfo<std::string>& info) {
  std::string name = std::filesystem::path(info.param).stem().string();
  for (char& c : name) c = isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Cases, Case, testing::ValuesIn(CasePaths()), NameOf);

TEST(CaseFile, TellsDifferences) {
  EXPECT_EQ(Difference("a\n[..]c\n", "a\nbc\n"), "");
  EXPECT_NE(Difference("a\n[..]c\n", "a\nbd\n"), "");
  EXPECT_EQ(Difference("a\n...\nz\n", "a\nb\nc\nz\n"), "");
  EXPECT_NE(Difference("a\n", "a\nb\n"), "");
  EXPECT_NE(Difference("a\nb\n", "a\n"), "");
  EXPECT_EQ(Difference("x[..]y[..]z\n", "x1y2z\n"), "");
  EXPECT_NE(Difference("...\nz\n", "a\n"), "");
}

}  // namespace
}  // namespace gainsay
