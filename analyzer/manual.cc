// The manual page: what the flags say of themselves, and around it what they can't.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "command_line.h"

namespace gainsay {
namespace {

constexpr char kDescription[] = R"(.SH DESCRIPTION
.B gainsay
reads the logs of background tasks and tells which tasks reported success although their own log says that a write
was lost: a
.IR contradiction .
It joins the two by task and shows both, with file and line.
.PP
Inputs are told by their content: JSON lines of any logger,
.BR journalctl (1)'s
JSON, plain text in the formats of common loggers, packed by gzip, zstd, bzip2, xz or lz4, and tar and zip archives.
Without a path, and for \-, standard input is read. Findings go to standard output, everything else to standard error.
)";

constexpr char kTail[] = R"(.SH EXIT STATUS
.TP
.B 0
Nothing found.
.TP
.B 1
Contradictions found.
.TP
.B 2
Could not run: usage, rules, or no input that could be read.
.TP
.B 3
Nothing found, but inconclusive: the summary says why, and what to do about it.
.SH EXAMPLES
.nf
journalctl \-o json \-a \-\-since today | gainsay scan
gainsay scan worker.log 'logs/**/*.jsonl' archive.log.gz
gainsay scan logs/ \-o text \-o html=report.html
gainsay explain \-\-task 7c3d2f8e logs/
.fi
.SH SEE ALSO
.BR journalctl (1)
)";

// As roff has to read it: no escape, no control line, and hyphens that can be copied.
std::string Roff(const std::string& text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    line_begins = c == '\n';
  }
  return out;
}

std::string Bold(const std::string& text) { return "\\fB" + Roff(text) + "\\fR"; }
std::string Slanted(const std::string& text) { return "\\fI" + Roff(text) + "\\fR"; }

std::string Argument(const Flag& flag) {
  const std::string name = Slanted(flag.names.front()) + (flag.repeats ? "..." : "");
  return flag.required ? name : "[" + name + "]";
}

std::string Synopsis(const CommandLine& command) {
  std::string line = Bold(command.Name());
  for (const Flag& flag : command.flags) {
    if (flag.required && !flag.positional) {
      absl::StrAppend(&line, " ", Bold(flag.names.back()), " ", Slanted(flag.value));
    }
  }
  line += " [\\fIoptions\\fR]";
  for (const Flag& flag : command.flags) {
    if (flag.positional) absl::StrAppend(&line, " ", Argument(flag));
  }
  return line;
}

void AppendSynopses(const CommandLine& command, std::string* page) {
  if (command.commands.empty()) absl::StrAppend(page, Synopsis(command), "\n.br\n");
  for (const CommandLine& child : command.commands) AppendSynopses(child, page);
}

void AppendFlag(const Flag& flag, std::string* page) {
  std::vector<std::string> names;
  for (const std::string& name : flag.names) names.push_back(flag.positional ? Slanted(name) : Bold(name));
  absl::StrAppend(page, ".TP\n", absl::StrJoin(names, ", "));
  const std::string value =
      flag.choices.empty() ? Slanted(flag.value) : Roff(absl::StrJoin(flag.choices, "|"));
  if (!flag.value.empty() && !flag.positional) absl::StrAppend(page, " ", value);
  absl::StrAppend(page, "\n", Roff(flag.help), ".");
  if (flag.positional && !flag.choices.empty()) absl::StrAppend(page, " One of: ", value, ".");
  if (flag.repeats && !flag.positional) *page += " May be repeated.";
  if (!flag.variable.empty()) absl::StrAppend(page, " Variable: ", Roff(flag.variable), ".");
  *page += "\n";
}

void AppendCommand(const CommandLine& command, std::string* page) {
  if (command.commands.empty()) {
    absl::StrAppend(page, ".SS \"", Roff(command.Name()), "\"\n", Roff(command.help), ".\n");
    for (const Flag& flag : command.flags) AppendFlag(flag, page);
    if (!command.footer.empty()) absl::StrAppend(page, ".PP\n", Roff(command.footer), "\n");
  }
  for (const CommandLine& child : command.commands) AppendCommand(child, page);
}

}  // namespace

std::string ManualPage(const CommandLine& program, const std::string& version) {
  std::string page = absl::StrCat(".TH GAINSAY 1 \"\" \"gainsay ", Roff(version), "\" \"User Commands\"\n");
  absl::StrAppend(&page,
                  ".SH NAME\ngainsay \\- find tasks that reported success over a lost write\n.SH SYNOPSIS\n");
  AppendSynopses(program, &page);
  absl::StrAppend(&page, kDescription, ".SH OPTIONS\n");
  for (const Flag& flag : program.flags) AppendFlag(flag, &page);
  page += ".SH COMMANDS\n";
  for (const CommandLine& command : program.commands) AppendCommand(command, &page);
  return absl::StrCat(page,
                      ".SH ENVIRONMENT\nThe variables named with the flags mirror them; a flag wins.\n.TP\n",
                      Bold("NO_COLOR"), "\nNot empty: no colours, unless a flag asks for them.\n", kTail);
}

}  // namespace gainsay
