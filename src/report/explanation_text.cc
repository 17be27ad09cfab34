// One task's explanation for a person at 3 a.m.: the verdict and its reason first, then the timeline that
// proves it, then what came near. The eye runs down the clock and the gaps; each event is one line and its
// message under it, and what gainsay has to say of it is dim.
#include <algorithm>
#include <string>
#include <vector>

#include "finding/phrase.h"
#include "record/severity.h"
#include "record/time.h"
#include "report/escape.h"
#include "report/explanation.h"
#include "report/paper.h"

namespace gainsay {
namespace {

constexpr size_t kEvents = 40;        // of a run, without -v: the first and the last of them
constexpr size_t kNear = 6;           // near misses of a run, without -v
constexpr size_t kLeastMeaning = 36;  // columns; with fewer left, what an event means gets a line of its own
constexpr size_t kCapture = 40;       // columns of a captured value

// One event, in columns.
struct Row {
  const StoryEvent* told = nullptr;
  std::string place, clock, gap;
};

std::string GapBetween(const Event* from, const Event& to) {
  if (from == nullptr || from->time_ns == kNoTime || to.time_ns == kNoTime || to.time_ns < from->time_ns)
    return "";
  return "+" + Span(static_cast<uint64_t>(to.time_ns) - static_cast<uint64_t>(from->time_ns));
}

void Append(const std::string& part, std::string* list) {
  if (!part.empty()) *list += (list->empty() ? "" : ", ") + part;
}

Ink InkOf(Verdict verdict) {
  if (verdict == Verdict::kContradiction) return Ink::kRed;
  if (verdict == Verdict::kInconclusive || verdict == Verdict::kUnfinished) return Ink::kYellow;
  return verdict == Verdict::kClean || verdict == Verdict::kRecovered ? Ink::kGreen : Ink::kBold;
}

Ink InkOf(const StoryEvent& told) {
  if (told.fate == Fate::kStands) return Ink::kRed;
  return told.fate == Fate::kDoubtful ? Ink::kYellow : Ink::kBold;
}

class Page {
 public:
  Page(const Explanation& explanation, const ReportStyle& style, std::ostream& out)
      : explanation_(explanation), all_(style.verbosity > 0), paper_(style, out) {}

  void Write() {
    for (const RunExplanation& run : explanation_.runs) WriteRun(run);
    if (explanation_.runs.empty()) WriteNothing();
    WriteLeftOut();
  }

 private:
  std::string PlaceOf(const Event& event) const {
    const auto& sources = explanation_.summary->sources;
    if (sources.size() == 1) return "line " + std::to_string(event.position.line);
    const bool known = event.position.source < sources.size();
    return (known ? EscapeText(sources[event.position.source].name) : "") + ":" +
           std::to_string(event.position.line);
  }

  void WriteRun(const RunExplanation& explained);
  void WriteHead(const Run& run, const std::string& date);
  void WriteTimeline(const RunExplanation& explained);
  void WriteRow(const Row& row, const Run& run);
  std::string Meaning(const StoryEvent& told) const;
  std::string FateOf(const StoryEvent& told) const;
  std::string Details(const StoryEvent& told, const Run& run) const;
  void WriteNear(const std::vector<NearMiss>& near);
  void WriteNothing();
  void WriteLeftOut();
  std::string DateOf(const RunExplanation& explained) const;

