// A strict view of a TOML table: it knows which keys were asked for, so whatever nobody asked
// for is an unknown key, and what was asked for is what could have been meant.
//
//   TomlTable rule(table, "[[error]]", &file);
//   std::optional<TomlString> id = rule.RequiredString("id");
//   rule.ReportUnknownKeys();
//
// Values of a wrong type are reported and then as if they were missing.
#ifndef GAINSAY_RULE_TOML_TABLE_H_
#define GAINSAY_RULE_TOML_TABLE_H_

#include <toml++/toml.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rule/toml_file.h"

namespace gainsay {

struct TomlString {
  std::string text;
  toml::source_region at;
};

struct TomlEntry {
  TomlString key;
  const toml::node* value;  // never null
};

class TomlTable {
 public:
  // `label` names the table in messages: "[[error]]", "'where'".
  TomlTable(const toml::table& table, std::string label, TomlFile* file);

  const std::string& label() const { return label_; }
  const toml::source_region& at() const { return table_->source(); }
  bool empty() const { return table_->empty(); }

  bool Has(std::string_view key) const;          // does not count as asking
  const toml::node* Find(std::string_view key);  // null if it is missing

  std::optional<TomlString> String(std::string_view key);          // an empty one is an error
  std::optional<TomlString> RequiredString(std::string_view key);  // so is a missing one
  std::optional<bool> Bool(std::string_view key);
  std::vector<TomlString> Strings(std::string_view key);  // an array of strings
  std::optional<TomlTable> Table(std::string_view key);
  std::vector<TomlTable> Tables(std::string_view key);  // [[key]]
  // The table under `key` with nested tables joined by dots: `{ a.b = 1 }` gives "a.b".
  std::vector<TomlEntry> FlatEntries(std::string_view key);

  // What nobody has asked for so far, in file order; it counts as asked for from now on.
  std::vector<TomlEntry> OtherEntries();

  // An error for each key that nobody has asked for. `elsewhere` says which tables take a key.
  void ReportUnknownKeys(const std::map<std::string, std::string>& elsewhere = {});
  bool HasUnknownKeys() const;  // that nobody has asked for so far
  void ReportMissing(std::string_view key, std::string help = "");

 private:
  std::string Named(std::string_view key) const;  // how messages name a key
  void Flatten(const toml::table& table, const std::string& prefix, int depth, std::vector<TomlEntry>* out);

  const toml::table* table_;
  std::string label_;
  TomlFile* file_;
  std::set<std::string, std::less<>> asked_;
};

// Each reports a value of another type; `what` names it ("'pattern' in [[error]]").
std::optional<TomlString> AsString(const toml::node& node, const std::string& what, TomlFile* file);
std::vector<TomlString> AsStrings(const toml::node& node, const std::string& what, TomlFile* file);
std::optional<TomlTable> AsTable(const toml::node& node, const std::string& what, TomlFile* file);
// A string, an integer or a boolean as text, as JSON would write it without quotes.
std::optional<std::string> AsText(const toml::node& node, const std::string& what, TomlFile* file);

// "an integer", "a table", …
std::string TypeName(const toml::node& node);

}  // namespace gainsay

#endif  // GAINSAY_RULE_TOML_TABLE_H_
