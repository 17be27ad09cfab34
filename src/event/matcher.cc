// The idea: one search over the message tells which rules' patterns match at all (regex_set.h); for
// each kind the rules are then tried in order, cheapest test first, and the first that holds gives the
// event. The words of an operation are judged and its cause is classified at most once a record, and
// only if a rule gets that far.
#include "event/matcher.h"

#include <algorithm>
#include <utility>

#include "event/compiled_rule.h"
#include "event/reason.h"
#include "event/regex_set.h"

namespace gainsay {
namespace {

// The order in which kinds are matched: an error needs to know of the lifecycle events.
constexpr RuleKind kOrder[] = {RuleKind::kTerminal, RuleKind::kStart, RuleKind::kMention,
                               RuleKind::kResolution, RuleKind::kError};

// What is known of a record's words; filled in when first asked for.
class Words {
 public:
  Words(const Record& record, const Reasons& reasons, MatchScratch* scratch)
      : record_(record), reasons_(reasons), scratch_(scratch) {}

  const CauseMatch& cause() {
    if (!cause_) Classify();
    return *cause_;
  }
  bool shows_query() {
    if (!cause_) Classify();
    const std::string_view text = record_.error.empty() ? record_.message : scratch_->cause_text;
    return RE2::PartialMatch(text, reasons_.query_shown());
  }
  bool cause_is_quoted() {
    const size_t begin = cause().begin;
    return begin < record_.message.size() && InProseQuotes(record_.message, begin);
  }
  std::string_view operation_text() {
    if (!cause_) Classify();
    return operation_text_;
  }
  const Judgement& judgement() {
    if (!judgement_) JudgeWords();
    return *judgement_;
  }
  // The line of the error text that names the cause, where the message does not.
  std::string_view ErrorLine();

 private:
  void Classify();
  void JudgeWords();

  const Record& record_;
  const Reasons& reasons_;
  MatchScratch* scratch_;
  std::optional<CauseMatch> cause_;
  std::optional<Judgement> judgement_;
  std::string_view operation_text_;
};

void Words::Classify() {
  std::string_view text = record_.message;
  if (!record_.error.empty()) {
    scratch_->cause_text.assign(record_.message).append("\n").append(record_.error);
    text = scratch_->cause_text;
  }
  cause_ = reasons_.Classify(text, &scratch_->hits);
  const bool in_message = cause_->begin < record_.message.size();
  operation_text_ = OperationText(record_.message, in_message ? cause_->begin : std::string_view::npos);
}

void Words::JudgeWords() {
  judgement_ = Judge(operation_text());
  if (operation_text().size() == record_.message.size()) return;
  // What makes a message harmless, partial or unfinished may stand anywhere in it.
  const Judgement whole = Judge(record_.message);
  judgement_->harmless = judgement_->harmless || whole.harmless;
  if (judgement_->operation == Operation::kUnknown && whole.partial) judgement_->operation = whole.operation;
  judgement_->partial = judgement_->partial || whole.partial;
  judgement_->will_retry = judgement_->will_retry || whole.will_retry;
}

std::string_view Words::ErrorLine() {
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

// "secondary write failed: boom": something stands behind the failure, whatever it is.
bool NamesItsCause(std::string_view message) {
  const size_t separator = message.rfind(": ");
  return separator != std::string_view::npos && separator + 2 < message.size() &&
         Judge(message.substr(0, separator)).failed;
}

// Whether the words of a record make it a write error, as the rule asks.
// DESIGN.md section 3, "What a write error is".
const char* WordsReject(const Rule& rule, const Record& record, Words* words) {
  if (rule.cause && !words->cause().store) return "no text that a store's write returns";
  if (rule.known_cause && words->cause().reason == kNoReason) return "no text that a reason knows";
  if (!rule.operation) return nullptr;
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

// Whether somebody could take the record for that of a failure.
bool MayBeFailure(const Record& record, Words* words) {
  if (record.severity >= kLevelError || words->cause().reason != kNoReason) return true;
  const Judgement& judged = words->judgement();
  return judged.failed || judged.gave_up || judged.partial;
}

}  // namespace

// What runs behind its task's back tells nothing by the lane it runs in. ("Background on this error at" is
// SQLAlchemy's word for an explanation.)
constexpr char kDetached[] =
    R"((?i)\b(?:background(?:$|[^ \w]| [^o]| o[^n])|(?:async(?:hronous(?:ly)?)?|deferred|detached|write-?behind)\b))";
// An id in the words of a message.
constexpr char kTaskInText[] =
    R"re((?i)\b(?:task|job|jid)(?:[ _-]?id)?(?: ?[=:#] ?| |\[)"?([A-Za-z_.@-]*[0-9][\w.@-]*))re";

struct Matcher::Compiled {
  std::vector<CompiledRule> rules;  // all packs' rules, in order of precedence
  RegexSet patterns;
  std::vector<uint16_t> pattern_rule;  // index of the pattern -> rule
  std::vector<uint16_t> without_pattern;
  Reasons reasons;
  LazyRegex detached{kDetached};
  LazyRegex task_in_text{kTaskInText};

