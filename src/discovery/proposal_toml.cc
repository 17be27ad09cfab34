// A proposal as TOML. Regexes and most lines of a log stand in literal strings; what these can't hold
// (quotes, control characters) is written as a basic string with escapes, so nothing of a log gets out of it.
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "discovery/proposal.h"
#include "report/escape.h"

namespace gainsay {
namespace {

// JSON's escapes are TOML's as well.
std::string Text(std::string_view text) {
  const bool plain = text.find('\'') == std::string_view::npos && EscapeText(text) == text;
  return plain ? "'" + std::string(text) + "'" : JsonString(text);
}

std::string Comment(std::string_view text) { return "# " + EscapeText(text) + '\n'; }

bool IsBareKey(std::string_view key) {
  for (const char c : key) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (!plain) return false;
  }
  return !key.empty();
}

std::string Key(std::string_view key) { return IsBareKey(key) ? std::string(key) : JsonString(key); }

std::string InlineTable(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::string out = "{ ";
  for (size_t i = 0; i < entries.size(); ++i) {
    out += (i > 0 ? ", " : "") + Key(entries[i].first) + " = " + Text(entries[i].second);
  }
  return out + " }";
}

std::string Examples(const std::vector<ProposedExample>& examples) {
  std::string out = "examples = [\n";
  for (const ProposedExample& example : examples) {
    out += "  { log = " + Text(example.log);
    if (!example.match) out += ", match = false";
    for (const auto& [key, value] : example.expect) out += ", " + Key(key) + " = " + Text(value);
    out += " },\n";
  }
  return out + "]\n";
}

std::string RuleText(const ProposedRule& rule) {
  std::string out = "[[" + std::string(KindName(rule.kind)) + "]]\n";
  out += "id       = " + Text(rule.id) + "\n";
  if (!rule.state.empty()) out += "state    = " + Text(rule.state) + "\n";
  if (!rule.pattern.empty()) out += "pattern  = " + Text(rule.pattern) + "\n";
  if (!rule.where.empty()) out += "where    = " + InlineTable(rule.where) + "\n";
  if (!rule.capture.empty()) out += "capture  = " + InlineTable(rule.capture) + "\n";
  if (!rule.lane) out += "lane     = false\n";
  if (rule.write) out += "operation = 'write'\n";
  if (rule.role) out += "extract  = { role = '(?i)\\b(primary|secondary|shadow|mirror|replica)\\b' }\n";
  return out + Examples(rule.examples);
}

std::string Commented(const std::string& text) {
  std::string out;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = text.find('\n', begin);
    out += Comment(std::string_view(text).substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

std::string Fields(const Proposal& proposal) {
  if (proposal.fields.empty()) return "";
  std::string out = "\n[fields]\n";
  for (const auto& [name, paths] : proposal.fields) {
    out += name + " = [";
    for (size_t i = 0; i < paths.size(); ++i) out += (i > 0 ? ", " : "") + Text(paths[i]);
    out += "]\n";
  }
  return out;
}

// The pieces of regexes that the rules make use of.
std::string Patterns(const Proposal& proposal) {
  constexpr std::pair<const char*, const char*> kPatterns[] = {
      {"id", "[\\w\\pL.:@/+-]*\\d(?:[\\w\\pL.:@/+-]*[\\w\\pL])?"},
      {"name", "[^\\s\\[\\](){}\"]+"},
      {"uuid", "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"},
  };
  std::string used;
  for (const ProposedText& text : proposal.texts) used += text.pattern;
  for (const ProposedRule& rule : proposal.rules) used += rule.sure ? rule.pattern : "";
  std::string out;
  for (const auto& [name, regex] : kPatterns) {
    if (used.find(std::string("%{") + name + "}") == std::string::npos) continue;
    out += std::string(name) + std::string(4 - std::strlen(name), ' ') + " = " + Text(regex) + "\n";
  }
  return out.empty() ? "" : "\n[patterns]\n" + out;
}

}  // namespace

std::string WriteToml(const Proposal& proposal) {
  std::string out =
      Comment("Proposed by gainsay discover; look at each rule before you trust it. What it saw:");
  for (const std::string& finding : proposal.findings) out += Comment("- " + finding);
  out += "\nformat = 1\nid     = 'discovered'\ntitle  = " + Text(proposal.title) + "\n" + Fields(proposal);
  std::string rules;
  for (const ProposedText& text : proposal.texts) {
    rules += "\n" + Comment(text.comment) + "[[text]]\nid       = " + Text(text.id) +
             "\npattern  = " + Text(text.pattern) + "\n" + Examples(text.examples);
  }
  for (const ProposedRule& rule : proposal.rules) {
    rules += '\n';
    if (!rule.sure) rules += Comment("perhaps:");
    for (const std::string& comment : rule.comments) rules += Comment(comment);
    rules += rule.sure ? RuleText(rule) : Commented(RuleText(rule));
  }
  return out + Patterns(proposal) + rules;
}

}  // namespace gainsay
