#include "command_line.h"

#include "absl/strings/str_join.h"

namespace gainsay {
namespace {

// "WHEN:{auto,always,never}" is a value's name and its choices.
void SplitType(const std::string& type, Flag* flag) {
  const size_t open = type.find(":{");
  flag->value = type.substr(0, open);
  if (open == std::string::npos) {
    // A range, as in "N:INT in [1 - 256]", is told in words.
    if (const size_t colon = type.find(':'); colon != std::string::npos) flag->value = type.substr(0, colon);
    return;
  }
  std::string choice;
  for (const char c : type.substr(open + 2)) {
    if (c == ',' || c == '}') {
      flag->choices.push_back(choice);
      choice.clear();
    } else {
      choice += c;
    }
    if (c == '}') break;
  }
}

Flag Describe(const CLI::Option& option) {
  Flag flag;
  flag.positional = option.get_positional();
  if (flag.positional) flag.names.push_back(option.get_name(true, false));
  for (const std::string& name : option.get_snames()) flag.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) flag.names.push_back("--" + name);
  if (option.get_items_expected_max() > 0) SplitType(option.get_type_name(), &flag);
  flag.help = option.get_description();
  flag.variable = option.get_envname();
  flag.required = option.get_required();
  flag.repeats = option.get_expected_max() > 1;
  return flag;
}

CommandLine Describe(const CLI::App& app, std::vector<std::string> path) {
  path.push_back(app.get_name());
  CommandLine command;
  command.path = path;
  command.help = app.get_description();
  command.footer = app.get_footer();
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_group().empty()) command.flags.push_back(Describe(*option));
  }
  for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!child->get_group().empty()) command.commands.push_back(Describe(*child, path));
  }
  return command;
}

}  // namespace

std::string CommandLine::Name(const std::string& separator) const { return absl::StrJoin(path, separator); }

CommandLine DescribeCommandLine(const CLI::App& app) { return Describe(app, {}); }

}  // namespace gainsay
