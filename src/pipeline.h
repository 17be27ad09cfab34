// The stations of a log line, put together: input -> record -> event -> task -> finding.
// The only place that sees all rooms.
//
//   absl::StatusOr<Engine> engine = Engine::Compile(std::move(rules));
//   absl::StatusOr<ScanResult> result = Scan(*engine, input);
//
// Thread rules: an Engine is immutable and may be shared; each Scan runs by itself.
#ifndef GAINSAY_PIPELINE_H_
#define GAINSAY_PIPELINE_H_

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "event/matcher.h"
#include "event/prefilter.h"
#include "finding/build.h"
#include "finding/explanation.h"
#include "finding/finding.h"
#include "input/members.h"
#include "input/source.h"
#include "record/fields.h"
#include "record/reader.h"
#include "record/text.h"
#include "report/report.h"
#include "rule/rule.h"
#include "task/correlator.h"

namespace gainsay {

struct ScanStats;  // pipeline_stats.h

// A rule set, compiled.
class Engine {
 public:
  // `attributes`: paths that records shall bear beside those that the rules ask for.
  static absl::StatusOr<Engine> Compile(RuleSet rules, const std::vector<std::string>& attributes = {});

  const RuleSet& rules() const { return parts_->rules; }
  const FieldPlan& plan() const { return parts_->plan; }
  const TextFormats& texts() const { return *parts_->texts; }
  const Matcher& matcher() const { return *parts_->matcher; }
  const Prefilter& prefilter() const;  // derived when first asked for

 private:
  // On the heap, so that what points into the rules stays valid when the engine moves.
  struct Parts {
    RuleSet rules;
    FieldPlan plan;
    std::unique_ptr<TextFormats> texts;
    std::unique_ptr<Matcher> matcher;
    std::once_flag prefilter_once;
    Prefilter prefilter;
  };
  explicit Engine(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
  std::unique_ptr<Parts> parts_;
};

struct ScanInput {
  std::vector<Source> sources;         // read in this order
  PathFilter members;                  // which ones of an archive are read
  std::vector<InputProblem> problems;  // arguments that named nothing readable
  Zone zone = absl::UTCTimeZone();     // of times that name none
  Window window;
  size_t chunk_bytes = size_t{512} << 10;  // results don't depend on it
  size_t jobs = 1;        // threads that scan chunks, 0: one a processor; results don't depend on it
  bool prefilter = true;  // nor on this, but for the counts of lines,
  size_t prefilter_after = size_t{1} << 20;  // or on this: what is shorter is read as a whole
  // Several sources may be opened at once, on several threads, unless `jobs` is 1.
  std::function<absl::StatusOr<std::unique_ptr<Members>>(const Source&, const PathFilter&)> open = OpenSource;

  ScanStats* stats = nullptr;  // if set, is told where the time goes; must outlive the scan

  State reported = State::kNone;  // each source is a task of its own that ended so; kNone: none is

  // If set, called after each chunk, on the caller's thread, and with true when all is read.
  std::function<void(bool done)> tick;

  bool every_run = true;  // false: of runs, only those that need a look are kept, and the others counted

  std::string tell_of;  // a task whose story is to be told; "": of none
  // If set, sees each record and what it was matched to, and may add events of kNoRule. It wants to see those
  // that match nothing, too: no line may be skipped unread then.
  std::function<void(const Record&, MatchScratch*)> watch;
};

struct ScanResult {
  Correlation correlation;
  Findings findings;
  Summary summary;
};

// Reads and judges everything. Bad input is told in the summary; an error means that the accounting
// law does not hold or a suppression does not compile, which is a bug.
absl::StatusOr<ScanResult> Scan(const Engine& engine, const ScanInput& input);

// What a report of the result may print. Views: the engine and the result must outlive it.
Report MakeReport(const Engine& engine, const ScanResult& result);

// What a record is taken for: its fields, the events it gives, and why other rules were silent.
struct RecordExplanation {
  std::string line;                                         // its first line
  std::vector<std::pair<std::string, std::string>> fields;  // those that were found, level and time first
  std::vector<std::string> formats;  // text formats that took it apart, outermost first
  std::vector<std::string> reasons;  // that its words match; the first one counts
  struct Fired {
    std::string rule, kind;                                   // "celery/succeeded", "terminal"
    std::vector<std::pair<std::string, std::string>> values;  // state, reason, target, captures …
  };
  std::vector<Fired> events;
  // Rules that were near, and why they are silent; of packs that are not built in, also those whose pattern
  // gets some of the way.
  std::vector<std::pair<std::string, std::string>> silent;
  // Without an event: the rule that would make it a write error if it had no level.
  std::string but_for_level;
};

// Reads `text` as a log of its own and explains each of its records. `counters`, if not null, is told what
// became of the lines.
std::vector<RecordExplanation> ExplainRecords(const Engine& engine, const std::string& text,
                                              ReadCounters* counters = nullptr);

// One task's runs, why each was judged as it was, and what came near. The explanation points into the rest,
// and into the engine.
struct TaskAnswer {
  std::unique_ptr<ScanResult> result;
  Explanation explanation;
};

// Scans and explains the task with this id. Of its runs those in the input's window, or only run number `run`
// unless that is 0. Errors: as Scan.
absl::StatusOr<TaskAnswer> ExplainTask(const Engine& engine, ScanInput input, const std::string& task,
                                       uint32_t run = 0);

}  // namespace gainsay

#endif  // GAINSAY_PIPELINE_H_