  const Explanation& explanation_;
  const bool all_;
  Paper paper_;
  size_t place_ = 0, clock_ = 0, gap_ = 0;  // columns
};

// The date of all the run's events, "" if they have several.
std::string Page::DateOf(const RunExplanation& explained) const {
  std::string date;
  for (const StoryEvent& told : explained.told->events) {
    if (told.event->time_ns == kNoTime) continue;
    const std::string own = FormatTime(told.event->time_ns).substr(0, 10);
    if (!date.empty() && own != date) return "";
    date = own;
  }
  return date;
}

void Page::WriteHead(const Run& run, const std::string& date) {
  const std::string task = EscapeText(run.task);
  std::string about;
  for (std::string_view text : {run.name, run.system}) Append(EscapeText(text), &about);
  if (explanation_.all_runs > 1) {
    Append("run " + Thousands(run.run) + " of " + Thousands(explanation_.all_runs), &about);
  }
  if (run.attempt > 1) Append(Counted(run.attempt, "attempt"), &about);
  Append(date, &about);
  paper_.Add(task, Ink::kBold).Space(2);
  paper_.Wrap(about, Columns(task) + 2, 2);
  const auto& sources = explanation_.summary->sources;
  if (sources.size() == 1) paper_.Space(2).Add("in " + paper_.Fit(sources[0].name, 5), Ink::kDim).EndLine();
}

void Page::WriteRun(const RunExplanation& explained) {
  const Run& run = explained.told->run;
  WriteHead(run, DateOf(explained));
  const std::string_view verdict = VerdictName(run.verdict);
  paper_.Add(verdict, InkOf(run.verdict)).Add(": ");
  paper_.Wrap(EscapeText(explained.because), verdict.size() + 2, 2);
  if (!explained.finding.empty()) paper_.Space(2).Add("finding " + explained.finding, Ink::kDim).EndLine();
  paper_.EndLine();
  WriteTimeline(explained);
  WriteNear(explained.near);
  paper_.EndLine();
}

void Page::WriteTimeline(const RunExplanation& explained) {
  const std::string date = DateOf(explained);
  const std::vector<StoryEvent>& events = explained.told->events;
  std::vector<Row> rows;
  place_ = clock_ = gap_ = 0;
  for (size_t i = 0; i < events.size(); ++i) {
    if (!all_ && events.size() > kEvents && i >= kEvents / 2 && i + kEvents / 2 < events.size()) continue;
    const Event& event = *events[i].event;
    Row row{&events[i], PlaceOf(event), "", GapBetween(i == 0 ? nullptr : events[i - 1].event, event)};
    const std::string time = FormatTime(event.time_ns);  // 2026-05-31T04:12:09.113Z
    if (time.size() > 11) {
      row.clock = time.substr(11, time.size() - 12);
      if (date.empty()) row.clock = time.substr(0, 10) + " " + row.clock;
    }
    place_ = std::max(place_, Columns(row.place));
    clock_ = std::max(clock_, row.clock.size());
    gap_ = std::max(gap_, row.gap.size());
    rows.push_back(std::move(row));
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows.size() < events.size() && i == kEvents / 2) {
      const std::string more = Counted(events.size() - rows.size(), "more event");
      paper_.Space(2).Add("\xe2\x80\xa6 " + more + " (-v shows all)", Ink::kDim).EndLine();
    }
    WriteRow(rows[i], explained.told->run);
  }
}

// "write error: schema_mismatch on primary/media_v2".
std::string Page::Meaning(const StoryEvent& told) const {
  const Event& event = *told.event;
  switch (event.kind) {
    case RuleKind::kError:
      return "write error: " + EscapeText(ReasonName(*explanation_.matcher, event)) + " on " +
             EscapeText(TargetName(event));
    case RuleKind::kResolution:
      return "recovery of " + EscapeText(TargetName(event));
    case RuleKind::kTerminal:
      return "reported " + std::string(StateName(event.state)) + (told.attempt == 0 ? ", once more" : "");
    case RuleKind::kStart:
    case RuleKind::kMention:
      return std::string(KindName(event.kind));
  }
  return "";
}

// "never taken back", "taken back by a.log:12".
std::string Page::FateOf(const StoryEvent& told) const {
  std::string text = told.late ? "after the report; " : "";
  const std::string by = told.resolved_by == nullptr ? "" : " by " + PlaceOf(*told.resolved_by);
  switch (told.fate) {
    case Fate::kNone:
      return "";
    case Fate::kStands:
      return text + "never taken back";
    case Fate::kDoubtful:
      return text + "perhaps taken back" + by + ", which fits other runs too";
    case Fate::kResolved:
      return text + "taken back" + by;
    case Fate::kSuperseded:
      return text + "superseded by the next attempt";
    case Fate::kSuppressed:
      return text + "suppressed by the rule set";
  }
  return text;
}

std::string Page::Details(const StoryEvent& told, const Run& run) const {
  const Event& event = *told.event;
  const Matcher& matcher = *explanation_.matcher;
  std::string text = event.rule < matcher.rule_count() ? matcher.rule(event.rule).FullId() : "";
  const std::string by(event.matched_by == MatchedBy::kNone ? "the only open error that it fits"
                                                            : MatchedByName(event.matched_by));
  Append("matched by " + by, &text);
  Append(event.severity == kNoSeverity ? "no level" : "level " + std::string(SeverityName(event.severity)),
         &text);
  if (run.attempt > 1 && told.attempt > 0) Append("attempt " + std::to_string(told.attempt), &text);
  for (const auto& [name, value] : {std::pair{"run", event.run}, std::pair{"subject", event.subject}}) {
    if (!value.empty()) Append(std::string(name) + "=" + Shorten(EscapeText(value), kCapture), &text);
  }
  for (const auto& [group, value] : event.captures) {
    if (!value.empty()) Append(EscapeText(group) + "=" + Shorten(EscapeText(value), kCapture), &text);
  }
  return text;
}

void Page::WriteRow(const Row& row, const Run& run) {
  paper_.Space(2).Add(row.place).Space(place_ - Columns(row.place));
  size_t column = 2 + place_;
  if (clock_ > 0) paper_.Space(2).Add(row.clock).Space(clock_ - row.clock.size());
  if (gap_ > 0) paper_.Space(2 + gap_ - row.gap.size()).Add(row.gap, Ink::kDim);
  column += (clock_ > 0 ? clock_ + 2 : 0) + (gap_ > 0 ? gap_ + 2 : 0) + 2;
  if (paper_.width() < column + kLeastMeaning) {
    column = 4;
    paper_.EndLine();
    paper_.Space(column);
  } else {
    paper_.Space(2);
  }
  const Event& event = *row.told->event;
  paper_.Wrap(Meaning(*row.told), column, column, InkOf(*row.told));
  if (const std::string fate = FateOf(*row.told); !fate.empty()) {
    paper_.Space(column);
    paper_.Wrap(fate, column, column, InkOf(*row.told));
  }
  for (std::string_view said : {event.message, event.error}) {
    if (!said.empty()) paper_.Space(4).Add(paper_.Fit(said, 4)).EndLine();
  }
  paper_.Space(4);
  paper_.Wrap(Details(*row.told, run), 4, 4, Ink::kDim);
}

void Page::WriteNear(const std::vector<NearMiss>& near) {
  paper_.EndLine();
  if (near.empty()) {
    paper_.Add("nothing else came near", Ink::kDim).EndLine();
    return;
  }
  paper_.Add(near.size() == 1 ? "nearest miss" : "near misses", Ink::kBold).EndLine();
  const size_t shown = all_ ? near.size() : std::min(near.size(), kNear);
  for (size_t i = 0; i < shown; ++i) {
    paper_.Space(2).Add("- ");
    paper_.Wrap(EscapeText(near[i].text), 4, 4);
    if (near[i].event == nullptr) continue;
    for (std::string_view said : {near[i].event->message, near[i].event->error}) {
      if (!said.empty()) paper_.Space(4).Add(paper_.Fit(said, 4), Ink::kDim).EndLine();
    }
  }
  if (shown < near.size()) {
    const std::string more = Thousands(near.size() - shown) + " more (-v shows all)";
    paper_.Space(2).Add("\xe2\x80\xa6 and " + more, Ink::kDim).EndLine();
  }
}

// No run: the id is unknown, or none of its runs was asked for.
void Page::WriteNothing() {
  const Summary& summary = *explanation_.summary;
  const std::string task = paper_.Fit(explanation_.task, kLeastMeaning);  // as typed, whatever that was
  paper_.Add(task, Ink::kBold).Add(": ");
  const size_t used = Columns(task) + 2;
  if (explanation_.all_runs > 0) {
    paper_.Wrap("has " + Counted(explanation_.all_runs, "run") + ", none of which is asked for", used, 2);
    return;
  }
  paper_.Wrap("no such task; " + Counted(summary.tasks, "task") + " in " +
                  Counted(summary.total.records, "record") + " of " +
                  Counted(summary.sources.size(), "input"),
              used, 2, Ink::kYellow);
  std::string like;
  for (const std::string& id : explanation_.similar) Append(EscapeText(id), &like);
  if (!like.empty()) {
    paper_.Space(2);
    paper_.Wrap("ids like it: " + like, 2, 4);
  }
  if (!explanation_.near.empty()) WriteNear(explanation_.near);
  paper_.EndLine();
}

void Page::WriteLeftOut() {
  const uint64_t left_out = explanation_.not_looked_at + explanation_.more_held_back;
  if (left_out > 0) {
    paper_.Wrap("near misses may be missing: " + Counted(left_out, "record") +
                    " of error level beyond what is kept; give fewer inputs",
                0, 2, Ink::kYellow);
  }
}

}  // namespace

void WriteExplanationText(const Explanation& explanation, const ReportStyle& style, std::ostream& out) {
  Page(explanation, style, out).Write();
}

}  // namespace gainsay
