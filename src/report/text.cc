// The report that a person reads first, at 3 a.m.: what was lost, in which tasks, and the lines that prove
// it, in an order in which the eye finds them. Causes come first, since a thousand findings often have one;
// of each the first cases are shown, each with its errors, what the task reported, and what came too late.
#include <algorithm>
#include <string>
#include <vector>

#include "finding/phrase.h"
#include "record/severity.h"
#include "record/time.h"
#include "report/escape.h"
#include "report/format.h"
#include "report/paper.h"

namespace gainsay {
namespace {

constexpr size_t kCases = 3;  // of a cause
constexpr size_t kErrorsOfCase = 5;
constexpr size_t kInconclusive = 5;   // runs
constexpr size_t kLeastMessage = 40;  // columns; with fewer left, messages get lines of their own

// --- the lines of one case -------------------------------------------------------------------

// One line of evidence.
struct Evidence {
  const Event* event = nullptr;
  std::string place, date, clock, level;
  std::string note;  // escaped; what gainsay has to say of it

  void Note(const std::string& text) {
    if (!text.empty()) note += (note.empty() ? "" : "; ") + text;
  }
};

std::string Upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return upper;
}

Evidence MakeEvidence(const Report& report, const Event& event) {
  Evidence e;
  e.event = &event;
  e.place = EscapeText(SourceName(report, event.position)) + ":" + std::to_string(event.position.line);
  const std::string time = FormatTime(event.time_ns);  // 2026-05-31T04:12:09.113Z
  if (time.size() > 11) {
    e.date = time.substr(0, 10);
    e.clock = time.substr(11, time.size() - 12);
  }
  e.level = Upper(SeverityName(event.severity));
  return e;
}

// "+0.4 s" from one event to the next; "" if a time is not known, or runs backwards.
std::string Later(const Event* from, const Event& to) {
  if (from == nullptr || from->time_ns == kNoTime || to.time_ns == kNoTime || to.time_ns < from->time_ns)
    return "";
  return "+" + Span(static_cast<uint64_t>(to.time_ns) - static_cast<uint64_t>(from->time_ns));
}

std::string WithDelta(const std::string& text, const std::string& delta) {
  return delta.empty() ? text : text + ", " + delta;
}

std::string CaptureNote(const Event& event) {
  std::string note;
  for (const auto& [group, value] : event.captures) {
    if (value.empty()) continue;
    if (!note.empty()) note += ", ";
    note += EscapeText(group) + "=" + Shorten(EscapeText(value), kLeastMessage);
  }
  return note;
}

class Case {
 public:
  Case(const Report& report, const ReportStyle& style, const Finding& finding)
      : report_(report), finding_(finding), run_(*finding.run), all_(style.verbosity > 0) {}

  void Write(Paper* paper);

 private:
  void Collect();
  void CollectErrors(bool late);
  void CollectTerminal();
  Evidence ErrorEvidence(size_t index) const;
  void WriteHead(Paper* paper, const std::string& date) const;
  void Measure();
  void WriteEvidence(const Evidence& e, Paper* paper) const;

