// What the readers of a pack's parts share: the file, its patterns, what was read so far, and how ids,
// examples, regexes and field tests are read wherever they stand.
#ifndef GAINSAY_RULE_PACK_READING_H_
#define GAINSAY_RULE_PACK_READING_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rule/patterns.h"
#include "rule/rule.h"
#include "rule/toml_file.h"
#include "rule/toml_table.h"

namespace gainsay {

// Where a pack names a reason; whether that is one only the whole set tells.
struct ReasonUse {
  Diagnostic place;
  std::string reason;
  std::string before_of;  // the reason in whose `before` it stands; "" = a rule's `reason`
};

struct ParsedPack {
  Pack pack;
  bool readable = true;  // false: no TOML, or of another format; nothing is known about it
  Diagnostic id_place;
  std::vector<Diagnostic> reason_places;  // one for each of pack.reasons
  std::vector<ReasonUse> reason_uses;
};

struct PackReading {
  TomlFile* file;
  Patterns* patterns;
  ParsedPack* parsed;
  std::map<std::string, std::map<std::string, int>> ids;  // table label -> id -> line
};

// Letters, digits and `marks`, not empty.
bool IsWord(std::string_view text, std::string_view marks);

// The value of a required `key` that no table of this kind had before; "" if there is none.
std::string ReadUnique(std::string_view key, TomlTable* table, PackReading* reading);
std::string ReadId(TomlTable* table, PackReading* reading);

std::string ReadText(std::string_view key, TomlTable* table);  // "" = none
std::optional<CheckedPattern> ReadRegex(std::string_view key, TomlTable* table, PackReading* reading);

// With `names`, no other may be tested.
std::vector<FieldTest> ReadWhere(TomlTable* table, PackReading* reading,
                                 const std::vector<std::string>* names = nullptr);
// Regexes by name, each with its place and groups: `match` and `extract`.
struct NamedRegex {
  TomlString name;
  FieldTest test;
  CheckedPattern pattern;
};
std::vector<NamedRegex> ReadRegexes(std::string_view key, TomlTable* table, PackReading* reading,
                                    const std::vector<std::string>* names = nullptr);
// `match`: its groups capture nothing, which is warned of.
std::vector<FieldTest> ReadMatch(TomlTable* table, PackReading* reading,
                                 const std::vector<std::string>* names = nullptr);

// `examples`. With `names`, no other value may be expected of them.
std::vector<Example> ReadExamples(TomlTable* table, PackReading* reading,
                                  const std::vector<std::string>* names = nullptr);

// The names of all fields.
const std::vector<std::string>& FieldNames();

// Keys that only some tables take, and which: the help for a key in the wrong place.
const std::map<std::string, std::string>& KeysOfOtherTables();

}  // namespace gainsay

#endif  // GAINSAY_RULE_PACK_READING_H_
