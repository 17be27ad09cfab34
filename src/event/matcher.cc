// The idea: one pass over the message tells which rules' patterns may match at all (regex_set.h), which
// attributes the record has tells the same of rules without a pattern, and its level of all. For each kind
// these are then tried in order, the cheapest test first, and the first that holds gives the event. The words
// of an operation are judged and its cause is classified at most once a record, and only if a rule gets that
// far.
#include "event/matcher.h"

#include <algorithm>
#include <array>
#include <utility>

#include "event/compiled_rule.h"
#include "event/record_words.h"

namespace gainsay {
namespace {

// The order in which kinds are matched: an error needs to know of the lifecycle events.
constexpr RuleKind kOrder[] = {RuleKind::kTerminal, RuleKind::kStart, RuleKind::kMention,
                               RuleKind::kResolution, RuleKind::kError};

constexpr size_t kLevels = 25;  // as in OpenTelemetry, and that of records without one

// Rules without a pattern that need one attribute: those that need another are not even looked at.
struct Gate {
  std::string name;
  RecordPath path;
  BitSet rules;
};

}  // namespace

// What runs behind its task's back tells nothing by the lane it runs in. ("Background on this error at" is
// SQLAlchemy's word for an explanation.)
constexpr char kDetached[] =
    R"((?i)\b(?:background(?:$|[^ \w]| [^o]| o[^n])|(?:async(?:hronous(?:ly)?)?|deferred|detached|write-?behind)\b))";
// An id in the words of a message.
constexpr char kTaskInText[] =
    R"re((?i)\b(?:task|job|jid)(?:[ _-]?id)?(?: ?[=:#] ?| |\[)"?([A-Za-z_.@-]*[0-9][\w.@-]*))re";

struct Matcher::Compiled {
  explicit Compiled(const RuleSet& rule_set) : word_index(rule_set) {}

  std::vector<CompiledRule> rules;  // all packs' rules, in order of precedence
  // Of the rules, in the order in which they are tried: by kind, then by precedence. Their numbers in the
  // sets.
  std::vector<uint16_t> order;
  std::array<size_t, std::size(kOrder)> kind_ends = {};  // in `order`
  RegexSet texts;                                        // the rules' patterns
  const WordIndex word_index;
  std::vector<Gate> gates;
  std::array<BitSet, kLevels> of_level;  // the rules that ask for no other
  LazyRegex detached{kDetached};
  LazyRegex task_in_text{kTaskInText};

  void Index(const FieldPlan& plan);
  void AddTexts(size_t number, const FieldPlan& plan);
  void Choose(const Record& record, BitSet* may) const;
  bool Give(const Record& record, uint16_t index, RecordWords* words, std::vector<Event>* events) const;
  void FillIn(const Record& record, const CompiledRule& rule, Event* event) const;
  void ReadWords(const Record& record, Event* event) const;
  bool Try(const Record& record, uint16_t index, RecordWords* words, Event* event) const;
  bool Fill(const Record& record, uint16_t index, RecordWords* words, Event* event) const;
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
  if (detached.Matches(headline)) event->lane_allowed = false;
  std::array<re2::StringPiece, 2> id;
  if (event->task.empty() && task_in_text.Matches(record.message, id)) {
    event->task = {id[1].data(), id[1].size()};
    event->task_in_text = true;
    event->matched_by = MatchedBy::kTask;
  }
  if (event->matched_by == MatchedBy::kNone || event->task_in_text)
    event->context = record.raw.substr(0, kMaxMessage);
}

bool Matcher::Compiled::Try(const Record& record, uint16_t index, RecordWords* words, Event* event) const {
  return !rules[index].Rejects(record) && Fill(record, index, words, event);
}

// Of a record that the rule does not rule out.
bool Matcher::Compiled::Fill(const Record& record, uint16_t index, RecordWords* words, Event* event) const {
  const CompiledRule& compiled = rules[index];
  const Rule& rule = compiled.rule();
  if (!compiled.Capture(record, event)) return false;
  if (rule.kind == RuleKind::kError && WordsReject(rule, record, words) != nullptr) return false;
  if (compiled.Excepts(record)) return false;
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
  compiled.Extract(record, words, event);
  FillIn(record, compiled, event);
  if (rule.kind == RuleKind::kError || rule.kind == RuleKind::kResolution) ReadWords(record, event);
  if (rule.kind == RuleKind::kError) {
    const uint16_t reason =
        rule.reason.empty() ? words->cause().reason : word_index.reasons().IndexOf(rule.reason);
    event->reason = reason == kNoReason ? word_index.reasons().other() : reason;
    event->error = words->ErrorLine().substr(0, kMaxMessage);
  }
  return true;
}

absl::StatusOr<Matcher> Matcher::Compile(const RuleSet& rules, const FieldPlan& plan) {
  auto compiled = std::make_unique<Compiled>(rules);
  for (const Pack& pack : rules.packs) {
    for (const Rule& rule : pack.rules) compiled->rules.emplace_back(rule, pack, plan, compiled->word_index);
  }
  if (compiled->rules.size() >= UINT16_MAX) return absl::InvalidArgumentError("more than 65,534 rules");
  compiled->Index(plan);
  return Matcher(std::move(compiled));
}

