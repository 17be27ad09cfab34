// The manual page and the shells' completions know every command and flag that --help knows.
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "case_file.h"

namespace gainsay {
namespace {

std::string Gainsay(const std::string& arguments) {
  const CommandResult result =
      RunCommand("'" GAINSAY_BINARY "' " + arguments, GAINSAY_SOURCE_DIR, {}, std::nullopt);
  EXPECT_EQ(result.exit_code, 0) << arguments << ": " << result.standard_error;
  return result.standard_output;
}

// A command and its --help, with those of its subcommands behind it.
struct Help {
  std::string command, text;
};

void Collect(const std::string& command, std::vector<Help>* helps) {
  const std::string text = Gainsay(command + " --help");
  helps->push_back({command, text});
  const size_t list = text.find("\nSubcommands:\n");
  if (list == std::string::npos) return;
  static const std::regex kName("\n  ([a-z-]+) ");
  const std::string names = text.substr(list);
  for (std::sregex_iterator it(names.begin(), names.end(), kName), end; it != end; ++it) {
    Collect(command + (command.empty() ? "" : " ") + (*it)[1].str(), helps);
  }
}

std::set<std::string> FlagsIn(const std::string& help) {
  static const std::regex kFlag("\n  (-[a-z],)?(--[a-z-]+)");
  std::set<std::string> flags;
  for (std::sregex_iterator it(help.begin(), help.end(), kFlag), end; it != end; ++it) flags.insert((*it)[2]);
  return flags;
}

std::string Replaced(std::string text, const std::string& what, const std::string& with) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

// The part of the manual page, or of a completion, that is about one command.
std::string Part(const std::string& text, const std::string& begin, const std::string& end) {
  const size_t from = text.find(begin);
  if (from == std::string::npos) return "";
  return text.substr(from, text.find(end, from + begin.size()) - from);
}

std::vector<Help> AllHelp() {
  std::vector<Help> helps;
  Collect("", &helps);
  return helps;
}

TEST(Manual, KnowsEveryCommandAndFlag) {
  const std::vector<Help> helps = AllHelp();
  ASSERT_GT(helps.size(), 8u);
  const std::string page = Replaced(Gainsay("man"), "\\-", "-");
  size_t flags = 0;
  for (const Help& help : helps) {
    if (help.command.empty() || help.text.find("\nSubcommands:\n") != std::string::npos) continue;
    const std::string part = Part(page + "\n.S", "\n.SS \"gainsay " + help.command + "\"\n", "\n.S");
    ASSERT_NE(part, "") << help.command;
    for (const std::string& flag : FlagsIn(help.text)) {
      EXPECT_NE(part.find("\\fB" + flag + "\\fR"), std::string::npos) << help.command << " " << flag;
      ++flags;
    }
  }
  EXPECT_GT(flags, 40u);
}

TEST(Completion, KnowsEveryCommandAndFlag) {
  const std::string bash = Gainsay("completion bash"), fish = Gainsay("completion fish"),
                    zsh = Gainsay("completion zsh");
  for (const Help& help : AllHelp()) {
    const std::string name = "gainsay" + (help.command.empty() ? "" : " " + help.command);
    const std::string bash_line = Part(bash, "'" + name + "') flags='", "\n");
    const std::string zsh_function = Part(zsh, "\n_" + Replaced(name, " ", "_") + "() {", "\n}");
    const std::string last = help.command.substr(help.command.rfind(' ') + 1);
    for (const std::string& flag : FlagsIn(help.text)) {
      EXPECT_NE((bash_line + " ").find(" " + flag), std::string::npos) << name << " " << flag;
      EXPECT_NE(zsh_function.find(flag), std::string::npos) << name << " " << flag;
      EXPECT_NE(fish.find(" -l " + flag.substr(2) + " "), std::string::npos) << name << " " << flag;
    }
    EXPECT_NE(fish.find(last), std::string::npos);
  }
}

// What bash offers for the last of these words.
std::string Offered(const std::string& words) {
  const std::string script = "source <('" GAINSAY_BINARY "' completion bash); COMP_WORDS=(" + words +
                             "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _gainsay; echo \"${COMPREPLY[*]}\"";
  const std::string directory = MakeDirectory();
  WriteFile(directory + "/offer", script);
  const CommandResult result = RunCommand("bash offer", directory, {}, std::nullopt);
  std::filesystem::remove_all(directory);
  EXPECT_EQ(result.standard_error, "");
  return result.standard_output;
}

TEST(Completion, Bash) {
  EXPECT_EQ(Offered("gainsay dis"), "discover\n");
  EXPECT_EQ(Offered("./build/gainsay rules m"), "match\n");
  EXPECT_EQ(Offered("gainsay scan --col"), "--color\n");
  EXPECT_EQ(Offered("gainsay scan --color ''"), "auto always never\n");
  EXPECT_EQ(Offered("gainsay scan --color = n"), "never\n");
  EXPECT_EQ(Offered("gainsay completion ''"), "bash fish zsh\n");
  EXPECT_EQ(Offered("gainsay scan lo"), "\n") << "files are bash's own to offer";
}

TEST(Version, NamesTheLibraries) {
  const std::string version = Gainsay("--version");
  EXPECT_TRUE(
      std::regex_search(version, std::regex("^gainsay \\d+\\.\\d+\\.\\d+\nbuilt with Abseil \\d+, RE2")))
      << version;
  EXPECT_TRUE(std::regex_search(version, std::regex("simdjson \\d.*libarchive \\d"))) << version;
}

}  // namespace
}  // namespace gainsay
