// A record has few attributes and a field many candidate names, so the attributes that are there
// look up which fields they stand for, not the other way round: each gives a (field, rank) pair,
// and the sorted pairs are the fields with their candidates, best first. A candidate
// that is of no use (empty, an object, no level, no time) makes room for the next.

#include "record/layers.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "record/continuation.h"

namespace gainsay {
namespace {

constexpr uint32_t kNoSlot = UINT32_MAX;

bool IsScalar(const JsonValue& value) {
  return value.kind == JsonKind::kString || value.kind == JsonKind::kNumber || value.kind == JsonKind::kTexts;
}

bool IsCount(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Python 3.12 names asyncio tasks "Task-1"; they are no tasks of ours.
bool IsAsyncioTask(std::string_view text) { return text.starts_with("Task-") && IsCount(text.substr(5)); }

bool Contains(const std::initializer_list<std::string_view>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// A field that says where a record was logged.
bool IsPlace(Field field) {
  return field == Field::kHost || field == Field::kPid || field == Field::kThread || field == Field::kLane ||
         field == Field::kLogger;
}

// A field that the record's time may hang on: by itself, or as what the next layer is found in.
bool TellsTime(Field field) { return field == Field::kTime || field == Field::kMessage; }

bool IsBlank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

}  // namespace

Layers::Layers(const FieldPlan& plan, Zone zone, bool only_time)
    : plan_(plan),
      times_(zone),
      only_time_(only_time),
      orders_(plan.slot_count()),
      scales_(plan.slot_count()),
      strings_only_(plan.slot_count()),
      nanos_(plan.slot_count(), kNoSlot),
      is_nanos_(plan.slot_count()),
      message_slot_(plan.Slot("MESSAGE")),
      task_name_slot_(plan.Slot("taskName")),
      priority_slot_(plan.Slot("PRIORITY")),
      transport_slot_(plan.Slot("_TRANSPORT")),
      uses_(kUses) {
  for (size_t field = 0; field < kFieldCount; ++field) {
    if (only_time && !TellsTime(static_cast<Field>(field))) continue;
    uint32_t order = static_cast<uint32_t>(field) << 16;
    for (const size_t slot : plan.candidates(static_cast<Field>(field))) orders_[slot].push_back(order++);
  }
  for (size_t slot = 0; slot < plan.slot_count(); ++slot) {
    scales_[slot] = ScaleOf(plan.path(slot));
    strings_only_[slot] = Contains({"event", "log", "body", "text"}, plan.path(slot));
  }
  for (const auto& [seconds, nanos] :
       {std::pair{"timestampSeconds", "timestampNanos"}, std::pair{"timestamp.seconds", "timestamp.nanos"},
        std::pair{"instant.epochSecond", "instant.nanoOfSecond"}}) {
    const size_t first = plan.Slot(seconds), second = plan.Slot(nanos);
    if (first == FieldPlan::kNone || second == FieldPlan::kNone) continue;
    nanos_[first] = static_cast<uint32_t>(second);
    is_nanos_[second] = true;
  }
}

void Layers::Begin(Record* record) {
  error_.Clear();
  record_ = record;
  if (only_time_) {
    *record = Record{};
    return;
  }
  std::vector<std::string_view> attributes;
  attributes.swap(record->attributes);
  if (attributes.size() != plan_.slot_count()) attributes.resize(plan_.slot_count());
  for (const uint32_t slot : set_slots_) attributes[slot] = {};
  set_slots_.clear();
  std::destroy_at(record);
  std::construct_at(record);
  record->attributes.swap(attributes);
}

const Layers::Use& Layers::UseOf(const JsonObject& json) {
  const JsonSlots& present = json.present();
  for (size_t at = present.hash >> 56;; at = (at + 1) % kUses) {
    Use& use = uses_[at];
    if (use.known) {
      if (use.present.hash == present.hash && use.present.slots == present.slots) return use;
      continue;
    }
    if (known_uses_ == kMostKnown) {
      uses_.assign(kUses, Use{});
      known_uses_ = 0;
    }
    ++known_uses_;
    return use = FindUse(present);
  }
}

Layers::Use Layers::FindUse(const JsonSlots& present) const {
  Use use;
  use.known = true;
  use.present = present;
  for (const uint32_t slot : present.slots) {
    if (plan_.is_asked(slot) && !only_time_) use.asked.push_back(slot);
    for (const uint32_t order : orders_[slot]) use.hits.push_back({order, slot});
  }
  std::sort(use.hits.begin(), use.hits.end(), [](const Hit& a, const Hit& b) { return a.order < b.order; });
  for (uint32_t i = 0; i < use.hits.size(); ++i) {
    const auto field = static_cast<Field>(use.hits[i].order >> 16);
    if (use.groups.empty() || use.groups.back().field != field) use.groups.push_back({field, i, i});
    use.groups.back().end = i + 1;
  }
  return use;
}

std::optional<std::string_view> Layers::Message(Hits hits, const JsonObject& json) const {
  std::optional<std::string_view> object;
  for (const Hit* hit = hits.first; hit != hits.second; ++hit) {
    const JsonValue& value = json.value(hit->slot);
    if (strings_only_[hit->slot] && value.kind != JsonKind::kString) continue;
    if (IsScalar(value) && !value.text.empty()) return value.text;
    // A logger's object in the message's place: its own message is looked for in it.
    if (value.kind == JsonKind::kObject && !object &&
        Contains({"message", "msg", "MESSAGE"}, plan_.path(hit->slot))) {
      object = value.text;
    }
  }
  return object;
}

bool Layers::HasMessage(const JsonObject& json) {
  const Use& use = UseOf(json);
  const auto is_message = [](const Use::Group& group) { return group.field == Field::kMessage; };
  const auto found = std::find_if(use.groups.begin(), use.groups.end(), is_message);
  return found != use.groups.end() && Message(use.HitsOf(*found), json).has_value();
}

void Layers::SetAttributes(const Use& use, const JsonObject& json) {
  for (const uint32_t slot : use.asked) record_->attributes[slot] = json.value(slot).text;
  set_slots_.insert(set_slots_.end(), use.asked.begin(), use.asked.end());
}

bool Layers::WantsBeside(const TextParts& parts) const {
  return !only_time_ || parts.fields[static_cast<size_t>(Field::kTime)].empty();
}

void Layers::AddBeside(const JsonObject& json, const TextParts& parts, bool whole_line) {
  const Use& use = UseOf(json);
  SetAttributes(use, json);
  for (const Use::Group& group : use.groups) {
    const bool taken =
        !parts.fields[static_cast<size_t>(group.field)].empty() && group.field != Field::kError;
    const bool place = IsPlace(group.field) && !whole_line;
    if (group.field != Field::kMessage && !taken && !place) Pick(group.field, use.HitsOf(group), json);
  }
}

void Layers::AddJson(const JsonObject& json) {
  const Use& use = UseOf(json);
  SetAttributes(use, json);
  record_->message = {};
  for (const Use::Group& group : use.groups) Pick(group.field, use.HitsOf(group), json);
  const bool is_null = message_slot_ != FieldPlan::kNone && json.value(message_slot_).kind == JsonKind::kNull;
  record_->message_is_null = is_null && record_->message.empty();
}

void Layers::Pick(Field field, Hits hits, const JsonObject& json) {
  switch (field) {
    case Field::kMessage:
      record_->message = Message(hits, json).value_or(std::string_view());
      break;
    case Field::kLevel:
      PickLevel(hits, json);
      break;
    case Field::kTime:
      PickTime(hits, json);
      break;
    case Field::kError:
      PickError(hits, json);
      break;
    default:
      PickText(field, hits, json);
  }
}

// journald gives 6 to whatever a service prints without a prefix: the level of such a line is unknown. But
// a line that belongs to another, which may have said its level, keeps it.
bool Layers::IsDefaultPriority(std::string_view priority, const JsonObject& json) const {
  if (priority != "6" || json.value(transport_slot_).text != "stdout") return false;
  const std::string_view message =
      message_slot_ == FieldPlan::kNone ? std::string_view() : json.value(message_slot_).text;
  return !LooksLikeContinuation(message) && !LooksLikeException(message);
}

void Layers::PickLevel(Hits hits, const JsonObject& json) {
  for (const Hit* hit = hits.first; hit != hits.second; ++hit) {
    const JsonValue& value = json.value(hit->slot);
    if (!IsScalar(value) || (hit->slot == priority_slot_ && IsDefaultPriority(value.text, json))) continue;
    if (const std::optional<Severity> severity = ParseSeverity(value.text, scales_[hit->slot])) {
      record_->severity = *severity;
      return;
    }
  }
}

bool Layers::SetTime(std::string_view text) {
  const std::optional<ParsedTime> time = times_.Parse(text);
  if (!time) return false;
  record_->time_ns = time->ns;
  record_->time_unit_ns = time->unit_ns;
  record_->time_has_date = time->has_date;
  record_->time_has_year = time->has_year;
  return true;
}

void Layers::PickTime(Hits hits, const JsonObject& json) {
  for (const Hit* hit = hits.first; hit != hits.second; ++hit) {
    const JsonValue& value = json.value(hit->slot);
    if (is_nanos_[hit->slot] || !IsScalar(value) || !SetTime(value.text)) continue;
    AddNanos(hit->slot, json);
    return;
  }
}

void Layers::AddNanos(uint32_t seconds_slot, const JsonObject& json) {
  const uint32_t slot = nanos_[seconds_slot];
  if (slot == kNoSlot || record_->time_unit_ns != kSecond) return;
  const std::string_view text = json.value(slot).text;
  if (!IsCount(text) || text.size() > 9) return;
  int64_t nanos = 0;
  for (const char c : text) nanos = nanos * 10 + (c - '0');
  record_->time_ns += nanos;
  record_->time_unit_ns = 1;
}

bool Layers::HasChildHit(size_t slot, Hits hits, const JsonObject& json) const {
  const std::string& parent = plan_.path(slot);
  return std::any_of(hits.first, hits.second, [&](const Hit& hit) {
    const std::string& path = plan_.path(hit.slot);
    return path.size() > parent.size() && path.starts_with(parent) && path[parent.size()] == '.' &&
           !json.value(hit.slot).text.empty();
  });
}

void Layers::PickError(Hits hits, const JsonObject& json) {
  bool first = true;
  for (const Hit* hit = hits.first; hit != hits.second; ++hit) {
    const JsonValue& value = json.value(hit->slot);
    const bool raw = value.kind == JsonKind::kObject || value.kind == JsonKind::kArray;
    if (value.kind == JsonKind::kBool || IsBlank(value.text)) continue;
    if (raw && (value.text.size() <= 2 || HasChildHit(hit->slot, hits, json))) continue;
    if (std::exchange(first, false)) error_.Clear();
    error_.Add(value.text);
  }
}

void Layers::PickText(Field field, Hits hits, const JsonObject& json) {
  const bool count = field == Field::kPid || field == Field::kAttempt;
  for (const Hit* hit = hits.first; hit != hits.second; ++hit) {
    const JsonValue& value = json.value(hit->slot);
    if (!IsScalar(value) || value.text.empty() || (count && !IsCount(value.text))) continue;
    if (hit->slot == task_name_slot_ && field == Field::kName && IsAsyncioTask(value.text)) continue;
    record_->fields[static_cast<size_t>(field)] = value.text;
    return;
  }
}

void Layers::AddText(const TextParts& parts) {
  for (const TextFormat*& format : record_->formats) {
    if (format != nullptr) continue;
    format = parts.format;
    break;
  }
  for (size_t i = 0; i < kFieldCount; ++i) {
    const auto field = static_cast<Field>(i);
    const std::string_view text = parts.fields[i];
    if (text.empty() || (only_time_ && !TellsTime(field))) continue;
    if (field == Field::kLevel) {
      if (const std::optional<Severity> severity = ParseSeverity(text)) record_->severity = *severity;
    } else if (field == Field::kTime) {
      SetTime(text);
    } else if (field == Field::kError) {
      error_.Clear();
      error_.Add(text);
    } else if (field != Field::kMessage) {
      record_->fields[i] = text;
    }
  }
  record_->message = parts.fields[static_cast<size_t>(Field::kMessage)];
}

}  // namespace gainsay
