// The idea: a task's id stands in the message that says it succeeded, and stood in an earlier message of
// another kind. Places that share most of their values (the id in "received", in "succeeded" and in an
// attribute) are one family; each family is judged by how its values behave in messages of success (seen
// before? one for each success?), by what they look like, and by the words beside them. The best family wins.
#include "discovery/task_ids.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"

namespace gainsay {
namespace {

constexpr size_t kMaxPlacesOfValue = 16;  // a value that stands in more is no id that joins them

bool SaysSuccess(const LineTemplate& t) { return t.outcome == TaskOutcome::kSucceeded && !t.Known(); }

double ShapeOf(const Place& place) {
  const auto count = [&](PieceKind kind) {
    return static_cast<double>(place.kinds[static_cast<size_t>(kind)]);
  };
  const double strong = count(PieceKind::kUuid) + count(PieceKind::kToken);
  const double sum =
      3 * strong + 2 * count(PieceKind::kMixed) + count(PieceKind::kInteger) + 0.5 * count(PieceKind::kName);
  return place.count == 0 ? 0 : sum / static_cast<double>(place.count);
}

// The places as a forest of families.
class Families {
 public:
  explicit Families(const LogSample& sample) : sample_(sample), parent_(sample.places().size()) {
    std::iota(parent_.begin(), parent_.end(), 0u);
    JoinByWord();
    Join();
  }

  uint32_t Of(uint32_t place) {
    while (parent_[place] != place) place = parent_[place] = parent_[parent_[place]];
    return place;
  }

 private:
  // Kinds of tasks have no ids in common, but the same word before them: "jid=", "task …".
  void JoinByWord() {
    std::map<std::pair<std::string, size_t>, uint32_t> first;
    for (uint32_t i = 0; i < parent_.size(); ++i) {
      const Place& place = sample_.places()[i];
      if (place.IsAttribute() || place.word.empty() || place.word[0] == '^' || place.count == 0) continue;
      if (!place.names_task || place.names_other) continue;
      const auto* common = std::max_element(std::begin(place.kinds), std::end(place.kinds));
      const auto [known, is_new] = first.emplace(std::pair(place.word, common - std::begin(place.kinds)), i);
      if (!is_new) parent_[Of(i)] = Of(known->second);
    }
  }

  // Which places share how many values.
  void Join() {
    std::vector<std::pair<uint64_t, uint32_t>> values;  // hash, place
    for (const Note& note : sample_.notes()) {
      const PlacedValue* value = sample_.values(note);
      for (uint32_t i = 0; i < note.values; ++i) values.emplace_back(value[i].hash, value[i].place);
    }
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    std::vector<uint64_t> distinct(parent_.size());
    std::map<std::pair<uint32_t, uint32_t>, uint64_t> shared;
    for (size_t begin = 0; begin < values.size();) {
      size_t end = begin;
      while (end < values.size() && values[end].first == values[begin].first)
        ++distinct[values[end++].second];
      for (size_t i = begin; end - begin <= kMaxPlacesOfValue && i < end; ++i) {
        for (size_t j = i + 1; j < end; ++j) ++shared[{values[i].second, values[j].second}];
      }
      begin = end;
    }
    for (const auto& [pair, count] : shared) {
      const auto [a, b] = pair;
      if (2 * count >= std::min(distinct[a], distinct[b]) && AlikeEnough(a, b)) parent_[Of(b)] = Of(a);
    }
  }

  // Small numbers are equal by chance: there the same word must stand beside both.
  bool AlikeEnough(uint32_t a, uint32_t b) const {
    const Place &p = sample_.places()[a], &q = sample_.places()[b];
    if (p.names_other != q.names_other) return false;
    if (ShapeOf(p) >= 1.5 && ShapeOf(q) >= 1.5) return true;
    return (p.names_task && q.names_task) || (!p.word.empty() && p.word == q.word);
  }

  const LogSample& sample_;
  std::vector<uint32_t> parent_;
};

// How the values of a family behave in messages of success.
struct Behaviour {
  uint64_t records = 0, seen_before = 0, places = 0;
  double shape = 0;
  uint64_t errors = 0;  // records of known write errors that bear it in an attribute
  bool names_task = false, names_id = false, names_other = false;
  absl::flat_hash_set<uint64_t> values;
};

class FamilyJudge {
 public:
  FamilyJudge(const LogSample& sample, Families* families) : sample_(sample), families_(families) { Read(); }

  // The root of the best family, or kNoPlace.
  uint32_t Best() const {
    uint32_t best = LogSample::kNoPlace;
    double best_score = 0;
    for (const auto& [family, b] : behaviours_) {
      const double score = Score(family, b);
      if (score <= best_score) continue;
      best = family;
      best_score = score;
    }
    return best;
  }

