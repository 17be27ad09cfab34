// Rule sets as plain data, as the loader found them in TOML: checked, patterns expanded,
// but nothing compiled (event/matcher.h does that). DESIGN of the language: rules/README.md.
//
// Every string is owned. Values are immutable after loading and may be shared by threads.
#ifndef GAINSAY_RULE_RULE_H_
#define GAINSAY_RULE_RULE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rule/field.h"

namespace gainsay {

struct Location {    // in a rule file; line and column count from 1
  std::string file;  // the path, or "builtin:celery"
  int line = 0;
  int column = 0;
};

enum class RuleKind : uint8_t { kStart, kMention, kError, kResolution, kTerminal };
inline constexpr size_t kRuleKindCount = 5;

// The states of a terminal event; `retrying` ends an attempt, not the run.
enum class State : uint8_t { kNone, kSucceeded, kFailed, kCancelled, kRetrying };

// What a failed operation was, told from its words (event/operation.h).
enum class Operation : uint8_t { kUnknown, kWrite, kRead };

// `level = ">=error"`: a record in which no level is found passes every test.
struct LevelTest {
  enum class Compare : uint8_t { kAny, kAtLeast, kAtMost, kAbove, kBelow, kEqual };
  Compare compare = Compare::kAny;
  uint8_t severity = 0;  // the first number of the named range (error = 17)
};

// `where = { "a.b" = "text" }` (exact) or `match = { "a.b" = 'regex' }`.
struct FieldTest {
  std::string path;  // a dotted attribute path, or a well-known field's name
  std::string text;  // the value, or the RE2 pattern with %{…} expanded
  Location at;
};

// `capture = { task = "ctx.jid" }`: group name and attribute path. The rule matches
// only where every captured path is there and not empty.
struct FieldCapture {
  std::string group;
  std::string path;
};

// An example of a rule: the line, and what is expected of its event.
struct Example {
  std::string log;
  bool match = true;
  std::map<std::string, std::string> expect;  // task, name, role, reason, … -> text
  Location at;
};

struct Rule {
  RuleKind kind = RuleKind::kError;
  std::string pack, id;  // reported as pack/id
  std::string pattern;   // RE2 on the message, unanchored; "" = none
  std::string unless;    // RE2 on the message: no match where it matches; "" = none
  std::vector<FieldTest> where, match;
  std::vector<FieldCapture> capture;
  // `extract = { collection = 'relation "([^"]+)"' }`: group name and an RE2 whose first capturing group with
  // a text is the value. Looked for in the message, then in the error text, where nothing else gave the group
  // one. `role` is looked for in the operation's own text only: a cause may speak of a replica of its own.
  std::vector<FieldTest> extract;
  LevelTest level;             // errors: >= error unless the rule says otherwise
  State state = State::kNone;  // terminal rules
  // Error rules: the operation must be a write (kWrite), or must not be a read (kUnknown);
  // without it the words are not judged.
  std::optional<Operation> operation;
  bool cause = false;        // error rules: a reason's `store` text must be there
  bool known_cause = false;  // error rules: any text that a reason knows must be there
  bool lane = true;          // false: never joined by lane
  std::string role, collection, target, subject, reason, name;  // constants; "" = none
  std::vector<Example> examples;
  Location at;

  std::string FullId() const { return pack + "/" + id; }
};

// Takes a plain-text line or message apart; groups are named like the fields.
struct TextFormat {
  std::string pack, id;
  std::string pattern;  // RE2 with a `message` group
  std::vector<Example> examples;
  Location at;
};

// A class of write errors; the first that matches, over message and error text, wins.
struct Reason {
  std::string pack, id;
  std::string pattern;              // RE2; "" = none
  std::string store;                // RE2: a store's own text that a write returns, which is a
                                    // write error by itself; it classifies like `pattern`
  std::vector<std::string> before;  // reasons that must come later
  std::vector<Example> examples;
  Location at;
};

// A known and accepted write error. `where` and `match` test the error and its task:
// rule, reason, role, collection, target, subject, message, task, name, system.
struct Suppression {
  std::string pack, id, why;
  std::vector<FieldTest> where, match;
  std::optional<int64_t> expires_ns;  // the end of that day, UTC: later runs are not suppressed
  std::string expires;                // as written
  Location at;
};

// Records in, verdicts out.
struct Scenario {
  std::string pack, name, log;
  std::map<std::string, std::vector<std::string>> expect;  // verdict -> task ids
  std::optional<int64_t> unattributed;                     // expected unattributed write errors
  Location at;
};

// Attribute paths to try for a field, in order.
struct FieldCandidates {
  std::vector<std::string> paths[kFieldCount];
};

struct Pack {
  std::string id, title, file;
  bool builtin = false;
  bool outer = false;              // its tasks hold other systems' tasks (systemd)
  std::vector<std::string> scope;  // fields that are part of a task's key ("queue")
  FieldCandidates fields;          // outer packs: task and run are under kOuterTask, kOuterRun
  std::vector<TextFormat> texts;
  std::vector<Rule> rules;
  std::vector<Reason> reasons;
  std::vector<Suppression> suppressions;
  std::vector<Scenario> scenarios;
};

// The packs of a run, in the order in which they are tried: named later before named
// earlier, built-in ones last.
struct RuleSet {
  std::vector<Pack> packs;
};

std::string_view KindName(RuleKind kind);  // "start", "mention", …
std::string_view StateName(State state);   // "succeeded", …; "" for kNone

}  // namespace gainsay

#endif  // GAINSAY_RULE_RULE_H_
