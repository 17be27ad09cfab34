// Examples and scenarios of a rule set, run through the same stations as a log.
#include "pipeline_rules.h"

#include <algorithm>
#include <set>
#include <utility>

#include "event/pattern_reach.h"
#include "pipeline_records.h"

namespace gainsay {
namespace {

std::string Quote(std::string_view text) { return "'" + std::string(text) + "'"; }

class RuleTester {
 public:
  RuleTester(const Engine& engine, const std::vector<std::string>& pack_ids)
      : engine_(engine), pack_ids_(pack_ids), reader_(engine) {}

  absl::StatusOr<RuleTestCounts> TestAll(bool scenarios) {
    for (const Pack& pack : engine_.rules().packs) {
      if (!IsAsked(pack_ids_, pack.id)) continue;
      for (const Rule& rule : pack.rules) {
        WantExample(rule.examples, rule.at, rule.FullId());
        const Rule* taker = TakerOf(rule);
        if (taker != nullptr) {
          Fail(rule.at, rule.FullId(),
               "shadowed: " + taker->FullId() + " comes first and takes all its examples; move " + rule.id +
                   " before it, or narrow it");
        }
        for (const Example& example : rule.examples) {
          if (taker == nullptr || !example.match) {
            TestRule(rule, example);
          } else {
            ++counts_.examples;
          }
        }
      }
      for (const TextFormat& format : pack.texts) {
        WantExample(format.examples, format.at, format.pack + "/" + format.id);
        for (const Example& example : format.examples) TestText(format, example);
      }
      for (const Reason& reason : pack.reasons) {
        WantExample(reason.examples, reason.at, reason.pack + "/" + reason.id);
        for (const Example& example : reason.examples) TestReason(reason, example);
      }
      for (const Scenario& scenario : pack.scenarios) {
        if (!scenarios) continue;
        if (absl::Status s = TestScenario(scenario); !s.ok()) return s;
      }
    }
    return std::move(counts_);
  }

 private:
  void Fail(const Location& at, const std::string& rule, std::string message) {
    counts_.failures.push_back({at, rule, std::move(message)});
  }

  void WantExample(const std::vector<Example>& examples, const Location& at, const std::string& name) {
    if (std::any_of(examples.begin(), examples.end(), [](const Example& e) { return e.match; })) return;
    Fail(at, name, "no example that fires; add examples = [{ log = '…' }] with a line that the rule is for");
  }

  // The rule that takes every example that should be this one's; null if there is no such rule.
  const Rule* TakerOf(const Rule& rule) {
    const Rule* taker = nullptr;
    for (const Example& example : rule.examples) {
      if (!example.match) continue;
      const Record* record = reader_.Read(example.log);
      if (record == nullptr) return nullptr;
      engine_.matcher().Match(*record, &scratch_);
      const Event* event = EventOf(rule.kind);
      if (event == nullptr) return nullptr;
      const Rule& first = engine_.matcher().rule(event->rule);
      if (&first == &rule || (taker != nullptr && taker != &first)) return nullptr;
      taker = &first;
    }
    return taker;
  }

  const Event* EventOf(RuleKind kind) const {
    for (const Event& event : scratch_.events) {
      if (event.kind == kind) return &event;
    }
    return nullptr;
  }

  void TestRule(const Rule& rule, const Example& example) {
    ++counts_.examples;
    const Record* record = reader_.Read(example.log);
    if (record == nullptr) {
      return Fail(example.at, rule.FullId(), "the example is no record: it is blank or malformed");
    }
    engine_.matcher().Match(*record, &scratch_);
    const Event* event = EventOf(rule.kind);
    const bool fired = event != nullptr && &engine_.matcher().rule(event->rule) == &rule;
    if (fired != example.match) {
      return Fail(example.at, rule.FullId(),
                  fired ? "the rule fires on an example that it should not match"
                        : "the rule does not fire: " + WhyNot(*record, rule, event));
    }
    if (!fired) return;
    for (const auto& [key, expected] : example.expect) {
      const std::string got = Value(*event, key);
      if (got != expected && !(key == "role" && !got.empty() && RoleOf(got) == RoleOf(expected))) {
        Fail(example.at, rule.FullId(), "expected " + key + " " + Quote(expected) + ", got " + Quote(got));
      }
    }
  }

  std::string WhyNot(const Record& record, const Rule& rule, const Event* winner) const {
    if (winner != nullptr) return engine_.matcher().rule(winner->rule).FullId() + " comes first and matches";
    for (const RuleTrace& trace : engine_.matcher().Explain(record)) {
      if (trace.rule != &rule) continue;
      if (trace.fired) return "the record is a start or terminal event, which gives no error";
      const std::string reach =
          rule.pattern.empty() || trace.near ? "" : PatternReach(rule.pattern).On(record.message);
      return reach.empty() ? trace.why : "the pattern matches only as far as " + Quote(reach);
    }
    return "no such rule";
  }

