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

// What is left undone is said with these: the verb that follows is the operation. Longest first.
constexpr std::string_view kFailedTo[] = {
    "failed|fails|failing|fail|failure to",
    "unable|inability to",
    "not able to",
    "could|can|would|did|does|do not",
    "couldnt|cannot|cant|didnt|doesnt|dont|wouldnt",
    "refused|refuses|refusing to",
    "gave|giving|give up on|?trying|?to",
};
constexpr std::string_view kCounterOverAPeriod[] = {
    "in|over|during|within|for the last|past|previous",
    "last|past hour|minute|day|week|24h|1h|5m|1m",
    "last|past # seconds|minutes|hours|days|s|m|h|min",
    "per second|minute|hour|day",
    "since start|startup|boot|midnight|restart|launch",
    "error|errors|failure|failures|write|writes rate|rates|ratio|budget",
};
constexpr std::string_view kNothingLost[] = {
    "nothing to do|write|flush|commit|update|index|sync|save|persist|publish|delete|insert|send|store|replay",
    "nothing was|is lost|wrong",
    "no rows|documents|docs|records|changes|updates|messages|events|items|data|writes|entries to",
    "up to date",
    "not modified",
    "unchanged",
    "no changes|change",
    "dry run",
    "already indexed|applied|processed|done|handled|saved|stored|written|inserted|published|synced|persisted|"
    "replicated|imported|ingested|uploaded|present|current",
    "already exists|exist skipping|skipped|ignoring|ignored|nothing",
    "without ?any error|errors|failure|failures|issue|issues|problem|problems|loss",
    "no error|errors|failure|failures|failed|rejects|rejected|loss",
    "no data loss|lost",
    "no|without * errors|failures",
};
constexpr std::string_view kWentWellAfterAll[] = {
    "retry|retries|retried|reattempt ?has|?have|?was|?then|?finally|?now "
    "succeeded|ok|successful|successfully|worked",
    "attempt|try # succeeded|ok|worked|successful",
    "succeeded|ok|worked|successful|successfully on|after|in|with|at ?a|?the|?# ?more|?second|?third|?last "
    "retry|"
    "retries|retrying|attempt|attempts|try|tries",
    "has|have|was|were|been|is|are|now|fully|since recovered|resolved|solved|healed",
    "recovered|recovers from|after|by",
};
constexpr std::string_view kWillRetry[] = {
    "will|shall|to|would ?be ?automatically "
    "retry|retried|resync|resynced|resynchronize|resend|resent|reattempt|"
    "reattempted|requeue|requeued|rescheduled",
    "will|shall try again|later",
    "will ?be attempted|tried again|later",
    "retrying",
    "trying again",
    "retry in|scheduled|pending|queued",
    "retry ?attempt # of|will",
    "scheduled|queued|enqueued|rescheduled for|to ?a retry",
    "requeued|requeueing|requeuing|reenqueued|rescheduled|rescheduling",
    "backing off",
    "# ?more attempts|retries|tries|attempt|retry ?are|?is left|remaining|remain|remains",
    "attempts|retries|tries left|remaining #",
};
constexpr std::string_view kWillNotRetry[] = {
    "after retrying",   "not retrying",     "without retrying",   "no retrying",
    "stopped retrying", "stop retrying",    "while retrying",     "when retrying",
    "despite retrying", "gave up retrying", "giving up retrying", "of retrying",
};
constexpr std::string_view kGaveUpPhrases[] = {
    "giving|gave|give|gives up",
    "not retrying",
    "will|wont ?not ?be retry|retried",
    "no more|further|remaining retries|retry|attempts|tries",
    "no retries|attempts|tries left|remaining",
    "out of retries|attempts|tries",
    "retries|attempts exhausted",
    "dead letter|lettered|lettering",
};
constexpr std::string_view kFailurePhrases[] = {
    "timed|time out",
    "could|can|did|was|were|is|are not",
    "not acknowledged|acked|durable",
    "queued|buffered|kept|saved|stored|spooled locally",
    "in|to|into outbox",
    "rolled|rolling back",
    "no ack|acknowledgement|acknowledgment",
    "giving|gave up",
    "ran|running|run out of",
};

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
  template <size_t N>
  int Find(const std::string_view (&phrases)[N], int from = 0) const;
  template <size_t N>
  int MatchAny(const std::string_view (&phrases)[N], int i) const;

  Verb VerbAt(int i) const;
  bool FailureAt(int i) const;
  bool ValueCounts(int i) const;
  bool HasObject(int i) const;
  bool LoadsInto(int i) const;
  bool Verbish(int i) const { return verbs_[static_cast<size_t>(i)] != Verb::kNone; }
  bool IsFailure(int i) const { return failures_[static_cast<size_t>(i)]; }

  int IntroducedVerb() const;
  int VerbAfter(int i, int reach) const;
  int NearestVerb(bool strong) const;
  int Distance(int failure, int verb) const;
  Operation OnlyDirection() const;
  Operation Direction() const;

  bool RoleFailed() const;
  int FailedCount(int i) const;
  void Count(bool* some, bool* none) const;
  bool WillRetry() const;
  bool Failed() const;
  bool GaveUp() const;
  bool Harmless(bool some, bool none) const;

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

