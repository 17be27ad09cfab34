// Completion, written from the flags. Each shell's program knows, for every command, its commands, its flags,
// and what a flag takes where that is a choice; everything else is a file. The shells' own helpers do the
// rest.
#include <functional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "command_line.h"

namespace gainsay {
namespace {

void ForEach(const CommandLine& command, const std::function<void(const CommandLine&)>& visit) {
  visit(command);
  for (const CommandLine& child : command.commands) ForEach(child, visit);
}

std::vector<std::string> NamesOf(const std::vector<CommandLine>& commands) {
  std::vector<std::string> names;
  for (const CommandLine& command : commands) names.push_back(command.path.back());
  return names;
}

std::vector<std::string> FlagNames(const CommandLine& command) {
  std::vector<std::string> names;
  for (const Flag& flag : command.flags) {
    if (!flag.positional) names.insert(names.end(), flag.names.begin(), flag.names.end());
  }
  return names;
}

// The words that may stand instead of a file; none if it is no choice.
std::string ChoicesOf(const CommandLine& command) {
  for (const Flag& flag : command.flags) {
    if (flag.positional && !flag.choices.empty()) return absl::StrJoin(flag.choices, " ");
  }
  return absl::StrJoin(NamesOf(command.commands), " ");
}

// In single quotes, for any of the three shells.
std::string Quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

// --- bash ------------------------------------------------------------------------------------

constexpr char kBashHead[] = R"(# bash completion for gainsay, written by 'gainsay completion bash'
_gainsay() {
  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= word i flags words= choices=
  if [[ $current == "=" ]]; then current=
  elif [[ $before == "=" ]]; then before=${COMP_WORDS[COMP_CWORD-2]}; fi
  for ((i = 0; i < COMP_CWORD; ++i)); do
    word=${COMP_WORDS[i]}
    case "$command $word" in
)";

constexpr char kBashTail[] =
    R"(  if [[ -n $choices ]]; then COMPREPLY=($(compgen -W "$choices" -- "$current"))
  elif [[ $current == -* ]]; then COMPREPLY=($(compgen -W "$flags" -- "$current"))
  elif [[ -n $words ]]; then COMPREPLY=($(compgen -W "$words" -- "$current"))
  else COMPREPLY=(); fi
}
complete -o default -o bashdefault -F _gainsay gainsay
)";

std::string Bash(const CommandLine& program) {
  std::string out = kBashHead, flags, choices;
  absl::StrAppend(&out, "      ' '*gainsay) command=gainsay ;;\n");
  ForEach(program, [&](const CommandLine& command) {
    const std::string name = Quoted(command.Name());
    if (command.path.size() > 1) absl::StrAppend(&out, "      ", name, ") command=", name, " ;;\n");
    absl::StrAppend(&flags, "    ", name, ") flags=", Quoted(absl::StrJoin(FlagNames(command), " ")),
                    " words=", Quoted(ChoicesOf(command)), " ;;\n");
    for (const Flag& flag : command.flags) {
      if (flag.positional || flag.choices.empty()) continue;
      for (const std::string& flag_name : flag.names) {
        absl::StrAppend(&choices, "    ", Quoted(command.Name() + " " + flag_name),
                        ") choices=", Quoted(absl::StrJoin(flag.choices, " ")), " ;;\n");
      }
    }
  });
  return absl::StrCat(out, "    esac\n  done\n  case $command in\n", flags,
                      "  esac\n  case \"$command $before\" in\n", choices, "  esac\n", kBashTail);
}

// --- zsh -------------------------------------------------------------------------------------

