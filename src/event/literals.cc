// RE2's own prefilter (FilteredRE2) knows, for a regex, an and-or tree of texts that a match contains. It is
// asked one question only: could the regex still match if none of these texts were there? A set for which the
// answer is no is what we want; starting from all texts, the commonest are given up one by one as long as the
// answer stays no.
#include "event/literals.h"

#include <re2/filtered_re2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "absl/strings/ascii.h"
#include "event/pattern_texts.h"
#include "rule/known_regex.h"
#include "rule/regex_groups.h"

namespace gainsay {
namespace {

bool IsSearchable(char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '/'; }

// How often a character stands in a log line, roughly: letters as in English prose and in JSON's keys.
double Frequency(char c) {
  static constexpr std::string_view kCommon = " etaoinsr", kUsual = "dlcumpghf:,01-_.";
  if (kCommon.find(c) != std::string_view::npos) return 0.06;
  if (kUsual.find(c) != std::string_view::npos) return 0.03;
  return 0.012;
}

// The first symbol of `text` between U+2190 and U+2BFF (arrows and the like: none of them a letter, which
// would have a case), raw and escaped.
std::vector<std::string> Symbol(std::string_view text) {
  for (size_t at = 0; at + 3 <= text.size(); ++at) {
    const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[at + i]); };
    if (byte(0) != 0xE2) continue;
    const unsigned point = 0x2000u | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu);
    if (point < 0x2190 || point > 0x2BFF) continue;
    char escaped[8];
    std::snprintf(escaped, sizeof escaped, "\\u%04x", point);
    return {std::string(text.substr(at, 3)), escaped};
  }
  return {};
}

std::vector<std::vector<std::string>> Split(std::string_view literals) {
  std::vector<std::vector<std::string>> sets;
  while (!literals.empty()) {
    std::string_view set = literals.substr(0, literals.find(kLiteralSetEnd));
    literals.remove_prefix(set.size() + 1);
    sets.emplace_back();
    while (!set.empty()) {
      const std::string_view literal = set.substr(0, set.find(kLiteralEnd));
      sets.back().emplace_back(literal);
      set.remove_prefix(literal.size() + 1);
    }
  }
  return sets;
}

}  // namespace

double LiteralCost(std::string_view literal) {
  static const std::array<double, 256> kRoots = [] {
    std::array<double, 256> roots;
    for (size_t i = 0; i < roots.size(); ++i) roots[i] = std::sqrt(Frequency(static_cast<char>(i)));
    return roots;
  }();
  if (literal.empty()) return 1;
  double cost = Frequency(literal[0]);
  // Inside a word one letter makes the next likelier; after ten letters nothing is gained.
  for (const char c : literal.substr(1, 9)) cost *= kRoots[static_cast<unsigned char>(c)];
  return cost;
}

std::vector<std::string> SearchableParts(std::string_view text) {
  std::string best;
  double best_cost = 0;
  for (size_t begin = 0; begin < text.size();) {
    size_t end = begin;
    while (end < text.size() && IsSearchable(text[end])) ++end;
    std::string part(text.substr(begin, end - begin));
    absl::AsciiStrToLower(&part);
    const double cost = LiteralCost(part);
    if (part.size() >= kMinLiteral && (best.empty() || cost < best_cost)) {
      best = std::move(part);
      best_cost = cost;
    }
    begin = end + 1;
  }
  if (!best.empty()) return {best};
  // A terminal's escape, raw or as JSON writes it.
  if (text.find('\x1b') != std::string_view::npos) return {"\x1b[", "\\u001b"};
  return Symbol(text);
}

namespace {

// Where the group at the begin of `regex` ends, if it only groups; else 0.
size_t PlainGroup(std::string_view regex) {
  if (!regex.starts_with("(?")) return 0;
  const size_t colon = regex.find_first_of(":)<");
  return colon == std::string_view::npos || regex[colon] != ':' ? 0 : colon + 1;
}

}  // namespace

// Flags may be left out: literals are found without regard to case.
std::vector<std::string> Alternatives(const std::string& regex) {
  if (regex.find("\\Q") != std::string::npos) return {regex};
  std::vector<size_t> borders;
  int depth = 0;
  size_t first_close = 0;  // of the group that the regex begins with
  WalkGroups(regex, 0, [&](size_t at) {
    depth += regex[at] == '(' ? 1 : regex[at] == ')' ? -1 : 0;
    if (depth == 0 && first_close == 0 && regex[at] == ')') first_close = at;
    if (depth == 0 && regex[at] == '|') borders.push_back(at);
    return depth >= 0;
  });
  if (borders.empty()) {
    const size_t inside = PlainGroup(regex);
    if (inside == 0 || first_close + 1 != regex.size()) return {regex};
    return Alternatives(regex.substr(inside, first_close - inside));
  }
  std::vector<std::string> alternatives;
  borders.push_back(regex.size());
  size_t begin = 0;
  for (const size_t end : borders) {
    for (std::string& part : Alternatives(regex.substr(begin, end - begin))) {
      alternatives.push_back(std::move(part));
    }
    begin = end + 1;
  }
  return alternatives;
}

