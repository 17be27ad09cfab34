// The idea: a rule for write errors asks what a record's words say, which is slow to find out. Whether there
// is anything to find is known at a glance from the texts that stand in the message (regex_set.h), so these
// are looked for, the words are judged, and the cause classified, at most once a record and only if a rule
// gets that far.
#include "event/record_words.h"

#include <algorithm>
#include <memory>

#include "event/failure_signs.h"

namespace gainsay {

WordIndex::WordIndex(const RuleSet& rules) : reasons_(rules) {
  for (const Pack& pack : rules.packs) {
    for (const Rule& rule : pack.rules) {
      for (const FieldTest& test : rule.extract) extractions_.push_back(test.text);
    }
  }
  std::sort(extractions_.begin(), extractions_.end());
  extractions_.erase(std::unique(extractions_.begin(), extractions_.end()), extractions_.end());
}

size_t WordIndex::ExtractionOf(const std::string& regex) const {
  const auto at = std::lower_bound(extractions_.begin(), extractions_.end(), regex);
  return static_cast<size_t>(at - extractions_.begin());
}

const WordIndex::Finder& WordIndex::finder() const {
  return finder_.Get([this] {
    auto finder = std::make_unique<Finder>();
    for (const FailureSign& sign : FailureSigns()) {
      RegexSet::Needs needs;
      for (const SignPart& part : sign) needs.push_back(part.any);
      finder->signs.push_back(finder->set.AddNeeds(needs));
    }
    finder->extractions = finder->set.size();
    for (const std::string& regex : extractions_) finder->set.Add(regex);
    finder->causes.emplace(reasons_, &finder->set);
    finder->set.Compile();
    return finder;
  });
}

bool WordIndex::Finder::MayFail(const BitSet& may) const {
  return std::any_of(signs.begin(), signs.end(), [&may](size_t sign) { return may.Has(sign); });
}

bool RecordWords::shows_query() {
  if (!cause_) Classify();
  const std::string_view text = record_.error.empty() ? record_.message : scratch_->cause_text;
  return index_.query_shown().Matches(text);
}

const BitSet& RecordWords::MayInMessage() {
  if (!knows_message_) index_.finder().set.Find(record_.message, &scratch_->words_may);
  knows_message_ = true;
  return scratch_->words_may;
}

void RecordWords::Classify() {
  std::string_view text = record_.message;
  if (!record_.error.empty()) {
    scratch_->cause_text.assign(record_.message).append("\n").append(record_.error);
    text = scratch_->cause_text;
  }
  const CauseFinder& causes = *index_.finder().causes;
  if (record_.error.empty()) {
    cause_ = causes.Classify(text, MayInMessage());
  } else {
    index_.finder().set.Find(text, &scratch_->cause_may);
    cause_ = causes.Classify(text, scratch_->cause_may);
  }
}

bool RecordWords::MayExtract(size_t extraction, bool from_error) const {
  const auto stands_in = [&](const BitSet& may) { return may.Has(index_.finder().extractions + extraction); };
  if (knows_message_ && !from_error) return stands_in(scratch_->words_may);
  // These are of the message and the error text.
  return !cause_ || record_.error.empty() || stands_in(scratch_->cause_may);
}

std::string_view RecordWords::ErrorLine() {
  if (record_.error.empty()) return {};
  size_t at = 0;
  const size_t begin = cause().begin, head = record_.message.size() + 1;
  if (begin != std::string_view::npos) {
    if (begin < head) return {};
    at = std::min(begin - head, record_.error.size());
  }
  size_t first = record_.error.rfind('\n', at);
  if (first == at && at > 0) first = record_.error.rfind('\n', at - 1);
  first = first == std::string_view::npos ? 0 : first + 1;
  return record_.error.substr(first, record_.error.find('\n', first) - first);
}

namespace {

// "secondary write failed: boom": something stands behind the failure, whatever it is.
bool NamesItsCause(std::string_view message) {
  const size_t separator = message.rfind(": ");
  return separator != std::string_view::npos && separator + 2 < message.size() &&
         Judge(message.substr(0, separator)).failed;
}

}  // namespace

// DESIGN.md section 3, "What a write error is".
const char* WordsReject(const Rule& rule, const Record& record, RecordWords* words) {
  if (rule.cause && !words->cause().store) return "no text that a store's write returns";
  if (rule.known_cause && words->cause().reason == kNoReason) return "no text that a reason knows";
  if (!rule.operation) return nullptr;
  // Most records say nothing of a failure.
  if (rule.operation == Operation::kWrite && !words->may_fail() && words->cause().reason == kNoReason) {
    return "no failure word and no known cause";
  }
  const Judgement& judged = words->judgement();
  if (judged.harmless) return "the words say that nothing was lost";
  if (judged.operation == Operation::kRead) return "the operation is a read";
  if (*rule.operation != Operation::kWrite) {
    if (judged.operation == Operation::kUnknown && words->cause_is_quoted()) return "quoted text";
    if (judged.operation == Operation::kUnknown && words->shows_query())
      return "the statement shown is a query";
    return judged.will_retry && judged.operation == Operation::kUnknown ? "it will be retried" : nullptr;
  }

  const bool cause = words->cause().reason != kNoReason;
  const bool partial = judged.partial && (record.severity == kNoSeverity || record.severity >= kLevelWarn);
  const bool failed = judged.failed || judged.gave_up || partial;
  const bool write = judged.operation == Operation::kWrite || partial;
  const bool warned_only = record.severity != kNoSeverity && record.severity < kLevelError;
  if (warned_only) {
    const bool error_text = cause || partial || !record.error.empty() || NamesItsCause(record.message);
    if (!write && !judged.role) return "no write verb and no role";
    if (!failed || !error_text) return "a warning without a failure word and an error text";
    return judged.will_retry ? "it will be retried" : nullptr;
  }
  if (!write && !(judged.role && failed)) return "no write verb near a failure";
  return failed || cause ? nullptr : "no failure word and no known cause";
}

bool MayBeFailure(const Record& record, RecordWords* words) {
  if (record.severity >= kLevelError || words->cause().reason != kNoReason) return true;
  const Judgement& judged = words->judgement();
  return judged.failed || judged.gave_up || judged.partial;
}

}  // namespace gainsay
