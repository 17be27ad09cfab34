#include "rule/pack_parser.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "rule/rule_parser.h"
#include "rule/suppression_parser.h"

namespace gainsay {
namespace {

constexpr RuleKind kKinds[] = {RuleKind::kStart, RuleKind::kMention, RuleKind::kError, RuleKind::kResolution,
                               RuleKind::kTerminal};

bool ReadFormat(TomlTable* root, TomlFile* file) {
  const toml::node* format = root->Find("format");
  if (format == nullptr) {
    root->ReportMissing("format", "begin the file with format = 1");
    return true;  // what else is wrong can be said all the same
  }
  if (format->is_integer() && format->as_integer()->get() == 1) return true;
  file->Error(format->source(), "unknown format: this program reads 1", "write format = 1");
  return false;
}

// Whether the file says more than suppressions and fields, so that it needs a name.
bool HoldsRules(const TomlTable& root) {
  for (RuleKind kind : kKinds) {
    if (root.Has(KindName(kind))) return true;
  }
  return root.Has("reason") || root.Has("text");
}

void ReadHead(TomlTable* root, PackReading* reading) {
  Pack& pack = reading->parsed->pack;
  pack.id = std::filesystem::path(pack.file).stem().string();
  reading->parsed->id_place.at.file = pack.file;
  const bool must = HoldsRules(*root);
  if (std::optional<TomlString> id = must ? root->RequiredString("id") : root->String("id")) {
    reading->parsed->id_place = reading->file->Place(id->at);
    const bool lower = id->text.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos;
    if (!IsWord(id->text, "_-") || !lower) {
      reading->file->Error(id->at, "bad pack id " + Quoted(id->text),
                           "lower-case letters, digits, '_' and '-'");
    }
    pack.id = std::move(id->text);
  }
  if (std::optional<TomlString> title = must ? root->RequiredString("title") : root->String("title")) {
    pack.title = std::move(title->text);
  }
  pack.outer = root->Bool("outer").value_or(false);
}

bool IsField(const TomlString& name, const std::string& where, TomlFile* file) {
  if (FieldByName(name.text)) return true;
  file->UnknownWord(name.at, "unknown field " + Quoted(name.text) + " in " + where, name.text, FieldNames());
  return false;
}

void ReadScope(TomlTable* root, PackReading* reading) {
  for (TomlString& name : root->Strings("scope")) {
    if (IsField(name, "'scope'", reading->file)) reading->parsed->pack.scope.push_back(std::move(name.text));
  }
}

void ReadFields(TomlTable* root, PackReading* reading) {
  std::optional<TomlTable> table = root->Table("fields");
  if (!table) return;
  Pack& pack = reading->parsed->pack;
  for (const TomlEntry& entry : table->OtherEntries()) {
    std::vector<TomlString> paths =
        AsStrings(*entry.value, Quoted(entry.key.text) + " in [fields]", reading->file);
    if (!IsField(entry.key, "[fields]", reading->file)) continue;
    Field field = *FieldByName(entry.key.text);
    if (pack.outer && field == Field::kTask) field = Field::kOuterTask;
    if (pack.outer && field == Field::kRun) field = Field::kOuterRun;
    for (TomlString& path : paths) {
      pack.fields.paths[static_cast<size_t>(field)].push_back(std::move(path.text));
    }
  }
}

void CheckTextGroups(const CheckedPattern& pattern, const toml::source_region& at, TomlFile* file) {
  bool has_message = false;
  for (const std::string& group : pattern.groups) {
    IsField({group, at}, "the groups of a [[text]] pattern", file);
    has_message = has_message || group == "message";
  }
  if (has_message) return;
  file->Error(at, "this [[text]] pattern has no group 'message'",
              "put (?P<message>.*) where the message stands");
}

TextFormat ReadTextFormat(TomlTable* table, PackReading* reading) {
  TextFormat text;
  text.pack = reading->parsed->pack.id;
  text.at = reading->file->At(table->at());
  text.id = ReadId(table, reading);
  if (table->Find("pattern") == nullptr) table->ReportMissing("pattern");
  if (std::optional<CheckedPattern> pattern = ReadRegex("pattern", table, reading)) {
    CheckTextGroups(*pattern, table->Find("pattern")->source(), reading->file);
    text.pattern = std::move(pattern->text);
  }
  text.examples = ReadExamples(table, reading, &FieldNames());
  table->ReportUnknownKeys(KeysOfOtherTables());
  return text;
}

Reason ReadReason(TomlTable* table, PackReading* reading) {
  Reason reason;
  reason.pack = reading->parsed->pack.id;
  reason.at = reading->file->At(table->at());
  reason.id = ReadId(table, reading);
  const toml::node* id = table->Find("id");
  const toml::source_region& place = id != nullptr ? id->source() : table->at();
  if (reason.id == "other") reading->file->Warn(place, "reason 'other' is implied and always last");
  reading->parsed->reason_places.push_back(reading->file->Place(place));
  if (std::optional<CheckedPattern> regex = ReadRegex("pattern", table, reading))
    reason.pattern = regex->text;
  if (std::optional<CheckedPattern> regex = ReadRegex("store", table, reading)) reason.store = regex->text;
  if (!table->Has("pattern") && !table->Has("store")) {
    reading->file->Error(table->at(), "this [[reason]] matches nothing", "give it one of: pattern, store");
  }
  for (TomlString& later : table->Strings("before")) {
    reading->parsed->reason_uses.push_back({reading->file->Place(later.at), later.text, reason.id});
    reason.before.push_back(std::move(later.text));
  }
  const std::vector<std::string> none;
  reason.examples = ReadExamples(table, reading, &none);
  table->ReportUnknownKeys(KeysOfOtherTables());
  return reason;
}

void ReadTables(TomlTable* root, PackReading* reading) {
  Pack& pack = reading->parsed->pack;
  for (TomlTable& table : root->Tables("text")) pack.texts.push_back(ReadTextFormat(&table, reading));
  for (RuleKind kind : kKinds) {
    for (TomlTable& table : root->Tables(KindName(kind)))
      pack.rules.push_back(ReadRule(kind, &table, reading));
  }
  for (TomlTable& table : root->Tables("reason")) pack.reasons.push_back(ReadReason(&table, reading));
  for (TomlTable& table : root->Tables("suppress")) {
    pack.suppressions.push_back(ReadSuppression(&table, reading));
  }
  for (TomlTable& table : root->Tables("test")) pack.scenarios.push_back(ReadScenario(&table, reading));
}

// Whether the file says no more than what it is.
bool IsEmpty(const toml::table& toml) {
  return std::all_of(toml.begin(), toml.end(), [](const auto& entry) {
    const std::string_view key = entry.first.str();
    return key == "format" || key == "id" || key == "title" || key == "outer" || key == "scope";
  });
}

// False if the file is of another format.
bool ReadPack(const toml::table& toml, TomlFile* file, ParsedPack* parsed) {
  TomlTable root(toml, "", file);
  if (!ReadFormat(&root, file)) return false;
  Patterns patterns(file);
  PackReading reading{file, &patterns, parsed, {}};
  ReadHead(&root, &reading);
  ReadScope(&root, &reading);
  ReadFields(&root, &reading);
  if (std::optional<TomlTable> table = root.Table("patterns")) patterns.Define(table->OtherEntries());
  ReadTables(&root, &reading);
  patterns.WarnOfUnused();
  if (IsEmpty(toml)) file->Warn(root.at(), "nothing but a head in this file: no rules, no suppressions");
  root.ReportUnknownKeys();
  return true;
}

}  // namespace

ParsedPack ParsePackFile(std::string_view toml, const std::string& file,
                         std::vector<Diagnostic>* diagnostics) {
  ParsedPack parsed;
  parsed.pack.file = file;
  TomlFile toml_file(toml, file);
  const std::optional<toml::table> root = toml_file.Parse();
  parsed.readable = root && ReadPack(*root, &toml_file, &parsed);
  toml_file.MoveDiagnosticsTo(diagnostics);
  return parsed;
}

bool OnlyAdds(const Pack& pack) { return pack.texts.empty() && pack.rules.empty() && pack.reasons.empty(); }

}  // namespace gainsay
