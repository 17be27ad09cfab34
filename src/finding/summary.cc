// The verdict of the whole. A clean result must be earned, so everything that gainsay could not see or
// judge becomes a sentence here: what was seen, what it means, and what to do about it.
#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

#include "finding/build.h"
#include "finding/phrase.h"

namespace gainsay {
namespace {

// Of one kind of trouble, as many inputs are told by name; a thousand lines would hide the others.
constexpr size_t kNamedInputs = 5;

bool CouldBeRead(const SourceSummary& source) {
  return source.problem.empty() || source.cut || source.lines > 0;
}

// Per source: what the correlation knows of it, where the reader did not count it.
void CountEvents(const Correlation& correlation, std::vector<SourceSummary>* sources) {
  std::vector<uint64_t> terminals(sources->size()), errors(sources->size()), unattributed(sources->size());
  const auto count = [](const Event& event, std::vector<uint64_t>* counts) {
    if (event.position.source < counts->size()) ++(*counts)[event.position.source];
  };
  for (const KeptEvent& kept : correlation.storage) {
    if (kept.event().kind == RuleKind::kTerminal) count(kept.event(), &terminals);
  }
  for (const Event* error : correlation.errors) count(*error, &errors);
  for (const Event* error : correlation.unattributed) count(*error, &unattributed);
  for (size_t i = 0; i < sources->size(); ++i) {
    SourceSummary& source = (*sources)[i];
    source.terminals = std::max(source.terminals, terminals[i]);
    source.write_errors = std::max(source.write_errors, errors[i]);
    source.unattributed = std::max(source.unattributed, unattributed[i]);
  }
}

SourceSummary TotalOf(const std::vector<SourceSummary>& sources) {
  SourceSummary total;
  for (const SourceSummary& s : sources) {
    for (uint64_t SourceSummary::*count :
         {&SourceSummary::lines, &SourceSummary::records, &SourceSummary::malformed, &SourceSummary::blank,
          &SourceSummary::folded, &SourceSummary::skipped, &SourceSummary::bytes, &SourceSummary::overlong,
          &SourceSummary::null_messages, &SourceSummary::invalid_utf8}) {
      total.*count += s.*count;
    }
    if (total.first_malformed_line == 0) total.first_malformed_line = s.first_malformed_line;
  }
  return total;
}

uint64_t DistinctTasks(const std::vector<Run>& runs) {
  std::unordered_set<std::string_view> tasks;
  for (const Run& run : runs) tasks.insert(run.task);
  return tasks.size();
}

// One sentence for each source that `affected` holds for, and one for those beyond the first few.
template <typename Affected, typename Sentence>
void Tell(Summary* summary, Affected affected, Sentence sentence, std::string_view rest) {
  uint64_t told = 0, more = 0;
  for (const SourceSummary& source : summary->sources) {
    if (!affected(source)) continue;
    if (told++ < kNamedInputs) {
      summary->inconclusive.push_back(source.name + ": " + sentence(source));
    } else {
      ++more;
    }
  }
  if (more > 0) {
    summary->inconclusive.push_back(Counted(more, "more input") + " " + std::string(rest));
  }
}

void TellInputs(Summary* summary) {
  Tell(
      summary, [](const SourceSummary& s) { return !CouldBeRead(s); },
      [](const SourceSummary& s) {
        return "can't be read (" + s.problem + "): nothing is known of its tasks; mend it or leave it out";
      },
      "can't be read");
  Tell(
      summary, [](const SourceSummary& s) { return CouldBeRead(s) && (s.cut || !s.problem.empty()); },
      [](const SourceSummary& s) {
        const std::string why = s.problem.empty() ? "" : " (" + s.problem + ")";
        const std::string where =
            s.lines == 0 ? "is not whole" : "ends early, after " + Counted(s.lines, "line");
        const std::string_view what = s.lines == 0 ? "what is missing" : "what came behind";
        return where + why + ": " + std::string(what) + " is unknown; scan a whole copy of it";
      },
      "end early");
  Tell(
      summary, [](const SourceSummary& s) { return s.null_messages > 0; },
      [](const SourceSummary& s) {
        const std::string_view were = s.null_messages == 1 ? " was null" : " were null";
        return Counted(s.null_messages, "message") + std::string(were) +
               ": journalctl cuts them; pass -a (journalctl -o json -a)";
      },
      "hold null messages");
}

std::string NoTerminal(const Summary& summary) {
  const SourceSummary& total = summary.total;
  if (total.lines == total.blank) {
    return "the input holds no records: gainsay can't tell whether any task ran; check that the log reaches "
           "gainsay";
  }
  std::string text = "no terminal event was recognised in " + Counted(total.lines, "line");
  if (total.write_errors > 0) text += ", but " + Counted(total.write_errors, "write error");
  return text +
         ": gainsay can't tell whether any task succeeded; check that the log holds the task system's own "
         "lines at INFO, or add a [[terminal]] rule";
}

void TellTerminals(Summary* summary) {
  const bool read = std::any_of(summary->sources.begin(), summary->sources.end(), CouldBeRead);
  if (!read) return;  // which is why there is none
  if (summary->total.terminals == 0) {
    summary->inconclusive.push_back(NoTerminal(*summary));
    return;
  }
  Tell(
      summary, [](const SourceSummary& s) { return s.terminals == 0 && s.unattributed > 0; },
      [](const SourceSummary& s) {
        return "holds " + Counted(s.unattributed, "write error") +
               " that no task can be found for, and no terminal event: gainsay can't tell which tasks lost "
               "them; log the task id with each error, or add rules for this log";
      },
      "hold write errors without a task, and no terminal event");
}

void TellLost(const Tally& tally, Summary* summary) {
  if (tally.lost == 0) return;
  summary->inconclusive.push_back(Counted(tally.lost, "event") +
                                  " found no room and had to be dropped: what hangs on them is unknown; scan "
                                  "fewer files at a time");
}

void TellRuns(const Tally& tally, Summary* summary) {
  for (const auto& [phrase, runs] : tally.inconclusive) {
    std::string text = Counted(runs, "run is", "runs are") + " inconclusive";
    if (!phrase.empty()) text.append(" (").append(phrase).append(")");
    text += ": gainsay can't tell whether ";
    text += runs == 1 ? "it lost a write" : "they lost a write";
    summary->inconclusive.push_back(text + "; look at " + (runs == 1 ? "it" : "them") +
                                    " by hand, and log the task id with each error");
  }
}

int ExitCode(const Summary& summary) {
  if (summary.runs[static_cast<size_t>(Verdict::kContradiction)] > 0) return 1;
  if (std::none_of(summary.sources.begin(), summary.sources.end(), CouldBeRead)) return 2;
  return summary.inconclusive.empty() ? 0 : 3;
}

}  // namespace

void Tally::Add(const Tally& other) {
  terminals += other.terminals;
  errors += other.errors;
  unattributed += other.unattributed;
  tasks += other.tasks;
  lost += other.lost;
  for (size_t i = 0; i < runs.size(); ++i) runs[i] += other.runs[i];
  for (const auto& [reason, count] : other.errors_by_reason) errors_by_reason[reason] += count;
  for (const auto& [labels, count] : other.errors_by_target.series()) errors_by_target.Add(labels, count);
  for (const auto& [why, count] : other.inconclusive) inconclusive[why] += count;
}

void Tally::CountError(const Event& error, const Matcher& matcher) {
  std::string reason(ReasonName(matcher, error));
  ++errors;
  ++errors_by_reason[reason];
  errors_by_target.Add({TargetName(error), std::move(reason)});
}

Tally TallyOf(const Correlation& correlation, const Matcher& matcher) {
  Tally tally;
  tally.terminals = correlation.terminals;
  tally.lost = correlation.lost;
  tally.unattributed = correlation.unattributed.size();
  tally.runs = correlation.verdicts;
  for (const Event* error : correlation.errors) {
    tally.CountError(*error, matcher);
  }
  if (correlation.counted) {
    tally.tasks = correlation.counted->tasks;
    tally.inconclusive = correlation.counted->inconclusive;
    return tally;
  }
  tally.tasks = DistinctTasks(correlation.runs);
  for (const Run& run : correlation.runs) {
    if (run.verdict == Verdict::kInconclusive) ++tally.inconclusive[std::string(run.inconclusive_because)];
  }
  return tally;
}

void CompleteSummary(const Correlation& correlation, const Matcher& matcher, Summary* summary) {
  CountEvents(correlation, &summary->sources);
  CompleteSummary(TallyOf(correlation, matcher), summary);
}

void CompleteSummary(const Tally& tally, Summary* summary) {
  summary->total = TotalOf(summary->sources);
  summary->total.terminals = tally.terminals;
  summary->total.write_errors = tally.errors;
  summary->total.unattributed = tally.unattributed;
  summary->runs = tally.runs;
  summary->tasks = tally.tasks;
  summary->write_errors_by_reason = tally.errors_by_reason;
  summary->write_errors_by_target = tally.errors_by_target;
  if (summary->sources.empty()) {
    summary->inconclusive.push_back("no input was found: nothing was read; check the paths");
  }
  TellInputs(summary);
  TellTerminals(summary);
  TellLost(tally, summary);
  TellRuns(tally, summary);
  summary->exit_code = ExitCode(*summary);
  summary->verdict = summary->exit_code == 1         ? Outcome::kContradiction
                     : summary->inconclusive.empty() ? Outcome::kClean
                                                     : Outcome::kInconclusive;
}

}  // namespace gainsay
