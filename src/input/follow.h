// Files that are followed while they grow, through renaming, copying and cutting down, deleting and making
// anew.
//
//   absl::StatusOr<std::unique_ptr<LiveSource>> source = FollowFiles({"app.log"}, positions, wake_fd);
//
// Each file is a stream, in the order of the paths. A file that was not followed before is read from its
// start; one that is missing is waited for. Rotated files beside it are read where they were rotated after
// the position to resume from; those that were packed meanwhile are not: that is told as a gap.
#ifndef GAINSAY_INPUT_FOLLOW_H_
#define GAINSAY_INPUT_FOLLOW_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "input/live.h"

namespace gainsay {

// `resume`: positions by their `source`, a path as it was given; those of other paths are passed over.
// `wake_fd`: as in LiveDescriptor. Without `inotify`, files are looked at four times a second. Errors:
// InvalidArgument for a path that is there and no regular file.
absl::StatusOr<std::unique_ptr<LiveSource>> FollowFiles(std::vector<std::string> paths,
                                                        const std::vector<LivePosition>& resume, int wake_fd,
                                                        bool inotify = true);

}  // namespace gainsay

#endif  // GAINSAY_INPUT_FOLLOW_H_
