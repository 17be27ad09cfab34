#include "rule/rule_parser.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace gainsay {
namespace {

constexpr int kMaxGroups = 32;  // of a pattern that an event is filled from

struct LevelWord {
  const char* name;
  uint8_t severity;  // the first of OpenTelemetry's range
};
constexpr LevelWord kLevels[] = {{"trace", 1},  {"debug", 5},  {"info", 9},     {"warn", 13},
                                 {"error", 17}, {"fatal", 21}, {"warning", 13}, {"critical", 21}};

struct Comparison {
  std::string_view sign;
  LevelTest::Compare compare;
};
constexpr Comparison kComparisons[] = {{">=", LevelTest::Compare::kAtLeast},
                                       {"<=", LevelTest::Compare::kAtMost},
                                       {">", LevelTest::Compare::kAbove},
                                       {"<", LevelTest::Compare::kBelow},
                                       {"=", LevelTest::Compare::kEqual}};

// The comparison that the text begins with, which is taken off together with blanks.
LevelTest::Compare TakeComparison(std::string_view* text) {
  LevelTest::Compare compare = LevelTest::Compare::kEqual;
  for (const Comparison& c : kComparisons) {
    if (text->substr(0, c.sign.size()) != c.sign) continue;
    compare = c.compare;
    text->remove_prefix(c.sign.size());
    break;
  }
  while (!text->empty() && text->front() == ' ') text->remove_prefix(1);
  return compare;
}

LevelTest ReadLevel(RuleKind kind, TomlTable* table, PackReading* reading) {
  LevelTest level;
  if (kind == RuleKind::kError) level = {LevelTest::Compare::kAtLeast, 17};
  const std::optional<TomlString> value = table->String("level");
  if (!value) return level;
  if (std::optional<LevelTest> test = ParseLevelTest(value->text)) return *test;
  std::string_view name = value->text;
  TakeComparison(&name);
  std::vector<std::string> names = {"any"};
  for (const LevelWord& word : kLevels) names.emplace_back(word.name);
  reading->file->UnknownWord(value->at, "bad level " + Quoted(value->text), name, names);
  return level;
}

State ReadState(TomlTable* table, PackReading* reading) {
  static const std::vector<std::string> kNames = {"succeeded", "failed", "cancelled", "retrying"};
  if (!table->Has("state")) table->ReportMissing("state", Suggest("", kNames));
  const std::optional<TomlString> value = table->String("state");
  if (!value) return State::kNone;
  for (State state : {State::kSucceeded, State::kFailed, State::kCancelled, State::kRetrying}) {
    if (StateName(state) == value->text) return state;
  }
  reading->file->UnknownWord(value->at, "unknown state " + Quoted(value->text), value->text, kNames);
  return State::kNone;
}

std::optional<Operation> ReadOperation(TomlTable* table, PackReading* reading) {
  const std::optional<TomlString> value = table->String("operation");
  if (!value) return std::nullopt;
  if (value->text == "write") return Operation::kWrite;
  if (value->text == "any") return Operation::kUnknown;
  reading->file->UnknownWord(value->at, "unknown operation " + Quoted(value->text), value->text,
                             {"write", "any"});
  return std::nullopt;
}

bool IsGroupName(const TomlString& name, PackReading* reading) {
  const bool digit_first = !name.text.empty() && name.text[0] >= '0' && name.text[0] <= '9';
  if (IsWord(name.text, "_") && !digit_first) return true;
  reading->file->Error(name.at, "bad group name " + Quoted(name.text),
                       "letters, digits and '_'; the path goes to the right of the '='");
  return false;
}

// `capture`, whose names must not be groups of the pattern: which of the two would win?
std::vector<FieldCapture> ReadCapture(TomlTable* table, const std::vector<std::string>& pattern_groups,
                                      PackReading* reading) {
  std::vector<FieldCapture> captures;
  for (TomlEntry& entry : table->FlatEntries("capture")) {
    const std::string& group = entry.key.text;
    const std::optional<TomlString> path =
        AsString(*entry.value, Quoted(group) + " in 'capture'", reading->file);
    if (!IsGroupName(entry.key, reading) || !path) continue;
    if (std::count(pattern_groups.begin(), pattern_groups.end(), group) > 0) {
      reading->file->Error(entry.key.at, Quoted(group) + " is captured by 'pattern' and by 'capture'");
    }
    captures.push_back({std::move(entry.key.text), path->text});
  }
  return captures;
}

std::vector<FieldTest> ReadExtract(TomlTable* table, PackReading* reading) {
  std::vector<FieldTest> extracts;
  for (NamedRegex& regex : ReadRegexes("extract", table, reading)) {
    if (!IsGroupName(regex.name, reading)) continue;
    if (regex.pattern.group_count == 0) {
      reading->file->Error(
          regex.name.at,
          "the regex of " + Quoted(regex.name.text) + " in 'extract' must have a capturing group",
          "put ( ) around what is wanted");
    }
    extracts.push_back(std::move(regex.test));
  }
  return extracts;
}

// Pattern, unless, where, match, capture, extract. Returns the names of what they capture.
std::vector<std::string> ReadTests(TomlTable* table, Rule* rule, PackReading* reading) {
  std::vector<std::string> groups;
  if (std::optional<CheckedPattern> pattern = ReadRegex("pattern", table, reading)) {
    if (pattern->group_count > kMaxGroups) {
      reading->file->Error(table->Find("pattern")->source(),
                           "more than " + std::to_string(kMaxGroups) + " groups in one pattern",
                           "write (?: ) where nothing is captured");
    }
    rule->pattern = std::move(pattern->text);
    groups = std::move(pattern->groups);
  }
  if (std::optional<CheckedPattern> unless = ReadRegex("unless", table, reading)) {
    if (!unless->groups.empty()) {
      reading->file->Warn(table->Find("unless")->source(),
                          "group " + Quoted(unless->groups[0]) + " in 'unless' captures nothing");
    }
    rule->unless = std::move(unless->text);
  }
  rule->where = ReadWhere(table, reading);
  rule->match = ReadMatch(table, reading);
  rule->capture = ReadCapture(table, groups, reading);
  rule->extract = ReadExtract(table, reading);
  for (const FieldCapture& capture : rule->capture) groups.push_back(capture.group);
  for (const FieldTest& extract : rule->extract) groups.push_back(extract.path);
  return groups;
}

// What an example of the rule may expect: what it captures, the fields, and what every event has.
std::vector<std::string> Expectable(std::vector<std::string> captured) {
  captured.insert(captured.end(), FieldNames().begin(), FieldNames().end());
  captured.insert(captured.end(), {"role", "collection", "target", "reason", "state"});
  return captured;
}

void ReadConstants(TomlTable* table, Rule* rule, PackReading* reading) {
  rule->role = ReadText("role", table);
  rule->collection = ReadText("collection", table);
  rule->target = ReadText("target", table);
  rule->subject = ReadText("subject", table);
  rule->name = ReadText("name", table);
  rule->lane = table->Bool("lane").value_or(true);
  if (const std::optional<TomlString> reason = table->String("reason")) {
    rule->reason = reason->text;
    reading->parsed->reason_uses.push_back({reading->file->Place(reason->at), reason->text, ""});
  }
}

// A rule must ask for something, or it is about every record.
void RequireTest(RuleKind kind, const TomlTable& table, PackReading* reading) {
  std::vector<std::string> tests = {"pattern", "where", "match", "capture"};
  if (kind == RuleKind::kError) tests.insert(tests.end(), {"operation", "cause", "known_cause"});
  if (std::any_of(tests.begin(), tests.end(), [&](const std::string& key) { return table.Has(key); })) return;
  if (table.HasUnknownKeys()) return;  // one of them may be meant
  std::string help = "give it one of: ";
  for (size_t i = 0; i < tests.size(); ++i) help += (i > 0 ? ", " : "") + tests[i];
  reading->file->Error(table.at(), "this " + table.label() + " would match every record", help);
}

}  // namespace

