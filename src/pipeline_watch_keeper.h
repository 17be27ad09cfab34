// Between a watch and its state directory: what is told is written there first, marks are remembered until a
// checkpoint makes them needless, and those of an earlier life are set again.
//
// Thread rules: one keeper, one thread.
#ifndef GAINSAY_PIPELINE_WATCH_KEEPER_H_
#define GAINSAY_PIPELINE_WATCH_KEEPER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "pipeline_live.h"

namespace gainsay {

class WatchKeeper {
 public:
  // `run.state` may be null: lines are told, and nothing is kept.
  WatchKeeper(const WatchRun& run, const WatchHooks& hooks)
      : dir_(run.state), most_often_(run.checkpoint), hooks_(hooks) {}

  // Says what was odd in the directory.
  void Begin(WatchFold* fold);
  // Final errors of the directory; nothing is told any more then.
  const absl::Status& status() const { return status_; }

  void Tell(const WatchLine& line);
  // Of a mark that is about to be set.
  void Remember(const WatchMark& mark, const WatchFold& fold);

  // What an earlier life told behind its last checkpoint is still to come.
  bool replaying() const { return dir_ != nullptr && status_.ok() && dir_->Expected().has_value(); }
  // Sets the marks of that life that are due where the fold's streams stand, and tells what comes of it.
  void ObeyMarks(WatchFold* fold);
  // It need not come as it came then: the fold is told what that was. After a gap, anything may come again.
  void BreakReplay(WatchFold* fold);
  void KnowAll(WatchFold* fold);
  void SetRules(const std::string& rules, WatchFold* fold);

  // Whether a checkpoint is due, so many bytes after the last one.
  bool Due(uint64_t fed, absl::Time now) const;
  // Everything was told. Of the fold's state, unless nothing changed since the last one. ResourceExhausted:
  // the disk is full, and the one before still stands; other errors are final.
  absl::Status Checkpoint(WatchKept kept, const WatchFold& fold);
  uint64_t unwritten_bytes() const { return dir_ == nullptr ? 0 : dir_->unwritten_bytes(); }

 private:
  // Whether the line is to be told.
  bool Write(const std::string& json, bool* again);
  void Expect(WatchFold* fold);
  void NoteSpace(const absl::Status& written);

  StateDir* dir_;
  const absl::Duration most_often_;
  const WatchHooks& hooks_;
  absl::Status status_;
  std::vector<std::string> marks_;  // set since the last checkpoint and not written yet
  absl::Time checkpoint_time_ = absl::InfinitePast();
  absl::Duration took_ = absl::ZeroDuration();
  size_t last_ = 0;  // a hash of what the last checkpoint was of
  bool told_full_ = false, told_waiting_ = false;
};

}  // namespace gainsay

#endif  // GAINSAY_PIPELINE_WATCH_KEEPER_H_
