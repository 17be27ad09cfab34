// Each record is shown to the rules, and what it gave is counted: text formats that took it apart, rules that
// gave an event, the reason of an error. No task is followed, so a log of any size is read in passing.
#include <map>
#include <set>
#include <utility>

#include "pipeline_records.h"
#include "pipeline_rules.h"

namespace gainsay {
namespace {

using Count = uint64_t RuleUse::*;

class CoverageMeter {
 public:
  CoverageMeter(const Engine& engine, const std::vector<std::string>& pack_ids)
      : engine_(engine), pack_ids_(pack_ids) {
    for (const Pack& pack : engine.rules().packs) {
      for (const TextFormat& format : pack.texts) {
        texts_[format.pack + "/" + format.id] = Add(pack, format.id, "text");
      }
      for (const Rule& rule : pack.rules) {
        rules_[&rule] = Add(pack, rule.id, std::string(KindName(rule.kind)));
      }
      for (const Reason& reason : pack.reasons) {
        reasons_[reason.id].push_back(Add(pack, reason.id, "reason"));
      }
    }
  }

  Coverage Measure(const std::vector<Source>& logs) {
    for (const Pack& pack : engine_.rules().packs) {
      if (!IsAsked(pack_ids_, pack.id)) continue;
      ReadExamples(pack);
      for (const Scenario& scenario : pack.scenarios) ReadScenario(scenario);
    }
    for (const Source& log : logs) ReadLog(log);
    return std::move(coverage_);
  }

 private:
  size_t Add(const Pack& pack, const std::string& id, std::string kind) {
    coverage_.uses.push_back({pack.id, id, std::move(kind)});
    return coverage_.uses.size() - 1;
  }

  void ReadExamples(const Pack& pack) {
    ExampleReader reader(engine_);
    const auto read = [&](const std::vector<Example>& examples) {
      for (const Example& example : examples) {
        std::set<size_t> used;
        if (const Record* record = reader.Read(example.log)) Collect(*record, &used);
        CountOnce(used, &RuleUse::examples);
      }
    };
    for (const TextFormat& format : pack.texts) read(format.examples);
    for (const Rule& rule : pack.rules) read(rule.examples);
    for (const Reason& reason : pack.reasons) {
      for (const Example& example : reason.examples) CountReason(example.log);
    }
  }

  // The example of a reason is a text, whatever rule would take it.
  void CountReason(const std::string& text) {
    std::set<size_t> used;
    UseReason(engine_.matcher().ClassifyReason(text), &used);
    CountOnce(used, &RuleUse::examples);
  }

  void ReadScenario(const Scenario& scenario) {
    ++coverage_.scenarios;
    std::set<size_t> used;
    // Memory ends, and does not break off.
    (void)ForEachRecord(engine_, MemoryStream(scenario.log),
                        [&](const Record& record) { Collect(record, &used); });
    CountOnce(used, &RuleUse::scenarios);
  }

  void ReadLog(const Source& log) {
    absl::StatusOr<std::unique_ptr<ByteStream>> stream = OpenStream(log);
    absl::Status end = stream.status();
    if (stream.ok()) {
      end = ForEachRecord(engine_, std::move(*stream), [&](const Record& record) {
        ++coverage_.records;
        std::set<size_t> used;
        Collect(record, &used);
        CountOnce(used, &RuleUse::records);
      });
    }
    if (!end.ok()) coverage_.problems.push_back({log.name, std::string(end.message())});
  }

  void Collect(const Record& record, std::set<size_t>* used) {
    for (const TextFormat* format : record.formats) {
      if (format != nullptr) used->insert(texts_.at(format->pack + "/" + format->id));
    }
    engine_.matcher().Match(record, &scratch_);
    for (const Event& event : scratch_.events) {
      used->insert(rules_.at(&engine_.matcher().rule(event.rule)));
      if (event.kind == RuleKind::kError) UseReason(event.reason, used);
    }
  }

  // A reason of several packs is one: which of its patterns matched is not told apart.
  void UseReason(uint16_t reason, std::set<size_t>* used) const {
    const auto found = reasons_.find(engine_.matcher().reason_name(reason));
    if (found != reasons_.end()) used->insert(found->second.begin(), found->second.end());
  }

  void CountOnce(const std::set<size_t>& used, Count count) {
    for (const size_t index : used) ++(coverage_.uses[index].*count);
  }

  const Engine& engine_;
  const std::vector<std::string>& pack_ids_;
  MatchScratch scratch_;
  Coverage coverage_;
  // Indices into `uses`.
  std::map<std::string, size_t> texts_;
  std::map<const Rule*, size_t> rules_;
  std::map<std::string, std::vector<size_t>> reasons_;
};

}  // namespace

Coverage MeasureCoverage(const Engine& engine, const std::vector<std::string>& pack_ids,
                         const std::vector<Source>& logs) {
  return CoverageMeter(engine, pack_ids).Measure(logs);
}

}  // namespace gainsay
