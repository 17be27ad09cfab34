// What every subcommand is made of: where it reads and writes, and one function that
// declares its flags on the program.
#ifndef GAINSAY_ANALYZER_COMMAND_H_
#define GAINSAY_ANALYZER_COMMAND_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <iosfwd>
#include <string>

namespace gainsay {

// Nothing below main touches standard output or error by itself (a log on standard input is read as a
// file descriptor, by input/).
struct Streams {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool in_is_terminal = false;
  bool out_is_terminal = false;
};

// Exit codes, DESIGN.md section 4.
inline constexpr int kExitClean = 0;
inline constexpr int kExitFound = 1;
inline constexpr int kExitCouldNotRun = 2;
inline constexpr int kExitInconclusive = 3;

// The subcommand that was chosen, to be run once parsing is over.
using Action = std::function<int(const Streams&)>;

void AddScanCommand(CLI::App* app, Action* action);
void AddExplainCommand(CLI::App* app, Action* action);
void AddWatchCommand(CLI::App* app, Action* action);
void AddDiscoverCommand(CLI::App* app, Action* action);
void AddReportCommand(CLI::App* app, Action* action);
void AddGateCommand(CLI::App* app, Action* action);
void AddRulesCommand(CLI::App* app, Action* action);
void AddRulesTestCommands(CLI::App* rules, Action* action);
void AddRulesMatchCommand(CLI::App* rules, Action* action);
void AddManualCommands(CLI::App* app, Action* action);  // `completion`, `man`; they tell of the others

// Prints "gainsay: <what>" to err and returns kExitCouldNotRun.
int CouldNotRun(const Streams& streams, const std::string& what);

}  // namespace gainsay

#endif  // GAINSAY_ANALYZER_COMMAND_H_