template <size_t N>
int Reader::MatchAny(const std::string_view (&phrases)[N], int i) const {
  for (std::string_view phrase : phrases) {
    if (int words = t_.Match(phrase, i); words > 0) return words;
  }
  return 0;
}

template <size_t N>
int Reader::Find(const std::string_view (&phrases)[N], int from) const {
  for (int i = from; i < t_.size(); ++i) {
    if (MatchAny(phrases, i) > 0) return i;
  }
  return -1;
}

// A value says something of the outcome or the operation only under such keys.
bool Reader::ValueCounts(int i) const {
  while (i > 0 && t_[i].value && t_[i - 1].value && t_[i].before != '=') --i;
  static constexpr std::string_view kKeys[] = {"action",  "cmd",    "command", "method", "op",  "operation",
                                               "outcome", "result", "state",   "status", "verb"};
  return std::ranges::binary_search(kKeys, t_.word(i - 1));
}

// An object verb's object: soon after it, or right before it ("index creation", "records sent").
bool Reader::HasObject(int i) const {
  for (int j = i + 1; j < std::min(t_.size(), i + 9); ++j) {
    if (IsIn(WordList::kObject, t_[j].word)) return true;
  }
  for (int j = std::max(0, i - 2); j < i; ++j) {
    if (IsIn(WordList::kObject, t_[j].word)) return true;
  }
  return false;
}

// "load rows into the warehouse" writes.
bool Reader::LoadsInto(int i) const {
  for (int j = i + 1; j < std::min(t_.size(), i + 8); ++j) {
    if (t_[j].word == "into") return true;
  }
  return false;
}

Verb Reader::VerbAt(int i) const {
  const Token& token = t_[i];
  const Verb verb = VerbOf(token.word);
  if (verb == Verb::kNone || (token.value && !ValueCounts(i))) return Verb::kNone;
  std::string_view next = t_.word(i + 1);
  if (next == "a" || next == "an" || next == "the" || next == "any") next = t_.word(i + 2);
  if (verb == Verb::kRead && IsIn(WordList::kNotAnAction, next)) return Verb::kNone;
  if (token.word.starts_with("load") && LoadsInto(i)) return Verb::kWrite;
  if (token.word == "load" && (next == "average" || next == "balancer" || next == "balancing"))
    return Verb::kNone;
  if (token.word == "sync" && (t_.word(i - 1) == "in" || t_.word(i - 1) == "of")) return Verb::kNone;
  if (verb == Verb::kObjectWrite && !HasObject(i)) return Verb::kNone;
  return verb;
}

