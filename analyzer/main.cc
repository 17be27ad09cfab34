// gainsay: finds tasks that reported success over a lost write, in their own logs.
#include <unistd.h>

#include <exception>
#include <iostream>
#include <sstream>

#include "command.h"

namespace gainsay {

int CouldNotRun(const Streams& streams, const std::string& what) {
  streams.err << "gainsay: " << what << '\n';
  return kExitCouldNotRun;
}

namespace {

// CLI11 prints help to out and what is wrong to err; its own exit codes become ours.
int Parse(CLI::App* app, int argc, char** argv, const Streams& streams) {
  try {
    app->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream message;
    const int code = app->exit(error, streams.out, message);
    streams.err << message.str();
    return code == 0 ? kExitClean : kExitCouldNotRun;
  }
  return -1;
}

int Main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  const Streams streams{std::cin, std::cout, std::cerr, isatty(STDIN_FILENO) == 1,
                        isatty(STDOUT_FILENO) == 1};
  CLI::App app("Finds tasks that reported success over a lost write, in their own logs.", "gainsay");
  app.set_version_flag("--version", "gainsay " GAINSAY_VERSION "\nbuilt with " GAINSAY_LIBRARIES);
  app.require_subcommand(1);
  Action action;
  for (const auto add : {AddScanCommand, AddWatchCommand, AddGateCommand, AddExplainCommand, AddReportCommand,
                         AddRulesCommand, AddDiscoverCommand, AddManualCommands}) {
    add(&app, &action);
  }
  if (const int code = Parse(&app, argc, argv, streams); code >= 0) return code;
  return action(streams);
}

}  // namespace
}  // namespace gainsay

int main(int argc, char** argv) {
  try {
    return gainsay::Main(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "gainsay: " << error.what() << '\n';
    return gainsay::kExitCouldNotRun;
  }
}
