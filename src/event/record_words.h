// What the words of a record say: whether it tells of a failure, of what, and for which reason.
//
// For matcher.cc. Thread rules: a WordIndex may be shared by threads; RecordWords belongs to one thread.
#ifndef GAINSAY_EVENT_RECORD_WORDS_H_
#define GAINSAY_EVENT_RECORD_WORDS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/judged_message.h"
#include "event/lazy_regex.h"
#include "event/made_once.h"
#include "event/matcher.h"
#include "event/operation.h"
#include "event/reason.h"
#include "event/regex_set.h"
#include "record/record.h"
#include "rule/rule.h"

namespace gainsay {

// The reasons, and the texts without which no words tell of a failure. What these are looked for with is made
// when first asked for.
class WordIndex {
 public:
  explicit WordIndex(const RuleSet& rules);

  const Reasons& reasons() const { return reasons_; }
  // The number of an `extract` regex of some rule.
  size_t ExtractionOf(const std::string& regex) const;
  // The regexes of the reasons and of `extract`, and signs of a failure; `set` is of all.
  struct Finder {
    RegexSet set;
    std::vector<size_t> signs;  // numbers in the set
    size_t extractions = 0;     // the number of the first
    std::optional<CauseFinder> causes;
    // False only if Judge() says of the text in which the set finds this, and of each part of it, that
    // nothing failed, was given up or went wrong in part.
    bool MayFail(const BitSet& may) const;
  };
  const Finder& finder() const;
  // The statement that failed, as stores and drivers show it, where it is a query.
  const LazyRegex& query_shown() const { return query_shown_; }

 private:
  const Reasons reasons_;
  std::vector<std::string> extractions_;  // in order, each once
  MadeOnce<Finder> finder_;
  LazyRegex query_shown_{
      R"((?i)(?:\bLINE [0-9]+: |\[SQL: |\b(?:statement|query|sql)[:=] ?["']?)\s*SELECT\b)"};
};

// Each is found out when first asked for.
class RecordWords {
 public:
  // `tries_all`: words are judged whatever texts the record has.
  RecordWords(const Record& record, const WordIndex& index, bool tries_all, MatchScratch* scratch)
      : record_(record), index_(index), tries_all_(tries_all), scratch_(scratch) {}

  const CauseMatch& cause() {
    if (!cause_) Classify();
    return *cause_;
  }
  bool may_fail() { return tries_all_ || index_.finder().MayFail(MayInMessage()); }
  bool shows_query();
  bool cause_is_quoted() {
    const size_t begin = cause().begin;
    return begin < record_.message.size() && InProseQuotes(record_.message, begin);
  }
  std::string_view operation_text() {
    if (judged_) return judged_->operation;
    if (!operation_text_) operation_text_ = OperationText(record_.message, cause_in_message());
    return *operation_text_;
  }
  const Judgement& judgement() {
    if (!judged_) judged_ = scratch_->judged.Of(record_.message, cause_in_message());
    return judged_->judgement;
  }
  // False only if it is known that the `extract` regex of this number matches nothing in the message, or in
  // the error text.
  bool MayExtract(size_t extraction, bool from_error) const;
  // The line of the error text that names the cause, where the message does not.
  std::string_view ErrorLine();

 private:
  // What the index's set finds there.
  const BitSet& MayInMessage();
  void Classify();
  size_t cause_in_message() {
    return cause().begin < record_.message.size() ? cause().begin : std::string_view::npos;
  }

  const Record& record_;
  const WordIndex& index_;
  const bool tries_all_;
  bool knows_message_ = false;
  MatchScratch* scratch_;
  std::optional<CauseMatch> cause_;
  std::optional<JudgedMessage> judged_;
  std::optional<std::string_view> operation_text_;
};

// Whether the words of a record make it a write error, as the rule asks: null, or why not.
const char* WordsReject(const Rule& rule, const Record& record, RecordWords* words);

// Whether somebody could take the record for that of a failure.
bool MayBeFailure(const Record& record, RecordWords* words);

}  // namespace gainsay

#endif  // GAINSAY_EVENT_RECORD_WORDS_H_
