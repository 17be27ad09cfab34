#include "rule/suppression_parser.h"

#include <chrono>
#include <cstdio>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace gainsay {
namespace {

constexpr int64_t kDayNs = int64_t{86'400} * 1'000'000'000;

const std::vector<std::string>& SuppressionKeys() {
  static const std::vector<std::string> kKeys = {"rule",    "reason",  "role", "collection", "target",
                                                 "subject", "message", "task", "name",       "system"};
  return kKeys;
}

const std::vector<std::string>& VerdictNames() {
  static const std::vector<std::string> kNames = {"contradiction", "recovered",  "clean",       "failed",
                                                  "cancelled",     "unfinished", "inconclusive"};
  return kNames;
}

// A date of TOML, or the same in quotes, as text.
std::string ReadDate(const toml::node& node, PackReading* reading) {
  if (node.is_date()) {
    const toml::date date = node.as_date()->get();
    char text[32];
    std::snprintf(text, sizeof text, "%04u-%02u-%02u", date.year, date.month, date.day);
    return text;
  }
  if (node.is_string() && EndOfDay(node.as_string()->get())) return node.as_string()->get();
  const std::string what = node.is_string() ? Quoted(node.as_string()->get()) : TypeName(node);
  reading->file->Error(node.source(), "'expires' must be a day, not " + what, "write it like 2027-03-31");
  return "";
}

// `unattributed` is taken beside `expect` and in it: to its reader it is one more thing that comes out.
void ReadUnattributed(TomlTable* table, Scenario* scenario, PackReading* reading) {
  const toml::node* count = table->Find("unattributed");
  if (count == nullptr) return;
  if (scenario->unattributed) {
    reading->file->Error(count->source(), "'unattributed' is given twice, here and in 'expect'");
  } else if (count->is_integer() && count->as_integer()->get() >= 0) {
    scenario->unattributed = count->as_integer()->get();
  } else {
    reading->file->Error(count->source(), "'unattributed' must be a number of errors, 0 or more");
  }
}

void ReadExpect(TomlTable* table, Scenario* scenario, PackReading* reading) {
  ReadUnattributed(table, scenario, reading);
  std::vector<std::string> words = VerdictNames();
  words.emplace_back("unattributed");
  for (const std::string& verdict : VerdictNames()) {
    if (!table->Has(verdict)) continue;
    std::vector<std::string>& tasks = scenario->expect[verdict];
    for (TomlString& task : table->Strings(verdict)) tasks.push_back(std::move(task.text));
  }
  for (const TomlEntry& entry : table->OtherEntries()) {
    reading->file->UnknownWord(entry.key.at, "unknown verdict " + Quoted(entry.key.text), entry.key.text,
                               words);
  }
}

}  // namespace

Suppression ReadSuppression(TomlTable* table, PackReading* reading) {
  Suppression suppression;
  suppression.pack = reading->parsed->pack.id;
  suppression.at = reading->file->At(table->at());
  suppression.id = ReadId(table, reading);
  if (!table->Has("why")) {
    table->Find("why");
    table->ReportMissing("why", "say who accepted this error, and on what ground");
  } else {
    suppression.why = ReadText("why", table);
  }
  suppression.where = ReadWhere(table, reading, &SuppressionKeys());
  suppression.match = ReadMatch(table, reading, &SuppressionKeys());
  if (!table->Has("where") && !table->Has("match")) {
    reading->file->Error(table->at(), "this [[suppress]] would suppress every error",
                         "give it one of: where, match");
  }
  if (const toml::node* expires = table->Find("expires")) {
    suppression.expires = ReadDate(*expires, reading);
    suppression.expires_ns = EndOfDay(suppression.expires);
  }
  table->ReportUnknownKeys(KeysOfOtherTables());
  return suppression;
}

Scenario ReadScenario(TomlTable* table, PackReading* reading) {
  Scenario scenario;
  scenario.pack = reading->parsed->pack.id;
  scenario.at = reading->file->At(table->at());
  scenario.name = ReadUnique("name", table, reading);
  if (std::optional<TomlString> log = table->RequiredString("log")) scenario.log = std::move(log->text);
  if (!table->Has("expect")) table->ReportMissing("expect", "write expect = { contradiction = [\"…\"] }");
  if (std::optional<TomlTable> expect = table->Table("expect")) ReadExpect(&*expect, &scenario, reading);
  ReadUnattributed(table, &scenario, reading);
  table->ReportUnknownKeys(KeysOfOtherTables());
  return scenario;
}

std::optional<int64_t> EndOfDay(std::string_view date) {
  if (date.size() != 10 || date[4] != '-' || date[7] != '-') return std::nullopt;
  int parts[3] = {0, 0, 0};
  const size_t begins[3] = {0, 5, 8}, lengths[3] = {4, 2, 2};
  for (int i = 0; i < 3; ++i) {
    for (char c : date.substr(begins[i], lengths[i])) {
      if (c < '0' || c > '9') return std::nullopt;
      parts[i] = parts[i] * 10 + (c - '0');
    }
  }
  const std::chrono::year_month_day day{std::chrono::year(parts[0]),
                                        std::chrono::month(static_cast<unsigned>(parts[1])),
                                        std::chrono::day(static_cast<unsigned>(parts[2]))};
  if (!day.ok()) return std::nullopt;
  const int64_t days = std::chrono::sys_days(day).time_since_epoch().count();
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  if (days >= kMost / kDayNs) return kMost;
  if (days <= -(kMost / kDayNs)) return -kMost;  // the least number means "no time" elsewhere
  return (days + 1) * kDayNs - 1;
}

}  // namespace gainsay
