// The vocabulary of log messages about writes: which English words are verbs of writing and
// reading, which say that something failed. Words come in lower case and in any inflection
// ("saves", "saving", "saved").
// Thread rules: a free function without state.
#ifndef GAINSAY_EVENT_WORDS_H_
#define GAINSAY_EVENT_WORDS_H_

#include <bitset>
#include <cstdint>
#include <string_view>
#include <vector>

#include "event/phrases.h"

namespace gainsay {

// What a verb does to a store. The weak ones are nouns as often ("the search index", "a query"):
// they count only where no strong verb does, or right after "failed to". An object verb writes
// only if its object is one of a store's ("create an index", not "create a session").
enum class Verb : uint8_t { kNone, kWrite, kRead, kWeakWrite, kWeakRead, kObjectWrite };

enum class WordList : uint8_t {
  kFailure,       // failed, error, rejected, lost, timeout …
  kGaveUp,        // dropped, discarded, skipped …: it will not be done
  kRole,          // primary, secondary, shadow, mirror, replica …
  kObject,        // what stores hold: table, topic, rows, documents …
  kUnit,          // what is counted when a part failed: rows, documents, writes …
  kIntroducer,    // error, failure, problem …: "error while saving"
  kConnector,     // while, when, during, occurred …: between an introducer and its verb
  kNotAFailure,   // after "error": handler, rate, log …
  kNotAnAction,   // after "get", "read" …: lock, connection, response …
  kOtherAction,   // after "failed to": start, connect, parse …, which neither write nor read
  kNotARole,      // near a role: connection, key, failover …
  kSearchEngine,  // before "search": the names of stores
  kBurden,        // before "load": high, heavy, cpu …
};

// What is known of a word.
struct Word {
  uint16_t lists = 0;                            // a bit for each WordList that it is in
  uint16_t begins = 0;                           // a bit for each PhraseList with a phrase that it may begin
  std::bitset<PhraseBook::kMaxChoices> choices;  // of the phrases: those that it fits
  Verb verb = Verb::kNone;
  bool written = false;  // a past participle of a writing verb: "was not written"
};

constexpr uint16_t Bit(WordList list) { return static_cast<uint16_t>(1u << static_cast<unsigned>(list)); }

std::vector<std::string_view> WordsIn(WordList list);

// "#" stands for any number above 0. Valid forever.
const Word& LookUp(std::string_view word);

}  // namespace gainsay

#endif  // GAINSAY_EVENT_WORDS_H_
