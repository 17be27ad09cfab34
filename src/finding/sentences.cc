#include "finding/sentences.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "finding/phrase.h"
#include "record/severity.h"

namespace gainsay {
namespace {

std::string Noun(const Event& event) {
  return event.kind == RuleKind::kError ? "write error" : "statement of recovery";
}

bool IsBehind(const Event& a, const Event& b) {
  return std::tie(a.time_ns, a.position.source, a.position.offset) >
         std::tie(b.time_ns, b.position.source, b.position.offset);
}

}  // namespace

std::string Sentences::At(const Event& event) const {
  const std::string line = std::to_string(event.position.line);
  if (summary_.sources.size() < 2 || event.position.source >= summary_.sources.size()) return "line " + line;
  return summary_.sources[event.position.source].name + ":" + line;
}

// "the write error of line 9", "the 3 write errors of line 9 and behind".
std::string Sentences::Listed(const std::vector<const Event*>& errors) const {
  if (errors.size() == 1) return "the write error of " + At(*errors[0]);
  return "the " + Thousands(errors.size()) + " write errors from " + At(*errors.front()) + " to " +
         At(*errors.back());
}

std::string Sentences::Contradicted(const StoryRun& told) const {
  std::vector<const Event*> before, after;
  for (const Unresolved& error : told.run.unresolved) (error.late ? after : before).push_back(error.event);
  std::string text = "reported succeeded (" + At(*told.run.terminal) + ")";
  if (!before.empty()) {
    text += before.size() == 1 ? ", and " + Listed(before) + " was never taken back"
                               : ", and " + Listed(before) + " were never taken back";
  }
  if (!after.empty()) text += ", and " + Listed(after) + " came after that report";
  const bool any = std::any_of(told.events.begin(), told.events.end(), [](const StoryEvent& event) {
    return event.event->kind == RuleKind::kResolution;
  });
  return any ? text : text + "; no statement of recovery was seen (a plain success is none)";
}

// "the rule set", or, where only one entry suppressed anything, that one.
std::string Sentences::Suppressors() const {
  const SuppressionUse* only = nullptr;
  for (const SuppressionUse& use : summary_.suppressions) {
    if (use.errors == 0) continue;
    if (only != nullptr) return "the rule set";
    only = &use;
  }
  return only == nullptr ? "the rule set" : only->id + " (" + only->why + ")";
}

// "2 were superseded by a later attempt, 1 was resolved".
std::string Sentences::MadeGood(const StoryRun& told) const {
  uint64_t resolved = 0, superseded = 0, suppressed = 0;
  const Event* by = nullptr;
  for (const StoryEvent& event : told.events) {
    resolved += event.fate == Fate::kResolved ? 1 : 0;
    superseded += event.fate == Fate::kSuperseded ? 1 : 0;
    suppressed += event.fate == Fate::kSuppressed ? 1 : 0;
    if (event.fate == Fate::kResolved && by == nullptr) by = event.resolved_by;
  }
  std::string text;
  auto add = [&text](uint64_t errors, const std::string& how) {
    if (errors == 0) return;
    text += (text.empty() ? "" : "; ") + Counted(errors, "write error was", "write errors were") + " " + how;
  };
  add(resolved, "taken back" + (resolved == 1 && by != nullptr ? " by " + At(*by) : ""));
  add(superseded, "superseded by a later attempt");
  add(suppressed, "suppressed by " + Suppressors());
  return text;
}

std::string Sentences::Because(const StoryRun& told) const {
  const Run& run = told.run;
  const std::string good = MadeGood(told);
  const std::string also = good.empty() ? "" : "; " + good;
  switch (run.verdict) {
    case Verdict::kContradiction:
      return Contradicted(told) + also;
    case Verdict::kRecovered:
      return "reported succeeded (" + At(*run.terminal) + ")" + also;
    case Verdict::kClean:
      return "reported succeeded (" + At(*run.terminal) + ")" +
             (good.empty() ? ", and no write error was found for it" : also);
    case Verdict::kFailed:
    case Verdict::kCancelled:
      return "reported " + std::string(VerdictName(run.verdict)) + " (" + At(*run.terminal) +
             "), which is honest, whatever it lost" + also;
    case Verdict::kUnfinished:
      return run.terminal == nullptr ? "no final state was seen" + also
                                     : "its last report (" + At(*run.terminal) +
                                           ") is of a retry, and no further attempt was seen" + also;
    case Verdict::kInconclusive:
      break;
  }
  std::string text(run.inconclusive_because);
  if (run.terminal != nullptr) text = "reported succeeded (" + At(*run.terminal) + "), but " + text;
  return text + also;
}

void Sentences::AddMissed(const StoryRun& told, std::vector<NearMiss>* near) const {
  for (const Missed& missed : told.missed) {
    std::string text = "a statement of recovery was seen (" + At(*missed.resolution) + "), but ";
    const std::string of = " of " + At(*missed.error);
    switch (missed.why) {
      case Misfit::kNone:
        continue;
      case Misfit::kEarlier:
        text += "before the write error" + of;
        break;
      case Misfit::kRole:
        text += "for the ";
        text += RoleOf(missed.resolution->role) == Role::kSecondary ? "secondary" : "primary";
        text += "; the write error" + of + " is of the ";
        text += RoleOf(missed.error->role) == Role::kSecondary ? "secondary" : "primary";
        break;
      case Misfit::kTarget:
        text += "for another target (" + TargetName(*missed.resolution) + ") than the write error" + of;
        break;
      case Misfit::kSubject:
        text += "for another subject (" + std::string(missed.resolution->subject) + ") than the write error" +
                of + " (" + std::string(missed.error->subject) + ")";
        break;
    }
    near->push_back({Near::kResolution, std::move(text), missed.resolution, {}});
  }
}

void Sentences::AddDoubtful(const StoryRun& told, std::vector<NearMiss>* near) const {
  const Event* last = nullptr;
  for (const StoryEvent& event : told.events) {
    if (event.fate != Fate::kDoubtful || event.resolved_by == nullptr || event.resolved_by == last) continue;
    last = event.resolved_by;
    near->push_back({Near::kShared,
                     "the statement of recovery of " + At(*last) +
                         " fits this run's write error and that of another run: nothing in the record tells "
                         "which was taken back",
                     last,
                     {}});
  }
}

void Sentences::AddUnfinished(const StoryRun& told, std::vector<NearMiss>* near) const {
  if (told.run.terminal != nullptr) return;
  std::string text = "no final state was recognised";
  if (!told.events.empty()) text += "; the last event is of " + At(*told.events.back().event);
  // What names the task last may be the report that no rule knows.
  auto last = near->end();
  for (auto miss = near->begin(); miss != near->end(); ++miss) {
    if (miss->kind != Near::kRecord) continue;
    const Event& before = last != near->end()   ? *last->event
                          : told.events.empty() ? *miss->event
                                                : *told.events.back().event;
    if (IsBehind(*miss->event, before)) last = miss;
  }
  if (last == near->end()) {
    near->push_back({Near::kUnfinished, std::move(text), nullptr, {}});
    return;
  }
  last->kind = Near::kUnfinished;
  last->text = text + "; " + last->text + ", the last one that does (`gainsay rules match` tells more of it)";
}

void Sentences::AddInputs(std::vector<NearMiss>* near) const {
  for (const SourceSummary& source : summary_.sources) {
    std::string what;
    if (!source.problem.empty()) {
      what = source.cut ? "could not be read to its end" : "could not be read";
      what += " (" + source.problem + ")";
    } else if (source.null_messages > 0) {
      what = "holds " + Counted(source.null_messages, "message") + " that journalctl left out (pass -a)";
    }
    if (what.empty()) continue;
    near->push_back(
        {Near::kInput, source.name + " " + what + ": it may hold more of this task", nullptr, {}});
  }
}

std::string Sentences::Shared(const HeldBack& held) const {
  std::string text =
      "the " + Noun(*held.event) + " of " + At(*held.event) + " may be this task's or that of ";
  for (size_t i = 0; i < held.others.size(); ++i) {
    if (i > 0) text += i + 1 == held.others.size() ? " or " : ", ";
    text += held.others[i];
  }
  if (held.others.empty()) text += "another task of the same id";
  if (held.others.size() == HeldBack::kOthers) text += " or further ones";
  return text + ": nothing in the record tells which, so it was given to none";
}

NearMiss Sentences::Of(const HeldBack& held) const {
  const Event& event = *held.event;
  const std::string the = "the " + Noun(event) + " of " + At(event);
  NearMiss miss{Near::kShared, "", &event, {}};
  switch (held.why) {
    case Held::kShared:
      miss.others.assign(held.others.begin(), held.others.end());
      miss.text = Shared(held);
      break;
    case Held::kGiven:
      miss.kind = Near::kGiven;
      miss.text = the + " was given to task " + std::string(event.task) + ", matched by " +
                  std::string(MatchedByName(event.matched_by));
      break;
    case Held::kForeign:
      miss.kind = Near::kForeign;
      miss.text = the + " stood in this task's lane, but names " + std::string(event.subject) +
                  ", which other tasks work on and this one is not known to";
      break;
    case Held::kDetached:
      miss.kind = Near::kDetached;
      miss.text = the +
                  " stood in this task's lane, but its rule or its words (background, async) say that "
                  "the lane does not tell whose it is";
      break;
    case Held::kNamed:
      miss.kind = Near::kNamed;
      miss.text = the + " names this task in its words, but no way led from it to this task alone";
      break;
  }
  return miss;
}

NearMiss Sentences::Of(const Silent& silent) const {
  const Event& event = *silent.event;
  const std::string where = event.task_in_text ? "names this task" : "stood in this task's lane";
  if (!silent.but_for_level.empty()) {
    return {Near::kLevel,
            At(event) + " " + where + " and is a write error in its words, but not at level " +
                std::string(SeverityName(event.severity)) + " (" + silent.but_for_level + ")",
            &event,
            {}};
  }
  if (event.severity != kNoSeverity && event.severity < kLevelError)
    return {Near::kRecord, At(event) + " " + where + " and gave no event", &event, {}};
  std::string text = At(event) + " " + where + " at level " +
                     (event.severity == kNoSeverity ? "unknown" : std::string(SeverityName(event.severity))) +
                     ", and is no write error";
  if (!silent.why.empty()) text += " (" + silent.why + ")";
  return {Near::kSilent, std::move(text), &event, {}};
}

}  // namespace gainsay
