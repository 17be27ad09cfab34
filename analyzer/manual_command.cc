// gainsay completion SHELL, gainsay man
#include <memory>
#include <ostream>
#include <string>

#include "command.h"
#include "command_line.h"

namespace gainsay {

void AddManualCommands(CLI::App* app, Action* action) {
  auto shell = std::make_shared<std::string>();
  CLI::App* completion =
      app->add_subcommand("completion", "Print a program for a shell that completes gainsay's command lines");
  completion->add_option("SHELL", *shell, "The shell")
      ->required()
      ->type_name("")
      ->check(CLI::IsMember({"bash", "fish", "zsh"}));
  completion->footer("As in: source <(gainsay completion bash)");
  completion->callback([=] {
    *action = [=](const Streams& streams) {
      streams.out << CompletionFor(*shell, DescribeCommandLine(*app));
      return kExitClean;
    };
  });
  CLI::App* man = app->add_subcommand("man", "Print the manual page")->group("");
  man->callback([=] {
    *action = [=](const Streams& streams) {
      streams.out << ManualPage(DescribeCommandLine(*app), GAINSAY_VERSION);
      return kExitClean;
    };
  });
}

}  // namespace gainsay
