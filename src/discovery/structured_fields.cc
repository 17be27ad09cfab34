#include "discovery/structured_fields.h"

#include <algorithm>
#include <string_view>

#include "discovery/outcome.h"
#include "record/severity.h"

namespace gainsay {
namespace {

constexpr size_t kMaxValues = 9;  // more different ones are no levels

bool NamedLike(const std::string& path, std::initializer_list<std::string_view> parts) {
  std::string lower = path;
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return std::any_of(parts.begin(), parts.end(),
                     [&](std::string_view part) { return lower.find(part) != std::string::npos; });
}

bool HasLetter(std::string_view text) { return !WordsOf(text).empty(); }

}  // namespace

StructuredFields::StructuredFields(const FieldPlan& plan, const AttributePaths& paths, Zone zone)
    : zone_(zone) {
  for (const auto& [path, count] : paths.counts) {
    if (plan.Slot(path) == FieldPlan::kNone) continue;
    Attribute attribute;
    attribute.path = path;
    attribute.slot = plan.Slot(path);
    attributes_.push_back(std::move(attribute));
  }
}

void StructuredFields::Add(const Record& record) {
  ++records_;
  with_level_ += record.severity != kNoSeverity ? 1 : 0;
  with_time_ += record.time_ns != kNoTime ? 1 : 0;
  with_message_ += record.message.empty() ? 0 : 1;
  for (Attribute& attribute : attributes_) {
    const std::string_view value = record.attributes[attribute.slot];
    if (value.empty()) continue;
    ++attribute.count;
    const bool short_text = value.size() <= 40;
    attribute.levels += short_text && ParseSeverity(value) ? 1 : 0;
    attribute.times += short_text && ParseTime(value, zone_) ? 1 : 0;
    attribute.sentences += value.find(' ') != std::string_view::npos ? 1 : 0;
    if (attribute.values.size() < kMaxValues) attribute.values.emplace(value.substr(0, 64));
  }
}

// Level words, or numbers under a name that speaks of levels.
bool StructuredFields::LooksLikeLevel(const Attribute& attribute) const {
  if (attribute.values.size() >= kMaxValues || 20 * attribute.levels < 19 * attribute.count) return false;
  const bool words =
      std::all_of(attribute.values.begin(), attribute.values.end(),
                  [](const std::string& value) { return value.size() > 1 && HasLetter(value); });
  return words || NamedLike(attribute.path, {"level", "lvl", "sever", "prio"});
}

// Under which known name it was found.
void StructuredFields::Tell(Field field, uint64_t found, Proposal* proposal) const {
  std::string told = std::string(FieldName(field)) + ": found in " + std::to_string(found) + " of " +
                     std::to_string(records_) + " records";
  for (const std::string& path : BuiltinFields().paths[static_cast<size_t>(field)]) {
    const auto known = std::find_if(attributes_.begin(), attributes_.end(), [&](const Attribute& attribute) {
      return attribute.path == path && 2 * attribute.count >= records_;
    });
    if (known == attributes_.end()) continue;
    told += ", as " + path;
    break;
  }
  proposal->findings.push_back(told);
}

void StructuredFields::Propose(Proposal* proposal) const {
  const auto missing = [this](uint64_t found) { return records_ > 0 && 2 * found < records_; };
  const auto often = [this](const Attribute& attribute) { return 2 * attribute.count >= records_; };
  const auto propose = [&](const char* field, const Attribute* best) {
    if (best == nullptr) return;
    proposal->fields.emplace_back(field, std::vector<std::string>{best->path});
    proposal->findings.push_back(std::string(field) + ": looks like the attribute " + best->path);
  };
  Tell(Field::kLevel, with_level_, proposal);
  Tell(Field::kTime, with_time_, proposal);
  const Attribute *level = nullptr, *time = nullptr, *message = nullptr;
  for (const Attribute& attribute : attributes_) {
    if (!often(attribute)) continue;
    if (level == nullptr && LooksLikeLevel(attribute)) level = &attribute;
    const bool timely = 20 * attribute.times >= 19 * attribute.count;
    if (timely && (time == nullptr || NamedLike(attribute.path, {"time", "date", "ts", "when"})))
      time = &attribute;
    if (!timely && attribute.sentences > 0 &&
        (message == nullptr || attribute.sentences > message->sentences))
      message = &attribute;
  }
  if (missing(with_level_)) propose("level", level);
  if (missing(with_time_)) propose("time", time);
  if (missing(with_message_)) propose("message", message);
}

}  // namespace gainsay
