// Pieces are resolved depth first, each once: a piece that is met again while it is still open is a circle,
// and `path` holds the names that lead round it. What may go wrong with a piece is said at the piece; whoever
// uses a broken one just breaks too, in silence. RE2 is asked only whether it takes a regex: event/ and
// record/ compile for themselves. Sizes are limited, since pieces of pieces can grow exponentially.
#include "rule/patterns.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

namespace gainsay {
namespace {

constexpr size_t kMaxRegexBytes = 64 << 10;
constexpr size_t kMaxPackBytes = 8 << 20;
constexpr size_t kMaxNesting = 32;
constexpr size_t kMaxErrorBytes = 120;

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsNameChar(char c) { return IsLetter(c) || (c >= '0' && c <= '9') || c == '-'; }

bool IsName(std::string_view name) {
  return !name.empty() && IsLetter(name[0]) && std::all_of(name.begin(), name.end(), IsNameChar);
}

// A `%{name}` in a regex. `%{2}` is a quantifier and `\%{` a literal: neither is one.
struct Use {
  size_t begin = 0, end = 0;
  std::string_view name;
};

std::optional<Use> UseAt(std::string_view regex, size_t at) {
  if (regex.substr(at, 2) != "%{") return std::nullopt;
  size_t end = at + 2;
  while (end < regex.size() && (IsNameChar(regex[end]) || regex[end] == ' ' || regex[end] == '.')) ++end;
  if (end == regex.size() || regex[end] != '}') return std::nullopt;
  const std::string_view name = regex.substr(at + 2, end - at - 2);
  if (std::none_of(name.begin(), name.end(), IsLetter)) return std::nullopt;
  return Use{at, end + 1, name};
}

std::optional<Use> NextUse(std::string_view regex, size_t from) {
  for (size_t i = from; i < regex.size(); ++i) {
    if (regex[i] == '\\') {
      ++i;
    } else if (std::optional<Use> use = UseAt(regex, i)) {
      return use;
    }
  }
  return std::nullopt;
}

// What RE2 takes instead of what other engines know.
std::string Re2Help(const RE2& regex) {
  const std::string& part = regex.error_arg();
  const auto begins = [&](std::string_view s) { return std::string_view(part).substr(0, s.size()) == s; };
  if (begins("(?=") || begins("(?!")) {
    return "RE2 has no lookahead: match what follows outside the group, or rule lines out with 'unless'";
  }
  if (begins("(?<")) {  // all that RE2 tells of `(?<=`, `(?<!` and `(?<name>`
    const size_t next = regex.pattern().find("(?<") + 3;
    const char c = next < regex.pattern().size() ? regex.pattern()[next] : '\0';
    if (c != '=' && c != '!') return "RE2 names groups like (?P<name>…)";
    return "RE2 has no lookbehind: match what stands before, and put a named group around what you want";
  }
  const bool by_name = part == "(?P" && regex.pattern().find("(?P=") != std::string::npos;
  if (by_name || begins("\\k") || (part.size() == 2 && part[0] == '\\' && part[1] >= '1' && part[1] <= '9')) {
    return "RE2 has no backreferences: write the text out twice";
  }
  if (regex.error_code() == RE2::ErrorMissingParen) return "a parenthesis that is text is written \\( or \\)";
  if (regex.error_code() == RE2::ErrorMissingBracket) return "a bracket that is text is written \\[";
  if (begins("(?>")) return "RE2 never backtracks, so it needs no atomic groups: write (?:…)";
  if (begins("\\Z")) return "write \\z";
  if (regex.error_code() == RE2::ErrorRepeatOp && part.size() == 2 && part[1] == '+') {
    return "RE2 never backtracks, so it needs no possessive quantifiers: leave out the second '+'";
  }
  return "";
}

std::string JoinPath(const std::vector<std::string>& path, std::string_view name) {
  const auto first = std::find(path.begin(), path.end(), name);
  std::string joined;
  for (auto it = first; it != path.end(); ++it) joined += *it + " -> ";
  return joined + std::string(name);
}

// Whether RE2 takes the regex; if so, its groups are filled in.
bool Compile(const TomlString& written, CheckedPattern* pattern, TomlFile* file) {
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(64 << 20);
  const RE2 regex(pattern->text, options);
  if (!regex.ok()) {
    // RE2 quotes the rest of the regex in some of its messages.
    std::string error = regex.error();
    if (error.size() > kMaxErrorBytes) error = error.substr(0, kMaxErrorBytes) + "...";
    file->Error(written.at, "bad regex: " + error, Re2Help(regex));
    return false;
  }
  pattern->group_count = regex.NumberOfCapturingGroups();
  for (const auto& [index, name] : regex.CapturingGroupNames()) pattern->groups.push_back(name);
  return true;
}

// RE2 itself takes two groups of one name.
bool HasDuplicateGroups(const TomlString& written, std::vector<std::string> groups, TomlFile* file) {
  std::sort(groups.begin(), groups.end());
  const auto twice = std::adjacent_find(groups.begin(), groups.end());
  if (twice == groups.end()) return false;
  file->Error(written.at, "two groups named " + Quoted(*twice) + " in one regex",
              "give each its own name, or make two rules of the alternatives");
  return true;
}

}  // namespace

void Patterns::Define(const std::vector<TomlEntry>& entries) {
  for (const TomlEntry& entry : entries) {
    const std::string& name = entry.key.text;
    if (!IsName(name)) {
      file_->Error(entry.key.at, "bad pattern name " + Quoted(name),
                   "letters, digits, '_' and '-', beginning with a letter");
      continue;
    }
    std::optional<TomlString> regex = AsString(*entry.value, "pattern " + Quoted(name), file_);
    Piece piece{entry.key, regex.value_or(TomlString{}), "", regex ? Progress::kNew : Progress::kBroken,
                false};
    pieces_.emplace(name, std::move(piece));
  }
  for (const auto& [name, piece] : pieces_) names_.push_back(name);
  for (const TomlEntry& entry : entries) {
    const auto it = pieces_.find(entry.key.text);
    std::vector<std::string> path;
    if (it != pieces_.end() && it->second.progress == Progress::kNew) Resolve(&it->second, &path);
  }
  for (auto& [name, piece] : pieces_) {
    if (piece.progress == Progress::kBroken) piece.used = true;  // one complaint is enough
  }
}

std::optional<CheckedPattern> Patterns::Check(const TomlString& regex) {
  std::vector<std::string> path;
  return Check(regex, &path);
}

std::optional<CheckedPattern> Patterns::Check(const TomlString& regex, std::vector<std::string>* path) {
  std::optional<std::string> text = Expand(regex, path);
  if (!text) return std::nullopt;
  CheckedPattern pattern{std::move(*text), {}, 0};
  if (!Compile(regex, &pattern, file_)) return std::nullopt;
  if (HasDuplicateGroups(regex, pattern.groups, file_)) return std::nullopt;
  return pattern;
}

std::optional<std::string> Patterns::Expand(const TomlString& regex, std::vector<std::string>* path) {
  const std::string_view raw = regex.text;
  std::string out;
  bool ok = true;
  size_t from = 0;
  while (const std::optional<Use> use = NextUse(raw, from)) {
    const std::string* piece = Find(use->name, regex, path);
    if (piece != nullptr && ok) {
      out.append(raw.substr(from, use->begin - from)).append("(?:").append(*piece).append(")");
    }
    ok = ok && piece != nullptr;
    from = use->end;
    if (out.size() > kMaxRegexBytes) break;
  }
  if (!ok) return std::nullopt;
  out.append(raw.substr(from));
  return Spend(regex, out.size()) ? std::optional(std::move(out)) : std::nullopt;
}

// The expanded text of a piece that `user` names; null if it is unknown or broken.
const std::string* Patterns::Find(std::string_view name, const TomlString& user,
                                  std::vector<std::string>* path) {
  const auto it = pieces_.find(name);
  if (it == pieces_.end()) {
    file_->UnknownWord(user.at, "unknown pattern " + Quoted("%{" + std::string(name) + "}"), name, names_);
    return nullptr;
  }
  Piece& piece = it->second;
  piece.used = true;
  if (piece.progress == Progress::kOpen) {
    file_->Error(user.at, "pattern " + Quoted(name) + " is circular: " + JoinPath(*path, name),
                 "one of them must do without the others");
    return nullptr;
  }
  if (piece.progress == Progress::kNew && path->size() >= kMaxNesting) {
    file_->Error(user.at, "patterns nest deeper than " + std::to_string(kMaxNesting));
    return nullptr;
  }
  if (piece.progress == Progress::kNew) Resolve(&piece, path);
  return piece.progress == Progress::kDone ? &piece.expanded : nullptr;
}

void Patterns::Resolve(Piece* piece, std::vector<std::string>* path) {
  piece->progress = Progress::kOpen;
  path->push_back(piece->name.text);
  std::optional<CheckedPattern> checked = Check(piece->regex, path);
  path->pop_back();
  piece->progress = checked ? Progress::kDone : Progress::kBroken;
  if (checked) piece->expanded = std::move(checked->text);
}

// Whether there is room for an expanded regex.
bool Patterns::Spend(const TomlString& regex, size_t bytes) {
  if (bytes > kMaxRegexBytes) {
    file_->Error(regex.at, "this regex is longer than " + std::to_string(kMaxRegexBytes) + " bytes");
    return false;
  }
  spent_bytes_ += bytes;
  if (spent_bytes_ <= kMaxPackBytes) return true;
  file_->Error(regex.at, "the regexes of this file are longer than " + std::to_string(kMaxPackBytes) +
                             " bytes together");
  return false;
}

void Patterns::WarnOfUnused() {
  for (const auto& [name, piece] : pieces_) {
    if (!piece.used) file_->Warn(piece.name.at, "pattern " + Quoted(name) + " is never used");
  }
}

}  // namespace gainsay
