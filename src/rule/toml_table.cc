#include "rule/toml_table.h"

#include <algorithm>
#include <utility>

namespace gainsay {
namespace {

constexpr int kMaxPathParts = 16;

void ReportType(const toml::node& node, const std::string& what, const std::string& wanted, TomlFile* file,
                std::string help = "") {
  file->Error(node.source(), what + " must be " + wanted + ", not " + TypeName(node), std::move(help));
}

bool ComesBefore(const TomlEntry& a, const TomlEntry& b) {
  const toml::source_position& left = a.key.at.begin;
  const toml::source_position& right = b.key.at.begin;
  return left.line != right.line ? left.line < right.line : left.column < right.column;
}

// toml++ iterates by name; whoever reads the messages reads by place.
std::vector<TomlEntry> EntriesInFileOrder(const toml::table& table) {
  std::vector<TomlEntry> entries;
  for (const auto& [key, value] : table) {
    entries.push_back({{std::string(key.str()), key.source()}, &value});
  }
  std::stable_sort(entries.begin(), entries.end(), ComesBefore);
  return entries;
}

bool IsTableLike(const toml::node& node) {
  return node.is_table() || (node.is_array() && node.as_array()->is_homogeneous(toml::node_type::table));
}

}  // namespace

TomlTable::TomlTable(const toml::table& table, std::string label, TomlFile* file)
    : table_(&table), label_(std::move(label)), file_(file) {}

std::string TomlTable::Named(std::string_view key) const {
  return label_.empty() ? Quoted(key) : Quoted(key) + " in " + label_;
}

bool TomlTable::Has(std::string_view key) const { return table_->contains(key); }

const toml::node* TomlTable::Find(std::string_view key) {
  asked_.emplace(key);
  return table_->get(key);
}

std::optional<TomlString> TomlTable::String(std::string_view key) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  return AsString(*node, Named(key), file_);
}

std::optional<TomlString> TomlTable::RequiredString(std::string_view key) {
  if (Find(key) == nullptr) ReportMissing(key);
  return String(key);
}

std::optional<bool> TomlTable::Bool(std::string_view key) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  if (node->is_boolean()) return node->as_boolean()->get();
  ReportType(*node, Named(key), "true or false", file_);
  return std::nullopt;
}

std::vector<TomlString> TomlTable::Strings(std::string_view key) {
  const toml::node* node = Find(key);
  if (node == nullptr) return {};
  const std::string what = Named(key);
  if (node->is_array()) return AsStrings(*node, what, file_);
  ReportType(*node, what, "an array of strings", file_,
             node->is_string() ? "write " + std::string(key) + " = [\"…\"]" : "");
  return {};
}

std::optional<TomlTable> TomlTable::Table(std::string_view key) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  if (node->is_table()) return TomlTable(*node->as_table(), Quoted(key), file_);
  ReportType(*node, Named(key), "a table", file_, "write " + std::string(key) + " = { … = \"…\" }");
  return std::nullopt;
}

std::vector<TomlTable> TomlTable::Tables(std::string_view key) {
  const toml::node* node = Find(key);
  if (node == nullptr) return {};
  const std::string label = "[[" + std::string(key) + "]]";
  if (!node->is_array()) {
    ReportType(*node, Quoted(key), "an array of tables", file_, "write " + label);
    return {};
  }
  std::vector<TomlTable> tables;
  for (const toml::node& element : *node->as_array()) {
    if (element.is_table()) {
      tables.emplace_back(*element.as_table(), label, file_);
    } else {
      ReportType(element, "each element of " + Quoted(key), "a table", file_);
    }
  }
  return tables;
}

std::vector<TomlEntry> TomlTable::FlatEntries(std::string_view key) {
  std::optional<TomlTable> table = Table(key);
  if (!table) return {};
  std::vector<TomlEntry> entries;
  table->Flatten(*table->table_, "", 1, &entries);
  std::stable_sort(entries.begin(), entries.end(), ComesBefore);
  return entries;
}

