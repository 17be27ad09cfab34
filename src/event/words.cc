// The idea: all words stand in one hash map, built once from the lists below with every inflection of the
// verbs in it, so that a word of a message costs one look-up. Inflections are made by rule; forms that nobody
// writes ("geted") do no harm.
#include "event/words.h"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace gainsay {
namespace {

// Words are split by one space.
constexpr std::pair<Verb, std::string_view> kVerbs[] = {
    {Verb::kWrite,
     "append commit delete deletion drain enqueue flush fsync hset ingest ingestion insert insertion "
     "lpush overwrite persist publication publish put pwrite replay replicate rewrite rpush sadd save "
     "setex submit sync synchronisation synchronise synchronization synchronize update upload upsert "
     "write xadd zadd"},
    {Verb::kRead,
     "browse consume deserialise deserialization deserialize download fetch find get load lookup peek "
     "poll read receive retrieval retrieve scan select"},
    {Verb::kWeakWrite,
     "backup cache checkpoint copy dump export index indice mirror persistence record reindex "
     "replication snapshot store writer"},
    {Verb::kWeakRead, "consumer count list query range reader search"},
    {Verb::kObjectWrite,
     "add alter apply archive create creation deliver delivery emit forward import mark merge modify move "
     "patch "
     "post produce push removal remove rename replace send set transfer truncate"},
};

// The inflected word and the verb that it is a form of.
constexpr std::pair<std::string_view, std::string_view> kIrregular[] = {
    {"got", "get"},         {"put", "put"},   {"rewritten", "rewrite"},
    {"rewrote", "rewrite"}, {"sent", "send"}, {"written", "write"},
    {"wrote", "write"},     {"s", "es"},      {"ing", "ed"}};

constexpr std::pair<WordList, std::string_view> kLists[] = {
    {WordList::kFailure,
     "abort aborted aborting broken cannot cant conflicted corrupt corrupted couldnt crash crashed "
     "denied errno error errored errors exception exceptions fail failed failing fails failure "
     "failures fatal incomplete interrupted lose losing loss lost nack nacked panic parked refused "
     "refuses refusing reject rejected rejecting rejection rejections rejects rollback spooled "
     "terminated throttled timedout timeout timeouts unable unacknowledged unavailable undelivered "
     "unsuccessful unsuccessfully unwritable unwritten violated violates violation"},
    {WordList::kGaveUp,
     "abandon abandoned abandoning abandons discard discarded discarding discards drop dropped "
     "dropping drops evicted exhausted lost skip skipped skipping skips"},
    {WordList::kRole, "backup cache copy mirror primary replica secondary shadow standby"},
    {WordList::kObject,
     "batch batches blob broker bucket bulk catalog cell cells chunk chunks collection collections "
     "column columns coordinator data database datapoint datapoints dataset db disk doc docs document "
     "documents embedding embeddings entities entity entries entry event events exchange field fields "
     "file files hash index indexes indices kafka key keys measurement metadata mutation mutations "
     "object objects offset offsets partition point points property queue record records relation row "
     "rows schema segment snapshot store stream table tables topic transaction tuple values vector "
     "vectors warehouse"},
    {WordList::kUnit,
     "action actions batch batches chunk chunks delete deletes doc docs document documents entities "
     "entity entries entry event events file files insert inserts item items key keys line lines "
     "message messages mutation mutations object objects operation operations page pages part parts "
     "point points record records request requests row rows s shard shards statement statements "
     "update updates upsert upserts vector vectors write writes"},
    {WordList::kIntroducer, "error errors exception fail failed failing fails failure problem trouble"},
    {WordList::kConnector,
     "a again an any attempting be been by during even executing for from fully has have in occurred "
     "of on raised successfully the to trying was when while with"},
    {WordList::kNotAFailure,
     "budget callback code codes count counter counts handler handlers handling level log logger "
     "logging logs page pages rate rates ratio reporter reporting threshold tracker tracking"},
    {WordList::kNotAnAction,
     "access ack acknowledgement acknowledgment answer client confirmation connection connections "
     "leader lease lock locks mutex only permission quorum replies reply response responses semaphore "
     "session token"},
    {WordList::kOtherAction,
     "authenticate authenticating boot calculate check checking compile compute connect connecting "
     "decode decoding initialise initialize launch mount parse parsing reload render "
     "rendering resolve resolving restart shutdown spawn start starting stop stopping unmount "
     "validate validating verify verifying"},
    {WordList::kNotARole,
     "connect connecting connection connections election failover health heartbeat host key keys node "
     "over ping probe set shard step stepdown"},
    {WordList::kSearchEngine, "ai algolia azure cloud elastic meili open redi type vertex"},
    {WordList::kBurden, "busy cpu heavy high over peak server system the under"},
};

// Calls `take` with each part of `text`, split at `separator`.
template <typename Take>
void Split(std::string_view text, char separator, Take take) {
  while (!text.empty()) {
    const size_t end = std::min(text.find(separator), text.size());
    take(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

bool IsVowel(char c) { return std::string_view("aeiou").find(c) != std::string_view::npos; }

class Lexicon {
 public:
  Lexicon() {
    for (const auto& [list, words] : kLists) {
      Split(words, ' ', [&, bit = Bit(list)](std::string_view word) { At(word).lists |= bit; });
    }
    for (const auto& [verb, stems] : kVerbs) {
      Split(stems, ' ', [&, v = verb](std::string_view stem) { AddVerb(stem, v); });
    }
    for (const auto& [form, stem] : kIrregular) AddForm(std::string(form), At(stem).verb, true);
    const PhraseBook& book = PhraseBook::Get();
    for (size_t choice = 0; choice < book.choices().size(); ++choice) {
      Split(book.choices()[choice], '|', [&](std::string_view word) { At(word).choices.set(choice); });
    }
    for (size_t list = 0; list < kPhraseListCount; ++list) {
      for (const PhraseBook::Phrase& phrase : book.phrases(static_cast<PhraseList>(list))) {
        AddPhrase(phrase, list);
      }
    }
  }

  const Word& LookUp(std::string_view word) const {
    static const Word kUnknown;
    const auto found = words_.find(absl::string_view(word.data(), word.size()));
    return found == words_.end() ? kUnknown : found->second;
  }

 private:
  Word& At(std::string_view word) { return words_[std::string(word)]; }

  // A form that is another verb's stem already stays that verb.
  void AddForm(const std::string& form, Verb verb, bool written) {
    Word& word = At(form);
    if (word.verb == Verb::kNone) word.verb = verb;
    word.written = word.written || (written && (verb == Verb::kWrite || verb == Verb::kObjectWrite));
  }

  // Only the bare word is as often a noun: "indexing" and "stored" are verbs.
  void AddVerb(std::string_view stem, Verb verb) {
    At(stem).verb = verb;
    Verb strong = verb == Verb::kWeakWrite ? Verb::kWrite : verb == Verb::kWeakRead ? Verb::kRead : verb;
    if (stem == "cache" || stem == "mirror") strong = verb;
    const std::string s(stem), most = s.substr(0, s.size() - 1);
    const char last = s.back();
    AddForm(s + "s", verb, false);
    AddForm(s + "es", verb, false);
    if (last == 'e') {
      AddForm(s + "d", strong, true);
      AddForm(most + "ing", strong, false);
      return;
    }
    AddForm(s + "ed", strong, true);
    AddForm(s + "ing", strong, false);
    if (last == 'y') {
      AddForm(most + "ies", verb, false);
      AddForm(most + "ied", strong, true);
    } else if (!IsVowel(last)) {
      AddForm(s + last + "ed", strong, true);
      AddForm(s + last + "ing", strong, false);
    }
  }

  // Marks the words that a phrase can begin with; after an optional word that may be the next.
  void AddPhrase(const PhraseBook::Phrase& phrase, size_t list) {
    for (const PhraseBook::Part& part : phrase) {
      assert(!part.any);
      Split(PhraseBook::Get().choices()[part.choice], '|',
            [&](std::string_view word) { At(word).begins |= static_cast<uint16_t>(1u << list); });
      if (!part.optional) return;
    }
  }

  absl::flat_hash_map<std::string, Word> words_;
};

}  // namespace

std::vector<std::string_view> WordsIn(WordList list) {
  std::vector<std::string_view> found;
  for (const auto& [of, words] : kLists) {
    if (of == list) Split(words, ' ', [&](std::string_view word) { found.push_back(word); });
  }
  return found;
}

const Word& LookUp(std::string_view word) {
  static const Lexicon* const kLexicon = new Lexicon;
  return kLexicon->LookUp(word);
}

}  // namespace gainsay