// Puts the rules into the order in which they are tried, and the sets.
void Matcher::Compiled::Index(const FieldPlan& plan) {
  for (size_t kind = 0; kind < kind_ends.size(); ++kind) {
    for (size_t i = 0; i < rules.size(); ++i) {
      if (rules[i].rule().kind == kOrder[kind]) order.push_back(static_cast<uint16_t>(i));
    }
    kind_ends[kind] = order.size();
  }
  for (size_t number = 0; number < order.size(); ++number) AddTexts(number, plan);
  texts.Compile();
  for (size_t level = 0; level < kLevels; ++level) {
    of_level[level].Reset(texts.size());
    for (size_t number = 0; number < order.size(); ++number) {
      const LevelTest& test = rules[order[number]].rule().level;
      if (PassesLevel(test, static_cast<Severity>(level))) of_level[level].Set(number);
    }
  }
}

// What tells that a rule is worth a try: texts, for one without a pattern an attribute that it needs; else
// nothing.
void Matcher::Compiled::AddTexts(size_t number, const FieldPlan& plan) {
  const Rule& rule = rules[order[number]].rule();
  if (!rule.pattern.empty()) {
    texts.Add(rule.pattern);
    return;
  }
  const std::string* path = !rule.where.empty()     ? &rule.where[0].path
                            : !rule.capture.empty() ? &rule.capture[0].path
                            : !rule.match.empty()   ? &rule.match[0].path
                                                    : nullptr;
  if (path == nullptr) {
    texts.AddNeeds({});
    return;
  }
  texts.AddNone();
  auto gate = std::find_if(gates.begin(), gates.end(), [&](const Gate& g) { return g.name == *path; });
  if (gate == gates.end()) {
    gate = gates.insert(gate, Gate{*path, RecordPath(*path, plan), {}});
    gate->rules.Reset(order.size());
  }
  gate->rules.Set(number);
}

// The rules that are worth a try.
void Matcher::Compiled::Choose(const Record& record, BitSet* may) const {
  texts.Find(record.message, may);
  for (const Gate& gate : gates) {
    if (gate.path.Get(record).data() != nullptr) may->Add(gate.rules);
  }
}

// Adds the event of the rule, if there is one.
bool Matcher::Compiled::Give(const Record& record, uint16_t index, RecordWords* words,
                             std::vector<Event>* events) const {
  if (rules[index].Rejects(record)) return false;
  if (Fill(record, index, words, &events->emplace_back())) return true;
  events->pop_back();
  return false;
}

void Matcher::Match(const Record& record, MatchScratch* scratch) const {
  const Compiled& c = *compiled_;
  scratch->events.clear();
  c.Choose(record, &scratch->may);
  RecordWords words(record, c.word_index, false, scratch);
  const BitSet& of_level = c.of_level[std::min<size_t>(record.severity, kLevels - 1)];
  bool lifecycle = false;
  const size_t end = c.order.size();
  size_t kind = 0;
  for (size_t number = 0; (number = scratch->may.NextInBoth(of_level, number, end)) != end;) {
    while (number >= c.kind_ends[kind]) ++kind;
    const RuleKind which = kOrder[kind];
    if (which == RuleKind::kError && lifecycle) break;
    if (!c.Give(record, c.order[number], &words, &scratch->events)) {
      ++number;
      continue;
    }
    number = c.kind_ends[kind];
    lifecycle = lifecycle || which == RuleKind::kTerminal || which == RuleKind::kStart;
  }
}

std::vector<RuleTrace> Matcher::Explain(const Record& record) const {
  std::vector<RuleTrace> traces;
  MatchScratch scratch;
  RecordWords words(record, compiled_->word_index, true, &scratch);
  for (size_t i = 0; i < compiled_->rules.size(); ++i) {
    const CompiledRule& compiled = compiled_->rules[i];
    const Rule& rule = compiled.rule();
    Event event;
    RuleTrace trace;
    trace.rule = &rule;
    trace.fired = compiled_->Try(record, static_cast<uint16_t>(i), &words, &event);
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
  BitSet may;
  const WordIndex::Finder& finder = compiled_->word_index.finder();
  finder.set.Find(text, &may);
  const CauseMatch cause = finder.causes->Classify(text, may);
  return cause.reason == kNoReason ? compiled_->word_index.reasons().other() : cause.reason;
}

std::vector<uint16_t> Matcher::ReasonsIn(std::string_view text) const {
  BitSet may;
  const WordIndex::Finder& finder = compiled_->word_index.finder();
  finder.set.Find(text, &may);
  return finder.causes->AllIn(text, may);
}

const Rule& Matcher::rule(uint16_t index) const { return compiled_->rules[index].rule(); }
const Pack& Matcher::pack_of(uint16_t rule) const { return compiled_->rules[rule].pack(); }
size_t Matcher::rule_count() const { return compiled_->rules.size(); }
const std::string& Matcher::reason_name(uint16_t reason) const {
  return compiled_->word_index.reasons().name(reason);
}
size_t Matcher::reason_count() const { return compiled_->word_index.reasons().count(); }

Matcher::Matcher(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {}
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;
Matcher::~Matcher() = default;

}  // namespace gainsay
