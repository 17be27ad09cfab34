// The idea: one task is explained by a scan that is asked to tell its story. What the rules make nothing of
// is invisible to a scan, so records that name the task or stand at error level are handed on as events of no
// rule, which change nothing; the few that turn out to have stood in the task's way are read once more, for
// what the rules have to say of them.
#include <algorithm>
#include <memory>
#include <utility>

#include "pipeline.h"

namespace gainsay {
namespace {

constexpr size_t kMostKept = 20'000;                 // records of no rule
constexpr size_t kMostKeptBytes = size_t{32} << 20;  // their text
constexpr size_t kMostRecord = size_t{16} << 10;     // of each
constexpr size_t kMostExplained = 50;                // of those that turn out to matter

// Looks at every record of a scan.
class Watch {
 public:
  Watch(const Engine& engine, const std::string& task) : engine_(engine), task_(task) {}

  void See(const Record& record, MatchScratch* scratch) {
    const bool named = Names(record);
    if (!scratch->events.empty()) return;
    if (named) ++named_;
    if (!IsNear(record, named)) return;
    Kept& kept = kept_[named ? 1 : 0];
    if (kept.records == kMostKept || kept.bytes > kMostKeptBytes) {
      ++not_kept_;
      return;
    }
    ++kept.records;
    kept.bytes += std::min(record.raw.size(), kMostRecord) + record.message.size();
    Event event = EventOf(record);
    event.task_in_text = named;
    scratch->events.push_back(event);
  }

  uint64_t named() const { return named_; }
  uint64_t not_kept() const { return not_kept_; }

 private:
  struct Kept {
    size_t records = 0, bytes = 0;
  };

  bool Names(const Record& record) const {
    return record.field(Field::kTask) == task_ || record.field(Field::kOuterTask) == task_ ||
           NamesId(record.raw, task_);
  }

  // It names the task, is of error level, or would be a write error if its level were not what it is.
  bool IsNear(const Record& record, bool named) {
    if (named || record.severity >= kLevelError) return true;
    if (record.severity < kLevelWarn) return false;
    Record louder = record;
    louder.severity = kNoSeverity;
    engine_.matcher().Match(louder, &louder_);
    return std::any_of(louder_.events.begin(), louder_.events.end(),
                       [](const Event& event) { return event.kind == RuleKind::kError; });
  }

  static Event EventOf(const Record& record) {
    Event event;
    event.kind = RuleKind::kMention;
    event.rule = kNoRule;
    event.position = record.position;
    event.severity = record.severity;
    event.time_ns = record.time_ns;
    event.host = record.field(Field::kHost);
    event.pid = record.field(Field::kPid);
    event.thread = record.field(Field::kThread);
    event.lane = record.field(Field::kLane);
    event.message = record.message.substr(0, kMaxMessage);
    event.context = record.raw.substr(0, kMostRecord);
    return event;
  }

  const Engine& engine_;
  const std::string& task_;
  MatchScratch louder_;
  Kept kept_[2];  // those that name the task by themselves: the others may be the whole log's
  uint64_t named_ = 0, not_kept_ = 0;
};

// What the rules have to say of a record that gave no event.
Silent LookInto(const Engine& engine, const Event& event) {
  constexpr size_t kReasons = 2;
  Silent silent{&event, "", ""};
  const std::vector<RecordExplanation> records = ExplainRecords(engine, std::string(event.context));
  if (records.empty()) return silent;
  silent.but_for_level = records.front().but_for_level;
  std::vector<std::string> said;
  for (const auto& [rule, why] : records.front().silent) {
    if (rule == silent.but_for_level) silent.but_for_level += ": " + why;
    if (why.starts_with("`where`") || why.starts_with("`match`")) continue;  // a rule for other logs
    if (said.size() == kReasons || std::find(said.begin(), said.end(), why) != said.end()) continue;
    said.push_back(why);
    silent.why += (silent.why.empty() ? "" : "; ") + rule + ": " + why;
  }
  return silent;
}

// What is of error level first: of too many, the others are only named.
std::vector<Silent> LookInto(const Engine& engine, std::vector<const Event*> events) {
  std::stable_sort(events.begin(), events.end(),
                   [](const Event* a, const Event* b) { return a->severity > b->severity; });
  std::vector<Silent> silent;
  for (const Event* event : events) {
    silent.push_back(silent.size() < kMostExplained ? LookInto(engine, *event) : Silent{event, "", ""});
  }
  return silent;
}

}  // namespace

absl::StatusOr<TaskAnswer> ExplainTask(const Engine& engine, ScanInput input, const std::string& task,
                                       uint32_t run) {
  Watch watch(engine, task);
  const RunChoice choice{std::exchange(input.window, Window()), run};
  input.tell_of = task;
  input.watch = [&watch](const Record& record, MatchScratch* scratch) { watch.See(record, scratch); };
  absl::StatusOr<ScanResult> result = Scan(engine, input);
  if (!result.ok()) return result.status();
  // On the heap, so that what points into the result stays valid when the answer moves.
  TaskAnswer answer{std::make_unique<ScanResult>(std::move(*result)), {}};
  const Correlation& correlation = answer.result->correlation;
  answer.explanation = ExplainStory(task, choice, correlation, answer.result->summary, engine.matcher(),
                                    LookInto(engine, correlation.story->silent));
  answer.explanation.named_in = watch.named();
  answer.explanation.not_looked_at = watch.not_kept();
  return answer;
}

}  // namespace gainsay
