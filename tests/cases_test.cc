// Runs tests/cases/*.case: each a behaviour of the program.
#include <gtest/gtest.h>

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

// Packs with the tools every Debian has; the reader is tested with its own libraries' output elsewhere.
void PlaceFile(const CaseFile::Input& input, const std::string& directory) {
  const std::string path = directory + "/" + input.name;
  if (input.packing.empty()) {
    WriteFile(path, input.text);
  } else {
    const std::string tool = input.packing == "gzip" ? "gzip -nc" : "zstd -qc";
    const CommandResult packed = RunCommand(tool, directory, {}, input.text);
    ASSERT_EQ(packed.exit_code, 0) << tool << ": " << packed.standard_error;
    WriteFile(path, packed.standard_output);
  }
  if (input.cut) std::filesystem::resize_file(path, *input.cut);
}

class Case : public testing::TestWithParam<std::string> {};

TEST_P(Case, Holds) {
  const CaseFile c = ReadCase(GetParam());
  const std::string directory = MakeDirectory();
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
