#include "finding/suppress.h"

#include <array>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "finding/build.h"
#include "re2/re2.h"

namespace gainsay {
namespace {

// What an entry may test. Anything else is one of an event's fields (rule/field.h).
enum class Tested : uint8_t { kRule, kReason, kRole, kCollection, kTarget, kTask, kName, kSystem, kField };

struct TestedName {
  std::string_view name;
  Tested tested;
};
constexpr std::array<TestedName, 8> kTestedNames = {{{"rule", Tested::kRule},
                                                     {"reason", Tested::kReason},
                                                     {"role", Tested::kRole},
                                                     {"collection", Tested::kCollection},
                                                     {"target", Tested::kTarget},
                                                     {"task", Tested::kTask},
                                                     {"name", Tested::kName},
                                                     {"system", Tested::kSystem}}};

struct Test {
  Tested tested = Tested::kField;
  Field field = Field::kMessage;  // kField only
  std::string text;               // without a pattern: the exact value
  std::unique_ptr<RE2> pattern;

  bool Holds(std::string_view value) const {
    return pattern == nullptr ? value == text : RE2::PartialMatch(re2::StringPiece(value), *pattern);
  }
};

struct Entry {
  const Suppression* suppression = nullptr;
  std::vector<Test> tests;
  SuppressionUse use;
};

absl::Status Wrong(const Suppression& suppression, const std::string& what) {
  return absl::InvalidArgumentError("suppression " + suppression.pack + "/" + suppression.id + ": " + what);
}

absl::StatusOr<Test> MakeTest(const FieldTest& from, bool is_pattern, const Suppression& suppression) {
  Test test;
  bool known = false;
  for (const TestedName& name : kTestedNames) {
    if (name.name != from.path) continue;
    test.tested = name.tested;
    known = true;
  }
  if (const std::optional<Field> field = FieldByName(from.path); !known && field) {
    test.field = *field;
    known = true;
  }
  if (!known) return Wrong(suppression, "'" + from.path + "' is nothing that a suppression can test");
  test.text = from.text;
  if (!is_pattern) return test;
  RE2::Options options;
  options.set_log_errors(false);
  test.pattern = std::make_unique<RE2>(from.text, options);
  if (!test.pattern->ok()) return Wrong(suppression, "bad pattern: " + test.pattern->error());
  return test;
}

absl::StatusOr<Entry> MakeEntry(const Suppression& suppression) {
  Entry entry;
  entry.suppression = &suppression;
  entry.use = {suppression.id, suppression.why, suppression.expires, 0, 0};
  for (const auto* tests : {&suppression.where, &suppression.match}) {
    for (const FieldTest& from : *tests) {
      absl::StatusOr<Test> test = MakeTest(from, tests == &suppression.match, suppression);
      if (!test.ok()) return test.status();
      entry.tests.push_back(std::move(*test));
    }
  }
  if (entry.tests.empty()) return Wrong(suppression, "without a test it would suppress every write error");
  return entry;
}

// Whether the test holds for what output calls the thing, or for what the log calls it.
bool HoldsFor(const Test& test, const Event& error, const Run& run, const Matcher& matcher) {
  switch (test.tested) {
    case Tested::kRule:
      return error.rule < matcher.rule_count() && test.Holds(matcher.rule(error.rule).FullId());
    case Tested::kReason:
      return test.Holds(ReasonName(matcher, error));
    case Tested::kRole:
      return test.Holds(RoleOf(error.role) == Role::kSecondary ? "secondary" : "primary") ||
             (!error.role.empty() && test.Holds(error.role));
    case Tested::kCollection:
      return test.Holds(error.collection);
    case Tested::kTarget:
      return test.Holds(TargetName(error));
    case Tested::kTask:
      return test.Holds(run.task);
    case Tested::kName:
      return test.Holds(run.name);
    case Tested::kSystem:
      return test.Holds(run.system);
    case Tested::kField:
      return test.Holds(error.field(test.field));
  }
  return false;
}

bool AllHold(const Entry& entry, const Event& error, const Run& run, const Matcher& matcher) {
  for (const Test& test : entry.tests) {
    if (!HoldsFor(test, error, run, matcher)) return false;
  }
  return true;
}

}  // namespace

struct Suppressions::State {
  const Matcher& matcher;
  std::vector<Entry> entries;
};

Suppressions::Suppressions(std::unique_ptr<State> state) : state_(std::move(state)) {}
Suppressions::~Suppressions() = default;

absl::StatusOr<std::unique_ptr<Suppressions>> Suppressions::Compile(const RuleSet& rules,
                                                                    const Matcher& matcher) {
  auto state = std::unique_ptr<State>(new State{matcher, {}});
  for (const Pack& pack : rules.packs) {
    for (const Suppression& suppression : pack.suppressions) {
      absl::StatusOr<Entry> entry = MakeEntry(suppression);
      if (!entry.ok()) return entry.status();
      state->entries.push_back(std::move(*entry));
    }
  }
  return std::unique_ptr<Suppressions>(new Suppressions(std::move(state)));
}

bool Suppressions::Suppressed(const Event& error, const Run& run) {
  const int64_t time_ns = run.terminal != nullptr ? run.terminal->time_ns : error.time_ns;
  std::vector<Entry*> expired;
  for (Entry& entry : state_->entries) {
    if (!AllHold(entry, error, run, state_->matcher)) continue;
    if (!entry.suppression->expires_ns || time_ns <= *entry.suppression->expires_ns) {
      ++entry.use.errors;
      return true;
    }
    expired.push_back(&entry);
  }
  for (Entry* entry : expired) ++entry->use.expired;
  return false;
}

void Suppressions::Reset() {
  for (Entry& entry : state_->entries) entry.use.errors = entry.use.expired = 0;
}

std::vector<SuppressionUse> Suppressions::Uses() const {
  std::vector<SuppressionUse> uses;
  for (const Entry& entry : state_->entries) uses.push_back(entry.use);
  return uses;
}

}  // namespace gainsay