// In a specification of _arguments: what has a meaning there is escaped.
std::string ZshText(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string ZshValue(const Flag& flag) {
  const std::string action = flag.choices.empty() ? "_files" : "(" + absl::StrJoin(flag.choices, " ") + ")";
  return absl::StrCat(":", ZshText(flag.value), ":", action);
}

void AppendZshFlag(const Flag& flag, std::string* out) {
  if (flag.positional) {
    absl::StrAppend(out, " \\\n    ", Quoted(absl::StrCat(flag.repeats ? "*" : "", ZshValue(flag))));
    return;
  }
  for (const std::string& name : flag.names) {
    const std::string again = flag.repeats ? "*" : "(" + absl::StrJoin(flag.names, " ") + ")";
    const std::string equals = flag.value.empty() || !name.starts_with("--") ? "" : "=";
    absl::StrAppend(out, " \\\n    ",
                    Quoted(absl::StrCat(again, name, equals, "[", ZshText(flag.help), "]",
                                        flag.value.empty() ? "" : ZshValue(flag))));
  }
}

// One function a command; one that has commands hands over to theirs.
std::string ZshFunction(const CommandLine& command) {
  std::string out = absl::StrCat("_", command.Name("_"), "() {\n");
  if (!command.commands.empty()) out += "  local curcontext=$curcontext state line\n";
  out += "  _arguments -s -S -C";
  for (const Flag& flag : command.flags) AppendZshFlag(flag, &out);
  if (command.commands.empty()) return out + "\n}\n";
  absl::StrAppend(&out, " \\\n    '1:command:->command' '*::arguments:->arguments'\n  case $state in\n",
                  "    command) _values command");
  for (const CommandLine& child : command.commands) {
    absl::StrAppend(&out, " ", Quoted(absl::StrCat(child.path.back(), "[", ZshText(child.help), "]")));
  }
  out += " ;;\n    arguments) case $line[1] in\n";
  for (const CommandLine& child : command.commands) {
    absl::StrAppend(&out, "      ", child.path.back(), ") _", child.Name("_"), " ;;\n");
  }
  return out + "    esac ;;\n  esac\n}\n";
}

std::string Zsh(const CommandLine& program) {
  std::string out = "#compdef gainsay\n# zsh completion for gainsay, written by 'gainsay completion zsh'\n";
  ForEach(program, [&](const CommandLine& command) { out += ZshFunction(command); });
  return out +
         "if [[ $funcstack[1] == _gainsay ]]; then _gainsay \"$@\"; else compdef _gainsay gainsay; fi\n";
}

// --- fish ------------------------------------------------------------------------------------

// True on a command line that has come as far as this command, and no further.
std::string FishCondition(const CommandLine& command) {
  std::string condition;
  for (size_t i = 1; i < command.path.size(); ++i) {
    absl::StrAppend(&condition, i > 1 ? "; and " : "", "__fish_seen_subcommand_from ", command.path[i]);
  }
  if (command.commands.empty()) return condition;
  return absl::StrCat(condition, condition.empty() ? "" : "; and ", "not __fish_seen_subcommand_from ",
                      absl::StrJoin(NamesOf(command.commands), " "));
}

void AppendFishFlag(const std::string& start, const Flag& flag, std::string* out) {
  const std::string choices = absl::StrJoin(flag.choices, " ");
  if (flag.positional) {
    if (!choices.empty()) absl::StrAppend(out, start, " -f -a ", Quoted(choices), "\n");
    return;
  }
  *out += start;
  for (const std::string& name : flag.names) {
    const bool is_long = name.starts_with("--");
    absl::StrAppend(out, is_long ? " -l " : " -s ", name.substr(is_long ? 2 : 1));
  }
  if (!choices.empty()) {
    absl::StrAppend(out, " -x -a ", Quoted(choices));
  } else if (!flag.value.empty()) {
    *out += " -r";
  }
  absl::StrAppend(out, " -d ", Quoted(flag.help), "\n");
}

std::string Fish(const CommandLine& program) {
  std::string out = "# fish completion for gainsay, written by 'gainsay completion fish'\n";
  ForEach(program, [&](const CommandLine& command) {
    const std::string start = absl::StrCat("complete -c gainsay -n ", Quoted(FishCondition(command)));
    for (const CommandLine& child : command.commands) {
      absl::StrAppend(&out, start, " -f -a ", child.path.back(), " -d ", Quoted(child.help), "\n");
    }
    for (const Flag& flag : command.flags) AppendFishFlag(start, flag, &out);
  });
  return out;
}

}  // namespace

std::string CompletionFor(const std::string& shell, const CommandLine& program) {
  return shell == "bash"   ? Bash(program)
         : shell == "fish" ? Fish(program)
         : shell == "zsh"  ? Zsh(program)
                           : "";
}

}  // namespace gainsay
