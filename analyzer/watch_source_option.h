// What `watch` reads: standard input, files that are followed, or the journal.
#ifndef GAINSAY_ANALYZER_WATCH_SOURCE_OPTION_H_
#define GAINSAY_ANALYZER_WATCH_SOURCE_OPTION_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "command.h"
#include "input/live.h"
#include "watch/spill_file.h"

namespace gainsay {

struct WatchSourceFlags {
  std::vector<std::string> follow, units;
  bool journal = false;
  std::string journal_directory;
  uint64_t queue_bytes = uint64_t{32} << 20, spill_bytes = uint64_t{256} << 20;  // of a pipe
  std::string max_block = "10s";
};

void AddWatchSourceOptions(CLI::App* watch, WatchSourceFlags* flags);

// What is wrong with the flags: nothing to read, several things at once.
absl::Status CheckWatchSource(const WatchSourceFlags& flags, const Streams& streams);
bool ReadsPipe(const WatchSourceFlags& flags);
// Whether it surely brings the same bytes again, and in the same order, from these positions on.
bool CanReplay(const WatchSourceFlags& flags, const std::vector<LivePosition>& positions);
// In words, for a state: another source has others.
std::string DescribeWatchSource(const WatchSourceFlags& flags);

// Opens the source that the flags ask for, where `resume` says (empty: at its start). `wake_fd`: see
// LiveDescriptor; `spill` (or null) must outlive it. Errors: what can't be opened.
absl::StatusOr<std::unique_ptr<LiveSource>> OpenWatchSource(const WatchSourceFlags& flags,
                                                            const std::vector<LivePosition>& resume,
                                                            int wake_fd, SpillFile* spill,
                                                            const Streams& streams);

}  // namespace gainsay

#endif  // GAINSAY_ANALYZER_WATCH_SOURCE_OPTION_H_
