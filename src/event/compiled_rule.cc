#include "event/compiled_rule.h"

#include <algorithm>
#include <span>
#include <utility>

#include "event/record_words.h"

namespace gainsay {
namespace {

// What the first capturing group with a text holds; "" if none does.
std::string_view FirstGroup(const LazyRegex& regex, std::string_view text) {
  re2::StringPiece parts[LazyRegex::kMaxGroups];
  const std::span groups = std::span(parts).first(std::min(std::size(parts), regex.group_names().size()));
  if (text.empty() || !regex.Matches(text, groups)) return {};
  for (const re2::StringPiece& group : groups.subspan(1)) {
    if (!group.empty()) return {group.data(), group.size()};
  }
  return {};
}

}  // namespace

EventGroup::EventGroup(std::string name) : name_(std::move(name)) {
  static const std::pair<const char*, std::string_view Event::*> kMembers[] = {
      {"task", &Event::task},
      {"run", &Event::run},
      {"attempt", &Event::attempt},
      {"name", &Event::name},
      {"trace", &Event::trace},
      {"subject", &Event::subject},
      {"host", &Event::host},
      {"pid", &Event::pid},
      {"thread", &Event::thread},
      {"lane", &Event::lane},
      {"queue", &Event::queue},
      {"role", &Event::role},
      {"collection", &Event::collection},
      {"target", &Event::target}};
  for (const auto& [word, member] : kMembers) {
    if (name_ == word) member_ = member;
  }
}

std::string_view* EventGroup::Member(Event* event) const {
  return member_ == nullptr ? nullptr : &(event->*member_);
}

void EventGroup::Set(Event* event, std::string_view value) const {
  if (std::string_view* member = Member(event)) {
    *member = value;
  } else {
    event->captures.emplace_back(name_, value);
  }
}

bool EventGroup::Has(Event* event) const {
  if (const std::string_view* member = Member(event)) return !member->empty();
  for (const auto& [name, value] : event->captures) {
    if (name == name_) return true;
  }
  return false;
}

RecordPath::RecordPath(const std::string& path, const FieldPlan& plan)
    : slot_(plan.Slot(path)), field_(FieldByName(path)) {}

std::string_view RecordPath::FieldOf(const Record& record) const {
  if (*field_ == Field::kMessage) return record.message;
  if (*field_ == Field::kError) return record.error.empty() ? std::string_view() : record.error;
  std::string_view value = record.field(*field_);
  return value.empty() ? std::string_view() : value;
}

bool CompiledRule::Pattern::Capture(std::string_view text, Event* event) const {
  re2::StringPiece parts[LazyRegex::kMaxGroups];
  if (!regex_.Matches(text, std::span(parts).first(std::min(std::size(parts), regex_.group_names().size()))))
    return false;
  for (const Group& group : groups_.Get([this] { return NamedGroups(); })) {
    const re2::StringPiece& part = parts[group.number];
    if (!part.empty()) group.group.Set(event, {part.data(), part.size()});
  }
  return true;
}

std::unique_ptr<std::vector<CompiledRule::Pattern::Group>> CompiledRule::Pattern::NamedGroups() const {
  auto groups = std::make_unique<std::vector<Group>>();
  const std::vector<std::string>& names = regex_.group_names();
  for (size_t number = 0; number < names.size(); ++number) {
    if (!names[number].empty()) groups->push_back({number, EventGroup(names[number])});
  }
  return groups;
}

CompiledRule::CompiledRule(const Rule& rule, const Pack& pack, const FieldPlan& plan, const WordIndex& words)
    : rule_(&rule), pack_(&pack) {
  if (!rule.pattern.empty()) pattern_ = std::make_unique<Pattern>(rule.pattern);
  if (!rule.unless.empty()) unless_ = std::make_unique<LazyRegex>(rule.unless);
  for (const FieldTest& test : rule.where) where_.push_back({RecordPath(test.path, plan), test.text});
  for (const FieldTest& test : rule.match) {
    match_.push_back({RecordPath(test.path, plan), std::make_unique<Pattern>(test.text)});
  }
  for (const FieldCapture& c : rule.capture)
    captures_.push_back({RecordPath(c.path, plan), EventGroup(c.group)});
  for (const FieldTest& test : rule.extract) {
    extractions_.push_back(
        {EventGroup(test.path), words.ExtractionOf(test.text), std::make_unique<LazyRegex>(test.text)});
  }
}

bool CompiledRule::Rejects(const Record& record) const {
  if (!PassesLevel(rule_->level, record.severity)) return true;
  for (const Where& test : where_) {
    const std::string_view value = test.path.Get(record);
    if (value.data() == nullptr || value != test.text) return true;
  }
  for (const Match& test : match_) {
    const std::string_view value = test.path.Get(record);
    if (value.data() == nullptr || !test.pattern->Matches(value)) return true;
  }
  return std::any_of(captures_.begin(), captures_.end(),
                     [&record](const PathCapture& capture) { return capture.path.Get(record).empty(); });
}

bool CompiledRule::Excepts(const Record& record) const { return unless_ && unless_->Matches(record.message); }

bool CompiledRule::Capture(const Record& record, Event* event) const {
  if (pattern_ && !pattern_->Capture(record.message, event)) return false;
  for (const PathCapture& capture : captures_) {
    capture.group.Set(event, capture.path.Get(record));
  }
  return true;
}

void CompiledRule::Extract(const Record& record, RecordWords* words, Event* event) const {
  for (const Extraction& extraction : extractions_) {
    if (extraction.group.Has(event)) continue;
    const bool role = extraction.group.name() == "role";
    for (const bool from_error : {false, true}) {
      if ((from_error && role) || !words->MayExtract(extraction.number, from_error)) continue;
      const std::string_view text = from_error ? record.error
                                    : role     ? words->operation_text()
                                               : record.message;
      const std::string_view value = FirstGroup(*extraction.regex, text);
      if (value.empty()) continue;
      extraction.group.Set(event, value);
      break;
    }
  }
}

bool PassesLevel(const LevelTest& test, Severity severity) {
  if (severity == kNoSeverity) return true;
  // A named level is a range of four numbers: info is 9 to 12.
  const int low = test.severity, high = test.severity + 3;
  switch (test.compare) {
    case LevelTest::Compare::kAny:
      return true;
    case LevelTest::Compare::kAtLeast:
      return severity >= low;
    case LevelTest::Compare::kAtMost:
      return severity <= high;
    case LevelTest::Compare::kAbove:
      return severity > high;
    case LevelTest::Compare::kBelow:
      return severity < low;
    case LevelTest::Compare::kEqual:
      return severity >= low && severity <= high;
  }
  return true;
}

}  // namespace gainsay
