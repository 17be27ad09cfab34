// A rule's event needs its pattern, each of its field tests and each of its captures, so one of these is
// enough to look for: the one whose literals are rarest. Rules for lifecycle events and recoveries are told
// by their literals, rules for write errors by their level: almost every line says that nothing is wrong with
// it, and says so at the same key. And a write error has a word for a failure or a cause that is known, which
// most lines have not, whatever their level. Plain text is read.
#include "event/prefilter.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "event/failure_signs.h"
#include "event/literals.h"
#include "event/raw_match.h"
#include "record/severity.h"

namespace gainsay {
namespace {

using Literals = std::vector<std::string>;

double CostOf(const Literals& literals) {
  double cost = 0;
  for (const std::string& literal : literals) cost += LiteralCost(literal);
  return cost;
}

// What an event needs, as it becomes known.
class Needs {
 public:
  void Offer(Literals literals) {
    if (!literals.empty()) conditions_.push_back({std::move(literals), false});
  }
  // `in_value`: what it matches is a part of one value.
  void OfferRegex(const std::string& regex, bool in_value) {
    std::vector<Literals> sets = RequiredLiterals(regex);
    if (sets.empty()) return;
    const auto unbound = in_value ? std::make_shared<const UnboundRegex>(regex) : nullptr;
    for (Literals& literals : sets) conditions_.push_back({std::move(literals), false, false, unbound});
  }
  void OfferExact(Literals literals) {
    if (!literals.empty()) conditions_.push_back({std::move(literals), true});
  }
  void OfferText(const std::string& text) {
    const Literals parts = SearchableParts(text);
    if (parts.size() != 1) return Offer(parts);
    // In the case in which it stands in the text.
    const auto same = [](char a, char b) {
      return absl::ascii_tolower(static_cast<unsigned char>(a)) ==
             absl::ascii_tolower(static_cast<unsigned char>(b));
    };
    const auto at = std::search(text.begin(), text.end(), parts[0].begin(), parts[0].end(), same);
    OfferExact({std::string(at, at + static_cast<std::ptrdiff_t>(parts[0].size()))});
  }
  void Offer(const Prefilter::Condition& condition) { conditions_.push_back(condition); }

  // The rarest few, by their letters.
  std::vector<Prefilter::Condition> Best() {
    std::vector<std::pair<double, size_t>> order;
    for (size_t i = 0; i < conditions_.size(); ++i) order.emplace_back(CostOf(conditions_[i].any), i);
    std::sort(order.begin(), order.end());
    std::vector<Prefilter::Condition> best;
    for (size_t i = 0; i < std::min<size_t>(order.size(), 4); ++i) {
      best.push_back(std::move(conditions_[order[i].second]));
    }
    conditions_.clear();
    return best;
  }

