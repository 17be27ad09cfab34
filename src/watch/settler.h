// Events in, in the order in which they are read; findings out as soon as they are settled. DESIGN.md
// section 3, "Streaming".
//
//   Settler settler(matcher, filter, options, &sink);
//   settler.Add(std::move(event));      // whose place in time is set
//   settler.Advance(watermark_ns);      // after each record
//   Correlation rest = settler.Finish();
//
// What it tells, and in which order, is a function of the calls alone.
// Thread rules: one settler, one thread.
#ifndef GAINSAY_WATCH_SETTLER_H_
#define GAINSAY_WATCH_SETTLER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "event/event_codec.h"
#include "finding/build.h"
#include "finding/finding.h"
#include "task/correlator.h"
#include "watch/event_store.h"
#include "watch/selection.h"

namespace gainsay {

struct SettlerOptions {
  int64_t settle_ns = 5 * kSecond;
  int64_t retain_ns = 3600 * kSecond;
  size_t max_events = 400'000;  // kept; beyond it the oldest are forgotten early, and counted
  size_t few_events = 256;      // where no more are kept, all are judged at once
  bool all_at_once = false;     // always: the slow twin
};

// What is settled. Everything handed over is valid during the call only.
class SettlerSink {
 public:
  virtual ~SettlerSink() = default;
  // In order of terminal time and id, but for what is late.
  virtual void Found(const Correlation& correlation, const Finding& finding) = 0;
  // A finding that was told is none any more, or is one again.
  virtual void Changed(const std::string& id, const std::string& task, Verdict verdict) = 0;
  // The last that is heard of a run.
  virtual void Forgotten(const Run& run) = 0;
};

class Settler {
 public:
  // `matcher`, `filter` (may be null) and `sink` must outlive it.
  Settler(const Matcher& matcher, ErrorFilter* filter, SettlerOptions options, SettlerSink* sink);

  void Add(KeptEvent event);
  // Records were lost at this time: the runs that were open then can't be judged, of one source (a gap) or of
  // one outer system's task (a unit that journald kept quiet).
  void LostFromSource(uint32_t source, int64_t time_ns);
  void LostFromUnit(std::string_view unit, int64_t time_ns);

  // Settles what is due at this watermark.
  void Advance(int64_t watermark_ns);
  // Settles all that is there, whatever its time.
  void SettleAll();
  // The same, and gives what was kept, judged; what was forgotten is in forgotten(). Call once.
  Correlation Finish();

  // All that it holds, but for the options; Load gives it to a new one. False: these are no such bytes, or
  // cut short, and the settler can't be used.
  void Save(WireWriter* writer) const;
  bool Load(WireReader* reader, const EventTranslation& translate = nullptr);

  // A finding that was told by somebody who had read on from here, and what became of it since: it is told
  // once more if it is found, and taken back if its run is known to be something else. Where nothing is found
  // of it any more, it stands.
  void Expect(int64_t time_ns, const std::string& id, const std::string& task);
  void ExpectChange(const std::string& id, Verdict verdict);

  const Tally& forgotten() const { return forgotten_; }
  const EventStore& store() const { return store_; }
  bool Unsettled() const { return !due_.empty(); }
  // The watermark at which something will be settled; INT64_MAX if only untimed events wait, or none.
  int64_t NextDecision() const;
  int64_t watermark_ns() const { return watermark_ns_; }
  uint64_t forgotten_early() const { return forgotten_early_; }  // closed runs, for want of room
  uint64_t evicted() const { return evicted_; }                  // runs that were still open

 private:
  struct Known {
    std::string task;
    Verdict verdict = Verdict::kContradiction;
    bool again = false;  // only Expect knows of it
  };
  using KnownKey = std::pair<int64_t, std::string>;  // terminal time and id
  using KnownFindings = std::map<KnownKey, Known>;

  enum class LossKind : uint8_t { kSource, kUnit, kEvicted };
  // When records of a task were lost, and why.
  struct Loss {
    int64_t time_ns;
    LossKind why;
  };
  static std::string_view Words(LossKind kind);
  // Tasks that lost records are many where more is going on than there is room for, and most of them are not
  // kept any more: a number is known of each. Two tasks with one number are both doubted.
  static uint64_t LossKey(std::string_view task);
  // What a sweep drops.
  struct Plan;

  void LoadEvents(WireReader* reader, const EventTranslation& translate);
  void Schedule(const EventStore::Item& item);
  bool MayMatter(const EventStore::Item& item, bool late) const;
  std::vector<DueEvent> TakeDue(int64_t at_ns);
  void Decide(int64_t at_ns, bool all);
  // The selection's items run in parallel to the storage of what is returned.
  Correlation Judge(const Selection& selection) const;
  void DoubtLost(Correlation* correlation) const;
  void TellFound(const Selection& selection, const Correlation& correlation, int64_t at_ns, bool all);
  void TellGone(const Selection& selection, const Correlation& correlation,
                const absl::flat_hash_set<std::string>& still, int64_t at_ns);
  void TellChange(const KnownKey& key, const std::vector<const Run*>& runs);
  void Sweep(int64_t at_ns, int64_t horizon_ns, bool judge_all = true);
  Plan PlanSweep(int64_t horizon_ns) const;
  void CountForgotten(const Plan& plan, const Correlation& correlation);
  std::vector<EventKey> FloatingToDrop(const Plan& plan, const Correlation& correlation,
                                       const std::vector<const EventStore::Item*>& judged,
                                       int64_t horizon_ns);
  void ForgetFindings(int64_t horizon_ns);
  void CountEvent(const Event& event);
  void Lose(std::string_view task, Loss loss);
  void ForgetLosses();
  void MakeRoom();
  void Evict(size_t count);

  const Matcher& matcher_;
  ErrorFilter* filter_;
  const SettlerOptions options_;
  SettlerSink* sink_;
  EventStore store_;
  absl::flat_hash_map<uint64_t, Loss> lost_;    // by LossKey of the task
  std::set<std::pair<int64_t, EventKey>> due_;  // when, and of which event
  int64_t decided_ns_ = kNoTime;                // of the last decision
  int64_t next_sweep_ns_ = kNoTime, watermark_ns_ = kNoTime;
  KnownFindings known_;
  absl::flat_hash_map<std::string, std::set<KnownKey>> found_in_;  // the same, by task
  Tally forgotten_;
  uint64_t forgotten_early_ = 0, evicted_ = 0;
};

}  // namespace gainsay

#endif  // GAINSAY_WATCH_SETTLER_H_
