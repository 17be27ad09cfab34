// The idea: people name a failed operation in few ways. "failed to VERB" and "error while VERBing"
// say outright what failed; otherwise the verb nearest to the failure word does ("primary write
// failed"), before it rather than after it, in its own clause rather than in another. Fixed phrases
// say that nothing was lost, that it will be done yet, or never. What this leaves out: grammar; a
// message that tells of two operations is judged by one of them.
#include "event/operation.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>

#include "event/tokens.h"
#include "event/words.h"

namespace gainsay {
namespace {

// Which words of a text are verbs of what, which are failures.
class Reader {
 public:
  explicit Reader(std::string_view text) : t_(text) {
    for (int i = 0; i < t_.size(); ++i) {
      verbs_[static_cast<size_t>(i)] = VerbAt(i);
      failures_[static_cast<size_t>(i)] = FailureAt(i);
    }
  }

  Judgement Read();

 private:
  Verb VerbAt(int i) const;
  bool FailureAt(int i) const;
  bool ValueCounts(int i) const;
  bool HasObject(int i) const;
  bool LoadsInto(int i) const;
  bool IsLoad(int i, std::string_view next) const;
  bool Written(int i) const { return i < t_.size() && t_[i].known->written; }
  bool Verbish(int i) const { return verbs_[static_cast<size_t>(i)] != Verb::kNone; }
  bool IsFailure(int i) const { return failures_[static_cast<size_t>(i)]; }

  static constexpr int kOther = -2;
  int IntroducedVerb() const;
  int LeadingGerund() const;
  int VerbAfter(int i, int reach) const;
  int NearestVerb(bool strong) const;
  int Distance(int failure, int verb) const;
  Operation OnlyDirection() const;
  Operation Direction(int introduced) const;

  bool RoleFailed() const;
  bool RatioFailed(int i) const;
  int64_t FailedCount(int i) const;
  void Count(bool* some, bool* none) const;
  bool WillRetry() const;
  bool Failed() const;
  bool GaveUp() const;
  bool Harmless(bool outright, bool some, bool none) const;

