// One rule, ready to run on records.
#ifndef GAINSAY_EVENT_COMPILED_RULE_H_
#define GAINSAY_EVENT_COMPILED_RULE_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.h"
#include "event/lazy_regex.h"
#include "event/made_once.h"
#include "record/fields.h"
#include "record/record.h"
#include "rule/rule.h"

namespace gainsay {

class RecordWords;
class WordIndex;

// Where a captured text goes: to a member of the event, or among its captures.
class EventGroup {
 public:
  explicit EventGroup(std::string name);
  const std::string& name() const { return name_; }
  // The event's member for this group; null for the rule's own groups.
  std::string_view* Member(Event* event) const;
  void Set(Event* event, std::string_view value) const;
  bool Has(Event* event) const;

 private:
  std::string name_;
  std::string_view Event::*member_ = nullptr;
};

// An attribute path, looked up among the record's attributes, else as a well-known field.
class RecordPath {
 public:
  RecordPath(const std::string& path, const FieldPlan& plan);
  // data() == nullptr where the record has no such attribute.
  std::string_view Get(const Record& record) const {
    if (slot_ < record.attributes.size() && record.attributes[slot_].data() != nullptr) {
      return record.attributes[slot_];
    }
    return field_ ? FieldOf(record) : std::string_view();
  }

 private:
  std::string_view FieldOf(const Record& record) const;

  size_t slot_;
  std::optional<Field> field_;
};

class CompiledRule {
 public:
  CompiledRule(const Rule& rule, const Pack& pack, const FieldPlan& plan, const WordIndex& words);

  const Rule& rule() const { return *rule_; }
  const Pack& pack() const { return *pack_; }
  // Whether the record is one that the rule seems to be for: its pattern matches, or where it has none, its
  // tests of attributes hold.
  bool IsNear(const Record& record) const;
  // What does not hold, for people; "" if the level, all tests and captures do.
  std::string WhyNot(const Record& record) const;
  bool asks_only_words() const { return !pattern_ && where_.empty() && match_.empty() && captures_.empty(); }
  bool has_pattern() const { return !rule_->pattern.empty(); }

  // Whether the level, a test of an attribute, or a captured path that is missing rules the record out.
  bool Rejects(const Record& record) const;
  // Whether `unless` matches.
  bool Excepts(const Record& record) const;

  // Of a record that is not ruled out: fills in what pattern and capture give. False if the pattern does not
  // match.
  bool Capture(const Record& record, Event* event) const;
  // Fills in what is still empty from `extract`.
  void Extract(const Record& record, RecordWords* words, Event* event) const;

 private:
  struct Where {
    RecordPath path;
    std::string text;
  };
  struct PathCapture {
    RecordPath path;
    EventGroup group;
  };
  struct Extraction {
    EventGroup group;
    size_t number = 0;  // WordIndex::ExtractionOf
    std::unique_ptr<LazyRegex> regex;
  };
  // The pattern and where its groups go.
  class Pattern {
   public:
    explicit Pattern(const std::string& pattern) : regex_(pattern) {}
    const RE2& regex() const { return regex_.get(); }
    bool Matches(std::string_view text) const { return regex_.Matches(text); }
    // Fills in what the groups hold. False if the pattern does not match.
    bool Capture(std::string_view text, Event* event) const;

   private:
    struct Group {
      size_t number;
      EventGroup group;
    };
    std::unique_ptr<std::vector<Group>> NamedGroups() const;

    LazyRegex regex_;
    MadeOnce<std::vector<Group>> groups_;
  };
  struct Match {
    RecordPath path;
    std::unique_ptr<Pattern> pattern;
  };

  const Rule* rule_ = nullptr;
  const Pack* pack_ = nullptr;
  std::unique_ptr<Pattern> pattern_;
  std::unique_ptr<LazyRegex> unless_;
  std::vector<Where> where_;
  std::vector<Match> match_;
  std::vector<PathCapture> captures_;
  std::vector<Extraction> extractions_;
};

bool PassesLevel(const LevelTest& test, Severity severity);

}  // namespace gainsay

#endif  // GAINSAY_EVENT_COMPILED_RULE_H_
