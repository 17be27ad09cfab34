#include "watch/known_causes.h"

#include <algorithm>
#include <set>
#include <utility>

namespace gainsay {

void KnownCauses::AddBaseline(const std::string& cause) {
  KnownCause& known = causes_[cause];
  known.id = cause;
  known.baseline = true;
}

// Its last notice is too long ago. (Times of a log may lie at both ends of what fits.)
bool KnownCauses::Due(const KnownCause& cause, int64_t time_ns) const {
  if (policy_.repeat_ns <= 0 || cause.told_ns == kNoTime || time_ns <= cause.told_ns) return false;
  const uint64_t age = static_cast<uint64_t>(time_ns) - static_cast<uint64_t>(cause.told_ns);
  return age >= static_cast<uint64_t>(policy_.repeat_ns);
}

Standing KnownCauses::See(const std::vector<std::string>& causes, int64_t time_ns) {
  const std::set<std::string> different(causes.begin(), causes.end());
  if (causes_.size() + different.size() > cap_) Evict();
  Standing standing;
  standing.notify = policy_.all || causes.empty();  // nothing to know it by
  for (const std::string& id : different) {
    const auto known = causes_.find(id);
    if (known == causes_.end()) {
      ++new_causes_;
      standing.new_cause = true;
    }
    standing.notify = standing.notify || known == causes_.end() || Due(known->second, time_ns);
  }
  if (!causes.empty()) {
    const KnownCause& first = causes_[causes.front()];
    standing.seen_before = first.findings;
    standing.held_back = first.held_back;
    standing.first_ns = first.first_ns == kNoTime ? time_ns : first.first_ns;
  }
  for (const std::string& id : different) Count(id, time_ns, standing.notify);
  return standing;
}

void KnownCauses::Count(const std::string& id, int64_t time_ns, bool notified) {
  KnownCause& known = causes_[id];
  known.id = id;
  ++known.findings;
  if (known.first_ns == kNoTime) known.first_ns = time_ns;
  known.last_ns = std::max(known.last_ns, time_ns);
  // One of a baseline counts as notified when it is first met.
  if (notified || known.told_ns == kNoTime) known.told_ns = time_ns;
  known.held_back = notified ? 0 : known.held_back + 1;
}

// Half of what is not in a baseline, seen least recently; so that a flood of causes costs little for each.
void KnownCauses::Evict() {
  std::vector<std::pair<int64_t, std::string>> by_time;
  for (const auto& [id, cause] : causes_) {
    if (!cause.baseline) by_time.emplace_back(cause.last_ns, id);
  }
  std::sort(by_time.begin(), by_time.end());
  by_time.resize((by_time.size() + 1) / 2);
  for (const auto& [time, id] : by_time) causes_.erase(id);
  evicted_ += by_time.size();
}

std::vector<KnownCause> KnownCauses::Save() const {
  std::vector<KnownCause> saved;
  for (const auto& [id, cause] : causes_) saved.push_back(cause);
  std::sort(saved.begin(), saved.end(), [](const KnownCause& a, const KnownCause& b) { return a.id < b.id; });
  return saved;
}

void KnownCauses::Restore(const std::vector<KnownCause>& causes) {
  absl::flat_hash_map<std::string, KnownCause> restored;
  for (const KnownCause& cause : causes) {
    restored[cause.id] = cause;
    restored[cause.id].baseline = false;  // what stands in the baseline now decides
  }
  for (const auto& [id, cause] : causes_) {
    if (!cause.baseline) continue;
    restored[id].id = id;
    restored[id].baseline = true;
  }
  causes_ = std::move(restored);
}

}  // namespace gainsay
