#include "rule/rule_set.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "rule/loader.h"

namespace gainsay {
namespace {

// The first place, in the order in which reasons are tried, that each has.
struct FirstTried {
  size_t rank = 0;
  const Diagnostic* place = nullptr;
};
using Ranks = std::map<std::string, FirstTried>;

Ranks RankReasons(const std::vector<ParsedPack>& packs) {
  Ranks ranks;
  size_t rank = 0;
  for (const ParsedPack& parsed : packs) {
    for (size_t i = 0; i < parsed.pack.reasons.size(); ++i) {
      ranks.emplace(parsed.pack.reasons[i].id, FirstTried{rank++, &parsed.reason_places[i]});
    }
  }
  ranks["other"].rank = rank;  // always last, whatever a pack says
  return ranks;
}

void Report(Diagnostic d, std::string message, std::string help, std::vector<Diagnostic>* diagnostics) {
  d.message = std::move(message);
  d.help = std::move(help);
  diagnostics->push_back(std::move(d));
}

std::string Written(const Location& at) { return at.file + ":" + std::to_string(at.line); }

void CheckBefore(const ReasonUse& use, const Ranks& ranks, std::vector<Diagnostic>* diagnostics) {
  const auto earlier = ranks.find(use.before_of);
  if (earlier == ranks.end()) return;  // a reason without an id, which was said
  if (use.reason == use.before_of) {
    Report(use.place, "reason " + Quoted(use.reason) + " can't come before itself", "", diagnostics);
    return;
  }
  const FirstTried& later = ranks.at(use.reason);
  if (earlier->second.rank < later.rank) return;
  const std::string rule = "reason " + Quoted(use.before_of) + " must be tried before " + Quoted(use.reason);
  if (later.place == nullptr || later.place->at.file == use.place.at.file) {
    const std::string where =
        later.place == nullptr ? "" : ", which is on line " + std::to_string(later.place->at.line);
    Report(use.place, rule + where, "move [[reason]] " + Quoted(use.before_of) + " up", diagnostics);
  } else {
    // The later file is the one that can still be changed.
    Report(*later.place, rule + " (" + Written(use.place.at) + ")",
           "put a [[reason]] " + Quoted(use.before_of) + " before this one", diagnostics);
  }
}

void CheckReasons(const std::vector<ParsedPack>& packs, std::vector<Diagnostic>* diagnostics) {
  const Ranks ranks = RankReasons(packs);
  std::vector<std::string> names = StandardReasons();
  for (const auto& [name, rank] : ranks) names.push_back(name);
  for (const ParsedPack& parsed : packs) {
    for (const ReasonUse& use : parsed.reason_uses) {
      if (std::find(names.begin(), names.end(), use.reason) == names.end()) {
        Report(use.place, "unknown reason " + Quoted(use.reason), Suggest(use.reason, names), diagnostics);
      } else if (!use.before_of.empty() && ranks.count(use.reason) > 0) {
        CheckBefore(use, ranks, diagnostics);
      }
    }
  }
}

// The one named earlier was there first: the other is to blame.
void CheckPackIds(const std::vector<ParsedPack>& packs, std::vector<Diagnostic>* diagnostics) {
  std::map<std::string, const Pack*> owners;
  for (auto it = packs.rbegin(); it != packs.rend(); ++it) {
    const auto [owner, is_new] = owners.emplace(it->pack.id, &it->pack);
    if (is_new) continue;
    Report(it->id_place, "pack id " + Quoted(it->pack.id) + " is that of " + owner->second->file,
           "give each pack an id of its own", diagnostics);
  }
}

}  // namespace

const std::vector<std::string>& StandardReasons() {
  static const std::vector<std::string> reasons = {"retry_limit",       "txn_already_finalized",
                                                   "txn_locked",        "serialization",
                                                   "write_conflict",    "not_leader",
                                                   "read_only",         "no_space",
                                                   "quota_or_rate",     "too_large",
                                                   "schema_mismatch",   "constraint_violation",
                                                   "permission_denied", "partial_failure",
                                                   "deadline_exceeded", "unavailable",
                                                   "connection",        "other"};
  return reasons;
}

void CheckRuleSet(const std::vector<ParsedPack>& packs, std::vector<Diagnostic>* diagnostics) {
  CheckPackIds(packs, diagnostics);
  CheckReasons(packs, diagnostics);
}

}  // namespace gainsay
