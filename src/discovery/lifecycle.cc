// The idea: a word of an outcome alone says little ("secondary write ok"). It ends the task if hardly ever
// another such word follows in the same task; it begins one if hardly ever anything but an announcement
// stands before it. So the records of each id are walked in order, in segments from start to start, and each
// template is counted by the places that its records have in them.
#include "discovery/lifecycle.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "event/operation.h"
#include "event/words.h"

namespace gainsay {
namespace {

constexpr uint32_t kNoNote = UINT32_MAX;

// What is known of an id while its records go by.
struct Walk {
  int before = 0;  // records but announcements; those that tell of a beginning or an end weigh more
  uint32_t start = kNoNote;
  uint32_t ending = kNoNote;  // the last that speaks of one, in this segment
  uint32_t retry = kNoNote;   // the record before, where that told of a retry
};

// So much may stand before a start: a line or two without any meaning for the task.
constexpr int kMaxBefore = 2;

class Finder {
 public:
  Finder(const LogSample& sample, const TaskIds& ids)
      : sample_(sample), ids_(ids), roles_(sample.templates().size()), starts_(roles_.size()) {
    for (const LineTemplate& t : sample.templates()) of_a_write_.push_back(IsOfAWrite(t));
  }

  std::vector<LifecycleRole> Find() {
    CountFirsts();
    ChooseStarts(TaskOutcome::kStarted);
    if (!any_start_) ChooseStarts(TaskOutcome::kAnnounced);
    CountEndings();
    ChooseTerminals();
    if (!any_start_) StartsByPosition();
    return std::move(roles_);
  }

 private:
  template <typename Visit>
  void ForEachNote(Visit visit) {
    for (uint32_t i = 0; i < sample_.notes().size(); ++i) {
      if (ids_.of_note[i] != 0) visit(i, sample_.notes()[i].line_template, ids_.of_note[i]);
    }
  }

  // Of the first record of each template in each id: was anything before it?
  void CountFirsts() {
    absl::flat_hash_map<uint64_t, Walk> walks;
    absl::flat_hash_map<uint64_t, uint64_t> met;  // id and template
    ForEachNote([&](uint32_t, uint32_t t, uint64_t id) {
      Walk& walk = walks[id];
      ++roles_[t].records;
      const bool first_of_template = met.emplace(id * 31 + t, 1).second;
      if (first_of_template) {
        ++tasks_[t];
        roles_[t].firsts += walk.before <= kMaxBefore ? 1 : 0;
      }
      const TaskOutcome outcome = sample_.templates()[t].outcome;
      if (outcome != TaskOutcome::kAnnounced)
        walk.before += outcome == TaskOutcome::kNone ? 1 : kMaxBefore + 1;
    });
  }

  void ChooseStarts(TaskOutcome outcome) {
    for (uint32_t t = 0; t < roles_.size(); ++t) {
      const LineTemplate& line_template = sample_.templates()[t];
      if (line_template.Known() && line_template.known_starts > 0) starts_[t] = true;
      if (line_template.Known() || line_template.outcome != outcome) continue;
      if (tasks_[t] == 0 || 5 * roles_[t].firsts < 4 * tasks_[t]) continue;
      roles_[t].kind = LifecycleRole::Kind::kStart;
      starts_[t] = any_start_ = true;
    }
    if (any_start_ && !StartsCoverTasks()) DropStarts();
  }

  // What only some tasks print is progress, not their beginning.
  bool StartsCoverTasks() {
    absl::flat_hash_map<uint64_t, bool> ends;  // ids that end, and whether they begin
    ForEachNote([&](uint32_t, uint32_t t, uint64_t id) {
      if (IsEnding(sample_.templates()[t].outcome) && !of_a_write_[t]) ends.emplace(id, false);
    });
    uint64_t begun = 0;
    ForEachNote([&](uint32_t, uint32_t t, uint64_t id) {
      const auto found = ends.find(id);
      if (found == ends.end() || found->second || !starts_[t]) return;
      found->second = true;
      ++begun;
    });
    return 10 * begun >= 6 * ends.size();
  }

  void DropStarts() {
    any_start_ = false;
    for (uint32_t t = 0; t < roles_.size(); ++t) {
      if (roles_[t].kind != LifecycleRole::Kind::kStart) continue;
      roles_[t].kind = LifecycleRole::Kind::kNone;
      starts_[t] = false;
    }
  }

  void CountEndings() {
    absl::flat_hash_map<uint64_t, Walk> walks;
    ForEachNote([&](uint32_t note, uint32_t t, uint64_t id) {
      Walk& walk = walks[id];
      const TaskOutcome outcome = sample_.templates()[t].outcome;
      const bool resumes =
          starts_[t] || outcome == TaskOutcome::kStarted || outcome == TaskOutcome::kAnnounced;
      if (walk.retry != kNoNote && !resumes) ++not_resumed_[sample_.notes()[walk.retry].line_template];
      walk.retry = outcome == TaskOutcome::kRetrying ? note : kNoNote;
      if (starts_[t]) {
        Close(walk);
        walk = {0, note, kNoNote, kNoNote};
      } else if (IsEnding(outcome) && !IsWriteError(t)) {
        walk.ending = note;
      }
    });
    for (const auto& [id, walk] : walks) Close(walk);
  }