namespace {

// Without those of its negated classes that name the newline, as "[^\"\n]".
std::string WithoutLineClasses(std::string_view regex) {
  std::string rest;
  for (size_t at = 0; at < regex.size(); ++at) {
    if (regex[at] == '\\' && at + 1 < regex.size()) {
      rest += regex.substr(at++, 2);
      continue;
    }
    rest += regex[at];
    if (regex[at] != '[') continue;
    // An escape's second character is none of the class's end.
    size_t end = at + (regex.substr(at + 1, 1) == "^" ? 2 : 1);
    const size_t first = end;
    while (end < regex.size() && (regex[end] != ']' || end == first)) end += regex[end] == '\\' ? 2 : 1;
    const std::string_view inside = regex.substr(first, std::min(end, regex.size()) - first);
    const bool names = inside.find("\\n") != std::string_view::npos &&
                       inside.find("\\\\") == std::string_view::npos &&
                       inside.find("[:") == std::string_view::npos;
    if (first == at + 1 || !names) {
      rest += regex.substr(at + 1, end - at);
    } else {
      rest += ']';
    }
    at = end;
  }
  return rest;
}

}  // namespace

bool MayMatchNewline(std::string_view regex) {
  constexpr std::string_view kSigns[] = {"\\s", "\\W", "\\D", "\\n", "\\v", "\\C", "\\x", "\\0", "\\1",
                                         "\\P", "\\p", "[^",  "[[:", "\n",  "(?s", "\\r", "\\Q"};
  const std::string rest = WithoutLineClasses(regex);
  return std::any_of(std::begin(kSigns), std::end(kSigns),
                     [&rest](std::string_view sign) { return rest.find(sign) != std::string::npos; });
}

std::vector<std::vector<std::string>> RequiredLiterals(const std::string& regex) {
  if (const KnownRegex* known = FindKnownRegex(regex)) return Split(known->literals);
  return FindRequiredLiterals(regex);
}

namespace {

using Literals = std::vector<std::string>;

double CostOf(const Literals& literals) {
  double cost = 0;
  for (const std::string& literal : literals) cost += LiteralCost(literal);
  return cost;
}

// What RE2 knows.
std::vector<Literals> SetsOf(const std::string& regex) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(int64_t{64} << 20);
  re2::FilteredRE2 filter(/*min_atom_len=*/2);
  int id = 0;
  if (filter.Add(regex, options, &id) != RE2::NoError) return {};
  std::vector<std::string> atoms;
  filter.Compile(&atoms);
  std::vector<Literals> parts;
  for (const std::string& atom : atoms) parts.push_back(SearchableParts(atom));
  const auto cost = [&parts](int i) { return CostOf(parts[static_cast<size_t>(i)]); };
  std::vector<int> order, given_up, potentials;
  for (int i = 0; i < static_cast<int>(atoms.size()); ++i) {
    (parts[static_cast<size_t>(i)].empty() ? given_up : order).push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](int a, int b) { return cost(a) > cost(b); });
  const auto could_match = [&] {
    filter.AllPotentials(given_up, &potentials);
    return !potentials.empty();
  };

  std::vector<Literals> sets;
  while (sets.size() < kMaxSets && !order.empty() && !could_match()) {
    std::vector<int> needed;
    for (const int atom : order) {
      given_up.push_back(atom);
      if (!could_match()) continue;
      given_up.pop_back();
      needed.push_back(atom);
    }
    Literals set;
    for (const int atom : needed) {
      const Literals& found = parts[static_cast<size_t>(atom)];
      set.insert(set.end(), found.begin(), found.end());
    }
    std::sort(set.begin(), set.end());
    set.erase(std::unique(set.begin(), set.end()), set.end());
    sets.push_back(std::move(set));
    // The next set has to do without these.
    std::vector<int> rest;
    for (const int atom : order) {
      if (std::find(needed.begin(), needed.end(), atom) == needed.end()) rest.push_back(atom);
    }
    for (const int atom : rest) given_up.erase(std::find(given_up.begin(), given_up.end(), atom));
    given_up.insert(given_up.end(), needed.begin(), needed.end());
    order = std::move(rest);
  }
  return sets;
}

}  // namespace

// RE2 multiplies few texts out. Where its own are common ones, more are tried.
std::vector<std::vector<std::string>> FindRequiredLiterals(const std::string& regex) {
  constexpr double kRare = 1e-5, kWorthIt = 0.2;
  std::vector<Literals> sets = SetsOf(regex);
  const double cost = sets.empty() ? 1 : CostOf(sets[0]);
  if (cost < kRare) return sets;
  Literals more = PatternTexts(regex, kMostTexts);
  if (more.empty() || CostOf(more) > cost * kWorthIt) return sets;
  sets.insert(sets.begin(), std::move(more));
  if (sets.size() > kMaxSets) sets.pop_back();
  return sets;
}

}  // namespace gainsay
