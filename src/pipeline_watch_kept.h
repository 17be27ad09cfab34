// What a state directory holds of a watch, beside the protocol's own: as values, as bytes, and as lines.
// Thread rules: free functions without state.
#ifndef GAINSAY_PIPELINE_WATCH_KEPT_H_
#define GAINSAY_PIPELINE_WATCH_KEPT_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "input/live.h"
#include "rule/wire.h"
#include "watch/state_file.h"

namespace gainsay {

struct WatchKept {
  // Which source it is, of which gainsay and with which settings, and since when the machine has run: where
  // one of these is another one, the same lines may not come again.
  std::string source;
  std::vector<LivePosition> positions;  // of the fold's streams
  std::string fold;                     // WatchFold::Save
  std::string causes;                   // KnownCauses::Write
};

// `sources` and `fold`, for StateDir::Checkpoint.
std::string SourcesOf(const WatchKept& kept);
std::string FoldOf(const WatchKept& kept);
// None if these are no such bytes.
std::optional<WatchKept> KeptIn(const StateFile& state);

// Of whatever a state holds of a fold. Another version's is as one of other rules.
inline constexpr uint64_t kWatchStateVersion = 3;

// The value of a key in a line that some watch told, "" without it: of ids and verdicts, which need no
// escapes.
std::string_view JsonText(std::string_view line, std::string_view key);
// What a line of findings.jsonl tells once (StateDir::KeyOf).
std::string WatchLineKey(std::string_view line);

void WritePosition(const LivePosition& position, WireWriter* writer);
LivePosition ReadPosition(WireReader* reader);

}  // namespace gainsay

#endif  // GAINSAY_PIPELINE_WATCH_KEPT_H_
