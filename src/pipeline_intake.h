// A pipe that is read by a thread of its own, so that whoever writes into it waits for nobody: what can't be
// taken yet is held in memory, then in a file of the state directory. Where that is full as well, the writer
// waits for a bounded time; after that whole lines are let go, counted, and told as a gap at their place.
//
//   std::unique_ptr<LiveSource> source = OpenIntake(STDIN_FILENO, "-", wake, resume, {.spill = spill.get()});
//
// Thread rules: as any source's; its thread ends with it.
#ifndef GAINSAY_PIPELINE_INTAKE_H_
#define GAINSAY_PIPELINE_INTAKE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "input/live.h"
#include "watch/spill_file.h"

namespace gainsay {

struct IntakeOptions {
  uint64_t memory_bytes = uint64_t{32} << 20;
  SpillFile* spill = nullptr;  // must outlive it; null: there is none
  absl::Duration most_wait = absl::Seconds(10);
};

// `fd` stays the caller's. `resume`: where an earlier process ended, if one did; what it left in the spill
// file is given first, and then kRenewed is told.
std::unique_ptr<LiveSource> OpenIntake(int fd, std::string name, int wake_fd,
                                       const std::optional<LivePosition>& resume, IntakeOptions options);

}  // namespace gainsay

#endif  // GAINSAY_PIPELINE_INTAKE_H_