Rule ReadRule(RuleKind kind, TomlTable* table, PackReading* reading) {
  Rule rule;
  rule.kind = kind;
  rule.pack = reading->parsed->pack.id;
  rule.at = reading->file->At(table->at());
  rule.id = ReadId(table, reading);
  const std::vector<std::string> expectable = Expectable(ReadTests(table, &rule, reading));
  ReadConstants(table, &rule, reading);
  rule.level = ReadLevel(kind, table, reading);
  if (kind == RuleKind::kTerminal) rule.state = ReadState(table, reading);
  if (kind == RuleKind::kError) {
    rule.operation = ReadOperation(table, reading);
    rule.cause = table->Bool("cause").value_or(false);
    rule.known_cause = table->Bool("known_cause").value_or(false);
  }
  const bool known = !rule.pattern.empty() || !table->Has("pattern");  // of a broken one, nothing is
  rule.examples = ReadExamples(table, reading, known ? &expectable : nullptr);
  RequireTest(kind, *table, reading);
  table->ReportUnknownKeys(KeysOfOtherTables());
  return rule;
}

std::optional<LevelTest> ParseLevelTest(std::string_view text) {
  if (text == "any") return LevelTest{};
  LevelTest test;
  test.compare = TakeComparison(&text);
  for (const LevelWord& word : kLevels) {
    if (text != word.name) continue;
    test.severity = word.severity;
    return test;
  }
  return std::nullopt;
}

}  // namespace gainsay
