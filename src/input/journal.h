// The systemd journal, read directly: entries as the JSON lines that `journalctl -o json -a` prints, of all
// boots, without a journalctl between.
//
//   absl::StatusOr<std::unique_ptr<LiveSource>> source = OpenJournal({.units = {"app"}}, position, wake_fd);
//
// It is resumed at the entry of a cursor, which must be there: otherwise a gap is told, and it goes on with
// what was written at the cursor's time or later; with the oldest entry if nothing was.
#ifndef GAINSAY_INPUT_JOURNAL_H_
#define GAINSAY_INPUT_JOURNAL_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "input/live.h"

namespace gainsay {

struct JournalOptions {
  std::vector<std::string> units;  // what these units print, and what systemd says of them; none: everything
  std::string directory;           // of journal files; "": this machine's journal
};

// The name of the journal's one stream, and of its LivePosition.
inline constexpr char kJournalName[] = "journal";

// Errors: Unimplemented if gainsay was built without libsystemd; NotFound, PermissionDenied.
absl::StatusOr<std::unique_ptr<LiveSource>> OpenJournal(const JournalOptions& options,
                                                        const std::optional<LivePosition>& resume,
                                                        int wake_fd);

// "app" is "app.service"; a name with a suffix stays.
std::string UnitName(const std::string& unit);

}  // namespace gainsay

#endif  // GAINSAY_INPUT_JOURNAL_H_
