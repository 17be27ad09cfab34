#include "watch/known_causes.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace gainsay {

void KnownCauses::AddBaseline(const std::string& cause, int64_t until_ns) {
  SeenCause& known = causes_[cause];
  known.id = cause;
  known.baseline = true;
  known.baseline_until_ns = until_ns;
}

bool KnownCauses::IsNew(const std::string& id, int64_t time_ns) const {
  const auto known = causes_.find(id);
  if (known == causes_.end()) return true;
  return known->second.findings == 0 && time_ns > known->second.baseline_until_ns;
}

// Its last notice is too long ago. (Times of a log may lie at both ends of what fits.)
bool KnownCauses::Due(const SeenCause& cause, int64_t time_ns) const {
  if (policy_.repeat_ns <= 0 || cause.told_ns == kNoTime || time_ns <= cause.told_ns) return false;
  const uint64_t age = static_cast<uint64_t>(time_ns) - static_cast<uint64_t>(cause.told_ns);
  return age >= static_cast<uint64_t>(policy_.repeat_ns);
}

CauseStanding KnownCauses::See(const std::vector<std::string>& causes, int64_t time_ns) {
  const std::set<std::string> different(causes.begin(), causes.end());
  if (causes_.size() + different.size() > cap_) Evict();
  CauseStanding standing;
  standing.notify = policy_.all || causes.empty();  // nothing to know it by
  for (const std::string& id : different) {
    if (IsNew(id, time_ns)) {
      ++new_causes_;
      standing.new_cause = standing.notify = true;
    } else if (Due(causes_[id], time_ns)) {
      standing.notify = true;
    }
  }
  if (!causes.empty()) {
    const SeenCause& first = causes_[causes.front()];
    standing.seen_before = first.findings;
    standing.held_back = first.held_back;
    standing.first_ns = first.first_ns == kNoTime ? time_ns : first.first_ns;
  }
  for (const std::string& id : different) Count(id, time_ns, standing.notify);
  return standing;
}

void KnownCauses::Count(const std::string& id, int64_t time_ns, bool notified) {
  SeenCause& known = causes_[id];
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

std::vector<SeenCause> KnownCauses::Save() const {
  std::vector<SeenCause> saved;
  for (const auto& [id, cause] : causes_) saved.push_back(cause);
  std::sort(saved.begin(), saved.end(), [](const SeenCause& a, const SeenCause& b) { return a.id < b.id; });
  return saved;
}

void KnownCauses::Restore(const std::vector<SeenCause>& causes) {
  absl::flat_hash_map<std::string, SeenCause> restored;
  for (const SeenCause& cause : causes) {
    restored[cause.id] = cause;
    restored[cause.id].baseline = false;  // what stands in the baseline now decides
  }
  for (const auto& [id, cause] : causes_) {
    if (!cause.baseline) continue;
    restored[id].id = id;
    restored[id].baseline = true;
    restored[id].baseline_until_ns = cause.baseline_until_ns;
  }
  causes_ = std::move(restored);
}

std::string KnownCauses::Write() const {
  std::string text;
  for (const SeenCause& cause : Save()) {
    absl::StrAppend(&text, cause.id, " ", cause.first_ns, " ", cause.last_ns, " ", cause.told_ns, " ",
                    cause.findings, " ", cause.held_back, "\n");
  }
  return text;
}

bool KnownCauses::Read(std::string_view text) {
  std::vector<SeenCause> causes;
  for (const absl::string_view line :
       absl::StrSplit(absl::string_view(text.data(), text.size()), '\n', absl::SkipEmpty())) {
    const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
    SeenCause& cause = causes.emplace_back();
    if (words.size() != 6 || words[0].empty() || !absl::SimpleAtoi(words[1], &cause.first_ns) ||
        !absl::SimpleAtoi(words[2], &cause.last_ns) || !absl::SimpleAtoi(words[3], &cause.told_ns) ||
        !absl::SimpleAtoi(words[4], &cause.findings) || !absl::SimpleAtoi(words[5], &cause.held_back)) {
      return false;
    }
    cause.id = std::string(words[0]);
  }
  Restore(causes);
  return true;
}

}  // namespace gainsay