void TomlTable::Flatten(const toml::table& table, const std::string& prefix, int depth,
                        std::vector<TomlEntry>* out) {
  if (table.empty()) file_->Error(table.source(), label_ + " is empty");
  for (TomlEntry& entry : EntriesInFileOrder(table)) {
    if (entry.key.text.empty()) file_->Error(entry.key.at, "an empty name in " + label_);
    entry.key.text = prefix + entry.key.text;
    if (!entry.value->is_table()) {
      out->push_back(std::move(entry));
    } else if (depth == kMaxPathParts) {
      file_->Error(entry.key.at, label_ + " nests too deep");
    } else {
      Flatten(*entry.value->as_table(), entry.key.text + ".", depth + 1, out);
    }
  }
}

std::vector<TomlEntry> TomlTable::OtherEntries() {
  std::vector<TomlEntry> others;
  for (TomlEntry& entry : EntriesInFileOrder(*table_)) {
    if (asked_.count(entry.key.text) == 0) others.push_back(std::move(entry));
  }
  for (const TomlEntry& entry : others) asked_.insert(entry.key.text);
  return others;
}

void TomlTable::ReportUnknownKeys(const std::map<std::string, std::string>& elsewhere) {
  const std::vector<std::string> known(asked_.begin(), asked_.end());
  for (const TomlEntry& entry : OtherEntries()) {
    const std::string kind = label_.empty() && IsTableLike(*entry.value) ? "table" : "key";
    const std::string where = label_.empty() ? " at the top level" : " in " + label_;
    const auto other = elsewhere.find(entry.key.text);
    const std::string message = "unknown " + kind + " " + Quoted(entry.key.text) + where;
    if (other != elsewhere.end()) {
      file_->Error(entry.key.at, message, other->second);
    } else {
      file_->UnknownWord(entry.key.at, message, entry.key.text, known);
    }
  }
}

bool TomlTable::HasUnknownKeys() const {
  return std::any_of(table_->begin(), table_->end(),
                     [this](const auto& entry) { return asked_.count(entry.first.str()) == 0; });
}

void TomlTable::ReportMissing(std::string_view key, std::string help) {
  file_->Error(at(), "missing " + Named(key), std::move(help));
}

std::optional<TomlString> AsString(const toml::node& node, const std::string& what, TomlFile* file) {
  if (!node.is_string()) {
    const bool needs_quotes = !node.is_table() && !node.is_array();
    ReportType(node, what, "a string", file, needs_quotes ? "write it in quotes" : "");
    return std::nullopt;
  }
  TomlString value{node.as_string()->get(), node.source()};
  if (!value.text.empty()) return value;
  file->Error(node.source(), what + " is empty");
  return std::nullopt;
}

std::vector<TomlString> AsStrings(const toml::node& node, const std::string& what, TomlFile* file) {
  std::vector<TomlString> values;
  if (!node.is_array()) {
    if (node.is_string()) {
      if (std::optional<TomlString> one = AsString(node, what, file)) values.push_back(std::move(*one));
    } else {
      ReportType(node, what, "a string or an array of strings", file);
    }
    return values;
  }
  for (const toml::node& element : *node.as_array()) {
    std::optional<TomlString> one = AsString(element, "each element of " + what, file);
    if (one) values.push_back(std::move(*one));
  }
  return values;
}

std::optional<TomlTable> AsTable(const toml::node& node, const std::string& what, TomlFile* file) {
  if (node.is_table()) return TomlTable(*node.as_table(), what, file);
  ReportType(node, what, "a table", file);
  return std::nullopt;
}

std::optional<std::string> AsText(const toml::node& node, const std::string& what, TomlFile* file) {
  if (node.is_string()) return node.as_string()->get();
  if (node.is_integer()) return std::to_string(node.as_integer()->get());
  if (node.is_boolean()) return node.as_boolean()->get() ? "true" : "false";
  const bool needs_quotes = !node.is_table() && !node.is_array();
  ReportType(node, what, "a string, an integer or a boolean", file,
             needs_quotes ? "write it in quotes, as the log has it" : "");
  return std::nullopt;
}

std::string TypeName(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::floating_point:
      return "a float";
    case toml::node_type::boolean:
      return "a boolean";
    case toml::node_type::date:
      return "a date";
    case toml::node_type::time:
      return "a time";
    case toml::node_type::date_time:
      return "a date-time";
    case toml::node_type::none:
      break;
  }
  return "nothing";
}

}  // namespace gainsay
