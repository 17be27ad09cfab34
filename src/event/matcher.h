// Rules compiled, records in, events out.
//
//   absl::StatusOr<Matcher> matcher = Matcher::Compile(rules, plan);
//   MatchScratch scratch;
//   matcher->Match(record, &scratch);
//   for (const Event& e : scratch.events) …
//
// A record gives at most one event of each kind; one with a terminal or start event gives no
// error. Within a kind the first rule that matches wins, in rule set order.
// Immutable after Compile: share it, give each thread a MatchScratch.
#ifndef GAINSAY_EVENT_MATCHER_H_
#define GAINSAY_EVENT_MATCHER_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "event/bit_set.h"
#include "event/event.h"
#include "event/judged_message.h"
#include "record/fields.h"
#include "record/record.h"
#include "rule/rule.h"

namespace gainsay {

// Working memory of one thread; `events` is the answer, valid until the next Match.
struct MatchScratch {
  std::vector<Event> events;
  BitSet may, words_may, cause_may;
  std::string cause_text;
  JudgedMessages judged;
};

// Why a rule did or did not fire; for `rules match` and failing examples.
struct RuleTrace {
  const Rule* rule = nullptr;
  bool fired = false;
  bool near = false;  // the record is one that the rule seems to be for (CompiledRule::IsNear)
  std::string why;    // "level info is not >=error", "the pattern does not match", …
};

class Matcher {
 public:
  // `rules` must outlive the matcher; `plan` must be compiled from the same rules and outlive it.
  static absl::StatusOr<Matcher> Compile(const RuleSet& rules, const FieldPlan& plan);
  Matcher(Matcher&&) noexcept;
  Matcher& operator=(Matcher&&) noexcept;
  ~Matcher();

  void Match(const Record& record, MatchScratch* scratch) const;
  std::vector<RuleTrace> Explain(const Record& record) const;

  // The reason of a text: the first [[reason]] that matches; the index of "other" if none.
  uint16_t ClassifyReason(std::string_view text) const;
  // All that match, each once, in the order in which they are tried.
  std::vector<uint16_t> ReasonsIn(std::string_view text) const;

  const Rule& rule(uint16_t index) const;
  const Pack& pack_of(uint16_t rule) const;
  size_t rule_count() const;
  const std::string& reason_name(uint16_t reason) const;  // "other" is the last
  size_t reason_count() const;

 private:
  struct Compiled;
  explicit Matcher(std::unique_ptr<Compiled> compiled);
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_MATCHER_H_