  const Report& report_;
  const Finding& finding_;
  const Run& run_;
  bool all_;
  bool one_date_ = true;
  size_t place_ = 0, clock_ = 0, level_ = 0;  // columns
  std::vector<Evidence> evidence_;
  uint64_t left_out_ = 0;
};

Evidence Case::ErrorEvidence(size_t index) const {
  const Unresolved& error = run_.unresolved[index];
  Evidence e = MakeEvidence(report_, *error.event);
  if (error.late) e.Note(WithDelta("late", Later(run_.terminal, *error.event)));
  e.Note(CaptureNote(*error.event));
  if (finding_.causes[index] != finding_.causes.front()) {
    e.Note(EscapeText(ReasonName(*report_.matcher, *error.event)) + " on " +
           EscapeText(TargetName(*error.event)));
  }
  const MatchedBy by = error.event->matched_by;
  if (by != MatchedBy::kTask && by != MatchedBy::kField && by != MatchedBy::kNone) {
    e.Note("matched by " + std::string(MatchedByName(by)));
  }
  return e;
}

void Case::CollectErrors(bool late) {
  size_t shown = 0;
  for (size_t i = 0; i < run_.unresolved.size(); ++i) {
    if (run_.unresolved[i].late != late) continue;
    if (all_ || shown++ < kErrorsOfCase) {
      evidence_.push_back(ErrorEvidence(i));
    } else {
      ++left_out_;
    }
  }
}

void Case::CollectTerminal() {
  if (run_.terminal == nullptr) return;
  const Event* last_error = nullptr;
  for (const Unresolved& error : run_.unresolved) {
    if (!error.late) last_error = error.event;
  }
  Evidence e = MakeEvidence(report_, *run_.terminal);
  const std::string state = "reported " + std::string(StateName(run_.terminal->state));
  e.Note(WithDelta(state, Later(last_error, *run_.terminal)));
  evidence_.push_back(std::move(e));
}

void Case::Collect() {
  CollectErrors(false);
  CollectTerminal();
  CollectErrors(true);
}

// The columns before the message are as wide as the widest of the case. A date that is the same in all
// lines stands in the case's head.
void Case::Measure() {
  for (const Evidence& e : evidence_) {
    one_date_ = one_date_ && (e.date.empty() || e.date == evidence_.front().date);
  }
  for (Evidence& e : evidence_) {
    if (!one_date_ && !e.date.empty()) e.clock = e.date + " " + e.clock;
    place_ = std::max(place_, Columns(e.place));
    clock_ = std::max(clock_, e.clock.size());
    level_ = std::max(level_, e.level.size());
  }
}

void Case::WriteHead(Paper* paper, const std::string& date) const {
  paper->Space(2).Add(EscapeText(run_.task), Ink::kBold);
  if (!run_.name.empty()) paper->Space(2).Add(EscapeText(run_.name));
  if (!run_.system.empty()) paper->Space(2).Add(EscapeText(run_.system));
  if (run_.run > 1) paper->Space(2).Add("run " + Thousands(run_.run));
  if (run_.attempt > 1) paper->Space(2).Add("attempt " + Thousands(run_.attempt));
  if (!date.empty()) paper->Space(2).Add(date);
  paper->Space(2).Add("finding " + finding_.id, Ink::kDim);
  paper->EndLine();
}

void Case::WriteEvidence(const Evidence& e, Paper* paper) const {
  paper->Space(4).Add(e.place).Space(place_ - Columns(e.place));
  if (clock_ > 0) paper->Space(2).Add(e.clock).Space(clock_ - e.clock.size());
  if (level_ > 0) paper->Space(2).Add(e.level, e.event->severity >= kLevelError ? Ink::kRed : Ink::kPlain);
  size_t column = 4 + place_ + 2 + (clock_ > 0 ? clock_ + 2 : 0) + (level_ > 0 ? level_ + 2 : 0);
  if (paper->width() < column + kLeastMessage) {
    column = 6;
    paper->EndLine();
    paper->Space(column);
  } else {
    paper->Space(level_ - e.level.size() + 2);
  }
  paper->Add(paper->Fit(e.event->message, column)).EndLine();
  if (!e.event->error.empty()) paper->Space(column).Add(paper->Fit(e.event->error, column)).EndLine();
  if (e.note.empty()) return;
  paper->Space(column);
  paper->Wrap(e.note, column, column, Ink::kDim);
}

void Case::Write(Paper* paper) {
  Collect();
  Measure();
  WriteHead(paper, one_date_ && !evidence_.empty() ? evidence_.front().date : "");
  for (const Evidence& e : evidence_) WriteEvidence(e, paper);
  if (left_out_ > 0) {
    paper->Space(4).Add("\xe2\x80\xa6 and " + Counted(left_out_, "more write error") + " (-v shows all)",
                        Ink::kDim);
    paper->EndLine();
  }
}

// --- causes ----------------------------------------------------------------------------------

void WriteCauseHead(const Cause& cause, Paper* paper) {
  paper->Add(EscapeText(cause.reason), Ink::kRed).Add(" on ").Add(EscapeText(cause.target), Ink::kBold);
  paper->Add(": " + Counted(cause.tasks, "run")).EndLine();
  paper->Space(2).Add(paper->Fit(cause.message_template, 2)).EndLine();
  std::string about = "cause " + cause.id;
  if (cause.first_ns != kNoTime) {
    about += cause.first_ns == cause.last_ns ? ", at " : ", from ";
    about += FormatTime(cause.first_ns);
    if (cause.first_ns != cause.last_ns) about += " to " + FormatTime(cause.last_ns);
  }
  paper->Space(2).Add(about, Ink::kDim).EndLine();
}

void WriteCause(const Report& report, const ReportStyle& style, const Cause& cause, Paper* paper) {
  WriteCauseHead(cause, paper);
  uint64_t more = 0, elsewhere = 0;
  size_t shown = 0;
  for (size_t index : cause.findings) {
    const Finding& finding = report.findings->findings[index];
    if (finding.causes.front() != cause.id) {
      ++elsewhere;
    } else if (style.verbosity > 0 || shown < kCases) {
      ++shown;
      paper->EndLine();
      Case(report, style, finding).Write(paper);
    } else {
      ++more;
    }
  }
  if (more > 0 || elsewhere > 0) paper->EndLine();
  if (more > 0) paper->Space(2).Add("\xe2\x80\xa6 and " + Thousands(more) + " more (-v shows all)").EndLine();
  if (elsewhere > 0) {
    paper->Space(2).Add(Counted(elsewhere, "run is", "runs are") + " shown under another cause").EndLine();
  }
  paper->EndLine();
}

// --- runs in one line each -------------------------------------------------------------------

struct Widths {
  size_t task = 0, name = 0, system = 0;
};

void Widen(const Run& run, Widths* widths) {
  widths->task = std::max(widths->task, Columns(EscapeText(run.task)));
  widths->name = std::max(widths->name, Columns(EscapeText(run.name)));
  widths->system = std::max(widths->system, run.system.size());
}

// A cell and its padding; columns that are empty in all lines take no room.
void Cell(std::string_view text, size_t width, Paper* paper) {
  if (width == 0) return;
  const std::string escaped = EscapeText(text);
  paper->Space(2).Add(escaped).Space(width - Columns(escaped));
}

Ink InkOf(Verdict verdict) {
  if (verdict == Verdict::kContradiction) return Ink::kRed;
  return verdict == Verdict::kInconclusive ? Ink::kYellow : Ink::kPlain;
}

std::string Details(const Run& run) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (run.run > 1) add("run " + Thousands(run.run));
  if (run.attempt > 1) add("attempt " + Thousands(run.attempt));
  if (run.verdict == Verdict::kInconclusive && !run.inconclusive_because.empty()) {
    add(EscapeText(run.inconclusive_because));
  }
  return text;
}

