// One behaviour of the program as a text file, tests/cases/NAME.case:
//
//   # what it shows
//   args: scan a.jsonl -o jsonl
//   env: GAINSAY_EXIT_ZERO=1
//   needs: script -qec true /dev/null    (skipped where this command fails: no terminals here)
//   --- file a.jsonl                 any number; "gzip" or "zstd" behind the name packs it,
//   {"level":"error",…}              "cut N" leaves only the first N bytes of the packed file
//   --- stdin                        without it: /dev/null
//   --- stdout
//   --- stderr
//   --- exit 1
//
// args are what stands behind "gainsay " in a shell; $S is the samples directory.
//
// Expected output is compared line by line; in a line "[..]" stands for any text, and a line
// "..." for any lines. A missing section is not compared. "\xHH" in a file or stdin section is that byte.
#ifndef GAINSAY_TESTS_CASE_FILE_H_
#define GAINSAY_TESTS_CASE_FILE_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gainsay {

struct CaseFile {
  std::string path, args, needs;
  std::vector<std::string> environment;
  struct Input {
    std::string name, text, packing;
    std::optional<size_t> cut;
  };
  std::vector<Input> files;
  std::optional<std::string> standard_input, standard_output, standard_error;
  int exit_code = 0;
};

struct CommandResult {
  std::string standard_output, standard_error;
  int exit_code = -1;
};

// Throws std::runtime_error that says what is wrong with the file.
CaseFile ReadCase(const std::string& path);

// Runs `command` by sh in `directory`; `input` empty: from /dev/null.
CommandResult RunCommand(const std::string& command, const std::string& directory,
                         const std::vector<std::string>& environment,
                         const std::optional<std::string>& input);

// "" if `got` is as `expected` says, else the first difference.
std::string Difference(const std::string& expected, const std::string& got);

std::string ReadFile(const std::string& path);
void WriteFile(const std::string& path, const std::string& text);
std::string MakeDirectory();  // a fresh temporary one

}  // namespace gainsay

#endif  // GAINSAY_TESTS_CASE_FILE_H_