  void Choose(const Record& record, MatchScratch* scratch) const;
  void FillIn(const Record& record, const CompiledRule& rule, Event* event) const;
  void ReadWords(const Record& record, Event* event) const;
  bool Try(const Record& record, uint16_t index, Words* words, Event* event) const;
};

// What every event takes from its record where the rule captured nothing.
void Matcher::Compiled::FillIn(const Record& record, const CompiledRule& rule, Event* event) const {
  event->position = record.position;
  event->severity = record.severity;
  event->time_ns = record.time_ns;
  event->message = record.message.substr(0, kMaxMessage);
  event->outer_task = record.field(Field::kOuterTask);
  event->outer_run = record.field(Field::kOuterRun);
  event->outer = rule.pack().outer;
  if (!event->task.empty()) {
    event->matched_by = MatchedBy::kTask;
  } else {
    event->task = event->outer ? event->outer_task : record.field(Field::kTask);
    event->matched_by = event->task.empty() ? MatchedBy::kNone : MatchedBy::kField;
  }
  if (event->run.empty()) event->run = event->outer ? event->outer_run : record.field(Field::kRun);
  // On other lines an attempt is one of the write, or of a request: not the task's.
  const bool lifecycle = rule.rule().kind == RuleKind::kStart || rule.rule().kind == RuleKind::kTerminal;
  if (lifecycle && event->attempt.empty()) event->attempt = record.field(Field::kAttempt);
  for (auto [member, field] :
       {std::pair{&Event::name, Field::kName}, std::pair{&Event::trace, Field::kTrace},
        std::pair{&Event::subject, Field::kSubject}, std::pair{&Event::host, Field::kHost},
        std::pair{&Event::pid, Field::kPid}, std::pair{&Event::thread, Field::kThread},
        std::pair{&Event::lane, Field::kLane}, std::pair{&Event::queue, Field::kQueue}}) {
    if ((event->*member).empty()) event->*member = record.field(field);
  }
}

// What the words of an error or a resolution tell of its task.
void Matcher::Compiled::ReadWords(const Record& record, Event* event) const {
  const std::string_view headline = record.message.substr(0, record.message.find('\n'));
  if (RE2::PartialMatch(headline, detached.get())) event->lane_allowed = false;
  re2::StringPiece id;
  if (event->task.empty() && RE2::PartialMatch(record.message, task_in_text.get(), &id)) {
    event->task = {id.data(), id.size()};
    event->task_in_text = true;
    event->matched_by = MatchedBy::kTask;
  }
  if (event->matched_by == MatchedBy::kNone || event->task_in_text)
    event->context = record.raw.substr(0, kMaxMessage);
}

// Of a rule that does not reject the record by its cheap tests.
bool Matcher::Compiled::Try(const Record& record, uint16_t index, Words* words, Event* event) const {
  const CompiledRule& compiled = rules[index];
  const Rule& rule = compiled.rule();
  if (rule.kind == RuleKind::kError && WordsReject(rule, record, words) != nullptr) return false;
  if (!compiled.Capture(record, event)) return false;
  for (auto [member, constant] :
       {std::pair{&Event::role, &rule.role}, std::pair{&Event::collection, &rule.collection},
        std::pair{&Event::target, &rule.target}, std::pair{&Event::subject, &rule.subject},
        std::pair{&Event::name, &rule.name}}) {
    if ((event->*member).empty()) event->*member = *constant;
  }
  event->kind = rule.kind;
  event->state = rule.state;
  event->rule = index;
  event->lane_allowed = rule.lane;
  if (!rule.extract.empty()) compiled.Extract(record, words->operation_text(), event);
  FillIn(record, compiled, event);
  if (rule.kind == RuleKind::kError || rule.kind == RuleKind::kResolution) ReadWords(record, event);
  if (rule.kind == RuleKind::kError) {
    const uint16_t reason = rule.reason.empty() ? words->cause().reason : reasons.IndexOf(rule.reason);
    event->reason = reason == kNoReason ? reasons.other() : reason;
    event->error = words->ErrorLine().substr(0, kMaxMessage);
  }
  return true;
}

absl::StatusOr<Matcher> Matcher::Compile(const RuleSet& rules, const FieldPlan& plan) {
  auto compiled = std::make_unique<Compiled>();
  for (const Pack& pack : rules.packs) {
    for (const Rule& rule : pack.rules) {
      const auto index = static_cast<uint16_t>(compiled->rules.size());
      compiled->rules.emplace_back(rule, pack, plan);
      if (rule.pattern.empty()) {
        compiled->without_pattern.push_back(index);
        continue;
      }
      compiled->patterns.Add(rule.pattern);
      compiled->pattern_rule.push_back(index);
    }
  }
  if (compiled->rules.size() >= UINT16_MAX) return absl::InvalidArgumentError("more than 65,534 rules");
  compiled->patterns.Compile();
  if (absl::Status s = compiled->reasons.Compile(rules); !s.ok()) return s;
  return Matcher(std::move(compiled));
}

// The rules that are worth a try, in order: those whose pattern matches, and those without a pattern.
void Matcher::Compiled::Choose(const Record& record, MatchScratch* scratch) const {
  patterns.Match(record.message, &scratch->hits);
  scratch->chosen.clear();
  auto other = without_pattern.begin();
  for (const int hit : scratch->hits) {
    const uint16_t rule = pattern_rule[static_cast<size_t>(hit)];
    while (other != without_pattern.end() && *other < rule) scratch->chosen.push_back(*other++);
    scratch->chosen.push_back(rule);
  }
  scratch->chosen.insert(scratch->chosen.end(), other, without_pattern.end());
  std::erase_if(scratch->chosen, [&](uint16_t rule) { return rules[rule].Rejects(record); });
}

void Matcher::Match(const Record& record, MatchScratch* scratch) const {
  const Compiled& c = *compiled_;
  scratch->events.clear();
  c.Choose(record, scratch);
  if (scratch->chosen.empty()) return;

  Words words(record, c.reasons, scratch);
  bool lifecycle = false;
  for (RuleKind kind : kOrder) {
    if (kind == RuleKind::kError && lifecycle) break;
    for (uint16_t index : scratch->chosen) {
      if (c.rules[index].rule().kind != kind) continue;
      Event event;
      if (!c.Try(record, index, &words, &event)) continue;
      lifecycle = lifecycle || kind == RuleKind::kTerminal || kind == RuleKind::kStart;
      scratch->events.push_back(std::move(event));
      break;
    }
  }
}

std::vector<RuleTrace> Matcher::Explain(const Record& record) const {
  std::vector<RuleTrace> traces;
  MatchScratch scratch;
  Words words(record, compiled_->reasons, &scratch);
  for (size_t i = 0; i < compiled_->rules.size(); ++i) {
    const CompiledRule& compiled = compiled_->rules[i];
    const Rule& rule = compiled.rule();
    Event event;
    RuleTrace trace;
    trace.rule = &rule;
    trace.fired =
        !compiled.Rejects(record) && compiled_->Try(record, static_cast<uint16_t>(i), &words, &event);
    trace.near = compiled.IsNear(record);
    if (!trace.fired) {
      trace.why = compiled.WhyNot(record);
      const char* words_say = rule.kind == RuleKind::kError ? WordsReject(rule, record, &words) : nullptr;
      // A rule that asks for nothing but words is near where they tell of a failure, or the level is right.
      if (compiled.asks_only_words()) {
        trace.near = trace.why.empty() ? MayBeFailure(record, &words) : words_say == nullptr;
      }
      if (trace.why.empty() && words_say != nullptr) trace.why = words_say;
    }
    traces.push_back(std::move(trace));
  }
  return traces;
}

uint16_t Matcher::ClassifyReason(std::string_view text) const {
  std::vector<int> hits;
  const CauseMatch cause = compiled_->reasons.Classify(text, &hits);
  return cause.reason == kNoReason ? compiled_->reasons.other() : cause.reason;
}

std::vector<uint16_t> Matcher::ReasonsIn(std::string_view text) const {
  return compiled_->reasons.AllIn(text);
}

const Rule& Matcher::rule(uint16_t index) const { return compiled_->rules[index].rule(); }
const Pack& Matcher::pack_of(uint16_t rule) const { return compiled_->rules[rule].pack(); }
size_t Matcher::rule_count() const { return compiled_->rules.size(); }
const std::string& Matcher::reason_name(uint16_t reason) const { return compiled_->reasons.name(reason); }
size_t Matcher::reason_count() const { return compiled_->reasons.count(); }

Matcher::Matcher(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {}
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;
Matcher::~Matcher() = default;

}  // namespace gainsay