  Tokens t_;
  std::array<Verb, Tokens::kMaxTokens> verbs_{};
  std::array<bool, Tokens::kMaxTokens> failures_{};
};

Operation DirectionOf(Verb verb) {
  switch (verb) {
    case Verb::kWrite:
    case Verb::kWeakWrite:
    case Verb::kObjectWrite:
      return Operation::kWrite;
    case Verb::kRead:
    case Verb::kWeakRead:
      return Operation::kRead;
    case Verb::kNone:
      break;
  }
  return Operation::kUnknown;
}

bool IsStrong(Verb verb) { return verb == Verb::kWrite || verb == Verb::kRead || verb == Verb::kObjectWrite; }

// A value says something of the outcome or the operation only under such keys.
bool Reader::ValueCounts(int i) const {
  while (i > 0 && t_[i].value && t_[i - 1].value && t_[i].before != '=') --i;
  static constexpr std::string_view kKeys[] = {"action",  "cmd",    "command", "method", "op",  "operation",
                                               "outcome", "result", "state",   "status", "verb"};
  return std::ranges::binary_search(kKeys, t_.word(i - 1));
}

// An object verb's object: soon after it, or right before it ("index creation", "records sent").
bool Reader::HasObject(int i) const {
  for (int j = i + 1; j < std::min(t_.size(), i + 16); ++j) {
    if (t_.Is(j, WordList::kObject)) return true;
  }
  for (int j = std::max(0, i - 2); j < i; ++j) {
    if (t_.Is(j, WordList::kObject)) return true;
  }
  return false;
}

// "load rows into the warehouse" writes.
bool Reader::LoadsInto(int i) const {
  for (int j = i + 1; j < std::min(t_.size(), i + 8); ++j) {
    if (t_[j].word() == "into") return true;
  }
  return false;
}

// "load average", "due to high load", "BusyLoadingError": what a machine bears, not what was read.
bool Reader::IsLoad(int i, std::string_view next) const {
  return next == "average" || next == "balancer" || next == "balancing" || t_.Is(i - 1, WordList::kBurden);
}

Verb Reader::VerbAt(int i) const {
  const Token& token = t_[i];
  const Verb verb = token.known->verb;
  if (verb == Verb::kNone || (token.value && !ValueCounts(i))) return Verb::kNone;
  int j = i + 1;  // the next word that says something
  for (std::string_view filler : {"a", "an", "the", "any", "no", "0"}) {
    if (t_.word(i + 1) == filler) j = i + 2;
  }
  const std::string_view next = t_.word(j);
  const bool got = token.word() == "got" || token.word() == "get" || token.word().starts_with("receiv");
  if (verb == Verb::kRead && t_.Is(j, WordList::kNotAnAction) && (got || next != "session"))
    return Verb::kNone;
  if (got && t_.Is(j, WordList::kIntroducer)) return Verb::kNone;
  if (token.word().starts_with("load") && LoadsInto(i)) return Verb::kWrite;
  if (token.word().starts_with("load") && IsLoad(i, next)) return Verb::kNone;
  // "the 'max_rows' setting"; but "setting the key"
  if (token.word() == "setting" && j == i + 1 && !t_.Is(j, WordList::kObject)) return Verb::kNone;
  if (token.word() == "search" && t_.Is(i - 1, WordList::kSearchEngine)) return Verb::kNone;
  if (token.word() == "received" && t_.Is(i - 1, WordList::kNotAnAction)) return Verb::kNone;
  if (token.word() == "find" && (next == "and" || next == "one")) return Verb::kNone;  // findAndModify
  if (token.word() == "sync" && (t_.word(i - 1) == "in" || t_.word(i - 1) == "of")) return Verb::kNone;
  if (verb == Verb::kObjectWrite && !HasObject(i)) return Verb::kNone;
  return verb;
}

bool Reader::FailureAt(int i) const {
  const Token& token = t_[i];
  if (token.value && !ValueCounts(i)) return false;
  if (t_.Match(PhraseList::kFailed, i) > 0) {
    return t_.word(i + 1) != "not" || t_.word(i).starts_with("c") || t_.word(i) == "did" || Written(i + 2);
  }
  if (t_.Match(PhraseList::kParked, i) > 0) return true;
  if ((token.word() == "not" || token.word() == "never") && Written(i + 1)) return true;
  if (!t_.Is(i, WordList::kFailure) && !t_.Is(i, WordList::kGaveUp)) return false;
  // "the error handler", "error code 7"; but "failed code=502"
  if (token.word().starts_with("err") && t_.Is(i + 1, WordList::kNotAFailure)) return false;
  const std::string_view last = t_.word(i - 1);
  return last != "no" && last != "without" && last != "zero" && last != "never" && last != "non";
}

// The verb after word `i`, past words that say nothing, in its clause.
int Reader::VerbAfter(int i, int reach) const {
  for (int j = i; j < std::min(t_.size(), i + reach); ++j) {
    if (t_[j].clause != t_[i].clause) break;
    if (Verbish(j)) return j;
  }
  return -1;
}

// The verb of the first "failed to …", "could not …" or "error while …ing"; -1 if there is none;
// kOther for "failed to start …": what follows is the name of what did not start.
int Reader::IntroducedVerb() const {
  for (int i = 0; i < t_.size(); ++i) {
    if (int words = t_.Match(PhraseList::kFailedTo, i); words > 0) {
      // "could not be saved", "was unable to fully sync"
      if (t_.Is(i + words, WordList::kOtherAction) && !t_.word(i + words + 1).ends_with("ing")) return kOther;
      if (int verb = VerbAfter(i + words, 5); verb >= 0) return verb;
      continue;
    }
    if (!IsFailure(i) || !t_.Is(i, WordList::kIntroducer)) continue;
    int j = i + 1;
    while (j < t_.size() && j < i + 5 && t_.Is(j, WordList::kConnector)) ++j;
    if (j >= t_.size() || t_[j].clause != t_[i].clause) continue;
    const bool gerund = t_[j].word().ends_with("ing");
    if (gerund && t_.Is(j, WordList::kOtherAction)) return kOther;
    if (Verbish(j) && (gerund || j > i + 1)) return j;
  }
  return LeadingGerund();
}

// "reading the commit log failed": the gerund that a clause with a failure begins with; else -1.
int Reader::LeadingGerund() const {
  for (int f = 0; f < t_.size(); ++f) {
    if (!IsFailure(f)) continue;
    int first = f;
    while (first > 0 && t_[first - 1].clause == t_[f].clause && !t_[first - 1].prefix) --first;
    if (Verbish(first) && t_[first].word().ends_with("ing")) return first;
  }
  return -1;
}

// How far apart a failure word and a verb are; another clause is far, after is further than before.
int Reader::Distance(int failure, int verb) const {
  const int words = std::abs(failure - verb) * 2 + (verb > failure ? 1 : 0);
  return words + (t_[failure].clause != t_[verb].clause ? 12 : 0);
}

int Reader::NearestVerb(bool strong) const {
  int best = -1, best_distance = 0;
  for (int f = 0; f < t_.size(); ++f) {
    if (!IsFailure(f)) continue;
    for (int v = 0; v < t_.size(); ++v) {
      if (!Verbish(v) || IsStrong(verbs_[static_cast<size_t>(v)]) != strong) continue;
      if (t_[v].dotted && !strong) continue;  // "InvalidQueryException"
      const int distance = Distance(f, v);
      // A module's name or a prefix speaks of this failure only right beside it, and so does a noun.
      if ((t_[v].dotted || t_[v].prefix || !strong) && distance > 8) continue;
      if (best < 0 || distance < best_distance) {
        best = v;
        best_distance = distance;
      }
    }
  }
  return best;
}

Operation Reader::OnlyDirection() const {
  bool write = false, read = false;
  for (int i = 0; i < t_.size(); ++i) {
    const Verb verb = verbs_[static_cast<size_t>(i)];
    if (!IsStrong(verb) || t_[i].dotted || t_[i].prefix) continue;
    (DirectionOf(verb) == Operation::kWrite ? write : read) = true;
  }
  if (write == read) return Operation::kUnknown;
  return write ? Operation::kWrite : Operation::kRead;
}

Operation Reader::Direction(int introduced) const {
  if (introduced == kOther) return Operation::kUnknown;
  for (int verb : {introduced, NearestVerb(true), NearestVerb(false)}) {
    if (verb >= 0) return DirectionOf(verbs_[static_cast<size_t>(verb)]);
  }
  if (Operation only = OnlyDirection(); only != Operation::kUnknown) return only;
  return t_.Find(PhraseList::kParked) >= 0 ? Operation::kWrite : Operation::kUnknown;
}

// "secondary failed", "rejected by the primary"; not "primary key violation", "replica connection lost".
bool Reader::RoleFailed() const {
  for (int i = 0; i < t_.size(); ++i) {
    if (!t_.Is(i, WordList::kRole)) continue;
    const std::string_view role = t_[i].word();
    if (role != "primary" && role != "secondary" && role != "shadow" && role != "mirror") continue;
    bool failure = false, other = false;
    for (int j = std::max(0, i - 3); j < std::min(t_.size(), i + 4); ++j) {
      if (t_[j].clause != t_[i].clause) continue;
      failure = failure || IsFailure(j);
      other = other || t_.Is(j, WordList::kNotARole);
    }
    if (failure && !other) return true;
  }
  return false;
}

// "3 of 10 rows failed", "3/10 rows failed", "failed for 3 of 10": a failure word near the ratio.
bool Reader::RatioFailed(int i) const {
  int whole = i + 1;
  while (whole < std::min(t_.size(), i + 5) && t_[whole].number < 0) ++whole;
  for (int k = std::max(0, i - 4); k < std::min(t_.size(), whole + 6); ++k) {
    if ((k < i || k > whole) && IsFailure(k)) return true;
  }
  return false;
}

// The number that failed, of "3 of 10 rows failed", "3 rows failed", "17 ok, 3 failed", "rejected = 3";
// -1 where word `i` begins no such count.
int64_t Reader::FailedCount(int i) const {
  const Token& token = t_[i];
  const int next = i + 1;
  if (token.number >= 0 && !token.value) {
    const std::string_view last = t_.word(i - 1);
    if (last == "of" || token.before == '/') return -1;  // the whole, not the part
    const bool slash = next < t_.size() && t_[next].before == '/' && t_[next].number >= token.number &&
                       (next + 1 == t_.size() || t_[next + 1].before != '/');
    const bool ratio = slash || t_.Match(PhraseList::kOutOf, next) > 0;
    if (ratio) return RatioFailed(i) ? token.number : -1;
    if (t_.Is(next, WordList::kUnit)) {
      for (int k = next + 1; k < std::min(t_.size(), next + 4); ++k) {
        if (IsFailure(k) && t_[k].clause == t_[next].clause) return token.number;
      }
    }
    const bool listed = i > 0 && (token.before == ',' || token.before == ';' || token.before == '(' ||
                                  last == "and" || last == "with" || last == "had");
    const bool failed = next < t_.size() && t_[next].clause == token.clause && IsFailure(next);
    return failed && (listed || token.number == 0) ? token.number : -1;
  }
  // "dropped 14 events", "rejected 3 documents"
  if (t_.Match(PhraseList::kLostCount, i) > 0 && t_.Is(next + 1, WordList::kUnit)) {
    return t_[next].number;
  }
  const bool pair =
      next < t_.size() && t_[next].number >= 0 && IsFailure(i) &&
      (t_[next].before == '=' || (t_[next].before == ':' && t_[next].clause == token.clause + 1));
  if (!pair) return -1;
  // "succeeded: 17, failed: 3", "write errors: 3"; "request failed: 503" counts nothing.
  const bool own = i == 0 || token.clause != t_[i - 1].clause || t_[next].before == '=' ||
                   (token.word().ends_with("s") && Verbish(i - 1));
  return own || t_[next].number == 0 ? t_[next].number : -1;
}

// Whether some part failed, and whether all that is said of failures is that there were 0.
void Reader::Count(bool* some, bool* none) const {
  int zeros = 0, failures = 0;
  for (int i = 0; i < t_.size(); ++i) {
    const int64_t count = FailedCount(i);
    *some = *some || count > 0;
    zeros += count == 0 ? 1 : 0;
    failures += IsFailure(i) ? 1 : 0;
  }
  *none = zeros > 0 && failures <= zeros && !*some;
}

bool Reader::WillRetry() const {
  for (int i = t_.Find(PhraseList::kWillRetry); i >= 0; i = t_.Find(PhraseList::kWillRetry, i + 1)) {
    const bool negated = t_.Match(PhraseList::kWillNotRetry, i - 1 < 0 ? 0 : i - 1) > 0 ||
                         t_.word(i - 1) == "not" || t_.word(i - 1) == "wont" ||
                         t_.Match(PhraseList::kWillNotRetry, std::max(0, i - 2)) > 0;
    if (!negated) return true;
  }
  return false;
}

bool Reader::Failed() const {
  return std::any_of(failures_.begin(), failures_.begin() + t_.size(), [](bool f) { return f; });
}

bool Reader::GaveUp() const {
  for (int i = 0; i < t_.size(); ++i) {
    if (IsFailure(i) && t_.Is(i, WordList::kGaveUp)) return true;
    if (t_.Match(PhraseList::kGaveUp, i) > 0) return true;
  }
  return false;
}

// Counters over a period, nothing to do, no failures, recovered: never an error. A failure that is
// told outright ("failed to …") stands, whatever else the text says.
bool Reader::Harmless(bool outright, bool some, bool none) const {
  if (t_.Find(PhraseList::kCounterOverAPeriod) >= 0) return !outright;
  for (int i = t_.Find(PhraseList::kWentWellAfterAll); i >= 0;
       i = t_.Find(PhraseList::kWentWellAfterAll, i + 1)) {
    const std::string_view last = t_.word(i - 1);
    if (last != "not" && last != "never" && last != "be" && last != "if" && last != "until" && last != "un")
      return true;
  }
  if (none) return true;
  if (outright || some) return false;
  return t_.Find(PhraseList::kNothingLost) >= 0;
}

Judgement Reader::Read() {
  Judgement judgement;
  bool some = false, none = false;
  Count(&some, &none);
  const int introduced = IntroducedVerb();
  judgement.operation = Direction(introduced);
  judgement.outright = introduced >= 0 && IsStrong(verbs_[static_cast<size_t>(introduced)]);
  judgement.failed = Failed();
  judgement.gave_up = GaveUp();
  judgement.will_retry = WillRetry();
  judgement.partial = some;
  judgement.harmless = Harmless(introduced >= 0, some, none);
  judgement.role = RoleFailed();
  return judgement;
}

}  // namespace

Judgement Judge(std::string_view operation_text) { return Reader(operation_text).Read(); }

}  // namespace gainsay
