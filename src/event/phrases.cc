#include "event/phrases.h"

#include <algorithm>
#include <cassert>

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
    "error|errors|failure|failures rate|rates|ratio|budget",
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
    "deprecated",
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
    "timed|time out",         "could|can|did|was|were|is|are not",     "not acknowledged|acked|durable",
    "rolled|rolling back",    "no ack|acknowledgement|acknowledgment", "giving|gave up",
    "ran|running|run out of",
};

// Put aside instead of written, until a replay writes it.
constexpr std::string_view kParked[] = {
    "parked|nacked|unwritten|undelivered",
    "queued|buffered|kept|saved|stored|spooled locally",
    "in|to|into ?the outbox",
};
constexpr std::string_view kOutOf[] = {"?out of ?the"};
constexpr std::string_view kLostCount[] = {
    "dropped|dropping|rejected|rejecting|lost|losing|discarded|discarding #"};

}  // namespace

std::span<const std::string_view> PhrasesOf(PhraseList list) {
  switch (list) {
    case PhraseList::kFailedTo:
      return kFailedTo;
    case PhraseList::kCounterOverAPeriod:
      return kCounterOverAPeriod;
    case PhraseList::kNothingLost:
      return kNothingLost;
    case PhraseList::kWentWellAfterAll:
      return kWentWellAfterAll;
    case PhraseList::kWillRetry:
      return kWillRetry;
    case PhraseList::kWillNotRetry:
      return kWillNotRetry;
    case PhraseList::kGaveUp:
      return kGaveUpPhrases;
    case PhraseList::kFailed:
      return kFailurePhrases;
    case PhraseList::kParked:
      return kParked;
    case PhraseList::kOutOf:
      return kOutOf;
    case PhraseList::kLostCount:
      return kLostCount;
  }
  return {};
}

const PhraseBook& PhraseBook::Get() {
  static const PhraseBook* const kBook = new PhraseBook;
  return *kBook;
}

PhraseBook::PhraseBook() {
  for (size_t list = 0; list < kPhraseListCount; ++list) {
    for (std::string_view text : PhrasesOf(static_cast<PhraseList>(list))) {
      Phrase& phrase = phrases_[list].emplace_back();
      while (!text.empty()) {
        const size_t end = std::min(text.find(' '), text.size());
        phrase.push_back(PartOf(text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
      }
    }
  }
  assert(choices_.size() <= kMaxChoices);
}

PhraseBook::Part PhraseBook::PartOf(std::string_view text) {
  Part part;
  part.any = text == "*";
  if (part.any) return part;
  part.optional = text.front() == '?';
  if (part.optional) text.remove_prefix(1);
  const auto known = std::find(choices_.begin(), choices_.end(), text);
  part.choice = static_cast<uint8_t>(known - choices_.begin());
  if (known == choices_.end()) choices_.push_back(text);
  return part;
}

}  // namespace gainsay