bool Reader::FailureAt(int i) const {
  const Token& token = t_[i];
  if (token.value && !ValueCounts(i)) return false;
  if (MatchAny(kFailurePhrases, i) > 0) {
    return t_.word(i + 1) != "not" || t_.word(i).starts_with("c") || t_.word(i) == "did" ||
           IsWritten(t_.word(i + 2));
  }
  if ((token.word == "not" || token.word == "never") && IsWritten(t_.word(i + 1))) return true;
  if (!IsIn(WordList::kFailure, token.word) && !IsIn(WordList::kGaveUp, token.word)) return false;
  if (IsIn(WordList::kNotAFailure, t_.word(i + 1))) return false;
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

// The verb of the first "failed to …", "could not …" or "error while …ing"; -1 if there is none.
int Reader::IntroducedVerb() const {
  for (int i = 0; i < t_.size(); ++i) {
    if (int words = MatchAny(kFailedTo, i); words > 0) {
      // "could not be saved", "was unable to fully sync"
      if (int verb = VerbAfter(i + words, 5); verb >= 0) return verb;
      continue;
    }
    if (!IsFailure(i) || !IsIn(WordList::kIntroducer, t_[i].word)) continue;
    int j = i + 1;
    while (j < t_.size() && j < i + 5 && IsIn(WordList::kConnector, t_[j].word)) ++j;
    if (j >= t_.size() || t_[j].clause != t_[i].clause || !Verbish(j)) continue;
    if (t_[j].word.ends_with("ing") || j > i + 1) return j;
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
      const int distance = Distance(f, v);
      // A module's name or a prefix speaks of this failure only right beside it, and so does a noun.
      if ((t_[v].dotted || t_[v].bracketed || !strong) && distance > 8) continue;
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
    if (!IsStrong(verb) || t_[i].dotted || t_[i].bracketed) continue;
    (DirectionOf(verb) == Operation::kWrite ? write : read) = true;
  }
  if (write == read) return Operation::kUnknown;
  return write ? Operation::kWrite : Operation::kRead;
}

Operation Reader::Direction() const {
  for (int verb : {IntroducedVerb(), NearestVerb(true), NearestVerb(false)}) {
    if (verb >= 0) return DirectionOf(verbs_[static_cast<size_t>(verb)]);
  }
  return OnlyDirection();
}

// "secondary failed", "rejected by the primary"; not "primary key violation", "replica connection lost".
bool Reader::RoleFailed() const {
  for (int i = 0; i < t_.size(); ++i) {
    const std::string_view role = t_[i].word;
    if (role != "primary" && role != "secondary" && role != "shadow" && role != "mirror") continue;
    bool failure = false, other = false;
    for (int j = std::max(0, i - 3); j < std::min(t_.size(), i + 4); ++j) {
      if (t_[j].clause != t_[i].clause) continue;
      failure = failure || IsFailure(j);
      other = other || IsIn(WordList::kNotARole, t_[j].word);
    }
    if (failure && !other) return true;
  }
  return false;
}

// Of "3 of 10 rows failed", "3/10 failed", "3 rows failed", "rejected = 3", "17 ok, 3 failed":
// the number that failed, -1 where word `i` begins no such count.
int Reader::FailedCount(int i) const {
  const auto failed = [&](int j) {
    return j < t_.size() && IsFailure(j) && !t_[j].word.starts_with("could");
  };
  const auto number = [&](int j) { return static_cast<int>(std::min<int64_t>(t_[j].number, 1000000)); };
  if (t_[i].number >= 0 && !t_[i].value) {
    int j = i + 1;
    const bool ratio = t_.Match("of ?the *", j) > 0 || t_.Match("out of *", j) > 0 ||
                       (j < t_.size() && t_[j].before == '/' && t_[j].number >= 0);
    if (ratio) {
      while (j < t_.size() && t_[j].number < 0 && j < i + 4) ++j;
      for (int k = j + 1; k < std::min(t_.size(), j + 6); ++k) {
        if (failed(k)) return number(i);
      }
      for (int k = i - 1; k >= std::max(0, i - 4); --k) {
        if (failed(k)) return number(i);
      }
      return -1;
    }
    const bool units = j < t_.size() && IsIn(WordList::kUnit, t_[j].word);
    if (units) {
      for (int k = j + 1; k < std::min(t_.size(), j + 4); ++k) {
        if (failed(k)) return number(i);
      }
    }
    const bool listed = i == 0 || t_[i].clause != t_[i - 1].clause || t_[i - 1].word == "and" ||
                        t_[i - 1].word == "with" || t_[i - 1].word == "had";
    return listed && failed(j) && (t_[i].number == 0 || i > 0) ? number(i) : -1;
  }
  const bool counts = i + 1 < t_.size() && t_[i + 1].number >= 0 && IsFailure(i) &&
                      (t_[i + 1].before == '=' || t_[i + 1].before == ':');
  if (!counts) return -1;
  const bool own = i == 0 || t_[i].clause != t_[i - 1].clause || t_[i + 1].before == '=' ||
                   (t_[i].word.ends_with("s") && Verbish(i - 1));
  return own || t_[i + 1].number == 0 ? number(i + 1) : -1;
}

void Reader::Count(bool* some, bool* none) const {
  for (int i = 0; i < t_.size(); ++i) {
    const int count = FailedCount(i);
    *some = *some || count > 0;
    *none = *none || count == 0;
  }
}

bool Reader::WillRetry() const {
  for (int i = Find(kWillRetry); i >= 0; i = Find(kWillRetry, i + 1)) {
    const bool negated = MatchAny(kWillNotRetry, i - 1 < 0 ? 0 : i - 1) > 0 || t_.word(i - 1) == "not" ||
                         t_.word(i - 1) == "wont" || MatchAny(kWillNotRetry, std::max(0, i - 2)) > 0;
    if (!negated) return true;
  }
  return false;
}

bool Reader::Failed() const {
  return std::any_of(failures_.begin(), failures_.begin() + t_.size(), [](bool f) { return f; });
}

bool Reader::GaveUp() const {
  for (int i = 0; i < t_.size(); ++i) {
    if (IsFailure(i) && IsIn(WordList::kGaveUp, t_[i].word)) return true;
    if (MatchAny(kGaveUpPhrases, i) > 0) return true;
  }
  return false;
}

// Counters over a period, nothing to do, no failures, recovered: never an error. A failure that is
// told outright ("failed to …") stands, whatever else the text says.
bool Reader::Harmless(bool some, bool none) const {
  const bool outright = IntroducedVerb() >= 0;
  if (Find(kCounterOverAPeriod) >= 0) return !outright;
  for (int i = Find(kWentWellAfterAll); i >= 0; i = Find(kWentWellAfterAll, i + 1)) {
    const std::string_view last = t_.word(i - 1);
    if (last != "not" && last != "never" && last != "be" && last != "if" && last != "until" && last != "un")
      return true;
  }
  if (outright || some) return false;
  if (none) return true;
  return Find(kNothingLost) >= 0;
}

Judgement Reader::Read() {
  Judgement judgement;
  bool some = false, none = false;
  Count(&some, &none);
  judgement.operation = Direction();
  judgement.failed = Failed();
  judgement.gave_up = GaveUp();
  judgement.will_retry = WillRetry();
  judgement.partial = some;
  judgement.harmless = Harmless(some, none);
  judgement.role = RoleFailed();
  return judgement;
}

// What stands between an operation and its cause.
constexpr std::string_view kSeparators[] = {
    ": ", ":\t",       " - ",      " -- ", " | ",    "; ",      ", ",     "(",
    "\n", " because ", " due to ", "err=", "error=", "reason=", "cause=", "\xE2\x80\x94"};

// The begin of the last separator that ends at or before `end`; npos if there is none.
size_t LastSeparator(std::string_view text, size_t end, size_t* after) {
  size_t last = std::string_view::npos;
  for (std::string_view separator : kSeparators) {
    if (separator.size() > end) continue;
    const size_t at = text.rfind(separator, end - separator.size());
    if (at == std::string_view::npos || (last != std::string_view::npos && at < last)) continue;
    last = at;
    *after = at + separator.size();
  }
  return last;
}

// Up to the first separator after `begin`.
std::string_view Clause(std::string_view text, size_t begin) {
  size_t end = text.size();
  for (std::string_view separator : kSeparators) end = std::min(end, text.find(separator, begin));
  return text.substr(0, end);
}

bool HasLetters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

// An exception's class or a level, which names no operation: "java.io.IOException", "ERROR".
bool IsErrorName(std::string_view text) {
  if (text.find(' ') != std::string_view::npos) return false;
  for (std::string_view ending :
       {"Error", "Exception", "ERROR", "ERR", "FATAL", "PANIC", "error", "Failure"}) {
    if (text.ends_with(ending)) return true;
  }
  return false;
}

// "timeout while writing batch 7": the cause comes first and says what it came in the way of.
bool NamesOperationLater(std::string_view clause) {
  for (std::string_view connector :
       {" while ", " when ", " during ", " trying to ", " attempting to ", " on write"}) {
    if (clause.find(connector) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

Judgement Judge(std::string_view operation_text) { return Reader(operation_text).Read(); }

std::string_view OperationText(std::string_view message, size_t cause_begin) {
  if (cause_begin >= message.size()) return message;
  size_t after = 0;
  const size_t cut = LastSeparator(message, cause_begin, &after);
  if (cut != std::string_view::npos && HasLetters(message.substr(0, cut))) {
    const bool more = HasLetters(message.substr(after, cause_begin - after));
    return more && IsErrorName(message.substr(0, cut)) ? Clause(message, cause_begin)
                                                       : message.substr(0, cut);
  }
  // Nothing stands between them: "primary write timed out", "deadlock detected while updating 7".
  const std::string_view clause = Clause(message, cause_begin);
  const bool before = HasLetters(message.substr(0, cause_begin));
  return before || NamesOperationLater(clause) ? clause : std::string_view();
}

}  // namespace gainsay
