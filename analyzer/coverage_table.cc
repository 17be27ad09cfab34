#include "coverage_table.h"

#include <algorithm>
#include <iomanip>
#include <ostream>

#include "report/escape.h"

namespace gainsay {
namespace {

// "-" is easier to find in a column than 0.
std::string Cell(uint64_t count) { return count == 0 ? "-" : std::to_string(count); }

class Table {
 public:
  Table(size_t name_width, bool logs, std::ostream& out)
      : name_width_(static_cast<int>(name_width)), logs_(logs), out_(out) {}

  void Row(const std::string& name, const std::string& second, const std::string& examples,
           const std::string& scenarios, const std::string& records) {
    out_ << std::left << std::setw(name_width_) << name << "  " << std::setw(10) << second << std::right
         << std::setw(11) << examples << std::setw(14) << scenarios;
    if (logs_) out_ << std::setw(12) << records;
    out_ << '\n';
  }

 private:
  int name_width_;
  bool logs_;
  std::ostream& out_;
};

std::string NameOf(const RuleUse& use) { return use.pack + "/" + use.id; }

std::vector<const RuleUse*> Shown(const Coverage& coverage, const std::vector<std::string>& pack_ids) {
  std::vector<const RuleUse*> shown;
  for (const RuleUse& use : coverage.uses) {
    if (IsAsked(pack_ids, use.pack) || use.records > 0) shown.push_back(&use);
  }
  return shown;
}

void WriteRules(const std::vector<const RuleUse*>& uses, bool logs, std::ostream& out) {
  size_t width = 4;
  for (const RuleUse* use : uses) width = std::max(width, NameOf(*use).size());
  Table table(width, logs, out);
  table.Row("rule", "kind", "in examples", "in scenarios", "on the log");
  for (const RuleUse* use : uses) {
    table.Row(NameOf(*use), use->kind, Cell(use->examples), Cell(use->scenarios), Cell(use->records));
  }
}

// How many of a pack's rules are used at all.
struct PackUse {
  std::string pack;
  uint64_t rules = 0, examples = 0, scenarios = 0, records = 0;

  void Add(const RuleUse& use) {
    ++rules;
    examples += use.examples > 0 ? 1 : 0;
    scenarios += use.scenarios > 0 ? 1 : 0;
    records += use.records > 0 ? 1 : 0;
  }
};

void WritePacks(const std::vector<const RuleUse*>& uses, bool logs, std::ostream& out) {
  std::vector<PackUse> packs;
  size_t width = 4;
  for (const RuleUse* use : uses) {
    if (packs.empty() || packs.back().pack != use->pack) packs.push_back({use->pack});
    packs.back().Add(*use);
    width = std::max(width, use->pack.size());
  }
  Table table(width, logs, out);
  table.Row("pack", "rules", "in examples", "in scenarios", "on the log");
  for (const PackUse& pack : packs) {
    table.Row(pack.pack, std::to_string(pack.rules), Cell(pack.examples), Cell(pack.scenarios),
              Cell(pack.records));
  }
}

void WriteTotals(const Coverage& coverage, const std::vector<std::string>& pack_ids, bool logs,
                 std::ostream& out) {
  PackUse all;
  for (const RuleUse& use : coverage.uses) {
    if (IsAsked(pack_ids, use.pack)) all.Add(use);
  }
  out << "of " << all.rules << (all.rules == 1 ? " rule: " : " rules: ") << all.examples << " in examples, "
      << all.scenarios << " in " << coverage.scenarios
      << (coverage.scenarios == 1 ? " scenario" : " scenarios");
  if (logs) {
    out << ", " << all.records << " on the log's " << coverage.records
        << (coverage.records == 1 ? " record" : " records");
  }
  out << '\n';
}

}  // namespace

void WriteCoverageTable(const Coverage& coverage, const std::vector<std::string>& pack_ids, bool by_rule,
                        bool logs, std::ostream& out) {
  const std::vector<const RuleUse*> shown = Shown(coverage, pack_ids);
  if (by_rule) {
    WriteRules(shown, logs, out);
  } else {
    WritePacks(shown, logs, out);
  }
  WriteTotals(coverage, pack_ids, logs, out);
}

void WriteCoverageLines(const Coverage& coverage, const std::vector<std::string>& pack_ids,
                        std::ostream& out) {
  for (const RuleUse* use : Shown(coverage, pack_ids)) {
    out << R"({"type":"rule","rule":)" << JsonString(NameOf(*use)) << R"(,"kind":)" << JsonString(use->kind)
        << R"(,"examples":)" << use->examples << R"(,"scenarios":)" << use->scenarios << R"(,"records":)"
        << use->records << "}\n";
  }
}

}  // namespace gainsay
