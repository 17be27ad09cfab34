// The program's commands and flags as plain values, taken from what CLI11 was told: for what must never miss
// one.
//
// Thread rules: plain values; free functions without state.
#ifndef GAINSAY_ANALYZER_COMMAND_LINE_H_
#define GAINSAY_ANALYZER_COMMAND_LINE_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace gainsay {

struct Flag {
  std::vector<std::string> names;    // "-o", "--output"; of a positional argument its name: "PATH"
  std::string value;                 // "FORMAT[=PATH]"; "" if it takes none
  std::vector<std::string> choices;  // if there are only these: "auto", "always", "never"
  std::string help, variable;        // "GAINSAY_OUTPUT"
  bool positional = false, required = false, repeats = false;
};

struct CommandLine {
  std::vector<std::string> path;  // "gainsay", "rules", "list"
  std::string help, footer;
  std::vector<Flag> flags;
  std::vector<CommandLine> commands;

  std::string Name(const std::string& separator = " ") const;  // "gainsay rules list"
};

// Hidden commands and flags are left out.
CommandLine DescribeCommandLine(const CLI::App& app);

// A program for a shell that completes it; "" for a shell that is not known. They are bash, fish and zsh.
std::string CompletionFor(const std::string& shell, const CommandLine& program);

// A manual page, in roff.
std::string ManualPage(const CommandLine& program, const std::string& version);

}  // namespace gainsay

#endif  // GAINSAY_ANALYZER_COMMAND_LINE_H_
