// What one generation of the watch's state says, as the bytes of state.a or state.b.
#ifndef GAINSAY_WATCH_STATE_FILE_H_
#define GAINSAY_WATCH_STATE_FILE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace gainsay {

struct StateFile {
  uint64_t generation = 0;
  std::string rules;    // a hash; what was found with others can't be gone on with
  std::string sources;  // where each source stands, in its own words
  std::string fold;     // open tasks, reorder buffer, watermark, counters, in its own words
  uint64_t wpos = 0;    // how far into findings.jsonl the fold at these positions has written or verified
  // Lines of findings.jsonl from here to there are known by their keys, not by their places.
  uint64_t known_from = 0, known_to = 0;
};

std::string EncodeState(const StateFile& state);

// Errors: DataLoss if this is damaged, or no state at all; FailedPrecondition if another version of gainsay
// wrote it.
absl::StatusOr<StateFile> DecodeState(std::string_view bytes);

}  // namespace gainsay

#endif  // GAINSAY_WATCH_STATE_FILE_H_
