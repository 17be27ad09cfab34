// The streams of a live source, and which of the fold's streams each of them is: those of a fold that was
// loaded are known by their names, and the place of one that was closed is given to the next one.
//
// Thread rules: as the watch's, whose they are.
#ifndef GAINSAY_PIPELINE_LIVE_STREAMS_H_
#define GAINSAY_PIPELINE_LIVE_STREAMS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "input/live.h"
#include "pipeline_watch.h"
#include "pipeline_watch_resume.h"

namespace gainsay {

struct LiveStream {
  uint32_t in_fold = 0;
  bool closed = false;   // the source has nothing more of it
  bool lost = false;     // a gap was told: what comes is another text
  EntrySearch entry;     // of a pipe that may bring again what was used
  uint64_t read_to = 0;  // the position when lines began to be held
  absl::Time held_since = absl::InfiniteFuture();
  absl::Time last_bytes = absl::Now();
  size_t reads_since = 0;  // of the source, that brought bytes of others or none
};

class LiveStreams {
 public:
  // Both must outlive it.
  LiveStreams(LiveSource* source, std::unique_ptr<WatchFold>* fold) : source_(source), fold_(*fold) {}

  // Those that there are at first. What the fold knows and the source does not have has ended. Gives how many
  // there are in all.
  size_t Match();
  // One that the source has opened.
  void Open(uint32_t number);

  // Where this one begins, if nothing of it was read.
  LivePosition BeginOf(uint32_t number) const;
  // How far each of the fold's streams has come, as far as it is somebody's.
  std::vector<LivePosition> Positions() const;

  // By the source's numbers.
  LiveStream& operator[](size_t number) { return streams_[number]; }
  size_t size() const { return streams_.size(); }
  bool empty() const { return streams_.empty(); }
  auto begin() { return streams_.begin(); }
  auto end() { return streams_.end(); }
  auto begin() const { return streams_.begin(); }
  auto end() const { return streams_.end(); }
  LiveStream& front() { return streams_.front(); }
  LiveStream& back() { return streams_.back(); }

 private:
  bool Find(uint32_t number);
  std::optional<uint32_t> FreePlace(const std::string& name) const;
  bool IsUsed(uint32_t place) const;

  LiveSource* const source_;
  std::unique_ptr<WatchFold>& fold_;
  std::vector<LiveStream> streams_;
};

}  // namespace gainsay

#endif  // GAINSAY_PIPELINE_LIVE_STREAMS_H_