void WriteRun(const Run& run, const Widths& widths, Paper* paper) {
  Cell(run.task, widths.task, paper);
  Cell(run.name, widths.name, paper);
  Cell(run.system, widths.system, paper);
  if (const std::string details = Details(run); !details.empty()) paper->Space(2).Add(details, Ink::kDim);
  paper->EndLine();
}

void WriteInconclusive(const Report& report, const ReportStyle& style, Paper* paper) {
  std::vector<const Run*> shown;
  uint64_t more = 0;
  for (const Run& run : report.correlation->runs) {
    if (run.verdict != Verdict::kInconclusive) continue;
    if (style.verbosity > 0 || shown.size() < kInconclusive) {
      shown.push_back(&run);
    } else {
      ++more;
    }
  }
  if (shown.empty()) return;
  paper->Add("inconclusive", Ink::kYellow).Add(": " + Counted(shown.size() + more, "run")).EndLine();
  Widths widths;
  for (const Run* run : shown) Widen(*run, &widths);
  for (const Run* run : shown) WriteRun(*run, widths, paper);
  if (more > 0) paper->Space(2).Add("\xe2\x80\xa6 and " + Thousands(more) + " more (-v shows all)").EndLine();
  paper->EndLine();
}

void WriteAllRuns(const Report& report, Paper* paper) {
  const std::vector<Run>& runs = report.correlation->runs;
  if (runs.empty()) return;
  paper->Add("all runs", Ink::kBold).Add(": " + Thousands(runs.size())).EndLine();
  Widths widths;
  size_t verdict = 0;
  for (const Run& run : runs) {
    Widen(run, &widths);
    verdict = std::max(verdict, VerdictName(run.verdict).size());
  }
  for (const Run& run : runs) {
    const std::string_view name = VerdictName(run.verdict);
    paper->Space(2).Add(name, InkOf(run.verdict)).Space(verdict - name.size());
    WriteRun(run, widths, paper);
  }
  paper->EndLine();
}

}  // namespace

void WriteFindings(const Report& report, const ReportStyle& style, Paper* paper) {
  for (const Cause& cause : report.findings->causes) WriteCause(report, style, cause, paper);
  if (style.all_tasks) {
    WriteAllRuns(report, paper);
  } else if (!style.quiet) {
    WriteInconclusive(report, style, paper);
  }
}

void WriteText(const Report& report, const ReportStyle& style, std::ostream& out) {
  Paper paper(style, out);
  WriteFindings(report, style, &paper);
  if (!style.quiet) WriteSummary(report, style, &paper);
}

}  // namespace gainsay
