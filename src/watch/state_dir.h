// Where `watch` keeps its findings and what it needs to go on after a crash, so that no finding is lost and
// none is written twice: the checkpoint protocol.
//
//   absl::StatusOr<std::unique_ptr<StateDir>> dir = StateDir::Open(path, rules_hash, KeyOfLine);
//   if (const StateFile* state = (*dir)->resumed()) …;   // else read from the start, with a new fold
//   …  (*dir)->Emit(line)  …  (*dir)->Checkpoint(sources, fold)  …
//
// Whoever reads findings.jsonl gets each line once. What the fold produces after a restart is compared with
// the lines that it wrote before ("tail"): the same records must give the same lines in the same order. Where
// that can't be asked for (other rules, no state, a gap in the input), lines are told by their keys instead.
//
// Errors: every status but ResourceExhausted is final and means exit code 4: the directory can't be trusted
// or written, and is left as it is. Thread rules: one directory, one thread at a time.
#ifndef GAINSAY_WATCH_STATE_DIR_H_
#define GAINSAY_WATCH_STATE_DIR_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "watch/disk.h"
#include "watch/findings_file.h"
#include "watch/state_file.h"

namespace gainsay {

class StateDir {
 public:
  // What a line of findings.jsonl tells once: of a finding its id, of an update id and verdict; "" of a line
  // that may come again (watermark, gap). Must bear any text.
  using KeyOf = std::function<std::string(std::string_view line)>;

  static absl::StatusOr<std::unique_ptr<StateDir>> Open(const std::string& path, std::string rules,
                                                        KeyOf key_of);
  static absl::StatusOr<std::unique_ptr<StateDir>> Open(std::unique_ptr<Disk> disk, std::string rules,
                                                        KeyOf key_of);

  enum class Start : uint8_t {
    kNew,         // nothing was here
    kResumed,     // go on from resumed()
    kOtherRules,  // what is here was found with other rules: fold from the start, and Emit no record of it
    kLost,        // findings are here, but no valid state: fold from the start, with a `state_lost` record
  };
  Start start() const { return start_; }
  // Only for kResumed; valid until the first Checkpoint.
  const StateFile* resumed() const { return start_ == Start::kResumed ? &base_ : nullptr; }
  // What was odd here, in words: a damaged generation, a cut findings.jsonl.
  const std::vector<std::string>& notes() const { return notes_; }

  // The next line that an earlier life wrote and the fold has yet to produce; none once it has caught up, or
  // where lines go by their keys. A `watermark` record here is to be obeyed when the sources get to
  // its position, and then emitted. Valid until the next call of anything.
  std::optional<std::string_view> Expected() const;

  enum class Emitted : uint8_t {
    kNew,    // written now; without space on the disk, as soon as there is some
    kAgain,  // stood there, but whether anybody else was told is not known
    kKnown,  // stood there when the state was written
  };
  // One line, without its newline and without control characters.
  absl::StatusOr<Emitted> Emit(std::string_view line);

  // All lines that Expected() is to give, this one first, without going to them.
  absl::Status ForEachExpected(const std::function<void(std::string_view)>& visit) const;
  // A gap in the input, or several sources whose records come in any order: from here on lines that an
  // earlier life wrote are told by their keys. Or all lines that are here: the input may be what was read
  // long ago.
  absl::Status BreakReplay();
  absl::Status KnowAll();
  // The rules were replaced.
  absl::Status SetRules(std::string rules);

  // Makes this the state to resume from. OK: it survives the loss of power, and the sources may forget what
  // lies before. ResourceExhausted: no space; the generation before still stands. The first one is due before
  // the first record is read: without any, a crash counts as kLost. `sources` and `fold` not both empty.
  absl::Status Checkpoint(std::string_view sources, std::string_view fold);

  Disk* disk() const { return disk_.get(); }           // for what else is kept in the directory
  uint64_t generation() const { return generation_; }  // the last one that stands
  uint64_t unwritten_bytes() const { return findings_.unwritten(); }  // findings that found no space
  uint64_t findings_bytes() const { return findings_.end(); }

 private:
  StateDir(std::unique_ptr<Disk> disk, std::string rules, KeyOf key_of)
      : disk_(std::move(disk)),
        key_of_(std::move(key_of)),
        rules_(std::move(rules)),
        findings_(disk_.get()) {}

  absl::Status Begin();
  absl::StatusOr<std::optional<StateFile>> ReadGeneration(int slot, bool* damaged);
  absl::Status CutTorn(uint64_t from);
  absl::Status Resume();
  absl::Status ForgetState();
  absl::Status KnowLines(uint64_t from, uint64_t to, bool again);
  absl::Status NextExpected();
  absl::Status WriteGeneration(const StateFile& state);
  absl::Status WriteTemporary(const std::string& bytes);

  std::unique_ptr<Disk> disk_;
  KeyOf key_of_;
  std::string rules_;
  FindingsFile findings_;
  Start start_ = Start::kNew;
  StateFile base_;  // the last generation, as long as the tail is not used up
  std::vector<std::string> notes_;
  uint64_t generation_ = 0;
  uint64_t wpos_ = 0;
  uint64_t known_from_ = 0, known_to_ = 0;
  absl::flat_hash_map<uint64_t, Emitted> known_;  // hashes of keys
  std::optional<FindingsLines> tail_;             // what is left of it
  std::string expected_;                          // its next line
  absl::Status broken_;                           // the error that was final
};

}  // namespace gainsay

#endif  // GAINSAY_WATCH_STATE_DIR_H_
