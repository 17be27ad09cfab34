// Every example of the rule set is looked at, also those of packs that nobody asked for. A text that several
// reasons match has one by their order alone, unless `before` states it: a reason more, and the answer is
// another. Of rules that is no question, since a rule's own examples hold its place; but a new pack's
// rules are tried before the built-in ones, and may take what those are for.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "pipeline_records.h"
#include "pipeline_rules.h"

namespace gainsay {
namespace {

// What a reason's `before` states, with what follows from it: a before b before c.
class StatedOrder {
 public:
  explicit StatedOrder(const RuleSet& rules) {
    for (const Pack& pack : rules.packs) {
      for (const Reason& reason : pack.reasons) {
        later_[reason.id].insert(reason.before.begin(), reason.before.end());
      }
    }
  }

  bool Holds(const std::string& first, const std::string& second) const {
    std::set<std::string> reached = {first};
    std::vector<std::string> open = {first};
    while (!open.empty()) {
      const auto found = later_.find(open.back());
      open.pop_back();
      if (found == later_.end()) continue;
      for (const std::string& later : found->second) {
        if (later == second) return true;
        if (reached.insert(later).second) open.push_back(later);
      }
    }
    return false;
  }

 private:
  std::map<std::string, std::set<std::string>> later_;
};

class OverlapFinder {
 public:
  OverlapFinder(const Engine& engine, const std::vector<std::string>& pack_ids)
      : engine_(engine), pack_ids_(pack_ids), reader_(engine), stated_(engine.rules()) {
    for (const Pack& pack : engine.rules().packs) {
      for (const Reason& reason : pack.reasons) tables_[reason.id].push_back(&reason);
    }
  }

  std::vector<RuleOverlap> FindAll() {
    for (const Pack& pack : engine_.rules().packs) {
      for (const TextFormat& format : pack.texts) {
        for (const Example& example : format.examples) CompareText(format, example);
      }
      for (const Rule& rule : pack.rules) {
        for (const Example& example : rule.examples) CompareRule(rule, example);
      }
      for (const Reason& reason : pack.reasons) {
        for (const Example& example : reason.examples) CompareReasons(example.log);
      }
    }
    return std::move(overlaps_);
  }

 private:
  void CompareReasons(const std::string& log) {
    const Record* record = reader_.Read(log);
    std::string text = log;
    if (record != nullptr) text = std::string(record->message) + "\n" + std::string(record->error);
    const std::vector<uint16_t> reasons = engine_.matcher().ReasonsIn(text);
    for (size_t i = 1; i < reasons.size(); ++i) {
      const std::string& winner = engine_.matcher().reason_name(reasons[0]);
      const std::string& loser = engine_.matcher().reason_name(reasons[i]);
      if (stated_.Holds(winner, loser) || !(IsReasonAsked(winner) || IsReasonAsked(loser))) continue;
      Add("reason", winner, loser, tables_.at(winner).front()->at, log);
    }
  }

  bool IsReasonAsked(const std::string& id) const {
    const auto found = tables_.find(id);
    return found != tables_.end() &&
           std::any_of(found->second.begin(), found->second.end(),
                       [&](const Reason* reason) { return IsAsked(pack_ids_, reason->pack); });
  }

  void CompareRule(const Rule& rule, const Example& example) {
    const Record* record = example.match ? reader_.Read(example.log) : nullptr;
    if (record == nullptr) return;
    engine_.matcher().Match(*record, &scratch_);
    for (const Event& event : scratch_.events) {
      const Rule& taker = engine_.matcher().rule(event.rule);
      const bool hides = rule.kind == RuleKind::kError &&
                         (event.kind == RuleKind::kStart || event.kind == RuleKind::kTerminal);
      if (event.kind != rule.kind && !hides) continue;
      AddTaken(std::string(KindName(event.kind)), taker.pack, taker.id, taker.at, rule.pack, rule.id,
               example.log);
    }
    if (rule.kind == RuleKind::kError && rule.reason.empty()) CompareReasons(example.log);
  }

  void CompareText(const TextFormat& format, const Example& example) {
    TextParts parts;
    if (!example.match || !engine_.texts().Match(example.log, &parts)) return;
    AddTaken("text", parts.format->pack, parts.format->id, parts.format->at, format.pack, format.id,
             example.log);
  }

  // What a rule takes of another one's. If that one is asked for, its own example fails, which says it all.
  void AddTaken(const std::string& kind, const std::string& taker_pack, const std::string& taker,
                const Location& at, const std::string& pack, const std::string& id, const std::string& line) {
    if (IsAsked(pack_ids_, pack) || !IsAsked(pack_ids_, taker_pack)) return;
    Add(kind, taker_pack + "/" + taker, pack + "/" + id, at, line);
  }

  void Add(const std::string& kind, const std::string& winner, const std::string& loser, const Location& at,
           const std::string& line) {
    const auto [place, is_new] = places_.emplace(std::pair(kind, winner), overlaps_.size());
    if (is_new) overlaps_.push_back({kind, winner, at, {}});
    std::vector<RuleOverlap::Loser>& losers = overlaps_[place->second].losers;
    auto found = std::find_if(losers.begin(), losers.end(),
                              [&](const RuleOverlap::Loser& other) { return other.name == loser; });
    if (found == losers.end()) found = losers.insert(found, {loser, {}});
    std::vector<std::string>& lines = found->lines;
    if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(line);
  }

  const Engine& engine_;
  const std::vector<std::string>& pack_ids_;
  ExampleReader reader_;
  MatchScratch scratch_;
  StatedOrder stated_;
  std::map<std::string, std::vector<const Reason*>> tables_;      // by reason, in order of precedence
  std::map<std::pair<std::string, std::string>, size_t> places_;  // kind and winner -> overlap
  std::vector<RuleOverlap> overlaps_;
};

}  // namespace

std::vector<RuleOverlap> FindOverlaps(const Engine& engine, const std::vector<std::string>& pack_ids) {
  return OverlapFinder(engine, pack_ids).FindAll();
}

}  // namespace gainsay
