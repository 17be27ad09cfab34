// The idea: the story says what happened, sentences.cc says it in words, and this file deals the near misses
// out: each to the run that had not ended when it happened, and there in an order: what could turn the
// verdict first, what only looks like it last. Nothing is judged here.
#include "finding/explanation.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <utility>

#include "finding/id.h"
#include "finding/phrase.h"
#include "finding/sentences.h"
#include "rule/diagnostic.h"

namespace gainsay {
namespace {

constexpr size_t kSimilar = 5;  // ids

// Ids that hold the one asked for, or are held by it; else the one nearest to it.
std::vector<std::string> SimilarIds(const std::string& task, const std::vector<Run>& runs) {
  std::set<std::string> similar, all;
  for (const Run& run : runs) {
    const bool holds = run.task.find(task) != std::string_view::npos;
    if (holds || (run.task.size() > 2 && task.find(run.task) != std::string::npos)) {
      similar.insert(std::string(run.task));
      if (similar.size() > kSimilar) similar.erase(std::prev(similar.end()));
    }
    all.insert(std::string(run.task));
  }
  const std::string nearest = NearestWord(task, {all.begin(), all.end()});
  if (similar.empty() && !nearest.empty()) similar.insert(nearest);
  return {similar.begin(), similar.end()};
}

std::string FindingOf(const Run& run) {
  if (run.verdict != Verdict::kContradiction || run.terminal == nullptr) return "";
  return FindingId(run.task, run.terminal->time_ns, run.terminal->message);
}

// Errors that name their own task are many in a busy lane, and no news.
bool NamesAnother(const HeldBack& held) {
  const MatchedBy by = held.event->matched_by;
  return held.why == Held::kGiven && (by == MatchedBy::kTask || by == MatchedBy::kField);
}

// The near misses of one run, or of a task that has none.
class NearMisses {
 public:
  explicit NearMisses(const Sentences& sentences) : sentences_(sentences) {}

  void Add(NearMiss miss) { all_.push_back(std::move(miss)); }
  void Add(const HeldBack& held) {
    if (!NamesAnother(held)) {
      all_.push_back(sentences_.Of(held));
    } else if (held.event->kind == RuleKind::kError && named_++ == 0) {
      first_named_ = &held;
    }
  }

  // Nearest first.
  std::vector<NearMiss> Take() {
    if (first_named_ != nullptr) {
      all_.push_back(sentences_.Of(*first_named_));
      if (named_ > 1) {
        all_.back().text += "; " + Counted(named_ - 1, "other write error") +
                            " near it likewise went to the task that it names";
      }
    }
    std::stable_sort(all_.begin(), all_.end(),
                     [](const NearMiss& a, const NearMiss& b) { return a.kind < b.kind; });
    return std::move(all_);
  }

  std::vector<NearMiss>* all() { return &all_; }

 private:
  const Sentences& sentences_;
  std::vector<NearMiss> all_;
  const HeldBack* first_named_ = nullptr;
  uint64_t named_ = 0;  // for all of them one sentence
};

// The first run that had not ended then, else the last one.
size_t RunAt(const std::vector<StoryRun>& runs, int64_t time_ns) {
  for (size_t i = 0; i < runs.size(); ++i) {
    const Event* terminal = runs[i].run.terminal;
    if (terminal == nullptr || time_ns <= terminal->time_ns) return i;
  }
  return runs.empty() ? 0 : runs.size() - 1;
}

// All near misses, over all runs, so that a run that is not asked for takes its own along.
std::vector<NearMisses> DealOut(const Story& story, const std::vector<Silent>& silent,
                                const Sentences& sentences) {
  std::vector<NearMisses> near(std::max<size_t>(1, story.runs.size()), NearMisses(sentences));
  for (const HeldBack& held : story.held_back) near[RunAt(story.runs, held.event->time_ns)].Add(held);
  for (const Silent& one : silent) near[RunAt(story.runs, one.event->time_ns)].Add(sentences.Of(one));
  return near;
}

// The exit code of a scan that saw this task alone.
int ExitCode(const Explanation& explanation) {
  auto any = [&](auto holds) {
    return std::any_of(explanation.runs.begin(), explanation.runs.end(),
                       [&](const RunExplanation& run) { return holds(run.told->run); });
  };
  if (any([](const Run& run) { return run.verdict == Verdict::kContradiction; })) return 1;
  if (explanation.summary->exit_code == 2) return 2;
  const bool ended = any([](const Run& run) { return run.terminal != nullptr; });
  const bool doubtful = any([](const Run& run) { return run.verdict == Verdict::kInconclusive; });
  auto troubled = [](const SourceSummary& s) { return !s.problem.empty() || s.null_messages > 0; };
  const auto& sources = explanation.summary->sources;
  return !ended || doubtful || std::any_of(sources.begin(), sources.end(), troubled) ? 3 : 0;
}

}  // namespace

std::string_view NearName(Near near) {
  constexpr std::array<std::string_view, 11> kNames = {"input", "unfinished", "shared",   "resolution",
                                                       "level", "silent",     "detached", "foreign",
                                                       "named", "record",     "given"};
  return kNames[static_cast<size_t>(near)];
}

Explanation ExplainStory(const std::string& task, const RunChoice& choice, const Correlation& correlation,
                         const Summary& summary, const Matcher& matcher, const std::vector<Silent>& silent) {
  const Story& story = *correlation.story;
  const Sentences sentences(summary);
  Explanation result;
  result.task = task;
  result.more_held_back = story.more_held_back;
  result.summary = &summary;
  result.matcher = &matcher;
  std::vector<NearMisses> near = DealOut(story, silent, sentences);
  for (size_t i = 0; i < story.runs.size(); ++i) {
    const StoryRun& told = story.runs[i];
    if (!choice.window.Holds(told.run) || (choice.run != 0 && choice.run != told.run.run)) continue;
    sentences.AddMissed(told, near[i].all());
    sentences.AddDoubtful(told, near[i].all());
    sentences.AddUnfinished(told, near[i].all());
    sentences.AddInputs(near[i].all());
    result.runs.push_back({&told, FindingOf(told.run), sentences.Because(told), near[i].Take()});
  }
  result.all_runs = story.runs.size();
  if (story.runs.empty()) {
    sentences.AddInputs(near[0].all());
    result.near = near[0].Take();
    result.similar = SimilarIds(task, correlation.runs);
  }
  result.exit_code = ExitCode(result);
  return result;
}

}  // namespace gainsay
