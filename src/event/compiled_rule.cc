#include "event/compiled_rule.h"

#include <algorithm>
#include <utility>

namespace gainsay {
namespace {

constexpr size_t kMaxGroups = 33;  // the loader refuses more

// What the first capturing group with a text holds; "" if none does.
std::string_view FirstGroup(const LazyRegex& regex, std::string_view text) {
  re2::StringPiece parts[kMaxGroups];
  if (text.empty() || !regex.Matches(text, parts)) return {};
  const auto group = std::find_if(parts + 1, std::end(parts), [](const auto& part) { return !part.empty(); });
  return group == std::end(parts) ? std::string_view() : std::string_view(group->data(), group->size());
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

void CompiledRule::Pattern::Prepare() const {
  std::call_once(once_, [this] {
    program_ = PatternProgram::Compile(regex_.pattern());
    if (program_ && program_->groups().size() > kMaxGroups) program_.reset();
    if (!program_) return;
    for (const std::string& name : program_->groups()) program_groups_.emplace_back(name);
  });
}

PatternProgram::Answer CompiledRule::Pattern::Run(std::string_view text, size_t* places) const {
  Prepare();
  size_t end = 0;
  return program_ ? program_->Match(text, places, &end) : PatternProgram::Answer::kUnsure;
}

bool CompiledRule::Pattern::Matches(std::string_view text) const {
  size_t places[2 * kMaxGroups];
  const PatternProgram::Answer answer = Run(text, places);
  if (answer != PatternProgram::Answer::kUnsure) return answer == PatternProgram::Answer::kYes;
  return regex_.Matches(text);
}

bool CompiledRule::Pattern::Capture(std::string_view text, Event* event) const {
  size_t places[2 * kMaxGroups];
  const PatternProgram::Answer answer = Run(text, places);
  if (answer == PatternProgram::Answer::kUnsure) return CaptureByRegex(text, event);
  if (answer == PatternProgram::Answer::kNo) return false;
  for (size_t i = 0; i < program_groups_.size(); ++i) {
    const size_t from = places[2 * i], to = places[2 * i + 1];
    if (from < to) program_groups_[i].Set(event, text.substr(from, to - from));
  }
  return true;
}

bool CompiledRule::Pattern::CaptureByRegex(std::string_view text, Event* event) const {
  re2::StringPiece parts[kMaxGroups];
  if (!regex_.Matches(text, parts)) return false;
  std::call_once(regex_once_, [this] {
    for (const auto& [index, name] : regex().CapturingGroupNames()) {
      if (index < static_cast<int>(kMaxGroups)) regex_groups_.push_back({index, EventGroup(name)});
    }
  });
  for (const Group& group : regex_groups_) {
    const re2::StringPiece& part = parts[group.index];
    if (!part.empty()) group.group.Set(event, {part.data(), part.size()});
  }
  return true;
}

CompiledRule::CompiledRule(const Rule& rule, const Pack& pack, const FieldPlan& plan)
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
    extractions_.push_back({EventGroup(test.path), std::make_unique<LazyRegex>(test.text)});
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

void CompiledRule::Extract(const Record& record, std::string_view operation_text, Event* event) const {
  for (const Extraction& extraction : extractions_) {
    if (extraction.group.Has(event)) continue;
    const bool role = extraction.group.name() == "role";
    for (std::string_view text :
         {role ? operation_text : record.message, role ? std::string_view() : record.error}) {
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
