// The report that a person reads first, at 3 a.m.: what was lost, in which tasks, and the lines that prove
// it, in an order in which the eye finds them. Causes come first, since a thousand findings often have one;
// of each the first cases are shown, each with its errors, what the task reported, and what came too late.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "finding/phrase.h"
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
  std::string_view message, error;  // from the log
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

// Of an error or a state.
template <typename Line>
Evidence MakeEvidence(const Line& line) {
  Evidence e;
  e.message = line.message;
  e.place = EscapeText(line.place.source) + ":" + std::to_string(line.place.line);
  const std::string time = FormatTime(line.time_ns);  // 2026-05-31T04:12:09.113Z
  if (time.size() > 11) {
    e.date = time.substr(0, 10);
    e.clock = time.substr(11, time.size() - 12);
  }
  e.level = EscapeText(Upper(line.level));
  return e;
}

// "+0.4 s" from one time to the next; "" if one is not known, or time runs backwards.
std::string Later(int64_t from_ns, int64_t to_ns) {
  if (from_ns == kNoTime || to_ns == kNoTime || to_ns < from_ns) return "";
  return "+" + Span(static_cast<uint64_t>(to_ns) - static_cast<uint64_t>(from_ns));
}

std::string WithDelta(const std::string& text, const std::string& delta) {
  return delta.empty() ? text : text + ", " + delta;
}

std::string CaptureNote(const DocumentError& error) {
  std::string note;
  for (const auto& [group, value] : error.captures) {
    if (value.empty()) continue;
    if (!note.empty()) note += ", ";
    note += EscapeText(group) + "=" + ShortenToColumns(EscapeText(value), kLeastMessage);
  }
  return note;
}

class Case {
 public:
  Case(const ReportStyle& style, const DocumentFinding& finding)
      : finding_(finding), all_(style.verbosity > 0) {}

  void Write(Paper* paper);

 private:
  void Collect();
  void CollectErrors(bool late);
  void CollectTerminal();
  Evidence ErrorEvidence(const DocumentError& error) const;
  void WriteHead(Paper* paper, const std::string& date) const;
  void Measure();
  void WriteEvidence(const Evidence& e, Paper* paper) const;

  const DocumentFinding& finding_;
  bool all_;
  bool one_date_ = true;
  size_t place_ = 0, clock_ = 0, level_ = 0;  // columns
  std::vector<Evidence> evidence_;
  uint64_t left_out_ = 0;
};

Evidence Case::ErrorEvidence(const DocumentError& error) const {
  Evidence e = MakeEvidence(error);
  e.error = error.error;
  if (error.late) {
    e.Note(WithDelta("late", Later(finding_.reported ? finding_.reported->time_ns : kNoTime, error.time_ns)));
  }
  e.Note(CaptureNote(error));
  if (error.cause != finding_.cause) e.Note(EscapeText(error.reason) + " on " + EscapeText(error.target));
  const std::string& by = error.matched_by;
  if (!by.empty() && by != "none" && by != "task" && by != "field" && by != "input") {
    e.Note("matched by " + EscapeText(by));
  }
  return e;
}

void Case::CollectErrors(bool late) {
  size_t shown = 0;
  for (const DocumentError& error : finding_.errors) {
    if (error.late != late) continue;
    if (all_ || shown++ < kErrorsOfCase) {
      evidence_.push_back(ErrorEvidence(error));
    } else {
      ++left_out_;
    }
  }
}

void Case::CollectTerminal() {
  if (!finding_.reported) return;
  int64_t last_error_ns = kNoTime;
  for (const DocumentError& error : finding_.errors) {
    if (!error.late) last_error_ns = error.time_ns;
  }
  Evidence e = MakeEvidence(*finding_.reported);
  e.Note(WithDelta("reported " + EscapeText(finding_.reported->state),
                   Later(last_error_ns, finding_.reported->time_ns)));
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
  paper->Space(2).Add(EscapeText(finding_.task), Ink::kBold);
  if (!finding_.name.empty()) paper->Space(2).Add(EscapeText(finding_.name));
  if (!finding_.system.empty()) paper->Space(2).Add(EscapeText(finding_.system));
  if (finding_.run > 1) paper->Space(2).Add("run " + Thousands(finding_.run));
  if (finding_.attempt > 1) paper->Space(2).Add("attempt " + Thousands(finding_.attempt));
  if (!date.empty()) paper->Space(2).Add(date);
  paper->Space(2).Add("finding " + EscapeText(finding_.id), Ink::kDim);
  paper->EndLine();
}

void Case::WriteEvidence(const Evidence& e, Paper* paper) const {
  paper->Space(4).Add(e.place).Space(place_ - Columns(e.place));
  if (clock_ > 0) paper->Space(2).Add(e.clock).Space(clock_ - e.clock.size());
  if (level_ > 0)
    paper->Space(2).Add(e.level, e.level == "ERROR" || e.level == "FATAL" ? Ink::kRed : Ink::kPlain);
  size_t column = 4 + place_ + 2 + (clock_ > 0 ? clock_ + 2 : 0) + (level_ > 0 ? level_ + 2 : 0);
  if (paper->width() < column + kLeastMessage) {
    column = 6;
    paper->EndLine();
    paper->Space(column);
  } else {
    paper->Space(level_ - e.level.size() + 2);
  }
  paper->Add(paper->Fit(e.message, column)).EndLine();
  if (!e.error.empty()) paper->Space(column).Add(paper->Fit(e.error, column)).EndLine();
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
  std::string about = "cause " + EscapeText(cause.id);
  if (cause.first_ns != kNoTime) {
    about += cause.first_ns == cause.last_ns ? ", at " : ", from ";
    about += FormatTime(cause.first_ns);
    if (cause.first_ns != cause.last_ns) about += " to " + FormatTime(cause.last_ns);
  }
  paper->Space(2).Add(about, Ink::kDim).EndLine();
}

