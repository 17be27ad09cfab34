// Which causes were seen before, and which findings are worth an alarm: an alarm that looks like one that is
// ignored since last week must not hide a new one.
//
//   KnownCauses known({.all = false, .repeat_ns = 4 * kHour});
//   known.AddBaseline(cause_id);
//   if (known.See({cause_id}, terminal_ns).notify) …
//
// Only event time counts, so that a replay decides as the first time, if what Save gave is restored.
//
// Thread rules: one value, one thread.
#ifndef GAINSAY_WATCH_KNOWN_CAUSES_H_
#define GAINSAY_WATCH_KNOWN_CAUSES_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "record/time.h"

namespace gainsay {

struct NotifyPolicy {
  bool all = false;       // every finding; else those of new causes,
  int64_t repeat_ns = 0;  // and one of a known cause if the last notice of it is that old; 0: never again
};

struct SeenCause {
  std::string id;
  int64_t first_ns = kNoTime, last_ns = kNoTime;  // terminal times of its findings
  int64_t told_ns = kNoTime;                      // of the last one that was notified
  uint64_t findings = 0;
  uint64_t held_back = 0;  // since the last one that was notified
  bool baseline = false;
  int64_t baseline_until_ns = std::numeric_limits<int64_t>::max();
};

// How a finding stands among those before it. Numbers and times are those of its first cause.
struct CauseStanding {
  bool new_cause = false;  // one of its causes was never seen, nor stands in a baseline
  bool notify = false;
  uint64_t seen_before = 0;
  uint64_t held_back = 0;  // findings that were not notified since the last one that was
  int64_t first_ns = kNoTime;
};

class KnownCauses {
 public:
  explicit KnownCauses(const NotifyPolicy& policy, size_t cap = 10'000) : policy_(policy), cap_(cap) {}

  // Known from the outset: a finding with it is no news, and repeated only. After `until_ns` it is as any
  // other.
  void AddBaseline(const std::string& cause, int64_t until_ns = std::numeric_limits<int64_t>::max());

  // Takes a finding in, by its causes, first one first, and its terminal time.
  CauseStanding See(const std::vector<std::string>& causes, int64_t time_ns);

  size_t size() const { return causes_.size(); }
  uint64_t new_causes() const { return new_causes_; }  // that were met by See
  uint64_t evicted() const { return evicted_; }  // seen least recently, when there were more than the cap

  // For a checkpoint; by id. Restore takes the place of everything but the baseline.
  std::vector<SeenCause> Save() const;
  void Restore(const std::vector<SeenCause>& causes);

  // The same as text, a line for each cause. False for what Write did not write; nothing is changed then.
  std::string Write() const;
  bool Read(std::string_view text);

 private:
  bool IsNew(const std::string& id, int64_t time_ns) const;
  bool Due(const SeenCause& cause, int64_t time_ns) const;
  void Count(const std::string& id, int64_t time_ns, bool notified);
  void Evict();

  NotifyPolicy policy_;
  size_t cap_;
  absl::flat_hash_map<std::string, SeenCause> causes_;
  uint64_t new_causes_ = 0, evicted_ = 0;
};

}  // namespace gainsay

#endif  // GAINSAY_WATCH_KNOWN_CAUSES_H_
