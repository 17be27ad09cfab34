#include "watch_source_option.h"

#include <sys/stat.h>
#include <unistd.h>

#include <optional>

#include "absl/status/status.h"
#include "duration.h"
#include "input/follow.h"
#include "input/glob.h"
#include "input/journal.h"
#include "pipeline_intake.h"
#include "report/escape.h"

namespace gainsay {
namespace {

bool ReadsJournal(const WatchSourceFlags& flags) { return flags.journal || !flags.journal_directory.empty(); }

// A pattern that the shell left alone finds what is there, and what comes; a name that nothing has yet is
// waited for.
bool IsPattern(const std::string& argument) {
  return access(argument.c_str(), F_OK) != 0 && HasGlobCharacter(argument);
}

// A file is there to be read at any time.
absl::StatusOr<std::unique_ptr<LiveSource>> OpenPipe(const WatchSourceFlags& flags,
                                                     const std::vector<LivePosition>& resume, int wake_fd,
                                                     SpillFile* spill) {
  const std::string name = "-";
  struct stat info;
  if (fstat(STDIN_FILENO, &info) == 0 && S_ISREG(info.st_mode))
    return LiveDescriptor(STDIN_FILENO, name, wake_fd);
  IntakeOptions options;
  options.spill = spill;
  options.memory_bytes = flags.queue_bytes;
  int64_t most_wait_ns = 0;
  if (absl::Status s = ParseSpan("--max-block", flags.max_block, &most_wait_ns); !s.ok()) return s;
  options.most_wait = absl::Nanoseconds(most_wait_ns);
  std::optional<LivePosition> position;
  for (const LivePosition& one : resume) {
    if (one.source == name) position = one;
  }
  return OpenIntake(STDIN_FILENO, name, wake_fd, position, options);
}

}  // namespace

void AddWatchSourceOptions(CLI::App* watch, WatchSourceFlags* flags) {
  watch
      ->add_option(
          "--follow", flags->follow,
          "Read this file as it grows, through rotation (repeatable); one that is missing is waited for")
      ->allow_extra_args(true)
      ->envname("GAINSAY_FOLLOW")
      ->type_name("FILE...");
  watch->add_flag("--journal", flags->journal, "Read the systemd journal, of all boots")
      ->envname("GAINSAY_JOURNAL");
  watch
      ->add_option("--journal-directory", flags->journal_directory,
                   "Read the journal files in this directory")
      ->envname("GAINSAY_JOURNAL_DIRECTORY")
      ->type_name("DIR");
  watch->add_option("-u,--unit", flags->units, "Of the journal, only this unit (repeatable)")
      ->allow_extra_args(false)
      ->envname("GAINSAY_UNIT")
      ->type_name("UNIT");
  watch
      ->add_option("--queue", flags->queue_bytes,
                   "Of a pipe: so much of what can't be judged yet is held in memory")
      ->transform(CLI::AsSizeValue(false))
      ->envname("GAINSAY_QUEUE")
      ->default_str("32MiB")
      ->type_name("SIZE");
  watch
      ->add_option("--spill", flags->spill_bytes,
                   "Of a pipe: so much more goes to a file in --state-dir (0: none)")
      ->transform(CLI::AsSizeValue(false))
      ->envname("GAINSAY_SPILL")
      ->default_str("256MiB")
      ->type_name("SIZE");
  AddDuration(
      watch, "--max-block", &flags->max_block, "GAINSAY_MAX_BLOCK",
      "How long a pipe's writer waits at once where memory and that file are full; then lines are lost, "
      "and told");
}

absl::Status CheckWatchSource(const WatchSourceFlags& flags, const Streams& streams) {
  const bool journal = ReadsJournal(flags);
  if (journal && !flags.follow.empty()) {
    return absl::InvalidArgumentError(
        "--follow and --journal can't be read together; start a watch for each");
  }
  if (!journal && !flags.units.empty()) return absl::InvalidArgumentError("--unit needs --journal");
  if (ReadsPipe(flags) && streams.in_is_terminal) {
    return absl::InvalidArgumentError(
        "nothing to watch: name files with --follow, or --journal, or pipe a log into it "
        "(journalctl -o json -a -f --no-tail -m | gainsay watch)");
  }
  return absl::OkStatus();
}

bool ReadsPipe(const WatchSourceFlags& flags) { return flags.follow.empty() && !ReadsJournal(flags); }

bool CanReplay(const WatchSourceFlags& flags, const std::vector<LivePosition>& positions) {
  if (positions.size() != 1) return false;
  // Without a cursor, the journal's first entry may be another one by now.
  if (ReadsJournal(flags)) return !positions[0].cursor.empty();
  return flags.follow.size() == 1 && !IsPattern(flags.follow[0]);
}

std::string DescribeWatchSource(const WatchSourceFlags& flags) {
  std::string text = ReadsJournal(flags) ? "journal " + flags.journal_directory : ReadsPipe(flags) ? "-" : "";
  for (const std::vector<std::string>* names : {&flags.follow, &flags.units}) {
    for (const std::string& name : *names) text.append(" ").append(name);
  }
  return text;
}

absl::StatusOr<std::unique_ptr<LiveSource>> OpenWatchSource(const WatchSourceFlags& flags,
                                                            const std::vector<LivePosition>& resume,
                                                            int wake_fd, SpillFile* spill,
                                                            const Streams& streams) {
  if (ReadsJournal(flags)) {
    std::optional<LivePosition> position;
    for (const LivePosition& one : resume) {
      if (one.source == kJournalName) position = one;
    }
    return OpenJournal({flags.units, flags.journal_directory}, position, wake_fd);
  }
  if (ReadsPipe(flags)) return OpenPipe(flags, resume, wake_fd, spill);
  std::vector<std::string> paths;
  FollowOptions options;
  for (const std::string& argument : flags.follow) {
    if (IsPattern(argument)) {
      options.patterns.push_back(argument);
      continue;
    }
    paths.push_back(argument);
    if (access(argument.c_str(), R_OK) != 0) {
      streams.err << "gainsay: " << EscapeText(argument) << ": can't be read yet, it is waited for\n"
                  << std::flush;
    }
  }
  return FollowFiles(paths, resume, wake_fd, std::move(options));
}

}  // namespace gainsay