 private:
  std::vector<Prefilter::Condition> conditions_;
};

// Such a rule is silent on a record whose level is known and below warn.
bool AsksForLevel(const LevelTest& level) {
  switch (level.compare) {
    case LevelTest::Compare::kAtLeast:
    case LevelTest::Compare::kEqual:
      return level.severity >= kLevelWarn;
    case LevelTest::Compare::kAbove:
      return level.severity >= kLevelInfo;
    case LevelTest::Compare::kAny:
    case LevelTest::Compare::kAtMost:
    case LevelTest::Compare::kBelow:
      return false;
  }
  return false;
}

// A path's last key as it stands in JSON, with its closing quote, and the same in JSON within a string; and
// as a pretty printer puts it below the record's line. None if its letters may be escaped.
Literals KeyTexts(const std::string& path) {
  const std::string key = path.substr(path.rfind('.') + 1);
  const Literals part = SearchableParts(key + key + key);
  if (part.size() != 1 || part[0].size() != 3 * key.size()) return {};
  return {key + '"', key + '\\', key + ':', key + '='};
}

// A well-known field may come from anywhere; any other path is one of JSON.
void OfferPath(const std::string& path, Needs* needs) {
  if (!FieldByName(path)) needs->OfferExact(KeyTexts(path));
}

// Of a record with a task field: the field's key, or what a text format that captures it needs.
std::optional<Prefilter::Condition> WhereTaskStands(const RuleSet& rules, const FieldPlan& plan) {
  Prefilter::Condition condition;
  Literals paths = {"task"};
  for (const size_t slot : plan.candidates(Field::kTask)) paths.push_back(plan.path(slot));
  for (const std::string& path : paths) {
    const Literals key = KeyTexts(path);
    if (key.empty()) return std::nullopt;
    for (std::string text : key) {
      absl::AsciiStrToLower(&text);
      condition.any.push_back(std::move(text));
    }
  }
  for (const Pack& pack : rules.packs) {
    for (const TextFormat& format : pack.texts) {
      if (format.pattern.find("(?P<task>") == std::string::npos) continue;
      const std::vector<Literals> sets = RequiredLiterals(format.pattern);
      if (sets.empty()) return std::nullopt;
      condition.any.insert(condition.any.end(), sets[0].begin(), sets[0].end());
    }
  }
  std::sort(condition.any.begin(), condition.any.end());
  condition.any.erase(std::unique(condition.any.begin(), condition.any.end()), condition.any.end());
  return condition;
}

bool IsHigh(std::string_view level, LevelScale scale) {
  const std::optional<Severity> severity = ParseSeverity(level, scale);
  return severity && *severity >= kLevelWarn;
}

// What an event of the rule needs, if this alternative of its pattern matches.
std::vector<Prefilter::Condition> NeedsOf(const Rule& rule, const std::string& pattern,
                                          const std::optional<Prefilter::Condition>& task) {
  Needs needs;
  if (!pattern.empty()) needs.OfferRegex(pattern, true);
  bool of_task = false;
  for (const FieldTest& test : rule.where) {
    needs.OfferText(test.text);
    OfferPath(test.path, &needs);
  }
  for (const FieldTest& test : rule.match) {
    // The error text is put together, a part a line.
    needs.OfferRegex(test.text, FieldByName(test.path) != Field::kError || !MayMatchNewline(test.text));
    OfferPath(test.path, &needs);
    of_task = of_task || test.path == "task";
  }
  for (const FieldCapture& capture : rule.capture) {
    OfferPath(capture.path, &needs);
    of_task = of_task || capture.path == "task";
  }
  if (of_task && task) needs.Offer(*task);
  return needs.Best();
}

}  // namespace

Prefilter Prefilter::Derive(const RuleSet& rules, const FieldPlan& plan, const TextFormats& texts) {
  Prefilter prefilter;
  prefilter.texts_ = &texts;
  const std::optional<Condition> task = WhereTaskStands(rules, plan);
  for (const Pack& pack : rules.packs) {
    for (const Rule& rule : pack.rules) prefilter.AddRule(rule, task);
  }
  prefilter.AddErrorTexts(rules);
  prefilter.AddFormats(texts);
  prefilter.AddLevelWords();
  prefilter.AddLevels(plan);
  prefilter.FindHidden();
  return prefilter;
}

void Prefilter::AddRule(const Rule& rule, const std::optional<Condition>& task) {
  const bool asks_level = AsksForLevel(rule.level);
  // A failure's words and causes are looked for anyway: nothing is gained by the pattern.
  if (asks_level && rule.kind == RuleKind::kError && rule.operation == Operation::kWrite) {
    asks_words_ = true;
    return;
  }
  const bool one_line = rule.where.empty() && rule.match.empty() && rule.capture.empty();
  const std::vector<std::string> patterns =
      asks_level ? Alternatives(rule.pattern) : std::vector<std::string>{rule.pattern};
  bool complete = true;
  for (const std::string& pattern : patterns) {
    Need need{NeedsOf(rule, pattern, task), asks_level, one_line, false};
    complete = complete && !need.all.empty();
    if (!need.all.empty()) needs_.push_back(std::move(need));
  }
  if (complete) return;
  if (!asks_level) return without_literal_.push_back(rule.FullId());
  const bool asks_cause = rule.kind == RuleKind::kError && (rule.cause || rule.known_cause);
  (asks_cause ? asks_words_ : knows_errors_) = asks_cause;
}

// Of rules that are told by nothing but a failure's words and causes.
void Prefilter::AddErrorTexts(const RuleSet& rules) {
  if (!asks_words_) return;
  const auto add = [this](std::vector<Condition> all, bool one_line) {
    knows_errors_ = knows_errors_ && !all.empty();
    if (!all.empty()) needs_.push_back({std::move(all), true, one_line, true});
  };
  for (const FailureSign& sign : FailureSigns()) {
    std::vector<Condition> all;
    for (const SignPart& part : sign) all.push_back({part.any, false, part.words});
    add(std::move(all), true);
  }
  for (const Pack& pack : rules.packs) {
    for (const Reason& reason : pack.reasons) {
      for (const std::string* regex : {&reason.store, &reason.pattern}) {
        if (regex->empty()) continue;
        for (const std::string& alternative : Alternatives(*regex)) {
          // Over lines a match may go from the message into the error text.
          const bool one_line = !MayMatchNewline(alternative);
          Needs needs;
          needs.OfferRegex(alternative, one_line);
          add(needs.Best(), one_line);
        }
      }
    }
  }
}

// A text inside the line may be taken apart, and then its level counts. Formats that take words are seen by
// these; the others (a letter, a number) by the literals that they need.
void Prefilter::AddFormats(const TextFormats& texts) {
  for (const TextFormat* format : texts.WithOtherLevels()) {
    Needs needs;
    needs.OfferRegex(format->pattern, false);
    level_formats_.push_back({needs.Best(), false, true, false});
    if (!level_formats_.back().all.empty()) continue;
    level_formats_.pop_back();
    without_literal_.push_back(format->pack + "/" + format->id);
  }
}

void Prefilter::AddLevelWords() {
  std::vector<std::string_view> words;
  for (std::string_view word : LevelWords()) {
    if (word.size() >= kMinLiteral && IsHigh(word, LevelScale::kGuess)) words.push_back(word);
  }
  for (std::string_view word : words) {
    const bool covered = std::any_of(words.begin(), words.end(), [&](std::string_view other) {
      return other.size() < word.size() && word.find(other) != std::string_view::npos;
    });
    if (!covered) level_words_.emplace_back(word);
  }
}

// Of each level path one key: one that others are part of is enough for them too.
void Prefilter::AddLevels(const FieldPlan& plan) {
  for (const size_t slot : plan.candidates(Field::kLevel)) {
    const std::string& path = plan.path(slot);
    level_paths_.push_back(path);
    // "a.b.c" is read from the keys "a.b.c", "a", "a.b", "b.c" and so on.
    for (size_t from = 0; from != std::string::npos; from = path.find('.', from) + 1) {
      for (size_t to = path.find('.', from);; to = path.find('.', to + 1)) {
        level_keys_.push_back(path.substr(from, to == std::string::npos ? to : to - from));
        if (to == std::string::npos) break;
      }
      if (path.find('.', from) == std::string::npos) break;
    }
  }
  Literals paths = level_paths_;
  std::sort(paths.begin(), paths.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
  for (std::string path : paths) {
    absl::AsciiStrToLower(&path);
    const bool covered = std::any_of(level_key_parts_.begin(), level_key_parts_.end(),
                                     [&](const auto& part) { return path.find(part) != std::string::npos; });
    if (covered) continue;
    const std::string leaf = path.substr(path.rfind('.') + 1);
    if (leaf.size() >= kMinLiteral) {
      level_key_parts_.push_back(leaf);
    } else {
      // Too short by itself; with its quotes, escaped or not, it is a key.
      level_key_parts_.push_back('"' + leaf + '"');
      level_key_parts_.push_back('"' + leaf + '\\');
      level_key_parts_.push_back(' ' + leaf + '=');
      level_key_parts_.push_back('"' + leaf + '=');
    }
  }
}

// Letters and digits, what makes JSON and its escapes, and whatever else stands in a text that is looked for.
void Prefilter::FindHidden() {
  for (size_t c = 0; c < hidden_.size(); ++c) {
    const auto byte = static_cast<unsigned char>(c);
    hidden_[c] = c < 0x20 || absl::ascii_isalnum(byte) ||
                 std::string_view("\"\\/{}[]:,").find(static_cast<char>(c)) != std::string_view::npos;
  }
  for (const std::vector<Need>* needs : {&needs_, &level_formats_}) {
    for (const Need& need : *needs) {
      for (const Condition& condition : need.all) {
        for (const std::string& text : condition.any) {
          for (const char c : text) hidden_[static_cast<unsigned char>(c)] = true;
        }
      }
    }
  }
}

bool Prefilter::Hides(std::string_view behind) const {
  unsigned point = 0;
  const char* const end = behind.data() + std::min<size_t>(behind.size(), 2);
  return std::from_chars(behind.data(), end, point, 16).ptr == behind.data() + 2 && point < 0x80 &&
         hidden_[point];
}

bool Prefilter::IsLevelKey(std::string_view key) const {
  return std::find(level_keys_.begin(), level_keys_.end(), key) != level_keys_.end();
}

bool Prefilter::IsHighLevel(std::string_view key, std::string_view value) const {
  return std::any_of(level_paths_.begin(), level_paths_.end(), [&](std::string_view path) {
    return path.ends_with(key) && IsHigh(value, ScaleOf(path));
  });
}

bool Prefilter::IsLowLevel(std::string_view parent, std::string_view key, std::string_view value) const {
  for (const std::string& path : level_paths_) {
    const bool is = parent.empty()
                        ? path == key
                        : path.size() == parent.size() + 1 + key.size() && path.starts_with(parent) &&
                              path[parent.size()] == '.' && path.ends_with(key);
    if (!is) continue;
    const std::optional<Severity> severity = ParseSeverity(value, ScaleOf(path));
    return severity && *severity < kLevelWarn;
  }
  return false;
}

// A word ends where the case changes, as in "saveFailed", and at whatever is no letter. What stands in
// capital letters or beside a digit or an escape is not told: it may be one.
bool Prefilter::IsWord(const Condition& condition, std::string_view text, size_t at, size_t size) {
  if (!absl::ascii_islower(static_cast<unsigned char>(text[at]))) return true;
  const auto is_lower = [text](size_t i) { return absl::ascii_islower(static_cast<unsigned char>(text[i])); };
  size_t first = at, last = at + size;
  while (first > 0 && is_lower(first) && absl::ascii_isalpha(static_cast<unsigned char>(text[first - 1]))) {
    if (first > 1 && text[first - 2] == '\\') return true;
    --first;
  }
  while (last < text.size() && is_lower(last)) ++last;
  const auto is_open = [text](size_t i) {
    return i < text.size() && (absl::ascii_isdigit(static_cast<unsigned char>(text[i])) || text[i] == '\'');
  };
  if ((first > 0 && is_open(first - 1)) || is_open(last)) return true;
  // Only its first letter may be a capital one.
  std::string_view word = text.substr(first, last - first);
  std::string lower;
  if (!is_lower(first)) word = lower = absl::AsciiStrToLower({word.data(), word.size()});
  return std::binary_search(condition.any.begin(), condition.any.end(), word,
                            [](std::string_view a, std::string_view b) { return a < b; });
}

bool Prefilter::IsHighLevelWord(std::string_view word) { return IsHigh(word, LevelScale::kGuess); }

const std::vector<std::string>& Prefilter::Guards() {
  static const auto* const kGuards = new Literals{
      // A k and an s without regard to case, which RE2 knows.
      "\\u017f", "\\u212a", "\xC5\xBF", "\xE2\x84\xAA",
      // A colour in the middle of a word.
      "\x1b[", "\\u001b", "#033[",
      // Many records in a line.
      "\"resourcelogs\"", "\"resource_logs\"",
      // A part of a line, which ends elsewhere.
      "_line_break\":\"line-max",
      // journald's null for what was too long.
      "message\":null", "message\": null", "message\\\":null", "message\\\": null",
      // Keys with more white space behind them than one blank, as hardly anybody writes it: what
      // is looked for here does not reckon with it. Within a string a tab is an escape.
      "\" :", "  :",
      "\t :", "\r :", "\\t :", "\\r :", "\\n :", "\t:", "\r:", "\\t:", "\\r:", "\\n:", "\":  ", "\": \t",
      "\": \r", "\":\t", "\":\r", "\":\\t", "\":\\r", "\":\\n", "\": \\t", "\": \\r", "\": \\n"};
  return *kGuards;
}

const std::vector<std::string>& Prefilter::LevelGuards() {
  // What journald gives a level that it has not.
  static const auto* const kGuards = new Literals{"_transport\":\"stdout", "_transport\": \"stdout"};
  return *kGuards;
}

const std::vector<std::string>& Prefilter::DigitGuards() {
  // journald writes bytes as numbers.
  static const auto* const kGuards = new Literals{"\":[", "\": ["};
  return *kGuards;
}

}  // namespace gainsay
