#include "rule/pack_reading.h"

#include <algorithm>
#include <utility>

namespace gainsay {
namespace {

// Whether an example may expect a value of this name.
bool IsExpectable(const TomlString& name, const std::vector<std::string>* names, PackReading* reading) {
  if (names == nullptr || std::count(names->begin(), names->end(), name.text) > 0) return true;
  const std::string message =
      names->empty() ? "unknown key " + Quoted(name.text) + " in an example of a [[reason]]"
                     : "an example expects " + Quoted(name.text) + ", which this rule never gives";
  std::vector<std::string> keys = {"log", "match"};
  keys.insert(keys.end(), names->begin(), names->end());
  reading->file->UnknownWord(name.at, message, name.text, keys);
  return false;
}

Example ReadExample(TomlTable* table, const std::vector<std::string>* names, PackReading* reading) {
  Example example;
  example.at = reading->file->At(table->at());
  if (!table->Has("log")) table->ReportMissing("log", "log = '…' is a line as it stands in the log");
  if (std::optional<TomlString> log = table->String("log")) example.log = std::move(log->text);
  example.match = table->Bool("match").value_or(true);
  for (const TomlEntry& entry : table->OtherEntries()) {
    std::optional<std::string> text =
        AsText(*entry.value, Quoted(entry.key.text) + " in an example", reading->file);
    if (IsExpectable(entry.key, names, reading) && text) example.expect[entry.key.text] = std::move(*text);
  }
  if (!example.match && !example.expect.empty()) {
    reading->file->Warn(table->at(), "an example that must not match expects values");
  }
  return example;
}

// Whether a test may ask for `name`.
bool IsKnown(const TomlString& name, std::string_view key, const std::vector<std::string>* names,
             PackReading* reading) {
  if (names == nullptr || std::count(names->begin(), names->end(), name.text) > 0) return true;
  reading->file->UnknownWord(name.at, "unknown key " + Quoted(name.text) + " in " + Quoted(key), name.text,
                             *names);
  return false;
}

}  // namespace

bool IsWord(std::string_view text, std::string_view marks) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != std::string_view::npos;
  });
}

std::string ReadUnique(std::string_view key, TomlTable* table, PackReading* reading) {
  const std::optional<TomlString> value = table->RequiredString(key);
  if (!value) return "";
  const int line = static_cast<int>(value->at.begin.line);
  const auto [first, is_new] = reading->ids[table->label()].emplace(value->text, line);
  if (!is_new) {
    reading->file->Error(value->at,
                         "duplicate " + std::string(key) + " " + Quoted(value->text) + " in " +
                             table->label() + ", first on line " + std::to_string(first->second),
                         "it is the name that reports show: give each its own");
  }
  return value->text;
}

std::string ReadId(TomlTable* table, PackReading* reading) {
  std::string id = ReadUnique("id", table, reading);
  if (!id.empty() && !IsWord(id, "_-.:")) {
    reading->file->Error(table->Find("id")->source(), "bad id " + Quoted(id),
                         "letters, digits, '_', '-', '.' and ':'");
  }
  return id;
}

std::string ReadText(std::string_view key, TomlTable* table) {
  std::optional<TomlString> value = table->String(key);
  return value ? std::move(value->text) : "";
}

std::optional<CheckedPattern> ReadRegex(std::string_view key, TomlTable* table, PackReading* reading) {
  const std::optional<TomlString> value = table->String(key);
  return value ? reading->patterns->Check(*value) : std::nullopt;
}

std::vector<FieldTest> ReadWhere(TomlTable* table, PackReading* reading,
                                 const std::vector<std::string>* names) {
  std::vector<FieldTest> tests;
  for (TomlEntry& entry : table->FlatEntries("where")) {
    std::optional<std::string> text =
        AsText(*entry.value, Quoted(entry.key.text) + " in 'where'", reading->file);
    if (!IsKnown(entry.key, "where", names, reading) || !text) continue;
    tests.push_back({std::move(entry.key.text), std::move(*text), reading->file->At(entry.key.at)});
  }
  return tests;
}

std::vector<NamedRegex> ReadRegexes(std::string_view key, TomlTable* table, PackReading* reading,
                                    const std::vector<std::string>* names) {
  std::vector<NamedRegex> regexes;
  for (TomlEntry& entry : table->FlatEntries(key)) {
    const std::string what = Quoted(entry.key.text) + " in " + Quoted(key);
    const std::optional<TomlString> value = AsString(*entry.value, what, reading->file);
    std::optional<CheckedPattern> pattern = value ? reading->patterns->Check(*value) : std::nullopt;
    if (!IsKnown(entry.key, key, names, reading) || !pattern) continue;
    FieldTest test{entry.key.text, pattern->text, reading->file->At(value->at)};
    regexes.push_back({std::move(entry.key), std::move(test), std::move(*pattern)});
  }
  return regexes;
}

std::vector<FieldTest> ReadMatch(TomlTable* table, PackReading* reading,
                                 const std::vector<std::string>* names) {
  std::vector<FieldTest> tests;
  for (NamedRegex& regex : ReadRegexes("match", table, reading, names)) {
    if (!regex.pattern.groups.empty()) {
      reading->file->Warn(regex.name.at,
                          "group " + Quoted(regex.pattern.groups[0]) + " in 'match' captures nothing",
                          "only the groups of 'pattern' do; 'capture' and 'extract' take fields");
    }
    tests.push_back(std::move(regex.test));
  }
  return tests;
}

std::vector<Example> ReadExamples(TomlTable* table, PackReading* reading,
                                  const std::vector<std::string>* names) {
  std::vector<Example> examples;
  const toml::node* node = table->Find("examples");
  if (node != nullptr && !node->is_array()) {
    reading->file->Error(node->source(), "'examples' must be an array of tables, not " + TypeName(*node),
                         "write examples = [{ log = '…' }]");
    return {};
  }
  if (node != nullptr) {
    for (const toml::node& element : *node->as_array()) {
      if (element.is_string()) {
        reading->file->Error(element.source(), "an example must be a table, not a string",
                             "write examples = [{ log = '…' }]");
        continue;
      }
      std::optional<TomlTable> example = AsTable(element, "an example", reading->file);
      if (example) examples.push_back(ReadExample(&*example, names, reading));
    }
  }
  return examples;
}

const std::vector<std::string>& FieldNames() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (size_t i = 0; i < kNamedFieldCount; ++i) names.emplace_back(FieldName(static_cast<Field>(i)));
    return names;
  }();
  return kNames;
}

const std::map<std::string, std::string>& KeysOfOtherTables() {
  static const std::map<std::string, std::string> kKeys = {
      {"state", "only [[terminal]] takes 'state'"}, {"operation", "only [[error]] takes 'operation'"},
      {"cause", "only [[error]] takes 'cause'"},    {"known_cause", "only [[error]] takes 'known_cause'"},
      {"before", "only [[reason]] takes 'before'"}, {"store", "only [[reason]] takes 'store'"},
      {"why", "only [[suppress]] takes 'why'"},     {"expires", "only [[suppress]] takes 'expires'"},
      {"expect", "only [[test]] takes 'expect'"}};
  return kKeys;
}

}  // namespace gainsay
