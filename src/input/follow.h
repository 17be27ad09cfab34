// Files that are followed while they grow, through renaming, copying and cutting down, deleting and making
// anew.
//
//   absl::StatusOr<std::unique_ptr<LiveSource>> source = FollowFiles({"app.log"}, positions, wake_fd);
//
// Each file is a stream, at first in the order of the paths. A file that was not followed before is read from
// its start; one that is missing is waited for. Patterns are of what is there, and of what comes: a file that
// is found later is told by kOpened; one that was found, and is gone for good, by kClosed. Rotated files
// beside it are read where they were rotated after the position to resume from; those that were packed
// meanwhile are not: that is told as a gap.
#ifndef GAINSAY_INPUT_FOLLOW_H_
#define GAINSAY_INPUT_FOLLOW_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "input/live.h"

namespace gainsay {

struct FollowOptions {
  std::vector<std::string> patterns = {};  // of input/glob.h
  absl::Duration gone_for_good = absl::Minutes(1);
  // Without it (or where there is none), files are looked at four times a second.
  bool inotify = true;
};

// `resume`: positions by their `source`, a path as it was given or found; those of other paths are passed
// over. `wake_fd`: as in LiveDescriptor. Errors: InvalidArgument for a path that is there and no regular
// file.
absl::StatusOr<std::unique_ptr<LiveSource>> FollowFiles(std::vector<std::string> paths,
                                                        const std::vector<LivePosition>& resume, int wake_fd,
                                                        FollowOptions options = {});

}  // namespace gainsay

#endif  // GAINSAY_INPUT_FOLLOW_H_