// What a gate lets pass is not shown again: its known causes are counted at the end.
class Passed {
 public:
  Passed(const Document& document, const ReportStyle& style) {
    if (!document.gate || document.gate->fail_on == FailOn::kAny || style.verbosity > 0) return;
    for (const GateCause& cause : document.gate->causes) {
      if (cause.standing == Standing::kKnown) causes_.insert(cause.id);
    }
  }

  bool Holds(const std::string& cause) const { return causes_.count(cause) > 0; }

  // The cause that a finding is shown under: its first that is left.
  const std::string& CauseOf(const DocumentFinding& finding) const {
    for (const DocumentError& error : finding.errors) {
      if (!causes_.empty() && !Holds(error.cause)) return error.cause;
    }
    return finding.cause;
  }

 private:
  std::set<std::string_view> causes_;
};

void WriteCause(const Document& document, const ReportStyle& style, const Passed& passed, const Cause& cause,
                Paper* paper) {
  WriteCauseHead(cause, paper);
  uint64_t more = 0, elsewhere = 0;
  size_t shown = 0;
  for (size_t index : cause.findings) {
    const DocumentFinding& finding = document.findings[index];
    if (passed.CauseOf(finding) != cause.id) {
      ++elsewhere;
    } else if (style.verbosity > 0 || shown < kCases) {
      ++shown;
      paper->EndLine();
      Case(style, finding).Write(paper);
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

void Widen(const DocumentTask& run, Widths* widths) {
  widths->task = std::max(widths->task, Columns(EscapeText(run.task)));
  widths->name = std::max(widths->name, Columns(EscapeText(run.name)));
  widths->system = std::max(widths->system, Columns(EscapeText(run.system)));
}

// A cell and its padding; columns that are empty in all lines take no room.
void Cell(std::string_view text, size_t width, Paper* paper) {
  if (width == 0) return;
  const std::string escaped = EscapeText(text);
  paper->Space(2).Add(escaped).Space(width - Columns(escaped));
}

bool IsInconclusive(const DocumentTask& run) { return run.verdict == VerdictName(Verdict::kInconclusive); }

Ink InkOf(const DocumentTask& run) {
  if (run.verdict == VerdictName(Verdict::kContradiction)) return Ink::kRed;
  return IsInconclusive(run) ? Ink::kYellow : Ink::kPlain;
}

std::string Details(const DocumentTask& run) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (run.run > 1) add("run " + Thousands(run.run));
  if (run.attempt > 1) add("attempt " + Thousands(run.attempt));
  if (!run.because.empty()) add(EscapeText(run.because));
  return text;
}

void WriteRun(const DocumentTask& run, const Widths& widths, Paper* paper) {
  Cell(run.task, widths.task, paper);
  Cell(run.name, widths.name, paper);
  Cell(run.system, widths.system, paper);
  if (const std::string details = Details(run); !details.empty()) paper->Space(2).Add(details, Ink::kDim);
  paper->EndLine();
}

void WriteInconclusive(const Document& document, const ReportStyle& style, Paper* paper) {
  if (document.inconclusive.empty()) return;
  const uint64_t all = document.summary.runs[static_cast<size_t>(Verdict::kInconclusive)];
  std::vector<DocumentTask> shown = document.inconclusive;
  if (style.verbosity == 0 && shown.size() > kInconclusive) shown.resize(kInconclusive);
  paper->Add("inconclusive", Ink::kYellow).Add(": " + Counted(all, "run")).EndLine();
  Widths widths;
  for (const DocumentTask& run : shown) Widen(run, &widths);
  for (const DocumentTask& run : shown) WriteRun(run, widths, paper);
  if (shown.size() < all) {
    paper->Space(2).Add("\xe2\x80\xa6 and " + Thousands(all - shown.size()) + " more");
    if (style.verbosity == 0) paper->Add(" (-v shows all)");
    paper->EndLine();
  }
  paper->EndLine();
}

void WriteAllRuns(const Document& document, Paper* paper) {
  if (document.tasks.empty()) return;
  paper->Add("all runs", Ink::kBold).Add(": " + Thousands(document.tasks.size())).EndLine();
  Widths widths;
  size_t verdict = 0;
  for (const DocumentTask& run : document.tasks) {
    Widen(run, &widths);
    verdict = std::max(verdict, Columns(EscapeText(run.verdict)));
  }
  for (const DocumentTask& run : document.tasks) {
    const std::string name = EscapeText(run.verdict);
    paper->Space(2).Add(name, InkOf(run)).Space(verdict - Columns(name));
    WriteRun(run, widths, paper);
  }
  paper->EndLine();
}

}  // namespace

void WriteFindings(const Document& document, const ReportStyle& style, Paper* paper) {
  const Passed passed(document, style);
  for (const Cause& cause : document.causes) {
    if (!passed.Holds(cause.id)) WriteCause(document, style, passed, cause, paper);
  }
  if (style.all_tasks) {
    WriteAllRuns(document, paper);
  } else if (!style.quiet) {
    WriteInconclusive(document, style, paper);
  }
}

void WriteText(const Document& document, const ReportStyle& style, std::ostream& out) {
  Paper paper(style, out);
  WriteFindings(document, style, &paper);
  if (!style.quiet) WriteSummary(document, style, &paper);
}

}  // namespace gainsay