  // Says that a write failed, not that a task did, and a known rule says so too.
  bool IsWriteError(uint32_t t) const {
    const LineTemplate& line_template = sample_.templates()[t];
    return of_a_write_[t] && line_template.outcome == TaskOutcome::kFailed &&
           2 * line_template.known_errors >= line_template.count;
  }

  void Close(const Walk& walk) {
    if (walk.ending == kNoNote) return;
    const Note& ending = sample_.notes()[walk.ending];
    ++roles_[ending.line_template].endings;
    if (walk.start == kNoNote) return;
    const Note& start = sample_.notes()[walk.start];
    if (start.lane == 0 || ending.lane == 0) return;
    LifecycleRole& role = roles_[start.line_template];
    ++(start.lane == ending.lane ? role.same_lane : role.other_lane);
  }

  // The words are of a write, not of a task: "primary write failed", "dual write complete".
  static bool IsOfAWrite(const LineTemplate& line_template) {
    std::string text;
    bool names_task = false, writes = false, clause_writes = false, clause_ends = false;
    for (const OwnedPiece& piece : line_template.pieces) {
      text += IsLiteral(piece.kind) ? piece.text : std::string("x");
      // "Finished sync.service - Sync listing": the write must be what is finished.
      if (piece.kind == PieceKind::kMark) clause_writes = clause_ends = false;
      if (piece.kind != PieceKind::kWord) continue;
      for (const std::string& word : WordsOf(piece.text)) {
        const Word& known = LookUp(word);
        names_task = names_task || NamesTask(word);
        clause_writes =
            clause_writes || known.verb == Verb::kWrite || (known.lists & Bit(WordList::kRole)) != 0;
        clause_ends = clause_ends || IsEnding(OutcomeOf({word}));
        writes = writes || (clause_writes && clause_ends);
      }
    }
    if (!line_template.state_path.empty()) return false;
    const Judgement judged = Judge(text);
    const bool failed = judged.failed && judged.operation != Operation::kUnknown;
    // A known rule has taken "background flush failed for job 7" for what it is, task or no task.
    const bool known = failed && 2 * line_template.known_errors >= line_template.count;
    return known || (!names_task && (writes || failed));
  }

  void ChooseTerminals() {
    for (uint32_t t = 0; t < roles_.size(); ++t) {
      const LineTemplate& line_template = sample_.templates()[t];
      LifecycleRole& role = roles_[t];
      if (starts_[t] || line_template.Known() || StateOf(line_template.outcome).empty()) continue;
      if (role.records == 0 || IsWriteError(t)) continue;
      const bool retried = line_template.outcome == TaskOutcome::kRetrying && !of_a_write_[t];
      if (retried) role.endings = std::max(role.endings, role.records - not_resumed_[t]);
      if (5 * role.endings < 4 * role.records) continue;
      role.of_a_part = of_a_write_[t];
      role.kind = LifecycleRole::Kind::kTerminal;
    }
  }

  // No word speaks of a beginning: what stands first in most tasks, once in each run, begins them.
  void StartsByPosition() {
    std::vector<uint64_t> firsts(roles_.size());
    absl::flat_hash_map<uint64_t, bool> running;
    uint64_t runs = 0;
    ForEachNote([&](uint32_t, uint32_t t, uint64_t id) {
      bool& runs_now = running[id];
      if (!runs_now) {
        ++firsts[t];
        ++runs;
      }
      runs_now = roles_[t].kind != LifecycleRole::Kind::kTerminal;
    });
    for (uint32_t t = 0; t < roles_.size(); ++t) {
      LifecycleRole& role = roles_[t];
      const TaskOutcome outcome = sample_.templates()[t].outcome;
      if (role.kind != LifecycleRole::Kind::kNone || sample_.templates()[t].Known() || IsEnding(outcome))
        continue;
      if (10 * firsts[t] < 9 * role.records || 5 * firsts[t] < runs) continue;
      role.kind = LifecycleRole::Kind::kStart;
      role.by_position = true;
      role.firsts = firsts[t];
    }
  }

  const LogSample& sample_;
  const TaskIds& ids_;
  std::vector<LifecycleRole> roles_;
  std::vector<bool> starts_, of_a_write_;
  absl::flat_hash_map<uint32_t, uint64_t> not_resumed_;  // by template of retries: another line followed
  absl::flat_hash_map<uint32_t, uint64_t> tasks_;        // by template: how many ids it occurs with
  bool any_start_ = false;
};

}  // namespace

std::vector<LifecycleRole> FindLifecycle(const LogSample& sample, const TaskIds& ids) {
  return Finder(sample, ids).Find();
}

}  // namespace gainsay