 private:
  void Read() {
    absl::flat_hash_map<uint64_t, uint32_t> first;  // value -> the template it was first seen in
    for (const Note& note : sample_.notes()) {
      const PlacedValue* value = sample_.values(note);
      const bool success = SaysSuccess(sample_.templates()[note.line_template]);
      const LineTemplate& t = sample_.templates()[note.line_template];
      const bool error = 2 * t.known_errors >= t.count && t.known_errors > 0;
      successes_ += success ? 1 : 0;
      errors_ += error ? 1 : 0;
      std::vector<uint32_t> met;
      for (uint32_t i = 0; i < note.values; ++i) {
        const uint32_t family = families_->Of(value[i].place);
        const bool again = std::find(met.begin(), met.end(), family) != met.end();
        if (!again) {
          met.push_back(family);
          ++spread_[family];
          if (error && sample_.places()[value[i].place].IsAttribute()) ++behaviours_[family].errors;
        }
        const auto [known, is_new] = first.emplace(value[i].hash, note.line_template);
        if (!success || again) continue;
        Count(value[i], !is_new && known->second != note.line_template, &behaviours_[family]);
      }
    }
  }

  void Count(const PlacedValue& value, bool seen_before, Behaviour* b) {
    const Place& place = sample_.places()[value.place];
    ++b->records;
    b->seen_before += seen_before ? 1 : 0;
    b->shape += ShapeOf(place);
    b->names_task = b->names_task || place.names_task;
    b->names_id = b->names_id || place.names_id;
    b->names_other = b->names_other || place.names_other;
    b->values.insert(value.hash);
  }

  double Score(uint32_t family, const Behaviour& b) const {
    if (b.records == 0) return 0;
    const auto records = static_cast<double>(b.records);
    const double before = static_cast<double>(b.seen_before) / records;
    const double unique = static_cast<double>(b.values.size()) / records;
    if (b.values.size() < 2 && !b.names_task) return 0;
    if (before < 0.3 && !b.names_task) return 0;
    double score = b.shape / records + 3 * before + 2 * unique;
    score += records / static_cast<double>(successes_);
    score += 1.5 * static_cast<double>(spread_.at(family)) / static_cast<double>(sample_.notes().size());
    if (errors_ > 0) score += 1.5 * static_cast<double>(b.errors) / static_cast<double>(errors_);
    score += (b.names_task ? 2 : 0) + (b.names_id ? 0.5 : 0) - (b.names_other ? 2.5 : 0);
    return score;
  }

  const LogSample& sample_;
  Families* families_;
  std::map<uint32_t, Behaviour> behaviours_;  // by family; ordered: ties go to the first
  std::map<uint32_t, uint64_t> spread_;
  uint64_t successes_ = 0, errors_ = 0;
};

}  // namespace

TaskIds FindTaskIds(const LogSample& sample) {
  TaskIds ids;
  ids.is_id.resize(sample.places().size());
  ids.of_note.resize(sample.notes().size());
  Families families(sample);
  const uint32_t best = FamilyJudge(sample, &families).Best();
  if (best == LogSample::kNoPlace) return ids;
  ids.found = true;
  for (uint32_t place = 0; place < ids.is_id.size(); ++place) ids.is_id[place] = families.Of(place) == best;
  absl::flat_hash_set<uint64_t> distinct;
  for (size_t i = 0; i < sample.notes().size(); ++i) {
    const Note& note = sample.notes()[i];
    const PlacedValue* value = sample.values(note);
    for (uint32_t v = 0; v < note.values && ids.of_note[i] == 0; ++v) {
      if (ids.is_id[value[v].place]) ids.of_note[i] = value[v].hash;
    }
    if (ids.of_note[i] != 0) distinct.insert(ids.of_note[i]);
  }
  ids.distinct = distinct.size();
  return ids;
}

uint32_t IdPlaceOf(const LogSample& sample, const TaskIds& ids, const LineTemplate& line_template) {
  uint32_t best = LogSample::kNoPlace;
  uint64_t best_count = 0;
  for (const auto& [place, count] : line_template.attribute_places) {
    if (!ids.is_id[place] || 20 * count < 19 * line_template.count || count <= best_count) continue;
    best = place;
    best_count = count;
  }
  if (best != LogSample::kNoPlace) return best;
  for (const uint32_t place : line_template.places) {
    if (place == LogSample::kNoPlace || !ids.is_id[place]) continue;
    if (20 * sample.places()[place].count >= 19 * line_template.count) return place;
  }
  return best;
}

}  // namespace gainsay