  std::string Value(const Event& event, const std::string& key) const {
    if (key == "reason") return event.reason == kNoReason ? "" : engine_.matcher().reason_name(event.reason);
    if (key == "state") return std::string(StateName(event.state));
    if (key == "level") return std::string(SeverityName(event.severity));
    if (key == "role") return std::string(event.role);
    if (key == "collection") return std::string(event.collection);
    if (key == "target") return std::string(event.target);
    if (const std::optional<Field> field = FieldByName(key)) return std::string(event.field(*field));
    for (const auto& [group, value] : event.captures) {
      if (group == key) return std::string(value);
    }
    return "";
  }

  void TestText(const TextFormat& format, const Example& example) {
    ++counts_.examples;
    const std::string name = format.pack + "/" + format.id;
    TextParts parts;
    const bool matched = engine_.texts().Match(example.log, &parts);
    const bool fired = matched && parts.format->id == format.id && parts.format->pack == format.pack;
    if (fired != example.match) {
      const std::string other = matched ? parts.format->pack + "/" + parts.format->id + " takes it first"
                                        : "the pattern does not match";
      return Fail(example.at, name,
                  fired ? "the format takes an example that it should not match"
                        : "the format does not take it: " + other);
    }
    for (const auto& [key, expected] : example.expect) {
      const std::optional<Field> field = FieldByName(key);
      const std::string got(fired && field ? parts.fields[static_cast<size_t>(*field)] : "");
      if (fired && got != expected) {
        Fail(example.at, name, "expected " + key + " " + Quote(expected) + ", got " + Quote(got));
      }
    }
  }

  void TestReason(const Reason& reason, const Example& example) {
    ++counts_.examples;
    const Record* record = reader_.Read(example.log);
    std::string text = example.log;
    if (record != nullptr) text = std::string(record->message) + "\n" + std::string(record->error);
    const std::string& got = engine_.matcher().reason_name(engine_.matcher().ClassifyReason(text));
    if ((got == reason.id) != example.match) {
      Fail(example.at, reason.pack + "/" + reason.id, "the reason of " + Quote(example.log) + " is " + got);
    }
  }

  absl::Status TestScenario(const Scenario& scenario) {
    ++counts_.scenarios;
    ScanInput input;
    input.sources = {{scenario.name, scenario.name}};
    input.open = [&](const Source& source, const PathFilter&) {
      return OnlyMember(source.name, MemoryStream(scenario.log));
    };
    absl::StatusOr<ScanResult> result = Scan(engine_, input);
    if (!result.ok()) return result.status();
    const std::string name = scenario.pack + ": " + scenario.name;
    for (size_t v = 0; v < kVerdictCount; ++v) {
      const auto verdict = static_cast<Verdict>(v);
      const auto expected = scenario.expect.find(std::string(VerdictName(verdict)));
      const bool named = expected != scenario.expect.end();
      if (!named && verdict != Verdict::kContradiction) continue;
      CompareTasks(scenario, name, verdict, named ? expected->second : std::vector<std::string>{}, *result);
    }
    const uint64_t unattributed = result->correlation.unattributed.size();
    if (scenario.unattributed && static_cast<uint64_t>(*scenario.unattributed) != unattributed) {
      Fail(scenario.at, name,
           "expected " + std::to_string(*scenario.unattributed) + " unattributed, got " +
               std::to_string(unattributed));
    }
    return absl::OkStatus();
  }

  void CompareTasks(const Scenario& scenario, const std::string& name, Verdict verdict,
                    const std::vector<std::string>& expected, const ScanResult& result) {
    std::set<std::string> want(expected.begin(), expected.end());
    std::set<std::string> got;
    for (const Run& run : result.correlation.runs) {
      if (run.verdict == verdict) got.emplace(run.task);
    }
    const std::string word(VerdictName(verdict));
    for (const std::string& task : want) {
      if (!got.contains(task)) Fail(scenario.at, name, "expected " + word + " of task " + Quote(task));
    }
    for (const std::string& task : got) {
      if (!want.contains(task)) Fail(scenario.at, name, "task " + Quote(task) + " came out as " + word);
    }
  }

  const Engine& engine_;
  const std::vector<std::string>& pack_ids_;
  ExampleReader reader_;
  MatchScratch scratch_;
  RuleTestCounts counts_;
};

}  // namespace

bool IsAsked(const std::vector<std::string>& pack_ids, const std::string& pack) {
  return pack_ids.empty() || std::find(pack_ids.begin(), pack_ids.end(), pack) != pack_ids.end();
}

absl::StatusOr<RuleTestCounts> TestRules(const Engine& engine, bool scenarios,
                                         const std::vector<std::string>& pack_ids) {
  return RuleTester(engine, pack_ids).TestAll(scenarios);
}

}  // namespace gainsay
