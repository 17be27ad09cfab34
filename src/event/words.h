// The vocabulary of log messages about writes: which English words are verbs of writing and
// reading, which say that something failed. Words come in lower case and in any inflection
// ("saves", "saving", "saved").
// Thread rules: free functions without state.
#ifndef GAINSAY_EVENT_WORDS_H_
#define GAINSAY_EVENT_WORDS_H_

#include <cstdint>
#include <string_view>

namespace gainsay {

// What a verb does to a store. The weak ones are nouns as often ("the search index", "a query"):
// they count only where no strong verb does, or right after "failed to". An object verb writes
// only if its object is one of a store's ("create an index", not "create a session").
enum class Verb : uint8_t { kNone, kWrite, kRead, kWeakWrite, kWeakRead, kObjectWrite };

enum class WordList : uint8_t {
  kFailure,      // failed, error, rejected, lost, timeout …
  kGaveUp,       // dropped, discarded, skipped …: it will not be done
  kRole,         // primary, secondary, shadow, mirror, replica …
  kObject,       // what stores hold: table, topic, rows, documents …
  kUnit,         // what is counted when a part failed: rows, documents, writes …
  kIntroducer,   // error, failure, problem …: "error while saving"
  kConnector,    // while, when, during, occurred …: between an introducer and its verb
  kNotAFailure,  // after "error": handler, rate, log …
  kNotAnAction,  // after "get", "read" …: lock, connection, response …
  kNotARole,     // near a role: connection, key, failover …
};

bool IsIn(WordList list, std::string_view word);

// The verb of which `word` is an inflection. "indexing" and "stored" are strong where "index" and
// "store" are weak: only the bare word is a noun.
Verb VerbOf(std::string_view word);
// A past participle ("written", "saved") of a writing verb: "was not written".
bool IsWritten(std::string_view word);

}  // namespace gainsay

#endif  // GAINSAY_EVENT_WORDS_H_
